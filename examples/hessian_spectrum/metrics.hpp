// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <vector>

#include <gradus/study/metric.hpp>

namespace gradus::examples::hessian {

/// What the recorded numbers mean.
inline std::vector<study::Metric> metric_list() {
  return {
      {"start_*", "at the start, what the name behind it says of the end"},
      {"steps", "steps of training", "steps"},
      {"loss", "training loss at the end", "nats"},
      {"count", "outliers of the Hessian: rank of the widest gap among its leading eigenvalues"},
      {"ratio", "that gap: an eigenvalue over the next"},
      {"over_second", "that gap over the second widest"},
      {"near_zero", "share of eigenvalues below a thousandth of the largest"},
      {"zeros", "eigenvalues that are zero to rounding"},
      {"negative", "most negative eigenvalue over the largest"},
      {"top_sum", "sum of as many leading eigenvalues as there are clusters"},
      {"merge", "first eigenvalue of the bulk over the last outlier"},
      {"bulk", "90 % quantile of the eigenvalues' absolute values"},
      {"gn_count", "outliers of the Gauss-Newton matrix"},
      {"gn_ratio", "their gap: an eigenvalue over the next"},
      {"residual", "largest eigenvalue of the residual part over the last outlier"},
      {"gn_deviation", "largest relative distance of outliers of Hessian and Gauss-Newton matrix"},
      {"trace_deviation", "relative distance of the traces of Hessian and Gauss-Newton matrix"},
      {"loss_overlap", "overlap of the leading eigenvectors with the gradients of the losses"},
      {"output_overlap", "overlap of the leading eigenvectors with the gradients of the outputs"},
      {"residual_deviation", "largest distance of the residual part from its blocks, relative"},
      {"dual_deviation", "largest distance of Gauss-Newton and Gram spectra, relative"},
      {"large_loss", "loss where the large batch ended", "nats"},
      {"small_loss", "loss where the small batch ended from there", "nats"},
      {"barrier", "highest loss on the line between both ends above the higher of them", "nats"},
      {"climb", "highest loss along the small batch's path over that at its start"},
      {"gain", "loss at its end over that at its start"},
      {"distance", "distance of both ends over that of the large batch from the start"},
      {"increase", "highest rise of the loss along the control's path", "nats"},
      {"sgd_steps", "steps of the small batch from the same start", "steps"},
      {"sgd_loss", "its loss at the end", "nats"},
      {"line_ratio", "highest loss between both ends over the larger of them"},
      {"batch_top", "largest eigenvalue of the large batch's end over that of the small one's"},
      {"top_error", "largest relative error of the leading eigenvalues by Lanczos"},
      {"trace_z", "distance of the estimated trace from the exact one", "standard errors"},
      {"smoothing", "width by which the density is smoothed"}};
}

} // namespace gradus::examples::hessian
