// SPDX-License-Identifier: BSD-3-Clause
#include <algorithm>
#include <cmath>
#include <cstdint>
#include <utility>
#include <vector>

#include "experiments.hpp"
#include <gradus/core/distributions.hpp>
#include <gradus/core/types.hpp>
#include <gradus/curvature/gradient_modes.hpp>
#include <gradus/curvature/mean_square_stability.hpp>

namespace gradus::examples::dynamical_stability {

namespace {

constexpr Index simulated_steps = 10;

/// g_i in columns (dim, n).
Matrix<double> draw_gradients(const Params& p, LinearData data, const Stream& stream) {
  Matrix<double> g(p.linear_dim, p.linear_examples);
  Stream entries = stream.child("gradients");
  fill_normal(entries, g);
  if (data == LinearData::coherent) {
    Vector<double> common(p.linear_dim);
    Stream shared = stream.child("common");
    fill_normal(shared, common);
    g = (0.1 * g).colwise() + common;
  }
  const double power = data == LinearData::spiked ? 0.5 : data == LinearData::steep ? 1.0 : 0.0;
  for (Index k = 0; k < p.linear_dim; ++k) {
    g.row(k) *= std::pow(static_cast<double>(k + 1), -power);
  }
  return g;
}

/// E |d|^2 after some steps of SGD with B = 1 from d0, by the recursion of second moments in the
/// coordinates of the parameters.
double exact_square(const Matrix<double>& g, const Vector<double>& d0, double rate) {
  const auto n = static_cast<double>(g.cols());
  const Matrix<double> moment = g * g.transpose() / n;
  Matrix<double> s = d0 * d0.transpose();
  for (Index step = 0; step < simulated_steps; ++step) {
    const Vector<double> along = (s * g).cwiseProduct(g).colwise().sum().transpose() / n;
    s += -rate * (moment * s + s * moment) + rate * rate * (g * along.asDiagonal() * g.transpose());
  }
  return s.trace();
}

/// The same, simulated.
double simulated_square(const Matrix<double>& g, const Vector<double>& d0, double rate, Index runs,
                        Stream stream) {
  double sum = 0;
  Vector<double> d(d0.size());
  for (Index run = 0; run < runs; ++run) {
    d = d0;
    for (Index step = 0; step < simulated_steps; ++step) {
      const auto chosen = g.col(uniform_index(stream, g.cols()));
      d -= (rate * chosen.dot(d)) * chosen;
    }
    sum += d.squaredNorm();
  }
  return sum / static_cast<double>(runs);
}

/// Largest relative error of E L' = L(GD step) + rate^2 / (2 B) Tr(G Sigma) over five displacements
/// and B = 1, 2, the expectation by enumeration of all batches.
double loss_step_error(const Matrix<double>& g, double rate, const Stream& stream) {
  const Index n = g.cols();
  const auto count = static_cast<double>(n);
  const Matrix<double> moment = g * g.transpose() / count;
  const auto loss = [&](const Vector<double>& d) { return 0.5 * d.dot(moment * d); };
  double worst = 0;
  for (std::uint64_t k = 0; k < 5; ++k) {
    Stream draw = stream.child("displacement", k);
    Vector<double> d(g.rows());
    fill_normal(draw, d);
    const Vector<double> along = g.transpose() * d;
    const Vector<double> mean = moment * d;
    const Matrix<double> sigma =
        g * along.cwiseAbs2().asDiagonal() * g.transpose() / count - mean * mean.transpose();
    const double noise = moment.cwiseProduct(sigma).sum();
    double one = 0;
    double two = 0;
    for (Index i = 0; i < n; ++i) {
      const Vector<double> moved = d - rate * along(i) * g.col(i);
      one += loss(moved) / count;
      for (Index j = 0; j < n; ++j) {
        const Vector<double> both = d - rate / 2 * (along(i) * g.col(i) + along(j) * g.col(j));
        two += loss(both) / (count * count);
      }
    }
    const double descent = loss(d - rate * mean);
    worst = std::max(worst, std::abs(one / (descent + rate * rate / 2 * noise) - 1));
    worst = std::max(worst, std::abs(two / (descent + rate * rate / 4 * noise) - 1));
  }
  return worst;
}

} // namespace

void run_linear(const Params& p, LinearData data, const Stream& stream, Record& out) {
  const Stream draws = stream.child("linear", static_cast<std::uint64_t>(data));
  const Matrix<double> g = draw_gradients(p, data, draws);
  const curvature::MeanSquareStability<double> stability(
      curvature::gradient_modes<double>(g.transpose() * g));
  const auto& modes = stability.modes();
  const double edge = stability.threshold(1);
  out.number("over_uniform", edge / stability.uniform_bound(1));
  out.number("uniform_over_trace", stability.uniform_bound(1) * modes.trace() / 2);
  out.number("trace_over_top", modes.top() / modes.trace());
  out.number("over_trace", edge * modes.trace() / 2);
  out.number("over_descent", edge / stability.descent_threshold());
  out.number("growth_below", stability.growth(0.95 * edge, 1));
  out.number("growth_above", stability.growth(1.05 * edge, 1));
  out.number("isotropic", stability.isotropic_threshold(1, p.linear_dim) / edge);
  out.number("chi_error", std::abs(curvature::curvature_shares(modes).mean() - 1));

  const double mu = curvature::least_alignment(modes);
  std::vector<double> batches, thresholds, trace_bounds, frobenius_bounds;
  double over_frobenius = 0;
  double over_batch = 0;
  for (Index batch = 1; batch <= 64; batch *= 2) {
    const auto b = static_cast<double>(batch);
    batches.push_back(b);
    thresholds.push_back(stability.threshold(batch));
    trace_bounds.push_back(stability.uniform_bound(batch));
    frobenius_bounds.push_back(std::sqrt(b / mu) / modes.frobenius());
    over_frobenius = std::max(over_frobenius, thresholds.back() / frobenius_bounds.back());
    over_batch = std::max(over_batch, thresholds.back() / trace_bounds.back());
  }
  out.number("least_mu", mu);
  out.number("over_frobenius", over_frobenius);
  out.number("over_batch", over_batch);
  out.number("descent_threshold", stability.descent_threshold());
  out.series("thresholds", {"batch", batches}, std::move(thresholds));
  out.series("trace_bounds", {"batch", batches}, std::move(trace_bounds));
  out.series("frobenius_bounds", {"batch", batches}, std::move(frobenius_bounds));

  Vector<double> d0(p.linear_dim);
  Stream start = draws.child("start");
  fill_normal(start, d0);
  const double rate = edge / 2;
  out.number("simulation_error", simulated_square(g, d0, rate, p.linear_runs, draws.child("runs")) /
                                         exact_square(g, d0, rate) -
                                     1);
  out.number("loss_step_error", loss_step_error(g, rate, draws));
}

} // namespace gradus::examples::dynamical_stability
