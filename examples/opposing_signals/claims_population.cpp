// SPDX-License-Identifier: BSD-3-Clause
#include <cmath>
#include <string>
#include <tuple>
#include <vector>

#include "claims.hpp"
#include <gradus/metrics/trend.hpp>
#include <gradus/study/summary.hpp>

namespace gradus::examples::opposing {
namespace {

/// Log-log slope of the end sharpness in |beta| at that depth, less 2 (depth - 1) / depth.
double slope_error(const ArmResults& depth_arm, double depth) {
  const ArmResults arm = depth_arm.where("depth", depth);
  std::vector<double> x, y;
  for (const double beta : arm.coordinates("beta_norm")) {
    x.push_back(std::log(beta));
    y.push_back(std::log(arm.where("beta_norm", beta).numbers("sharpness_end").at(0)));
  }
  return metrics::fit_line(x, y).slope - 2 * (depth - 1) / depth;
}

void judge_flow(const Results& r, Claims& claims) {
  const ArmResults flow = r["flow"];
  claims.expect("drop", "flow: least sharpness over that of the start, |beta| <= 8")
      .source("theorem 3.1")
      .measured([=] {
        std::vector<double> drops;
        for (const double beta : {2.0, 4.0, 8.0}) {
          for (const double x : flow.where("beta_norm", beta).numbers("drop")) {
            drops.push_back(x);
          }
        }
        return max_of(drops);
      })
      .at_most(0.6);
  // The integrator's own error is some 1e-10 of a step.
  claims.expect("sharpen", "... after its least it only rises: largest relative fall")
      .source("theorem 3.2")
      .measured([=] { return max_of(flow.numbers("fall")); })
      .at_most(1e-9);
  claims.expect("sharpen-loss", "... while the loss falls: largest rise")
      .source("theorem 3.2")
      .measured([=] { return max_of(flow.numbers("loss_rise")); })
      .at_most(1e-10);
  claims.expect("linear-beta", "... end sharpness over alpha |beta|, |beta| = 2 to 16")
      .source("theorem 3.2; constant derived")
      .measured([=] { return each(flow.numbers("end_over_linear")); })
      .in(0.95, 1.08);
  claims.expect("closed-form", "... over alpha (C + sqrt(C^2 + 4 |beta|^2)) / 2, less 1")
      .source("derived")
      .measured([=] { return max_of(flow.numbers("end_error")); })
      .at_most(1e-6);
  claims.expect("conserved", "... largest drift of C = c^2 - |b|^2 - b_o^2")
      .source("derived")
      .measured([=] { return max_of(flow.numbers("drift")); })
      .at_most(1e-6);
  const ArmResults curve = r["curve"].where("alpha", 1000);
  claims.expect("curve", "flow, alpha = 1000: largest deviation from the slow phase's equation")
      .source("derived")
      .measured([=] { return max_of(curve.numbers("slow_deviation")); })
      .at_most(0.02);
  claims.expect("curve-least", "... least sharpness over alpha (c^2 - b_o^2)")
      .source("derived")
      .measured([=] { return each(curve.numbers("least_over_law")); })
      .in(0.97, 1.06);
  const ArmResults depth = r["depth"];
  claims.expect("depth", "depths 1 to 4: slope of log sharpness in log |beta| less 2 (L - 1) / L")
      .source("derived")
      .measured([=] {
        std::vector<double> errors;
        for (const double layers : depth.coordinates("depth")) {
          errors.push_back(slope_error(depth, layers));
        }
        return each(errors);
      })
      .within(0, 0.04);
}

void judge_descent(const Results& r, Claims& claims) {
  const ArmResults descent = r["descent"];
  claims.expect("edge", "descent: alpha c^2 rate / 2 at the end, after the spike")
      .source("theorem on gradient descent")
      .measured([=] { return each(descent.numbers("end_curvature")); })
      .in(0.85, 1);
  for (const auto& [id, ratio, words] :
       {std::tuple{"blow-up", descent_ratios[0], "ratio 1/0.9: loss at the spike over that before"},
        {"blow-up-steep", descent_ratios[1], "... ratio 1/0.7"}}) {
    claims.expect(id, words)
        .source("theorem on gradient descent")
        .measured([=, at = ratio] { return min_of(descent.where("ratio", at).numbers("blow_up")); })
        .at_least(10);
  }
  claims.expect("flip", "... share of 20 steps from the crossing in which b_o changes its sign")
      .source("theorem on gradient descent")
      .measured([=] { return each(descent.numbers("alternating")); })
      .equals(1);
  claims.expect("factor", "... largest |b_o(t+1) / b_o(t) - (1 - rate alpha c^2)|")
      .source("derived")
      .measured([=] { return max_of(descent.numbers("factor_error")); })
      .at_most(1e-10);
}

} // namespace

void judge_population(const Results& r, Claims& claims) {
  judge_flow(r, claims);
  judge_descent(r, claims);
}

void judge(const Params& /*p*/, const Results& r, Claims& claims) {
  judge_population(r, claims);
  judge_net(r, claims);
  judge_rules(r, claims);
  judge_controls(r, claims);
}

} // namespace gradus::examples::opposing
