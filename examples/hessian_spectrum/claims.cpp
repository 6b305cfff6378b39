// SPDX-License-Identifier: BSD-3-Clause
#include "claims.hpp"

#include <algorithm>
#include <string>
#include <vector>

namespace gradus::examples::hessian {

Summary share_that_is(const std::vector<double>& values, double wanted) {
  std::vector<double> hits;
  for (const double x : values) {
    hits.push_back(x == wanted ? 1.0 : 0.0);
  }
  return mean_of(hits);
}

Summary share_of_clusters(const ArmResults& arm, const std::string& count) {
  std::vector<double> hits;
  for (const double m : arm.coordinates("clusters")) {
    for (const double x : arm.where("clusters", m).numbers(count)) {
      hits.push_back(x == m ? 1.0 : 0.0);
    }
  }
  return mean_of(hits);
}

Summary nearly_lowest(const std::vector<double>& values) { return quantile_of(values, 0.05); }

std::vector<double> over(const ArmResults& a, const ArmResults& b, const std::string& name) {
  return quotients(a.numbers(name), b.numbers(name));
}

void judge(const Params& p, const Results& r, Claims& claims) {
  judge_main(p, r, claims);
  if (p.full) {
    judge_start(p, r, claims);
    judge_arms(p, r, claims);
  }
  judge_batches(p, r, claims);
  judge_controls(p, r, claims);
}

namespace {

/// The cells of the main arm in which the count is asked for. At the quick size (120 samples, 16
/// units) six and more clusters have too few samples.
std::vector<const CellResult*> counted(const Params& p, const Results& r) {
  std::vector<const CellResult*> cells = r["main"].cells();
  std::erase_if(cells,
                [&](const CellResult* cell) { return !p.full && cell->point["clusters"] > 4; });
  return cells;
}

/// Cells of the main arm with six and eight clusters, where the residual matters.
ArmResults many_clusters(const Results& r) {
  std::vector<const CellResult*> cells = r["main"].cells();
  std::erase_if(cells, [](const CellResult* cell) { return cell->point["clusters"] < 6; });
  return ArmResults(std::move(cells));
}

/// Exact zeros beyond those that theory makes certain, in the main arm.
std::vector<double> excess_zeros(const Params& p, const Results& r) {
  std::vector<double> excess = r["main"].numbers("zeros");
  for (double& x : excess) {
    x -= static_cast<double>(p.certain_zeros());
  }
  return excess;
}

void judge_counts(const Params& p, const Results& r, Claims& claims) {
  const char* which = p.full ? "m = 2, 4, 6, 8" : "m = 2, 4";
  claims
      .expect("count", std::string("outliers are as many as clusters, one network: share of the "
                                   "cells, ") +
                           which)
      .source("table of clusters of the paper")
      .measured([=, &r] { return share_of_clusters(ArmResults(counted(p, r)), "count"); })
      .at_least(0.9);
  claims.expect("clean", "the gap is unambiguous: its ratio")
      .source("criterion; chosen")
      .measured([=, &r] { return each(ArmResults(counted(p, r)).numbers("ratio")); })
      .at_least(2.5);
  claims.expect("clean-second", "... over the second largest ratio")
      .source("criterion; chosen")
      .measured([=, &r] { return each(ArmResults(counted(p, r)).numbers("over_second")); })
      .at_least(1.5);
}

void judge_bulk(const Params& p, const Results& r, Claims& claims) {
  claims.expect("bulk", "share of the eigenvalues with |l| < 1e-3 l_1 at the end")
      .source("paper")
      .measured([&r] { return each(r["main"].numbers("near_zero")); })
      .at_least(0.7);
  claims.expect("degenerate-law", "exact zeros beyond the P - N - 2 h certain ones, every net")
      .source("derived: rank of G and R")
      .measured([=, &r] { return each(excess_zeros(p, r)); })
      .at_least(0);
  claims.expect("degenerate", "... nine nets in ten")
      .source("derived; bound chosen")
      .measured([=, &r] { return quantile_of(excess_zeros(p, r), 0.9); })
      .at_most(30);
  claims.expect("negative", "negative part at the end: -l_min / l_max, nine nets in ten")
      .source("paper")
      .measured([&r] { return quantile_of(r["main"].numbers("negative"), 0.9); })
      .at_most(0.1);
  claims.expect("negative-shrinks", "... over that before training")
      .source("paper")
      .measured([&r] {
        return quantile_of(
            quotients(r["main"].numbers("negative"), r["main"].numbers("start_negative")), 0.9);
      })
      .at_most(0.6);
}

void judge_parts(const Results& r, Claims& claims) {
  claims.expect("shrink-residual", "m = 6, 8: |R| / l_m at the end")
      .source("paper")
      .measured([&r] { return each(many_clusters(r).numbers("residual")); })
      .at_most(0.3);
  claims.expect("shrink-residual-start", "... and before training")
      .source("paper")
      .measured([&r] { return each(many_clusters(r).numbers("start_residual")); })
      .at_least(0.6);
  claims.expect("gn-makes", "top m at the end: largest |l_i(H) / l_i(G) - 1|")
      .source("paper")
      .measured([&r] { return each(r["main"].numbers("gn_deviation")); })
      .at_most(0.12);
  claims
      .expect("covariance",
              "overlap of the top spaces of H and of the loss gradients, nineteen nets in twenty")
      .source("paper")
      .measured([&r] { return nearly_lowest(r["main"].numbers("loss_overlap")); })
      .at_least(0.9);
  claims.expect("covariance-outputs", "... of the output gradients, unweighted")
      .source("paper")
      .measured([&r] { return each(r["main"].numbers("output_overlap")); })
      .at_least(0.85);
}

void judge_identities(const Results& r, Claims& claims) {
  claims.expect("r-spectrum", "eigenvalues of R minus +- singular values of its blocks, over |R|")
      .source("derived")
      .measured([&r] { return each(r["identities"].numbers("residual_deviation")); })
      .at_most(1e-9);
  claims.expect("trace", "|trace H / trace G - 1|, every cell before and after training")
      .source("derived: trace R = 0")
      .measured([&r] {
        std::vector<double> all = r["identities"].numbers("trace_deviation");
        for (const char* name : {"start_trace_deviation", "trace_deviation"}) {
          const std::vector<double> more = r["main"].numbers(name);
          all.insert(all.end(), more.begin(), more.end());
        }
        return each(all);
      })
      .at_most(1e-10);
  claims.expect("dual", "eigenvalues of G minus those of the gradients' Gram matrix, over l_1")
      .source("link of G and gradients in the paper; identity derived")
      .measured([&r] { return each(r["identities"].numbers("dual_deviation")); })
      .at_most(1e-10);
}

} // namespace

void judge_main(const Params& p, const Results& r, Claims& claims) {
  judge_counts(p, r, claims);
  judge_bulk(p, r, claims);
  judge_parts(r, claims);
  judge_identities(r, claims);
}

void judge_start(const Params& /*p*/, const Results& r, Claims& claims) {
  claims.expect("init-hidden", "before training, m = 6, 8: share of the cells where H counts m")
      .source("paper: before and after; split chosen")
      .measured([&r] { return share_of_clusters(r["init"], "start_count"); })
      .at_most(0.2);
  claims.expect("init-gn", "... where the Gauss-Newton part does")
      .source("paper: before and after; split chosen")
      .measured([&r] { return share_of_clusters(r["init"], "start_gn_count"); })
      .at_least(0.9);
}

} // namespace gradus::examples::hessian
