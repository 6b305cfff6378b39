// SPDX-License-Identifier: BSD-3-Clause
#include <algorithm>
#include <cmath>
#include <vector>

#include "experiments.hpp"
#include "minimum.hpp"
#include "training.hpp"
#include <gradus/core/distributions.hpp>
#include <gradus/core/types.hpp>
#include <gradus/metrics/parameter_norms.hpp>
#include <gradus/nn/loss/square.hpp>
#include <gradus/nn/mlp.hpp>
#include <gradus/objective/empirical_risk.hpp>

namespace gradus::examples::dynamical_stability {

namespace {

using ReluNetwork = nn::Mlp<double>;
using ReluRisk = objective::EmpiricalRisk<ReluNetwork, nn::Square>;

/// A teacher of a few units with weights on the unit sphere; inputs uniform on the sphere of radius
/// sqrt(d).
struct Teacher {
  Teacher(const Params& p, const Stream& stream) : units(p.relu_dim, p.relu_teacher) {
    Stream draw = stream.child("teacher");
    fill_sphere<double>(draw, units);
  }
  [[nodiscard]] Matrix<double> inputs(Index count, const Stream& stream) const {
    Stream draw = stream;
    Matrix<double> x(units.rows(), count);
    fill_sphere<double>(draw, x, std::sqrt(static_cast<double>(units.rows())));
    return x;
  }
  [[nodiscard]] Matrix<double> labels(const Matrix<double>& x) const {
    return (units.transpose() * x).cwiseMax(0).colwise().sum();
  }

  Matrix<double> units;
};

/// a_j ~ N(0, 1), w_j ~ N(0, I / sqrt(d)).
Vector<double> draw_start(const Params& p, const ReluNetwork& net, const Stream& stream) {
  Vector<double> theta(net.num_parameters());
  Stream draw = stream.child("relu start");
  fill_normal(draw, theta);
  net.weights(theta, 1) *= std::pow(static_cast<double>(p.relu_dim), -0.25);
  return theta;
}

} // namespace

void run_relu(const Params& p, double rate, double batch, const Stream& stream, Record& out) {
  const Teacher teacher(p, stream);
  const Matrix<double> x = teacher.inputs(p.relu_examples, stream.child("relu inputs"));
  const Matrix<double> y = teacher.labels(x);
  const ReluNetwork net({{p.relu_dim, p.relu_width, 1}, false});
  ReluRisk risk(net, nn::Square{}, x, y);
  Vector<double> theta = draw_start(p, net, stream);
  const Matrix<double> ones = Matrix<double>::Ones(1, p.relu_examples);
  Matrix<double> gram(p.relu_examples, p.relu_examples);
  AlignmentTrace alignment;
  const Training how{.rate = rate,
                     .batch = batch,
                     .warm_up = p.relu_warm_up,
                     .max_steps = p.max_steps,
                     .tolerance = p.relu_tolerance,
                     .check_every = p.check_every,
                     .kick = p.kick,
                     .look_every = p.check_every};
  const Ending end = train(risk, theta, how, stream.child("relu run"),
                           [&](Index step, double /*loss*/, const Vector<double>& now) {
                             if (batch == 1) {
                               const Vector<double> residuals =
                                   (risk.latest_outputs() - y).transpose();
                               risk.output_gram(now, ones, gram);
                               alignment.look(step, gram, residuals);
                             }
                           });
  if (end.diverged) {
    out.diverged(static_cast<double>(end.steps), "training loss");
    return;
  }
  out.number("steps", static_cast<double>(end.steps));
  out.number("loss", end.loss);
  out.number("at_minimum", end.at_minimum ? 1 : 0);
  risk.output_gram(theta, ones, gram);
  const Flatness flat = flatness(gram, batch);
  record_flatness(flat, rate, out);
  const auto w = net.weights(theta, 1);
  const Vector<double> a = net.weights(theta, 2).row(0);
  const auto d = static_cast<double>(p.relu_dim);
  const double path = metrics::path_norm(w, a);
  out.number("path", path);
  out.number("path_share", flat.trace / (std::sqrt(d) * path));

  const Matrix<double> fresh = teacher.inputs(p.relu_test, stream.child("relu test"));
  const Matrix<double> truth = teacher.labels(fresh);
  ReluNetwork::Workspace workspace;
  out.number("test", (net.forward(theta, fresh, workspace) - truth).squaredNorm() /
                         static_cast<double>(p.relu_test));
  Vector<double> squares(p.relu_test);
  net.per_example_squared_norms(theta, fresh, Matrix<double>::Ones(1, p.relu_test), workspace,
                                squares);
  out.number("trace_error", squares.mean() / (0.5 * (w.squaredNorm() + d * a.squaredNorm())) - 1);
  out.number("fresh_path_share", squares.mean() / (std::sqrt(d) * path));
  if (batch == 1) {
    alignment.record(out);
  }
}

} // namespace gradus::examples::dynamical_stability
