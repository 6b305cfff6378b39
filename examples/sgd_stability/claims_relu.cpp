// SPDX-License-Identifier: BSD-3-Clause
#include "claims.hpp"

namespace gradus::examples::dynamical_stability {

namespace {

/// The largest step size that both SGD and full descent were run at.
double largest_common(const Params& p) { return p.relu_rates().back(); }

} // namespace

void judge_relu(const Params& p, const Results& r, Claims& claims) {
  if (!p.full()) {
    return;
  }
  const ArmResults sgd = r["relu"];
  const ArmResults descent = r["control-relu-descent"];
  const std::vector<double> rates = p.relu_rates();
  const double common = largest_common(p);
  const auto over_descent = [=](const char* name) {
    return [=] {
      return max_of(
          quotients(sgd.where("rate", common).numbers(name),
                    descent.where("rate", p.grid == "paper" ? p.relu_descent_rates()[0] : common)
                        .numbers(name)));
    };
  };
  const auto edges = [=] {
    std::vector<double> all;
    for (std::size_t k = p.grid == "paper" ? 0 : 1; k < rates.size(); ++k) {
      for (const double x : sgd.where("rate", rates[k]).numbers("edge")) {
        all.push_back(x);
      }
    }
    return all;
  };
  claims.expect("relu-trace", "ReLU nets, minima of SGD: Tr G in units of 2 / eta, largest")
      .source("theorem")
      .measured([=] { return max_of(sgd.numbers("tilde_trace")); })
      .at_most(1);
  claims.expect("relu-edge", "... eta over the exact threshold, all but the least eta, median")
      .source("derived")
      .measured([=] { return median_of(edges()); })
      .in(0.8, 1.02);
  claims.expect("relu-edge-all", "... every one")
      .source("derived")
      .measured([=] { return each(edges()); })
      .in(0.5, 1.2);
  claims.expect("relu-align", "alignment mu along the path of SGD, median of each run")
      .source("alignment property, recalled")
      .measured([=] { return each(sgd.numbers("mu_median")); })
      .in(0.6, 1.8);
  claims.expect("relu-align-least", "... least")
      .source("alignment property, recalled")
      .measured([=] { return min_of(sgd.numbers("mu_least")); })
      .at_least(0.25);
  claims.expect("relu-ident", "Tr G on fresh points over (|W|^2 + d |a|^2) / 2, minus 1")
      .source("equivalence")
      .measured([&r] {
        return each(numbers_of(r, {"relu", "control-relu-descent"}, "trace_error"));
      })
      .within(0, 0.02);
  claims.expect("relu-path", "Tr G / (sqrt(d) path norm), all minima, least")
      .source("equivalence")
      .measured([&r] {
        return min_of(numbers_of(r, {"relu", "control-relu-descent"}, "path_share"));
      })
      .at_least(0.95);
  claims.expect("relu-lr", "larger eta, smaller path norm: largest ratio from one eta to the next")
      .source("figure")
      .measured([=] { return max_of(changes(sgd, rates, "path")); })
      .at_most(1 - 1e-9);
  claims.expect("relu-lr-test", "... and smaller test error")
      .source("figure")
      .measured([=] { return max_of(changes(sgd, rates, "test")); })
      .at_most(1 - 1e-9);
  claims.expect("relu-lr-path-ratio", "... path norm over that of full descent, largest common eta")
      .source("figure; number chosen")
      .measured(over_descent("path"))
      .at_most(0.3);
  claims.expect("relu-lr-test-ratio", "... test error")
      .source("figure; number chosen")
      .measured(over_descent("test"))
      .at_most(0.15);
  claims.expect("relu-gd-edge-small", "full descent at its least eta: lambda_1 in units of 2 / eta")
      .source("paper")
      .measured([=] {
        return max_of(descent.where("rate", p.relu_descent_rates().front()).numbers("tilde_top"));
      })
      .at_most(0.25);
  claims.expect("relu-gd-edge", "... at its largest: at the edge of stability")
      .source("paper")
      .measured([=] {
        return each(descent.where("rate", p.relu_descent_rates().back()).numbers("tilde_top"));
      })
      .in(0.75, 1);
}

} // namespace gradus::examples::dynamical_stability
