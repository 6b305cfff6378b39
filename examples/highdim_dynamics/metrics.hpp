// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <vector>

#include <gradus/study/metric.hpp>

namespace gradus::examples::highdim {

/// What the recorded numbers mean.
inline std::vector<study::Metric> metric_list() {
  return {
      {"train_start", "training error at the start, by theory"},
      {"sweep.final", "generalisation error after infinite time, mean"},
      {"final_se", "its standard error"},
      {"final_law", "the same by theory"},
      {"best_stop", "generalisation error at the best time to stop, mean"},
      {"best_stop_law", "the same by theory"},
      {"overtraining_clean", "error after infinite time minus that at the best time, no noise"},
      {"overtraining", "error after infinite time minus that at the best time"},
      {"ridge", "generalisation error at the best ridge penalty, mean"},
      {"ridge_law", "the same by theory"},
      {"ridge_too_strong", "the same at ten times that penalty"},
      {"per_inr", "error after infinite time for each unit of initial variance"},
      {"smallest_eigenvalue", "smallest eigenvalue of the correlations that is not zero"},
      {"t_opt", "best time to stop", "time constants"},
      {"t_opt_law", "the same by theory", "time constants"},
      {"regret", "what stopping at theory's time costs, relative"},
      {"finite-*.mean", "generalisation error after infinite time, mean; *: the size"},
      {"z_exact", "its distance from the exact law of that size", "standard errors"},
      {"z_limit", "its distance from the law of infinite size", "standard errors"},
      {"path_error", "distance of descent step by step from its closed form"},
      {"zero_modes", "eigenvalues that are zero"},
      {"zero_modes_expected", "how many theory has"},
      {"null_motion_decay",
       "share of the motion in directions that no sample has, with weight decay"},
      {"null_motion", "share of the motion in directions that no sample has"},
      {"stop_over_ridge_least",
       "error of stopping over that of ridge minus 1, by theory, least over the grid"},
      {"stop_over_ridge_most", "the same, largest"},
      {"quadrature", "largest error of the quadrature"},
      {"late", "generalisation error after infinite time, median"},
      {"best", "generalisation error at the best time to stop"},
      {"final", "generalisation error at the end"},
      {"frozen_*",
       "share of directions of the weights that no sample moves; *: least or most over the draws"},
      {"bound", "bound on the norm of the weights, median"},
      {"norm", "norm of the weights, median"},
      {"norm_over_bound", "largest norm over its bound"},
      {"approximation", "what no student of this width can learn, median error"},
      {"null", "error of directions that no sample has, median"},
      {"overfit", "error of what the noise taught, median"},
      {"split", "sum of these three over the error"},
      {"ode_error", "largest relative distance of the chain from its reduced equation"},
      {"imbalance", "relative distance of the layers' balance from zero"},
      {"null_growth", "growth of the part that no sample sees"},
      {"null_growth_error", "its relative distance from theory"},
      {"delay_first", "wait for a start a thousand times smaller, over theory's"},
      {"delay_second", "the same again"},
      {"depth_*_best", "least error along the run; *: depth of the chain, big for a large start"},
      {"depth_*_overtraining", "error at the end minus the least; *: the same"}};
}

} // namespace gradus::examples::highdim
