// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <vector>

#include <gradus/study/metric.hpp>

namespace gradus::examples::dynamical_stability {

/// What the recorded numbers mean.
inline std::vector<study::Metric> metric_list() {
  return {
      {"over_uniform", "edge of stability of batch 1 over the bound of uniform alignment"},
      {"uniform_over_trace", "that bound over 2 / trace"},
      {"trace_over_top", "largest eigenvalue over the trace"},
      {"over_trace", "edge of stability of batch 1 over 2 / trace"},
      {"over_descent", "the same over the edge of full-batch descent"},
      {"growth_below", "growth of the mean square in a step, 5 % below the edge"},
      {"growth_above", "the same, 5 % above"},
      {"isotropic", "edge of noise of the same power without a preferred direction, over the edge"},
      {"chi_error", "distance of the mean share of curvature from 1"},
      {"least_mu", "least alignment of noise and curvature"},
      {"over_frobenius", "largest edge over its bound by the Frobenius norm, over batch sizes"},
      {"over_batch", "largest edge over its bound by the trace, over batch sizes"},
      {"descent_threshold", "edge of full-batch descent, a learning rate"},
      {"simulation_error", "relative distance of the simulated mean square from the exact one"},
      {"loss_step_error", "relative distance of a step's mean change of the loss from the law"},
      {"steps", "steps of training", "steps"},
      {"loss", "training loss at the end"},
      {"at_minimum", "1 if training ended at a minimum"},
      {"trace", "trace of the Hessian at the minimum"},
      {"frobenius", "its Frobenius norm"},
      {"top", "its largest eigenvalue"},
      {"edge", "learning rate over the edge of stability there"},
      {"tilde_trace", "learning rate times trace / 2"},
      {"tilde_top", "learning rate times largest eigenvalue / 2"},
      {"tilde_condition", "left side of the stability condition, stable up to 1"},
      {"test", "test error"},
      {"l1", "l1 norm of the effective weights"},
      {"trace_error", "relative distance of the trace from its closed form"},
      {"l1_share", "bound of the l1 norm over the trace"},
      {"mu_median", "alignment of noise and curvature along the run, median"},
      {"mu_least", "the same, least"},
      {"law_error", "largest relative distance of the imbalance from its law"},
      {"start_loss", "loss after the kick"},
      {"start_l1", "l1 norm after the kick"},
      {"*_diverged", "1 if the run diverged; *: descent, or SGD with the same, double, above or "
                     "below the edge's rate"},
      {"*_largest", "largest loss of the run; *: the same"},
      {"*_moved", "distance from the minimum at the end; *: the same"},
      {"*_tilde_trace", "learning rate times trace / 2 at the end; *: the same"},
      {"*_l1", "l1 norm at the end over that after the kick; *: the same"},
      {"start", "balance ratio of the layers at the start, 1 if balanced"},
      {"left", "imbalance at the end over that at the start"},
      {"ratio", "balance ratio of the layers at the end"},
      {"path", "path norm of the network"},
      {"path_share", "trace over sqrt(d) path norm"},
      {"fresh_path_share", "the same with the trace on fresh inputs"}};
}

} // namespace gradus::examples::dynamical_stability
