// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <vector>

#include <gradus/study/metric.hpp>

namespace gradus::examples::equiprop {

/// What the recorded numbers mean.
inline std::vector<study::Metric> metric_list() {
  return {{"perturbation.slope_*", "power of the angle with which a term of the gradient's error "
                                   "falls; *: bias, first, second (order), misalignment"},
          {"small-angles.slope_*", "the same at small angles"},
          {"slope_*", "order of the gradient's error in the nudge; *: the number of nudges"},
          {"exact_8", "relative distance of eight nudges of 0.05 from the exact gradient"},
          {"exact_1", "the same of one nudge"},
          {"error_8", "relative error of eight nudges of 0.1"},
          {"cosine", "cosine of the first layer's estimate with the exact gradient"},
          {"residual", "largest residual of the fixed points"},
          {"steps", "most steps that a fixed point took", "steps"},
          {"unsolved", "1 if a fixed point was not reached"},
          {"cosine_*", "cosine of the estimated with the exact gradient; *: the layer"},
          {"sample_cosine_*", "the same of single samples, mean; *: the layer"},
          {"trained_cosine_1", "the same of layer 1 with as few steps as in training"},
          {"trained_sample_cosine_1", "the same of single samples, mean"},
          {"update_cosine", "cosine of the whole update with the exact gradient"},
          {"symmetry", "symmetry of the couplings at the end, 1 if they are symmetric"},
          {"accuracy", "test accuracy at the end"},
          {"penalty", "exact homeostatic penalty"},
          {"estimate", "its estimate by random vectors, mean"},
          {"largest_draw", "largest draw of the estimate"},
          {"z_score", "distance of the mean from the exact penalty", "standard errors"},
          {"variance_ratio", "measured variance of a draw over the law's"}};
}

} // namespace gradus::examples::equiprop
