// SPDX-License-Identifier: BSD-3-Clause
#include <vector>

#include "claims.hpp"

namespace gradus::examples::dynamical_stability {

void judge_controls(const Params& p, const Results& r, Claims& claims) {
  const ArmResults arm = r["diagonal"];
  const std::vector<double> rates = p.rates();
  const auto descent = [=](double rate, const char* name) {
    return numbers_at(arm, rate, all_examples, name);
  };
  claims.expect("ctl-gd-trace", "full descent breaks the trace bound: Tr G at the largest eta")
      .source("paper")
      .measured([=] { return min_of(descent(rates.back(), "tilde_trace")); })
      .at_least(5)
      .control();
  claims.expect("ctl-gd-top", "... within its own, lambda_1 <= 2 / eta")
      .source("textbook")
      .measured([=] { return max_of(descent(rates.back(), "tilde_top")); })
      .at_most(1)
      .control();
  claims
      .expect("ctl-gd-l1",
              "... and is not regularised: l1 at the largest eta over the least, median")
      .source("paper; number chosen")
      .measured([=] {
        return median_of(quotients(descent(rates.back(), "l1"), descent(rates.front(), "l1")));
      })
      .at_least(0.9)
      .control();
  claims.expect("ctl-gd-frob", "... and breaks the Frobenius condition: eta |G|_F")
      .source("paper, recalled")
      .measured([=] {
        std::vector<double> f = descent(rates.back(), "frobenius");
        for (double& x : f) {
          x *= rates.back();
        }
        return min_of(f);
      })
      .at_least(2)
      .control();
  if (p.full()) {
    const auto large = [=](const char* name) { return numbers_at(arm, 8 * p.rate, 16, name); };
    claims.expect("ctl-large-batch", "B = 16 at 8 times the least eta: noise off, Tr G stays large")
        .source("derived")
        .measured([=] { return min_of(finite(large("tilde_trace"))); })
        .at_least(3)
        .control();
    claims.expect("ctl-large-batch-l1", "... l1 over that of full descent, nine seeds in ten")
        .source("number chosen")
        .measured([=] {
          return most_at_least(finite(quotients(large("l1"), descent(8 * p.rate, "l1"))));
        })
        .at_least(0.95)
        .control();
  }
  claims.expect("ctl-coherent", "gradients all alike: SGD's threshold over that of full descent")
      .source("derived")
      .measured([&r] { return min_of(r["control-coherent"].numbers("over_descent")); })
      .at_least(0.95)
      .control();
  claims.expect("ctl-isotropic", "noise of equal power without direction: threshold ratio, steep")
      .source("derived")
      .measured([&r] { return min_of(r["steep"].numbers("isotropic")); })
      .at_least(1.25)
      .control();
  claims.expect("ctl-isotropic-gauss", "... gauss, median")
      .source("derived")
      .measured([&r] { return median_of(r["gauss"].numbers("isotropic")); })
      .at_most(1.2)
      .control();
  if (!p.full()) {
    return;
  }
  const ArmResults relu = r["relu"];
  const ArmResults relu_descent = r["control-relu-descent"];
  const std::vector<double> descent_rates = p.relu_descent_rates();
  claims.expect("ctl-gd-relu", "ReLU, full descent at its largest eta: Tr G in units of 2 / eta")
      .source("paper")
      .measured([=] {
        return min_of(relu_descent.where("rate", descent_rates.back()).numbers("tilde_trace"));
      })
      .at_least(3)
      .control();
  claims.expect("ctl-gd-relu-path", "... path norm over that at its least eta, median")
      .source("paper; number chosen")
      .measured([=] {
        return median_of(
            quotients(relu_descent.where("rate", descent_rates.back()).numbers("path"),
                      relu_descent.where("rate", descent_rates.front()).numbers("path")));
      })
      .at_least(0.85)
      .control();
  if (p.grid == "paper") {
    return; // none of its step sizes is too small to bind
  }
  claims.expect("ctl-small-eta", "ReLU, SGD at the least eta: Tr G does not bind")
      .source("number chosen")
      .measured([=] { return max_of(calm(relu.where("rate", p.relu_rate), "tilde_trace")); })
      .at_most(0.4)
      .control();
  claims.expect("ctl-small-eta-test", "... test error over that of full descent at its least eta")
      .source("number chosen")
      .measured([=] {
        return min_of(quotients(relu.where("rate", p.relu_rate).numbers("test"),
                                relu_descent.where("rate", descent_rates.front()).numbers("test")));
      })
      .at_least(0.6)
      .control();
}

} // namespace gradus::examples::dynamical_stability
