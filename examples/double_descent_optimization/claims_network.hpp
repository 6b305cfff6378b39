// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "curves.hpp"
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
        .expect("net-cond-" + number_text(scale),
                "width over the threshold at which the Jacobian's median condition number is "
                "largest, start's scale " +
                    number_text(scale))
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

} // namespace gradus::examples::double_descent
