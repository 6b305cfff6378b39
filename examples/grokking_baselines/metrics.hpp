// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <vector>

#include <gradus/study/metric.hpp>

namespace gradus::examples::baselines {

/// What the recorded numbers mean.
inline std::vector<study::Metric> metric_list() {
  return {{"t_train", "first step with a training accuracy of 0.95", "steps"},
          {"linear.t_test", "first step with a test accuracy of 0.95", "steps"},
          {"control-under.t_test", "first step with a test accuracy of 0.95", "steps"},
          {"t_train_law", "step at which theory has the training accuracy at 0.95", "steps"},
          {"t_test_law", "step at which theory has the test accuracy at 0.95", "steps"},
          {"end_loss", "test loss at the end"},
          {"t_fit", "first step with a training error below 0.01", "steps"},
          {"t_test", "first step with a test error below 0.05", "steps"},
          {"critical_norm", "norm of the weights at that step"},
          {"judged_train", "training error at step num_steps, median of the last looks"},
          {"judged_test", "test error at step num_steps"},
          {"start_norm", "norm of the weights at the start"}};
}

} // namespace gradus::examples::baselines
