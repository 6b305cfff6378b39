// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <algorithm>
#include <cmath>
#include <utility>
#include <vector>

#include "setting.hpp"
#include <gradus/core/random.hpp>
#include <gradus/core/types.hpp>
#include <gradus/data/digits.hpp>
#include <gradus/metrics/classification.hpp>
#include <gradus/nn/loss/softmax.hpp>
#include <gradus/objective/empirical_risk.hpp>
#include <gradus/optim/descend.hpp>
#include <gradus/optim/milestone_schedule.hpp>
#include <gradus/optim/minibatches.hpp>
#include <gradus/optim/momentum.hpp>
#include <gradus/optim/scheduled.hpp>
#include <gradus/optim/transformed_gradient.hpp>
#include <gradus/study/record.hpp>

namespace gradus::examples::longer {

/// 64-h-h-10.
inline std::vector<Index> widths_of(const Params& p) {
  return {data::Digits::num_inputs, p.hidden, p.hidden, data::Digits::num_classes};
}

/// Momentum 0.9 on a gradient clipped to norm 5.
inline auto clipped_momentum(double rate, double decay = 0) {
  return optim::TransformedGradient{
      optim::Momentum<double>{.learning_rate = rate, .momentum = 0.9, .weight_decay = decay},
      optim::ClipNorm<double>{.max_norm = 5}};
}

/// Trains on a finite set. All arms of a seed share images and initial weights.
/// @param evaluate  (theta, images) -> outputs as the network is tested
/// @param after  called with the risk after each mini-batch gradient, before its update
template <class Net, class Evaluate, class After>
void train(const Params& p, const Regime& regime, const Net& net, Vector<double> theta,
           Evaluate&& evaluate, After&& after, const Stream& stream, Record& out) {
  const data::Digits digits{.noise = p.pixel_noise};
  const auto train_set = data::draw_digits<double>(digits, p.num_train, stream.child("train"));
  const auto test_set = data::draw_digits<double>(digits, p.num_test, stream.child("test"));
  objective::EmpiricalRisk risk(net, nn::SoftmaxCrossEntropy{}, train_set.x, train_set.classes);
  const Index updates = updates_of(p, regime);
  const optim::Scheduled rule(
      clipped_momentum(regime.rate), optim::MilestoneSchedule{.steps = updates},
      [](auto& inner) -> auto& { return inner.rule.learning_rate; });
  optim::Minibatches batches(p.num_train, regime.batch, stream.child("batches"));
  const Vector<double> start = theta;
  const auto accuracy = [&](const auto& set) {
    return metrics::class_accuracy(evaluate(theta, set.x), set.classes);
  };
  Axis shown{"update", {}};
  std::vector<double> test;
  std::vector<double> distance;
  const Index every = std::max<Index>(1, updates / 10);
  const auto end =
      optim::descend(risk, theta, rule, batches, {.steps = updates}, [&](const auto& now) {
        if (now.step > 0 && (now.step % every == 0 || now.last)) {
          shown.at.push_back(static_cast<double>(now.step));
          test.push_back(accuracy(test_set));
          distance.push_back((now.theta - start).norm());
        }
        if (!now.last) {
          after(risk);
        }
      });
  if (end.status == optim::Status::diverged) {
    out.diverged(static_cast<double>(end.steps), end.diverged);
    return;
  }
  out.number("test", test.back());
  out.number("train", accuracy(train_set));
  out.number("distance", distance.back());
  out.number("updates", static_cast<double>(updates));
  out.series("test_curve", shown, std::move(test));
  out.series("distance_curve", shown, std::move(distance));
}

} // namespace gradus::examples::longer
