// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <limits>
#include <vector>

#include "setting.hpp"
#include <gradus/core/distributions.hpp>
#include <gradus/core/random.hpp>
#include <gradus/core/types.hpp>
#include <gradus/metrics/trend.hpp>
#include <gradus/nn/activation.hpp>
#include <gradus/nn/initialization.hpp>
#include <gradus/nn/loss.hpp>
#include <gradus/nn/mlp.hpp>
#include <gradus/objective/empirical_risk.hpp>
#include <gradus/optim/adamw.hpp>
#include <gradus/optim/descend.hpp>
#include <gradus/study/record.hpp>
#include <gradus/study/summary.hpp>

namespace gradus::examples::baselines {

/// Steps of a run: long enough for the law's time at every decay.
inline Index steps_of(const Params& p) {
  const double law = p.weight_decay > 0 ? 1.25 / (p.learning_rate * p.weight_decay) : 0.0;
  return std::max(p.num_steps, static_cast<Index>(std::lround(law)));
}

/// One cell of the network: a tanh teacher of four hidden units, the same for all seeds, a wide
/// tanh student whose initial weights are alpha times the usual ones, AdamW with decoupled decay,
/// full batch.
inline void run_large_start(const Params& p, const Stream& stream, Record& out) {
  using Net = nn::Mlp<double, nn::Tanh>;
  constexpr Index inputs = 5;
  const Net teacher({.widths = {inputs, 4, 1}, .biases = false});
  const Vector<double> truth = teacher.initial_parameters(
      nn::LeCunNormal{}, Stream(static_cast<std::uint64_t>(p.teacher), "tanh teacher"));
  Stream draws = stream.child("inputs");
  Matrix<double> x(inputs, p.num_samples + p.num_test);
  fill_normal(draws, x);
  Net::Workspace workspace;
  Matrix<double> y = teacher.forward(truth, x, workspace);
  const auto train_y = y.leftCols(p.num_samples);
  const double mean = train_y.mean();
  y /= std::sqrt((train_y.array() - mean).square().mean());

  const Net net({.widths = {inputs, p.width, p.width, 1}, .biases = false});
  Vector<double> theta =
      p.alpha * net.initial_parameters(nn::LeCunNormal{}, stream.child("student"));
  objective::EmpiricalRisk risk(net, nn::Square{}, x.leftCols(p.num_samples),
                                y.leftCols(p.num_samples));
  std::vector<double> steps, train, test, norm;
  const auto end = optim::descend(
      risk, theta,
      optim::AdamW<double>{.learning_rate = p.learning_rate, .weight_decay = p.weight_decay},
      {.steps = steps_of(p)}, optim::every(p.log_every, [&](const auto& now) {
        steps.push_back(static_cast<double>(now.step));
        train.push_back(2 * now.loss); // the loss has a factor 1/2
        const auto z = net.forward(now.theta, x.rightCols(p.num_test), workspace);
        test.push_back((z - y.rightCols(p.num_test)).squaredNorm() /
                       static_cast<double>(p.num_test));
        norm.push_back(now.theta.norm());
      }));
  if (end.status == optim::Status::diverged) {
    out.diverged(static_cast<double>(end.steps), end.diverged);
    return;
  }
  const auto t_fit = metrics::first_below(steps, train, 0.01);
  const auto t_test = metrics::first_below(steps, test, 0.05);
  out.time("t_fit", t_fit);
  out.time("t_test", t_test);
  if (t_test) {
    const auto place = std::find(steps.begin(), steps.end(), *t_test) - steps.begin();
    out.number("critical_norm", norm[static_cast<std::size_t>(place)]);
  } else {
    out.never("critical_norm");
  }
  // Judged at num_steps, as runs of small decay are longer; the training error by its median over
  // the last looks, as Adam's steps burst now and then once gradients are as small as its epsilon.
  const auto judged = static_cast<std::ptrdiff_t>(
      std::find_if(steps.begin(), steps.end(),
                   [&](double step) { return step >= static_cast<double>(p.num_steps); }) -
      steps.begin());
  const auto first = std::max<std::ptrdiff_t>(0, judged - 20);
  out.number("judged_train", median_of({train.begin() + first, train.begin() + judged + 1}).value);
  out.number("judged_test", test.at(static_cast<std::size_t>(judged)));
  out.number("start_norm", norm.front());
  const Axis axis{"step", steps};
  out.series("train_error", axis, std::move(train));
  out.series("test_error", axis, std::move(test));
  out.series("norm", axis, std::move(norm));
}

} // namespace gradus::examples::baselines
