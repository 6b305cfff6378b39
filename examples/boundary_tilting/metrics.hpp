// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <vector>

#include <gradus/study/metric.hpp>

namespace gradus::examples::tilting {

/// What the recorded numbers mean.
inline std::vector<study::Metric> metric_list() {
  return {
      {"toy.error", "largest training error of the turned boundaries"},
      {"toy.distance_error", "largest distance of d_adv from the closed form"},
      {"toy.strength", "strength of adversarial examples at a tilt of 89.9 degrees"},
      {"toy.unsolved", "fits without their certificate"},
      {"toy.tilt_strong", "tilt of the fit with one noisy point, penalty 1", "degrees"},
      {"toy.tilt_weak", "the same, least penalty", "degrees"},
      {"toy.errors_strong", "training errors of the fit, penalty 1", "samples"},
      {"toy.errors_weak", "the same, least penalty", "samples"},
      {"planned.strength",
       "strength of adversarial examples at the largest tilt that costs one percent"},
      {"planned.z_score", "largest distance of a measured error from the law", "standard errors"},
      {"zero-variance.changed", "samples that the tilt puts on the other side"},
      {"zero-variance.strength", "strength of adversarial examples at the largest tilt"},
      {"control-isotropic-tilt.error", "error of a boundary tilted by 60 degrees"},
      {"replicate.change", "largest relative change of distances as coordinates are repeated"},
      {"replicate.unsolved", "fits without their certificate"},
      {"*_identity", "largest distance of d_adv from |z| cos(theta) / 2; *: svm or lr, as below"},
      {"*_mirror", "largest score that a mirror image has beyond minus the sample's"},
      {"*_unsolved", "fits without their certificate"},
      {"*_theta_first", "deviation angle, strongest penalty", "degrees"},
      {"*_theta_last", "deviation angle, weakest penalty", "degrees"},
      {"*_strength_first", "strength of adversarial examples, strongest penalty"},
      {"*_strength_best", "the same, penalty of the least test error"},
      {"*_strength_last", "the same, weakest penalty"},
      {"*_train_last", "training error, weakest penalty"},
      {"*_best_penalty", "penalty of the least test error"},
      {"*_test_first", "test error, strongest penalty"},
      {"*_test_best", "least test error over the penalties"},
      {"*_test_last", "test error, weakest penalty"},
      {"*_front_excess", "least distance of a test error above the front of error and angle"},
      {"*_isotropic_law", "largest distance of a test error from the law of isotropic classes"},
      {"*_offset_cost", "largest cost of the training set's midpoint in test error"},
      {"*_share_first", "share of |w|^2 on the leading axes, strongest penalty"},
      {"*_share_best", "the same, penalty of the least test error"},
      {"*_share_last", "the same, weakest penalty"},
      {"svm_step_back", "largest step back of the angle as the penalty falls", "degrees"},
      {"lr_wrong_way", "steps in which d_adv or d_err rises as the penalty falls"},
      {"lr_norm_back", "steps in which |w| falls as the penalty falls"},
      {"lr_svm_angle", "angle between both learners at the weakest penalty", "degrees"},
      {"plateau_edge", "deviation angle at the edge of the plateau", "degrees"},
      {"plateau_inside", "deviation angle inside the plateau", "degrees"},
      {"plateau_lr", "deviation angle of logistic regression at that penalty", "degrees"},
      {"plane_angle_*", "deviation angle of the drawn fits; *: first, best, last penalty",
       "degrees"},
      {"bayes_error", "least error that any rule has"},
      {"bayes_angle", "angle of the best rule to the difference of the means", "degrees"},
      {"test_largest", "largest test error of both learners"},
      {"relative_step",
       "twice the mean distance to the boundary over the mean |x|, weakest penalty"},
      {"plateau", "deviation angle inside the plateau", "degrees"},
      {"leading_axes", "axes that hold 95 % of the variance"},
      {"norm_*", "|w|; *: first, best, last penalty"}};
}

} // namespace gradus::examples::tilting
