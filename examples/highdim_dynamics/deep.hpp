// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "linear.hpp"
#include "setting.hpp"
#include <gradus/core/random.hpp>
#include <gradus/core/types.hpp>
#include <gradus/metrics/running_mean.hpp>
#include <gradus/nn/activation.hpp>
#include <gradus/nn/loss.hpp>
#include <gradus/nn/mlp.hpp>
#include <gradus/objective/empirical_risk.hpp>
#include <gradus/optim/descend.hpp>
#include <gradus/optim/sgd.hpp>
#include <gradus/study/record.hpp>
#include <gradus/theory/linear_chain.hpp>

namespace gradus::examples::highdim {

/// Arm "deep": a linear network with one hidden layer, by small Euler steps of gradient flow from a
/// balanced start of rank one, against its reduced equation; and how long the reduced equation
/// waits at smaller and smaller starts.
inline void run_deep(const Params& p, const Stream& stream, Record& out) {
  using Net = nn::Mlp<double, nn::Identity>;
  constexpr Index hidden = 20;
  constexpr double size = 1e-2; // |beta(0)|
  constexpr double dt = 2e-5;
  constexpr Index steps = 30000;
  constexpr Index look_every = 300;
  const Draw draw = draw_linear(p, stream, 0);
  const Vector<double> y = draw.targets();
  const Vector<double> u = draw_of_length(stream.child("hidden direction"), hidden, 1.0 / hidden);
  const Vector<double> v =
      draw_of_length(stream.child("input direction"), p.dim, 1 / static_cast<double>(p.dim));

  const Net net({.widths = {p.dim, hidden, 1}, .biases = false});
  Vector<double> theta(net.num_parameters());
  net.weights(theta, 1) = std::sqrt(size) * u * v.transpose();
  net.weights(theta, 2) = std::sqrt(size) * u.transpose();
  const Vector<double> start = theta;
  const auto end_to_end = [&net](const Vector<double>& now) -> Vector<double> {
    return (net.weights(now, 2) * net.weights(now, 1)).transpose();
  };
  std::vector<double> times;
  std::vector<Vector<double>> measured;
  // The risk is a mean over samples, the flow descends on their sum.
  objective::EmpiricalRisk risk(net, nn::Square{}, draw.x, y.transpose());
  const auto end = optim::descend(
      risk, theta, optim::Sgd<double>{.learning_rate = dt * static_cast<double>(y.size())},
      {.steps = steps}, optim::every(look_every, [&](const auto& now) {
        times.push_back(dt * static_cast<double>(now.step));
        measured.push_back(end_to_end(now.theta));
      }));
  if (end.status == optim::Status::diverged) {
    out.diverged(static_cast<double>(end.steps), end.diverged);
    return;
  }
  const Matrix<double> gram = draw.x * draw.x.transpose();
  const Vector<double> pull = draw.x * y;
  const theory::LinearChain chain(gram, pull, 2);
  const Matrix<double> law = chain.flow(size * v, times);
  double worst = 0;
  for (std::size_t k = 0; k < times.size(); ++k) {
    const auto beta = law.col(static_cast<Index>(k));
    worst = std::max(worst, (measured[k] - beta).norm() / beta.norm());
  }
  out.number("ode_error", worst);

  const Matrix<double> w = net.weights(theta, 1);
  const Matrix<double> w_start = net.weights(start, 1);
  const Vector<double> a = net.weights(theta, 2).transpose();
  const Vector<double> a_start = net.weights(start, 2).transpose();
  const Matrix<double> square = w * w.transpose();
  out.number("imbalance", (square - a * a.transpose()).norm() / square.norm());
  const Matrix<double> basis = linear::gram_spectrum<double>(draw.x).left;
  const auto hidden_part = [&basis](const Matrix<double>& rows) -> Matrix<double> {
    return rows - (rows * basis) * basis.transpose();
  };
  out.number("null_motion", hidden_part(w - w_start).norm() / (w - w_start).norm());
  const double growth = hidden_part(end_to_end(theta).transpose()).norm() /
                        hidden_part(end_to_end(start).transpose()).norm();
  out.number("null_growth", growth);
  out.number("null_growth_error", std::abs(growth * a_start.norm() / a.norm() - 1));

  // Waiting times at starts a thousand times smaller each.
  const std::vector<double> starts{1e-3, 1e-6, 1e-9};
  const std::vector<double> long_times = linspace(0.0, 2.5, 251);
  std::vector<double> passage, norms;
  for (const double s : starts) {
    passage.push_back(chain.first_passage(s * v, 1, 1e3));
    const Matrix<double> path = chain.flow(s * v, long_times);
    for (Index k = 0; k < path.cols(); ++k) {
      norms.push_back(path.col(k).norm());
    }
  }
  const double unit = std::log(1e3) / (2 * pull.norm());
  out.number("delay_first", (passage[1] - passage[0]) / unit);
  out.number("delay_second", (passage[2] - passage[1]) / unit);
  out.table("norms", {{"start", starts}, {"time", long_times}}, std::move(norms));
}

/// Arm "deep-sweep": depth 1 and 2 over alpha, from a small start and, in depth 2, from a big one.
/// Depth 2 moves |beta| times as fast as depth 1, so times are in units of 1 / |wbar| there.
inline void run_deep_sweep(const Params& p, const Stream& stream, Record& out) {
  const std::vector<double> times = logspace(0.02, 40, 60);
  metrics::RunningMean shallow, deep, big;
  for (Index i = 0; i < p.deep_draws; ++i) {
    const Draw draw = draw_linear(p, stream, i);
    const Vector<double> y = draw.targets();
    const double length = draw.teacher.norm();
    const Vector<double> direction =
        draw_of_length(stream.child("direction", static_cast<std::uint64_t>(i)), p.dim,
                       1 / static_cast<double>(p.dim));
    std::vector<double> own_times;
    for (const double t : times) {
      own_times.push_back(t / length);
    }
    const auto errors_of = [&](Index depth, double start, const std::vector<double>& at) {
      const theory::LinearChain chain(draw.x * draw.x.transpose(), draw.x * y, depth, 1e-7);
      const Matrix<double> path = chain.flow(start * length * direction, at);
      std::vector<double> errors;
      for (Index k = 0; k < path.cols(); ++k) {
        errors.push_back(1 +
                         (path.col(k) - draw.teacher).squaredNorm() / static_cast<double>(p.dim));
      }
      return errors;
    };
    shallow.add(errors_of(1, 1e-3, times));
    deep.add(errors_of(2, 1e-3, own_times));
    big.add(errors_of(2, 0.5, own_times));
  }
  const Axis axis{"effective_time", times};
  for (const auto& [name, run] : {std::pair{"depth_1", &shallow}, std::pair{"depth_2", &deep},
                                  std::pair{"depth_2_big", &big}}) {
    const auto& mean = run->mean();
    const double best = *std::min_element(mean.begin(), mean.end());
    out.number(std::string(name) + "_best", best);
    out.number(std::string(name) + "_overtraining", mean.back() - best);
    out.series(name, axis, mean);
  }
}

} // namespace gradus::examples::highdim
