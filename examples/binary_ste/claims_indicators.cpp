// SPDX-License-Identifier: BSD-3-Clause
#include <cstddef>
#include <vector>

#include "claims.hpp"
#include <gradus/study/summary.hpp>

namespace gradus::examples::binary {

namespace {

/// Mean over seeds at each order, ascending.
std::vector<double> indicator_means(const ArmResults& arm, const char* name) {
  std::vector<double> means;
  for (const double order : arm.coordinates("order")) {
    means.push_back(mean_of(arm.where("order", order).numbers(name)).value);
  }
  return means;
}

/// Each entry over the one before.
std::vector<double> neighbour_ratios(const std::vector<double>& values) {
  std::vector<double> ratios;
  for (std::size_t i = 1; i < values.size(); ++i) {
    ratios.push_back(values[i] / values[i - 1]);
  }
  return ratios;
}

Summary last_over_first(const std::vector<double>& values) {
  return values.empty() ? Summary() : Summary(values.back() / values.front());
}

} // namespace

void judge_indicators(const Params& p, const Results& r, Claims& claims) {
  claims.expect("error", "estimating error, mean over seeds: largest ratio of neighbouring orders")
      .source("paper, indicator 1")
      .measured([&r] { return max_of(neighbour_ratios(indicator_means(r["reste"], "error"))); })
      .at_most(1);
  claims.expect("error-range", "... at order 10 over that at order 1")
      .source("paper, indicator 1")
      .measured([&r] { return last_over_first(indicator_means(r["reste"], "error")); })
      .at_most(0.4);
  claims.expect("stability", "spread of gradients, mean over seeds: least ratio of neighbours")
      .source("paper, indicator 2")
      .measured([&r, full = p.full] {
        std::vector<double> ratios = neighbour_ratios(indicator_means(r["reste"], "spread"));
        if (full && !ratios.empty()) { // 5 and 10 have seeds of their own
          ratios.back() = last_over_first(indicator_means(r["reste-close"], "spread")).value;
        }
        return min_of(ratios);
      })
      .at_least(1);
  claims.expect("stability-range", "... at order 10 over that at order 1")
      .source("paper, indicator 2")
      .measured([&r] { return last_over_first(indicator_means(r["reste"], "spread")); })
      .at_least(8);
  claims.expect("theory-e", "error at initialisation over its closed form, all orders and seeds")
      .source("derived")
      .measured([&r] { return each(flatten(r["theory"].series("error_ratio"))); })
      .in(0.98, 1.02);
  claims.expect("theory-s", "spread at initialisation over the variance law, all orders and seeds")
      .source("derived")
      .measured([&r] { return each(flatten(r["theory"].series("spread_ratio"))); })
      .in(0.97, 1.03);
}

} // namespace gradus::examples::binary
