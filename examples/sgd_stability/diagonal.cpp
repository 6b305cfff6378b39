// SPDX-License-Identifier: BSD-3-Clause
#include <algorithm>
#include <cmath>
#include <string>
#include <utility>
#include <vector>

#include "experiments.hpp"
#include "minimum.hpp"
#include "training.hpp"
#include <gradus/core/distributions.hpp>
#include <gradus/core/types.hpp>
#include <gradus/metrics/parameter_norms.hpp>
#include <gradus/nn/diagonal_linear.hpp>
#include <gradus/nn/initialization.hpp>
#include <gradus/nn/loss/square.hpp>
#include <gradus/objective/empirical_risk.hpp>

namespace gradus::examples::dynamical_stability {

namespace {

using DiagonalNetwork = nn::DiagonalLinear<double>;
using DiagonalRisk = objective::EmpiricalRisk<DiagonalNetwork, nn::Square>;

/// x ~ N(0, I), y = <beta*, x> with beta* = (1, 1, 1, 0, ...), and a start.
struct Problem {
  Problem(const Params& p, const Stream& stream)
      : net(p.dim), x(p.dim, p.examples), target(Vector<double>::Zero(p.dim)) {
    Stream inputs = stream.child("diagonal inputs");
    fill_normal(inputs, x);
    target.head(3).setOnes();
    y = target.transpose() * x;
    start = net.initial_parameters(nn::Gaussian{1.0}, stream.child("diagonal start"));
  }

  [[nodiscard]] DiagonalRisk risk() const { return {net, nn::Square{}, x, y}; }
  [[nodiscard]] Matrix<double> gram(DiagonalRisk& risk, const Vector<double>& theta) const {
    Matrix<double> k(x.cols(), x.cols());
    risk.output_gram(theta, Matrix<double>::Ones(1, x.cols()), k);
    return k;
  }
  /// E (f(x) - y)^2 over fresh x.
  [[nodiscard]] double test_error(const Vector<double>& theta) const {
    return (net.coefficients(theta) - target).squaredNorm();
  }
  [[nodiscard]] double l1(const Vector<double>& theta) const {
    return net.coefficients(theta).lpNorm<1>();
  }
  /// sum_j m_j (a_j^2 + b_j^2), m_j = mean_i x_ij^2.
  [[nodiscard]] double trace_by_inputs(const Vector<double>& theta) const {
    const Vector<double> means = x.cwiseAbs2().rowwise().mean();
    return means.dot(net.first(theta).cwiseAbs2() + net.second(theta).cwiseAbs2());
  }
  [[nodiscard]] double least_mean_square() const {
    return x.cwiseAbs2().rowwise().mean().minCoeff();
  }

