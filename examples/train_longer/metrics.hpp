// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <vector>

#include <gradus/study/metric.hpp>

namespace gradus::examples::longer {

/// What the recorded numbers mean.
inline std::vector<study::Metric> metric_list() {
  return {
      {"dense", "largest relative distance of the walk's law from the dense matrix"},
      {"boltzmann", "relative distance of the late walk from the Boltzmann law"},
      {"barrier.slope", "slope of the root of the valley's distance in its depth, over theory's"},
      {"sinai.slope", "slope of the root of the distance in ln time, over theory's"},
      {"slope", "slope of the distance in ln time"},
      {"slope_error", "standard error of the slope"},
      {"slope_z", "distance of the slope from 1", "standard errors"},
      {"straight_r2", "R^2 of a straight line through the root of the distance in ln time"},
      {"moment_ratio", "mean square over squared mean of the distance at the end"},
      {"near_end", "share of the walks that end near the end of the landscape"},
      {"square_r2", "R^2 of a shifted square of ln time"},
      {"square_gain", "by how much it is better than a power of time"},
      {"shift", "its shift in ln time"},
      {"ks_golosov", "Kolmogorov-Smirnov distance of the walks' law from Golosov's"},
      {"ks_half_normal", "the same from the half normal law"},
      {"ks_exponential", "the same from the exponential law"},
      {"with",
       "relative distance of the covariance of batches from enumeration, drawn with replacement"},
      {"without", "the same, without replacement"},
      {"bernoulli", "the same, each example by its own coin"},
      {"blocks", "largest distance of the ghost-batch gradient from the mean of its blocks"},
      {"batch", "its largest distance from the gradient of the whole batch"},
      {"finite_difference", "its largest distance from finite differences"},
      {"exponent", "power of time with which the distance grows"},
      {"walk.exponent", "power of ln time with which the distance grows, late half"},
      {"closed_form", "largest relative distance of the flat walk from its closed form"},
      {"ratio", "distance at the end over drift times time"},
      {"direct.distance", "distance of walks step by step at the end, mean"},
      {"distance", "distance of the weights from their start at the end"},
      {"test", "test accuracy at the end"},
      {"train", "training accuracy at the end"},
      {"updates", "steps of training", "steps"},
      {"z", "distance of walks step by step from the exact mean", "standard errors"},
      {"longest", "most steps of a walk", "steps"},
      {"power", "power of the distance that is straightest in ln time, over alpha / 2"},
      {"valley", "growth of the distance in ln time over that of the valley's depth"},
      {"plain_blocks", "largest distance of the plain gradient from the mean of its blocks"},
      {"log_r2", "R^2 of a straight line in ln time"},
      {"log_gain", "by how much it is better than a power of time"}};
}

} // namespace gradus::examples::longer
