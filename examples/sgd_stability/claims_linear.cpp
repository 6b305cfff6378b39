// SPDX-License-Identifier: BSD-3-Clause
#include "claims.hpp"

namespace gradus::examples::dynamical_stability {

namespace {
constexpr double rounding = 1e-12; ///< of ratios that can be 1
} // namespace

void judge_linear(const Results& r, Claims& claims) {
  const auto all = [&r](const char* name) {
    return numbers_of(r, {"gauss", "spiked", "steep", "control-coherent"}, name);
  };
  claims.expect("order", "linear models: threshold <= 2 Tr G / E|g|^4 <= 2 / Tr G <= 2 / lambda_1")
      .source("theorem; the exact threshold is derived")
      .measured([=] {
        std::vector<double> ratios = all("over_uniform");
        for (const char* name : {"uniform_over_trace", "trace_over_top"}) {
          for (const double x : all(name)) {
            ratios.push_back(x);
          }
        }
        return max_of(ratios);
      })
      .at_most(1 + rounding);
  claims.expect("gap", "SGD's threshold over that of full descent, gauss and spiked")
      .source("paper")
      .measured([&r] {
        return max_of(numbers_of(r, {"gauss", "spiked"}, "over_descent"));
      })
      .at_most(0.4);
  claims.expect("threshold-below", "the threshold is sharp: growth of E|d|^2 a step at 0.95 of it")
      .source("derived")
      .measured([=] { return max_of(all("growth_below")); })
      .at_most(1 - rounding);
  claims.expect("threshold-above", "... and at 1.05 of it")
      .source("derived")
      .measured([=] { return min_of(all("growth_above")); })
      .at_least(1 + rounding);
  claims.expect("second-moment", "E|d|^2 after ten steps: simulation over recursion - 1")
      .source("derived")
      .measured([=] { return each(all("simulation_error")); })
      .within(0, 0.03);
  claims.expect("loss-step", "E L' = L(GD) + eta^2/2B Tr(G Sigma) by enumeration (relative)")
      .source("derived")
      .measured([=] { return max_of(all("loss_step_error")); })
      .at_most(1e-12);
  claims.expect("chi-mean", "alignment of single gradients averages to 1 (error)")
      .source("derived")
      .measured([=] { return max_of(all("chi_error")); })
      .at_most(1e-10);
  claims.expect("frob-bound", "threshold over the Frobenius bound, B = 1 to 64")
      .source("paper, recalled")
      .measured([=] { return max_of(all("over_frobenius")); })
      .at_most(1);
  claims.expect("batch-bound", "threshold over the bound from S = I, B = 1 to 64")
      .source("derived")
      .measured([=] { return max_of(all("over_batch")); })
      .at_most(1 + rounding);
}

} // namespace gradus::examples::dynamical_stability