  DiagonalNetwork net;
  Matrix<double> x;
  Vector<double> target;
  Matrix<double> y;
  Vector<double> start;
};

Training training(const Params& p, double rate, double batch) {
  return {.rate = rate,
          .batch = batch,
          .warm_up = batch == all_examples ? p.descent_warm_up : p.warm_up,
          .max_steps = p.max_steps,
          .tolerance = p.tolerance,
          .check_every = p.check_every,
          .kick = p.kick,
          .look_every = p.check_every};
}

void nothing(Index /*step*/, double /*loss*/, const Vector<double>& /*theta*/) {}

/// Writes how a run ended. @return false if it diverged: there is nothing to measure
bool record_ending(const Ending& end, Record& out) {
  if (end.diverged) {
    out.diverged(static_cast<double>(end.steps), "training loss");
    return false;
  }
  out.number("steps", static_cast<double>(end.steps));
  out.number("loss", end.loss);
  out.number("at_minimum", end.at_minimum ? 1 : 0);
  return true;
}

} // namespace

void run_diagonal(const Params& p, const Point& at, const Stream& stream, Record& out) {
  const Problem problem(p, stream);
  DiagonalRisk risk = problem.risk();
  Vector<double> theta = problem.start;
  const double rate = at["rate"];
  const double batch = at["batch"];
  AlignmentTrace alignment;
  const Ending end = train(risk, theta, training(p, rate, batch), stream.child("diagonal run"),
                           [&](Index step, double /*loss*/, const Vector<double>& now) {
                             if (batch == 1) {
                               const Vector<double> residuals =
                                   (risk.latest_outputs() - problem.y).transpose();
                               alignment.look(step, problem.gram(risk, now), residuals);
                             }
                           });
  if (!record_ending(end, out)) {
    return;
  }
  const Flatness flat = flatness(problem.gram(risk, theta), batch);
  record_flatness(flat, rate, out);
  out.number("test", problem.test_error(theta));
  out.number("l1", problem.l1(theta));
  out.number("trace_error", std::abs(problem.trace_by_inputs(theta) / flat.trace - 1));
  out.number("l1_share", 2 * problem.least_mean_square() * problem.l1(theta) / flat.trace);
  if (batch == 1) {
    alignment.record(out);
  }
}

void run_balance(const Params& p, const Point& at, const Stream& stream, Record& out) {
  const Problem problem(p, stream);
  DiagonalRisk risk = problem.risk();
  const double r0 = at["start_ratio"];
  const double c = r0 + std::sqrt(r0 * r0 - 1);
  Stream draw = stream.child("balance start");
  Vector<double> theta(2 * p.dim);
  for (Index k = 0; k < p.dim; ++k) {
    const double u = normal(draw);
    theta(k) = u / std::sqrt(c);
    theta(p.dim + k) = random_sign(draw) * std::sqrt(c) * std::abs(u);
  }
  const auto a = problem.net.first(theta);
  const auto b = problem.net.second(theta);
  const double before = metrics::imbalance(a, b);
  out.number("start", metrics::balance_ratio(a, b));
  Training how = training(p, 16 * p.rate / r0, at["batch"]);
  how.warm_up = static_cast<Index>(r0 * static_cast<double>(how.warm_up)); // as slow as it is stiff
  const Ending end = train(risk, theta, how, stream.child("balance run"), nothing);
  if (record_ending(end, out)) {
    out.number("left", metrics::imbalance(a, b) / before);
    out.number("ratio", metrics::balance_ratio(a, b));
  }
}

void run_imbalance(const Params& p, const Point& at, const Stream& stream, Record& out) {
  constexpr Index steps = 1000;
  const Problem problem(p, stream);
  DiagonalRisk risk = problem.risk();
  Vector<double> theta = problem.start;
  const auto a = problem.net.first(theta);
  const auto b = problem.net.second(theta);
  const Vector<double> before = a.cwiseAbs2() - b.cwiseAbs2();
  Vector<double> predicted = before;
  const double rate = 16 * p.rate;
  const bool full = at["batch"] == all_examples;
  optim::Descent run(risk, optim::Sgd<double>{.learning_rate = rate}, theta);
  optim::Minibatches batches(p.examples, 1, stream.child("imbalance"),
                             optim::Sampling::independent);
  const optim::WarmUp<> schedule{.steps = p.warm_up};
  for (Index step = 0; step < steps; ++step) {
    const double now = rate * schedule(step);
    Vector<double> slope; // by beta
    if (full) {
      run.evaluate();
      slope = problem.x * risk.latest_output_gradients().row(0).transpose();
    } else {
      const auto batch = batches.next();
      run.evaluate(batch);
      slope = problem.x.col(batch.front()) * risk.latest_output_gradients()(0, 0);
    }
    predicted.array() *= 1 - (now * slope.array()).square();
    run.rule().learning_rate = now;
    run.update();
  }
  const Vector<double> after = a.cwiseAbs2() - b.cwiseAbs2();
  out.number("law_error", (after - predicted).cwiseAbs().maxCoeff() / before.cwiseAbs().maxCoeff());
}

void run_escape(const Params& p, const Stream& stream, Record& out) {
  const Problem problem(p, stream);
  DiagonalRisk risk = problem.risk();
  Vector<double> minimum = problem.start;
  const double rate = 8 * p.rate;
  const Stream runs = stream.child("escape");
  if (!record_ending(train(risk, minimum, training(p, rate, all_examples), runs, nothing), out)) {
    return;
  }
  const Flatness flat = flatness(problem.gram(risk, minimum), 1);
  out.number("tilde_trace", rate / 2 * flat.trace);
  out.number("edge", rate / flat.threshold);
  Vector<double> start = minimum;
  kick(start, p.kick, stream.child("escape kick"));
  out.number("start_loss", risk.value(start));
  out.number("start_l1", problem.l1(start));

  const auto go_on = [&](const std::string& name, double step_size, double batch) {
    Training how = training(p, step_size, batch);
    how.warm_up = 0;
    how.look_every = 10;
    Vector<double> theta = start;
    std::vector<double> steps, losses;
    double largest = 0;
    double next = 0;
    const Ending end = train(risk, theta, how, runs.child(name),
                             [&](Index step, double loss, const Vector<double>& /*theta*/) {
                               largest = std::max(largest, loss);
                               if (static_cast<double>(step) >= next) { // evenly in the logarithm
                                 steps.push_back(static_cast<double>(step));
                                 losses.push_back(loss);
                                 next = std::max(next + 10, 1.05 * static_cast<double>(step));
                               }
                             });
    out.number(name + "_diverged", end.diverged ? 1 : 0);
    out.number(name + "_largest", end.diverged ? 1e12 : largest);
    if (!end.diverged) {
      out.number(name + "_moved", (theta - start).norm());
      out.number(name + "_tilde_trace", step_size / 2 * problem.trace_by_inputs(theta));
      out.number(name + "_l1", problem.l1(theta) / problem.l1(start));
    }
    out.series(name + "_loss", {"step", std::move(steps)}, std::move(losses));
  };
  go_on("descent", rate, all_examples);
  go_on("same", rate, 1);
  go_on("double", 2 * flat.threshold, 1);
  go_on("above", 1.2 * flat.threshold, 1);
  go_on("below", 0.5 * flat.threshold, 1);
}

} // namespace gradus::examples::dynamical_stability
