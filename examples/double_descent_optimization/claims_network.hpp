// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "claims_features.hpp"
#include "claims_theory.hpp"
#include "curves.hpp"
#include "gaussian.hpp"
#include "network.hpp"
#include "setting.hpp"
#include <gradus/study/claims.hpp>
#include <gradus/study/results.hpp>
#include <gradus/study/summary.hpp>

namespace gradus::examples::double_descent {

inline void judge_network(const Params& p, const Results& r, Claims& claims) {
  const auto test = [=, &r](const std::string& name) {
    return network_curve(p, r["network"], "test_" + name);
  };
  const auto expect = [&](std::string id, std::string statement,
                          const std::string& name) -> Claim& {
    return claims.expect(std::move(id), std::move(statement))
        .source("Liu and Flanigan; numbers chosen")
        .measured([=] { return Summary(network_prominence(p, test(name))); });
  };
  const auto threshold = static_cast<double>(p.threshold());
  const auto at_threshold = [=, &r](const std::string& name) {
    return quantile(r["network"].where("width", threshold).numbers(name), 0.5);
  };
  expect("net-peak", "two-layer net, Levenberg-Marquardt: prominence", "marquardt").at_least(1.4);
  claims.expect("net-peak-width", "... width of the maximum over the threshold")
      .source("Liu and Flanigan; numbers chosen")
      .measured([=] { return Summary(peak_share(p, test("marquardt"))); })
      .in(0.8, 1.5);
  expect("net-adam-100", "the net by Adam: prominence after T = 100", "adam_100").at_most(1.2);
  expect("net-adam-300", "... T = 300", "adam_300").at_most(1.2);
  expect("net-adam-3000", "... T = 3000", "adam_3000").at_least(1.4);
  claims.expect("net-adam", "... its test error at the threshold, T = 3000 over T = 100")
      .source("Liu and Flanigan; number chosen")
      .measured(
          [=] { return Summary(at_threshold("test_adam_3000") / at_threshold("test_adam_100")); })
      .at_least(5);
  if (p.full) {
    expect("net-lr", "the net by descent, T = 3000 at 0.01: prominence", "slow").at_most(1.2);
    claims.expect("net-lr-loss", "... loss* over that at 0.1")
        .source("Liu and Flanigan; number chosen")
        .measured([=] { return Summary(at_threshold("train_slow") / at_threshold("train_fast")); })
        .at_least(2);
  }
  for (std::size_t k = 0; k < network_scales.size(); ++k) {
    const double scale = network_scales[k];
    claims
        .expect("net-cond-" + short_number(scale),
                "width over the threshold at which the Jacobian's median condition number is "
                "largest, start's scale " +
                    short_number(scale))
        .source("Liu and Flanigan, idea; measure chosen")
        .measured([=, &r] {
          std::vector<double> values;
          for (const double width : p.widths()) {
            values.push_back(
                quantile(r["network"].where("width", width).at("condition", scale), 0.5));
          }
          return Summary(peak_share(p, values));
        })
        .equals(1);
  }
}

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
