// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <vector>

#include <gradus/study/metric.hpp>

namespace gradus::examples::numerical_stability {

/// What the recorded numbers mean.
inline std::vector<study::Metric> metric_list() {
  return {
      {"error", "largest distance of the absorbing margin from log(1/u), over the number formats",
       "nats"},
      {"euler_spread", "range over layers of weights times gradient, relative"},
      {"changed", "predictions that scaling the weights changes", "samples"},
      {"zero_loss", "share of examples whose loss is exactly 0 at the largest scale"},
      {"fit_epoch", "first epoch with a training accuracy of 0.999", "epochs"},
      {"grok_epoch", "first epoch with a test accuracy of 0.9", "epochs"},
      {"collapse_epoch", "first epoch with a loss of exactly 0 on half of the examples", "epochs"},
      {"final_train", "training accuracy at the end"},
      {"final_test", "test accuracy at the end"},
      {"max_test", "best test accuracy along the run"},
      {"test_at_fit", "test accuracy when the training set is fitted"},
      {"test_at_collapse", "test accuracy at the collapse, or at the end without one"},
      {"max_zero_loss", "largest share of examples with a loss of exactly 0"},
      {"late_zero_loss", "least such share after epoch 500"},
      {"start_cosine", "cosine of a gradient step with the direction of the weights at the start"},
      {"best_cosine", "largest such cosine before the collapse"},
      {"late_cosine", "median of such cosines at the end"},
      {"max_logit", "largest logit at the end"}};
}

} // namespace gradus::examples::numerical_stability
