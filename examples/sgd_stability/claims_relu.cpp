// SPDX-License-Identifier: BSD-3-Clause
#include "claims.hpp"

namespace gradus::examples::dynamical_stability {

namespace {

/// SGD over full descent, at the largest step size that both were run at.
std::vector<double> over_descent(const Params& p, const Results& r, const char* name) {
  const double rate = p.relu_rates().back();
  return finite(quotients(r["relu"].where("rate", rate).numbers(name),
                          r["control-relu-descent"].where("rate", rate).numbers(name)));
}

/// SGD's step sizes at which its threshold binds: at the smallest of the default grid it does not.
std::vector<double> binding_rates(const Params& p) {
  std::vector<double> rates = p.relu_rates();
  if (p.grid != "paper") {
    rates.erase(rates.begin());
  }
  return rates;
}

/// Step size over the threshold at the minima of SGD, where it binds.
std::vector<double> edges(const Params& p, const Results& r) {
  std::vector<double> all;
  for (const double rate : binding_rates(p)) {
    for (const double x : finite(r["relu"].where("rate", rate).numbers("edge"))) {
      all.push_back(x);
    }
  }
  return all;
}

} // namespace

void judge_relu(const Params& p, const Results& r, Claims& claims) {
  if (!p.full()) {
    return;
  }
  const ArmResults sgd = r["relu"];
  const ArmResults descent = r["control-relu-descent"];
  const std::vector<double> rates = p.relu_rates();
  claims.expect("relu-trace", "ReLU nets, minima of SGD: Tr G in units of 2 / eta, largest")
      .source("theorem")
      .measured([=] { return max_of(calm(sgd, "tilde_trace")); })
      .at_most(1);
  claims.expect("relu-edge", "... eta over the exact threshold, all but the least eta, median")
      .source("derived")
      .measured([=, &r] { return median_of(edges(p, r)); })
      .in(0.8, 1.02);
  claims.expect("relu-edge-all", "... every one")
      .source("derived")
      .measured([=, &r] { return each(edges(p, r)); })
      .in(0.5, 1.2);
  claims.expect("relu-align", "alignment mu along SGD, median of a run, all but one in twenty")
      .source("alignment property, recalled")
      .measured([=] { return all_but_few(calm(sgd, "mu_median")); })
      .in(0.6, 1.8);
  claims.expect("relu-align-least", "... least, nine runs in ten")
      .source("alignment property, recalled")
      .measured([=] { return most_at_least(calm(sgd, "mu_least")); })
      .at_least(0.25);
  claims.expect("relu-ident", "Tr G on fresh points over (|W|^2 + d |a|^2) / 2, minus 1")
      .source("equivalence")
      .measured([&r] {
        return each(numbers_of(r, {"relu", "control-relu-descent"}, "trace_error"));
      })
      .within(0, 0.02);
  claims.expect("relu-path", "Tr G / (sqrt(d) path norm) on fresh points, all minima, least")
      .source("equivalence")
      .measured([&r] {
        return min_of(numbers_of(r, {"relu", "control-relu-descent"}, "fresh_path_share"));
      })
      .at_least(0.95);
  claims.expect("relu-path-sample", "... on the training points, nine minima in ten")
      .source("equivalence")
      .measured([&r] {
        return most_at_least(numbers_of(r, {"relu", "control-relu-descent"}, "path_share"));
      })
      .at_least(0.95);
  claims.expect("relu-lr", "larger eta, smaller path norm: largest ratio from one eta to the next")
      .source("figure")
      .measured([=] { return max_of(changes(sgd, rates, "path")); })
      .at_most(1 - 1e-9);
  claims
      .expect("relu-lr-test", "... and smaller test error, from the first eta at which it binds on")
      .source("figure")
      .measured([=] { return max_of(changes(sgd, binding_rates(p), "test")); })
      .at_most(1 - 1e-9);
  claims.expect("relu-lr-path-ratio", "... path norm over that of full descent, largest common eta")
      .source("figure; number chosen")
      .measured([=, &r] { return max_of(over_descent(p, r, "path")); })
      .at_most(0.3);
  claims.expect("relu-lr-test-ratio", "... test error")
      .source("figure; number chosen")
      .measured([=, &r] { return max_of(over_descent(p, r, "test")); })
      .at_most(0.15);
  if (p.grid != "paper") {
    claims
        .expect("relu-gd-edge-small", "full descent at its least eta: lambda_1 in units of 2 / eta")
        .source("paper")
        .measured([=] {
          return max_of(descent.where("rate", p.relu_descent_rates().front()).numbers("tilde_top"));
        })
        .at_most(0.25);
  }
  claims.expect("relu-gd-edge", "... at its largest: near the edge of stability, median")
      .source("paper")
      .measured([=] {
        return median_of(descent.where("rate", p.relu_descent_rates().back()).numbers("tilde_top"));
      })
      .in(0.75, 1);
  claims.expect("relu-gd-top", "... and not beyond it, any eta, nine runs in ten")
      .source("textbook")
      .measured([=] { return most_at_most(descent.numbers("tilde_top")); })
      .at_most(1);
  claims.expect("relu-diverged", "runs of SGD that diverge, share")
      .source("number chosen")
      .measured([=] { return diverged_share(sgd); })
      .at_most(0.05);
}

} // namespace gradus::examples::dynamical_stability
