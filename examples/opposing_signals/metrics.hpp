// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <vector>

#include <gradus/study/metric.hpp>

namespace gradus::examples::opposing {

/// What the recorded numbers mean.
inline std::vector<study::Metric> metric_list() {
  return {{"flow.sharpness_*", "sharpness along the flow; *: at the start, least, at the end"},
          {"curve.sharpness_*", "the same"},
          {"depth.sharpness_*", "the same"},
          {"sharpness_start", "sharpness at the start", "2 / learning rate"},
          {"sharpness_end", "sharpness at the end", "2 / learning rate"},
          {"drop", "least sharpness over that at the start"},
          {"least_over_law", "least sharpness over theory's"},
          {"fall", "largest relative fall of the sharpness in a step after its minimum"},
          {"loss_rise", "largest rise of the loss in a step"},
          {"end_over_linear", "sharpness at the end over alpha |beta|"},
          {"end_error", "relative distance of the sharpness at the end from theory's"},
          {"end_law", "sharpness at the end by theory"},
          {"drift", "largest drift of what the flow conserves"},
          {"slow_deviation",
           "largest relative distance from theory's slow sharpness after the minimum"},
          {"range", "range of the sharpness over that at the start"},
          {"end_curvature", "curvature of the outliers' direction at the end", "2 / learning rate"},
          {"largest_curvature", "its largest value", "2 / learning rate"},
          {"factor_error", "largest distance of a step's factor from 1 - 2 curvature"},
          {"flips_in_all", "steps in which the outliers' weight changes its sign", "steps"},
          {"growth", "largest factor of a step"},
          {"loss_end", "loss at the end"},
          {"descent.crossing", "first step beyond the edge of stability", "steps"},
          {"crossing", "first step with a sharpness beyond 2 / learning rate", "steps"},
          {"spike_step", "step of the highest loss after the crossing", "steps"},
          {"loss_before", "least loss before the crossing"},
          {"loss_peak", "highest loss after it"},
          {"blow_up", "the latter over the former"},
          {"alternating",
           "share of the 20 steps after the crossing in which the outliers' weight flips"},
          {"flow_limit", "sharpness that the flow ends with, over theory's"},
          {"rate", "learning rate"},
          {"unconverged", "1 if a search for the sharpness did not converge"},
          {"products", "Hessian products that the sharpness took"},
          {"floor", "loss that no weights can go below"},
          {"sharpness_largest", "largest sharpness along the run", "2 / learning rate"},
          {"excess_rise", "largest rise of the loss above its floor in a step"},
          {"excess_end", "loss above its floor at the end"},
          {"outlier_loss_end", "mean loss of the outliers at the end"},
          {"opposition", "share of steps in which both groups' losses move in opposite ways"},
          {"cosine", "cosine of both groups' gradients, median"},
          {"outliers", "share of outliers among the examples that change most"},
          {"vector", "share of the sharpest direction on the outliers' feature"},
          {"spike", "highest excess loss after the crossing over the least before"},
          {"busiest", "step with the largest change of single losses", "steps"},
          {"late_peak", "highest loss of the outliers from step 100 on, above its floor"},
          {"hit", "first step with a tenth of the bulk's loss", "steps"},
          {"peak", "highest loss of the outliers from that step on, above its floor"},
          {"share", "share of the updates that goes to the outliers' feature"},
          {"bulk_end", "loss of the bulk at the end"}};
}

} // namespace gradus::examples::opposing
