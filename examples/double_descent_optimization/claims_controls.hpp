// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <vector>

#include "claims_features.hpp"
#include "claims_theory.hpp"
#include "curves.hpp"
#include "setting.hpp"
#include <gradus/study/claims.hpp>
#include <gradus/study/plan.hpp>
#include <gradus/study/results.hpp>
#include <gradus/study/summary.hpp>

namespace gradus::examples::double_descent {

/// The changes that must make the phenomenon vanish.
inline void judge_controls(const Params& p, const Results& r, Claims& claims) {
  if (p.full) {
    expect_prominence(p, r, claims, "ctl-ridge", "ridge 0.1: prominence", "ridge 0.1")
        .at_most(1.1)
        .source("control")
        .control();
  }
  expect_prominence(p, r, claims, "ctl-early", "descent stopped at T = 100: prominence", "T = 100")
      .at_most(1.1)
      .source("control")
      .control();
  claims.expect("ctl-early-error", "... test error at N = n at the end over that at T = 100")
      .source("control")
      .measured([=, &r] {
        const Settings s(p, r);
        return Summary(s["to the end"].at(s["to the end"].test, 1) /
                       s["T = 100"].at(s["T = 100"].test, 1));
      })
      .at_least(10)
      .control();
  claims.expect("ctl-pinv", "trained to the end, every design has the peak: smallest prominence")
      .source("control")
      .measured([=, &r] {
        std::vector<double> values;
        for (const Curve& curve : Settings(p, r).list()) {
          if (curve.label.ends_with("to the end")) {
            values.push_back(curve.prominence());
          }
        }
        return min_of(values);
      })
      .at_least(10)
      .control();
  claims
      .expect("ctl-optimal-ridge", "the law at its best ridge never rises with N: largest ratio of "
                                   "successive N")
      .source("control")
      .measured([=] {
        std::vector<double> steps;
        double before = 0;
        for (const double ratio : logspace(0.1, 10, 25)) {
          const double now = risk_law(p, ratio, 0).optimal_ridge(1e-5, 1e2).risk;
          if (before > 0) {
            steps.push_back(now / before);
          }
          before = now;
        }
        return max_of(steps);
      })
      .at_most(1)
      .control();
  const auto network = [=, &r](const char* name) {
    return Summary(network_prominence(p, network_curve(p, r["network"], name)));
  };
  claims.expect("ctl-net-ridge", "the net with ridge 3: prominence")
      .source("control")
      .measured([=] { return network("test_marquardt_ridge"); })
      .at_most(1.1)
      .control();
  if (p.full) { // few draws of the shortest runs scatter too much
    claims.expect("ctl-lm5", "Levenberg-Marquardt stopped after 5 steps: prominence")
        .source("control")
        .measured([=] { return network("test_few_marquardt"); })
        .at_most(1.2)
        .control();
  }
}

} // namespace gradus::examples::double_descent
