// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <vector>

#include <gradus/study/metric.hpp>

namespace gradus::examples::binary {

/// What the recorded numbers mean.
inline std::vector<study::Metric> metric_list() {
  return {{"loss", "training loss, mean over the last epoch", "nats"},
          {"accuracy", "test accuracy at the end"},
          {"norm", "Euclidean norm of all parameters at the end"},
          {"error", "estimating error: distance of the surrogate from the sign over the latent "
                    "weights, mean over epochs"},
          {"spread", "gradient spread over the latent weights, sum over epochs"}};
}

} // namespace gradus::examples::binary
