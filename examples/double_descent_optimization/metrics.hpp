// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <vector>

#include <gradus/study/metric.hpp>

namespace gradus::examples::double_descent {

/// What the recorded numbers mean.
inline std::vector<study::Metric> metric_list() {
  return {{"step_difference",
           "relative distance of the closed form from gradient descent step by step"},
          {"heavy_ball_difference", "the same with heavy-ball momentum"},
          {"marquardt_steps", "steps of Levenberg-Marquardt until it stopped", "steps"},
          {"test_*", "mean squared test error of the network; *: trained by marquardt, "
                     "few_marquardt (its first steps), marquardt_ridge, adam_STEPS"},
          {"train_*", "mean squared training error of the same"}};
}

} // namespace gradus::examples::double_descent
