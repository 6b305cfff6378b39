// SPDX-License-Identifier: BSD-3-Clause
#include <algorithm>
#include <cmath>
#include <vector>

#include "claims.hpp"

namespace gradus::examples::dynamical_stability {

namespace {

/// Least-squares slope of log l1 on log rate, seed by seed, over step sizes from twice the least.
std::vector<double> l1_slopes(const ArmResults& sgd, const std::vector<double>& rates) {
  std::vector<double> x;
  std::vector<std::vector<double>> y;
  double mean = 0;
  for (const double rate : rates) {
    if (rate > 1.5 * rates.front()) {
      x.push_back(std::log(rate));
      y.push_back(sgd.where("rate", rate).numbers("l1"));
      mean += x.back();
    }
  }
  mean /= static_cast<double>(x.size());
  std::vector<double> slopes(y.front().size(), 0.0);
  double squares = 0;
  for (std::size_t k = 0; k < x.size(); ++k) {
    squares += (x[k] - mean) * (x[k] - mean);
  }
  for (std::size_t s = 0; s < slopes.size(); ++s) {
    for (std::size_t k = 0; k < x.size(); ++k) {
      slopes[s] += (x[k] - mean) * std::log(y[k].at(s)) / squares;
    }
  }
  return finite(slopes);
}

/// Largest over smallest l1 norm at one rate / B, seed by seed: (2, 1), (4, 2), (8, 4) times the
/// smallest step size.
std::vector<double> spread_at_one_noise(const ArmResults& arm, double unit) {
  std::vector<double> least = numbers_at(arm, 2 * unit, 1, "l1");
  std::vector<double> most = least;
  for (const double batch : {2.0, 4.0}) {
    const std::vector<double> l1 = numbers_at(arm, 2 * unit * batch, batch, "l1");
    for (std::size_t s = 0; s < least.size(); ++s) {
      // A NaN stays: std::min and std::max would lose it.
      least[s] = l1.at(s) >= least[s] ? least[s] : l1.at(s);
      most[s] = l1.at(s) <= most[s] ? most[s] : l1.at(s);
    }
  }
  return finite(quotients(most, least));
}

/// The numbers of all minima of SGD; runs that diverged have none.
std::vector<double> all_batches(const ArmResults& arm, const char* name) {
  std::vector<double> all;
  for (const double batch : arm.coordinates("batch")) {
    if (batch != all_examples) {
      for (const double x : finite(arm.where("batch", batch).numbers(name))) {
        all.push_back(x);
      }
    }
  }
  return all;
}

/// rate |G|_F / sqrt(B) of all minima of SGD.
std::vector<double> frobenius_ratios(const ArmResults& arm) {
  std::vector<double> all;
  for (const CellResult* cell : arm.cells()) {
    const double batch = cell->point["batch"];
    for (const auto& [name, value] : cell->record.numbers()) {
      if (batch != all_examples && name == "frobenius") {
        all.push_back(cell->point["rate"] * value / std::sqrt(batch));
      }
    }
  }
  return all;
}

} // namespace

void judge_diagonal(const Params& p, const Results& r, Claims& claims) {
  const ArmResults arm = r["diagonal"];
  const ArmResults sgd = arm.where("batch", 1);
  const std::vector<double> rates = p.rates();
  const auto over = [=](const char* name, double high, double low) {
    return finite(quotients(numbers_at(arm, high, 1, name), numbers_at(arm, low, 1, name)));
  };
  claims.expect("dln-trace", "diagonal nets, minima of SGD: Tr G in units of 2 / eta, largest")
      .source("theorem")
      .measured([=] { return max_of(calm(sgd, "tilde_trace")); })
      .at_most(1);
  claims.expect("dln-edge", "... eta over the exact threshold there, median")
      .source("derived")
      .measured([=] { return median_of(calm(sgd, "edge")); })
      .in(0.8, 1.02);
  claims.expect("dln-edge-all", "... all but one in twenty at either end")
      .source("derived")
      .measured([=] { return all_but_few(calm(sgd, "edge")); })
      .in(0.55, 1.2);
  if (p.full()) {
    claims
        .expect("dln-any-batch",
                "(eta/2) (Tr G / B + (1 - 1/B) |G|_F^2 / Tr G), all minima of SGD, largest")
        .source("derived")
        .measured([=] { return max_of(all_batches(arm, "tilde_condition")); })
        .at_most(1.02);
    claims.expect("dln-diverged", "runs that diverge, share")
        .source("number chosen")
        .measured([=] { return diverged_share(arm); })
        .at_most(0.05);
  }
  claims.expect("dln-frob", "eta |G|_F / sqrt(B), all minima of SGD, largest")
      .source("paper, recalled")
      .measured([=] { return max_of(frobenius_ratios(arm)); })
      .at_most(1);
  claims.expect("dln-lr", "larger eta, smaller l1: largest ratio from one eta to the next")
      .source("figure")
      .measured([=] { return max_of(changes(sgd, rates, "l1")); })
      .at_most(1 - 1e-9);
  claims.expect("dln-lr-test", "... and smaller test error, all ratios but one in twenty")
      .source("figure")
      .measured([=] { return quantile_of(changes(sgd, rates, "test"), 0.95); })
      .at_most(1 - 1e-9);
  claims.expect("dln-lr-l1-ratio", "... l1 at the largest eta over the smallest, nine seeds in ten")
      .source("figure; number chosen")
      .measured([=] { return most_at_most(over("l1", rates.back(), rates.front())); })
      .at_most(0.2);
  claims.expect("dln-lr-test-ratio", "... test error")
      .source("figure; number chosen")
      .measured([=] { return max_of(over("test", rates.back(), rates.front())); })
      .at_most(0.05);
  if (p.full()) {
    claims.expect("dln-l1-law", "... slope of log l1 on log eta from the second eta on, median")
        .source("derived, measured")
        .measured([=] { return median_of(l1_slopes(sgd, rates)); })
        .in(-1, -0.5);
    claims.expect("dln-l1-law-all", "... nine seeds in ten")
        .source("derived, measured")
        .measured([=] { return most_at_most(l1_slopes(sgd, rates)); })
        .at_most(-0.5);
    claims.expect("dln-l1-law-bound", "... least: the bound on the trace allows -1")
        .source("derived, measured")
        .measured([=] { return min_of(l1_slopes(sgd, rates)); })
        .at_least(-1);
    claims
        .expect("dln-vs-gd", "test error of SGD over that of full descent at 8 times the least eta")
        .source("figure; number chosen")
        .measured([=] {
          return max_of(finite(quotients(numbers_at(arm, 8 * p.rate, 1, "test"),
                                         numbers_at(arm, 8 * p.rate, all_examples, "test"))));
        })
        .at_most(0.25);
  }
  claims.expect("dln-ident", "Tr G = sum_j m_j (a_j^2 + b_j^2), relative error")
      .source("equivalence")
      .measured([=] { return max_of(finite(arm.numbers("trace_error"))); })
      .at_most(1e-12);
  claims.expect("dln-ident-l1", "2 min(m) |beta|_1 / Tr G, largest")
      .source("equivalence")
      .measured([=] { return max_of(finite(arm.numbers("l1_share"))); })
      .at_most(1);
  if (p.full()) {
    claims
        .expect("noise-scale", "only eta / B counts: l1 at (2, 1), (4, 2), (8, 4), max/min, median")
        .source("derived")
        .measured([=] { return median_of(spread_at_one_noise(arm, p.rate)); })
        .at_most(1.25);
    claims.expect("noise-scale-all", "... nine seeds in ten")
        .source("derived")
        .measured([=] { return most_at_most(spread_at_one_noise(arm, p.rate)); })
        .at_most(1.5);
  }
  claims.expect("align", "alignment mu along the path of SGD, median of each run")
      .source("alignment property, recalled")
      .measured([=] { return each(calm(sgd, "mu_median")); })
      .in(0.6, 1.8);
  claims.expect("align-least", "... least")
      .source("alignment property, recalled")
      .measured([=] { return min_of(calm(sgd, "mu_least")); })
      .at_least(0.25);
}

} // namespace gradus::examples::dynamical_stability
