// SPDX-License-Identifier: BSD-3-Clause
#include <vector>

#include "claims.hpp"
#include <gradus/study/summary.hpp>

namespace gradus::examples::opposing {

void judge_net(const Results& r, Claims& claims) {
  const ArmResults net = r["net"].where("ratio", net_ratios.front());
  const auto all = [=](const char* name) { return [=] { return each(net.numbers(name)); }; };
  claims
      .expect("net-solved", "net: searches for the top eigenvalue that did not converge, all arms")
      .source("residual of the eigenpair")
      .measured([&r] {
        double sum = 0;
        for (const char* arm : {"net", "control-small-rate", "control-no-outliers",
                                "control-not-large", "control-same-sign"}) {
          for (const double x : r[arm].numbers("unconverged")) {
            sum += x;
          }
        }
        return Summary(sum);
      })
      .equals(0);
  claims.expect("net-sharpen-start", "net, ratio 1.3: sharpness rate / 2 at the start")
      .source("phenomenon of the paper")
      .measured(all("sharpness_start"))
      .at_most(0.3);
  claims.expect("net-sharpen", "... its largest")
      .source("phenomenon of the paper")
      .measured(all("sharpness_largest"))
      .at_least(1.15);
  claims.expect("net-sharpen-end", "... at the end")
      .source("phenomenon of the paper")
      .measured(all("sharpness_end"))
      .in(0.85, 1);
  claims.expect("net-law", "flow's end sharpness over alpha |beta|, mean over seeds")
      .source("derived")
      .measured([=] { return mean_of(net.numbers("flow_limit")); })
      .in(0.93, 1.07);
  claims.expect("net-spike", "ratio 1.3: excess loss at the spike over that before")
      .source("phenomenon of the paper")
      .measured(all("spike"))
      .at_least(4);
  claims.expect("net-opposed", "... share of 60 steps in which the groups' losses move apart")
      .source("figure 1; measure ours")
      .measured(all("opposition"))
      .at_least(0.75);
  claims.expect("net-opposed-cosine", "... cosine of the groups' gradients, median over steps")
      .source("figure 1; measure ours")
      .measured(all("cosine"))
      .at_most(-0.9);
  claims.expect("net-outliers", "... share of outliers among as many largest changes of a loss")
      .source("the paper's way to find the groups")
      .measured(all("outliers"))
      .at_least(0.8);
  claims.expect("net-vector", "... squared share of the top eigenvector on the outliers' column")
      .source("idea of the paper")
      .measured(all("vector"))
      .at_least(0.9);
  claims.expect("net-settle", "... excess loss at the end")
      .source("derived")
      .measured(all("excess_end"))
      .at_most(1e-8);
}

} // namespace gradus::examples::opposing
