// SPDX-License-Identifier: BSD-3-Clause
#include <string>
#include <vector>

#include "claims.hpp"

namespace gradus::examples::hessian {
namespace {

/// Exact zeros beyond the certain ones, seed by seed.
std::vector<double> excess_zeros_at(Params p, const Results& r, double width) {
  p.width = static_cast<Index>(width);
  std::vector<double> excess = r["width"].where("width", width).numbers("zeros");
  for (double& x : excess) {
    x -= static_cast<double>(p.certain_zeros());
  }
  return excess;
}

void judge_widths(const Params& p, const Results& r, Claims& claims) {
  claims.expect("width-law", "m = 4, h = 16, 32, 64: zeros beyond P - N - 2 h (80, 400, 1040)")
      .source("derived: rank of G and R")
      .measured([=, &r] {
        std::vector<double> all;
        for (const double width : r["width"].coordinates("width")) {
          for (const double x : excess_zeros_at(p, r, width)) {
            all.push_back(x);
          }
        }
        return each(all);
      })
      .at_least(0);
  claims.expect("width-bulk", "... median over seeds, each width")
      .source("paper; law derived")
      .measured([=, &r] {
        std::vector<double> medians;
        for (const double width : r["width"].coordinates("width")) {
          medians.push_back(quantile(excess_zeros_at(p, r, width), 0.5));
        }
        return each(medians);
      })
      .in(0, 30);
  claims.expect("width-count", "... outliers")
      .source("paper")
      .measured([&r] { return each(r["width"].numbers("count")); })
      .equals(4);
  claims.expect("width-top", "... sum of the top 4 at h = 16, 64 over h = 32, same seed: medians")
      .source("paper")
      .measured([&r] {
        std::vector<double> medians;
        for (const double width : {16.0, 64.0}) {
          medians.push_back(quantile(
              over(r["width"].where("width", width), r["width"].where("width", 32), "top_sum"),
              0.5));
        }
        return each(medians);
      })
      .in(0.6, 1.5);
}

void judge_spreads(const Results& r, Claims& claims) {
  const auto ratio = [&r](const char* name) {
    return over(r["separability"].where("spread", 0.7), r["separability"].where("spread", 0.3),
                name);
  };
  claims
      .expect("separability", "spread 0.3 to 0.7, equal loss, same seed: sum of the top 4, median")
      .source("paper")
      .measured([=] { return median_of(ratio("top_sum")); })
      .at_least(1.4);
  claims.expect("separability-bulk", "... 90 % quantile of |l|, median over nets")
      .source("paper")
      .measured([=] { return median_of(ratio("bulk")); })
      .in(0.6, 1.5);
  claims.expect("merge-apart", "clusters apart: l_5 / l_4 at spread 0.3, nine nets in ten")
      .source("idea of the paper; numbers chosen")
      .measured([&r] {
        return quantile_of(r["separability"].where("spread", 0.3).numbers("merge"), 0.9);
      })
      .at_most(0.4);
  claims.expect("merge", "clusters that run into each other: ... at spread 0.7, nine nets in ten")
      .source("idea of the paper; numbers chosen")
      .measured([&r] {
        return quantile_of(r["separability"].where("spread", 0.7).numbers("merge"), 0.1);
      })
      .at_least(0.45);
}

} // namespace

void judge_arms(const Params& p, const Results& r, Claims& claims) {
  judge_widths(p, r, claims);
  judge_spreads(r, claims);
  claims.expect("classes", "as many classes as clusters, 4, 6, 8: share of the cells that count m")
      .source("paper")
      .measured([&r] { return share_of_clusters(r["classes"], "count"); })
      .at_least(0.8);
  claims.expect("deep-relu", "two hidden layers, ReLU, m = 4: share that counts 4")
      .source("paper: two hidden layers")
      .measured([&r] { return share_that_is(r["deep-relu"].numbers("count"), 4); })
      .at_least(0.75);
  claims.expect("deep-tanh", "... tanh")
      .source("paper: two hidden layers")
      .measured([&r] { return share_that_is(r["deep-tanh"].numbers("count"), 4); })
      .at_least(0.75);
  if (p.paper_nets) {
    claims.expect("paper-count", "two hidden layers of 10 to 70, m = K = 10: share that counts 10")
        .source("paper; data and sizes chosen")
        .measured([&r] { return share_that_is(r["paper"].numbers("count"), 10); })
        .at_least(0.75);
    claims.expect("paper-bulk", "... share of the eigenvalues with |l| < 1e-3 l_1")
        .source("paper; data and sizes chosen")
        .measured([&r] { return each(r["paper"].numbers("near_zero")); })
        .at_least(0.7);
  }
}

} // namespace gradus::examples::hessian
