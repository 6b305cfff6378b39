// SPDX-License-Identifier: BSD-3-Clause
#include <vector>

#include "claims.hpp"
#include <gradus/study/summary.hpp>

namespace gradus::examples::opposing {

void judge_controls(const Results& r, Claims& claims) {
  const auto control = [&](const char* id, const char* words, const char* arm, const char* name,
                           const char* source) -> Claim& {
    return claims.expect(id, words).source(source).control().measured(
        [=, &r] { return each(r[arm].numbers(name)); });
  };
  control("ctl-small-eta", "population, ratio 1/1.1: largest rise of the loss in a step",
          "control-descent", "loss_rise", "theorem on gradient descent")
      .at_most(1e-12);
  control("ctl-small-eta-growth", "... largest |b_o(t+1) / b_o(t)|", "control-descent", "growth",
          "derived")
      .at_most(1);
  control("ctl-small-eta-edge", "... largest alpha c^2 rate / 2", "control-descent",
          "largest_curvature", "derived")
      .at_most(1);
  control("ctl-small-eta-net", "net, ratio 0.9: largest rise of the excess loss",
          "control-small-rate", "excess_rise", "derived")
      .at_most(1e-12);
  control("ctl-small-eta-net-edge", "... largest sharpness rate / 2", "control-small-rate",
          "sharpness_largest", "derived")
      .at_most(1);
  control("ctl-no-outliers", "net without outliers, the same rate: largest sharpness rate / 2",
          "control-no-outliers", "sharpness_largest", "control")
      .at_most(0.5);
  control("ctl-no-outliers-loss", "... largest rise of the excess loss", "control-no-outliers",
          "excess_rise", "control")
      .at_most(1e-12);
  control("ctl-no-outliers-end", "... excess loss at the end", "control-no-outliers", "excess_end",
          "control")
      .at_most(1e-10);
  control("ctl-not-large", "net, outliers of size 1: largest sharpness rate / 2",
          "control-not-large", "sharpness_largest", "control")
      .at_most(0.5);
  control("ctl-not-large-loss", "... largest rise of the excess loss", "control-not-large",
          "excess_rise", "control")
      .at_most(1e-12);
  control("ctl-same-sign", "net, all outliers of one sign: their loss at the end",
          "control-same-sign", "outlier_loss_end", "control")
      .at_most(1e-10);
  control("ctl-same-sign-opposed", "... share of 20 steps in which the groups move apart",
          "control-same-sign", "opposition", "control")
      .at_most(0.4);
  claims.expect("ctl-same-sign-cosine", "... cosine of the groups' gradients, median over seeds")
      .source("control")
      .control()
      .measured([&r] { return median_of(r["control-same-sign"].numbers("cosine")); })
      .at_least(-0.4);
  claims
      .expect("ctl-adam-none", "no outliers: steps to a tenth of the loss, SGD over Adam, medians")
      .source("control")
      .control()
      .measured([&r] {
        return Summary(median_of(r["control-none-sgd"].numbers("hit")).value /
                       median_of(r["control-none-adam"].numbers("hit")).value);
      })
      .in(0.6, 1.4);
  claims.expect("ctl-depth1", "one layer: range of the sharpness along the flow, relative")
      .source("derived")
      .control()
      .measured([&r] { return max_of(r["depth"].where("depth", 1).numbers("range")); })
      .at_most(1e-12);
}

} // namespace gradus::examples::opposing
