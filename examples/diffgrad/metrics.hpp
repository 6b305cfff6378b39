// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <vector>

#include <gradus/study/metric.hpp>

namespace gradus::examples::gradient_friction {

/// What the recorded numbers mean.
inline std::vector<study::Metric> metric_list() {
  return {
      {"end_value_*", "function value at the end of the path; *: the rule"},
      {"end_*", "position at the end of the path; *: the rule"},
      {"min_friction", "least friction coefficient of diffGrad on the path"},
      {"late_friction", "mean friction coefficient of its last 50 steps"},
      {"success_*", "share of starts and rates from which the rule * finds the global minimum"},
      {"slope_*", "power of the number of rounds with which the regret grows; *: the rule"},
      {"ratio_*", "growth of the regret over that of the square root of rounds; *: the rule"},
      {"per_round_*", "regret a round at the end; *: the rule"},
      {"share_of_stuck_*", "the same over the regret of staying at the worst place; *: the rule"},
      {"train_loss", "training loss at the end", "nats"},
      {"train_accuracy", "training accuracy at the end"},
      {"test_accuracy", "test accuracy at the end"},
      {"friction", "mean friction coefficient at the last step"}};
}

} // namespace gradus::examples::gradient_friction
