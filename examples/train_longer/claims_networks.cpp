// SPDX-License-Identifier: BSD-3-Clause
#include <algorithm>
#include <string>
#include <utility>
#include <vector>

#include "claims.hpp"
#include <gradus/study/summary.hpp>

namespace gradus::examples::longer {

namespace {

/// Accuracy of one arm over another's, seed by seed.
std::vector<double> gains(const Results& r, const char* arm, const char* over) {
  return differences(r[arm].numbers("test"), r[over].numbers("test"));
}

void judge_covariance(const Params& p, const Results& r, Claims& claims) {
  const std::vector<std::pair<const char*, const char*>> schemes{
      {"with", "drawn with replacement: "},
      {"without", "without replacement: "},
      {"bernoulli", "each example by itself: "}};
  for (const auto& [scheme, words] : schemes) {
    claims
        .expect("cov-exact-" + std::string(scheme),
                std::string(words) + "covariance over all mini-batches and its formula, relative")
        .source("derived")
        .measured([name = scheme, &r] { return max_of(r["enumeration"].numbers(name)); })
        .at_most(1e-13);
  }
  if (!p.full) {
    return;
  }
  for (const auto& [scheme, words] : schemes) {
    claims
        .expect("cov-net-" + std::string(scheme),
                std::string(words) + "a network's variance along a direction over the formula")
        .source("derived")
        .measured([name = scheme, &r] {
          return each(flatten(r["covariance"].series("ratio_" + std::string(name))));
        })
        .in(0.9, 1.1);
  }
  claims.expect("cov-noise", "... with noise on every gradient that makes up for the batch")
      .source("paper; formula derived")
      .measured([&r] { return each(flatten(r["covariance"].series("ratio_noisy"))); })
      .in(0.85, 1.15);
}

void judge_gap(const Params& p, const Results& r, Claims& claims) {
  claims.expect("gap", "small minus large batch at equal epochs: mean test accuracy")
      .source("paper")
      .measured([&r] { return mean_of(gains(r, "sb", "lb")); })
      .at_least(0.12);
  claims.expect("lr", "large batch, rate times 4: gain in test accuracy")
      .source("paper")
      .measured([&r] { return mean_of(gains(r, "lb-lr", "lb")); })
      .at_least(0.06);
  claims.expect("lr-part", "... what is left to the small batch")
      .source("paper")
      .measured([&r] { return mean_of(gains(r, "sb", "lb-lr")); })
      .at_least(0.04);
  if (!p.full) {
    return;
  }
  claims.expect("longer", "as many updates as the small batch: gain over the rate alone")
      .source("paper")
      .measured([&r] { return mean_of(gains(r, "lb-lr-ra", "lb-lr")); })
      .at_least(0.01);
  claims.expect("longer-each", "... of every seed")
      .source("paper")
      .measured([&r] { return min_of(gains(r, "lb-lr-ra", "lb-lr")); })
      .at_least(0);
  claims.expect("closes", "more updates and ghost batches: what is left to the small batch")
      .source("paper")
      .measured([&r] { return mean_of(gains(r, "sb", "lb-lr-ra-gbn")); })
      .at_most(0.04);
  claims.expect("closes-share", "... share of the gap that is closed")
      .source("paper")
      .measured([&r] {
        return Summary(mean_of(gains(r, "lb-lr-ra-gbn", "lb")).value /
                       mean_of(gains(r, "sb", "lb")).value);
      })
      .at_least(0.8);
  claims.expect("ghost-60", "60 epochs without more updates: gain by ghost batches")
      .source("paper, at equal epochs")
      .measured([&r] { return mean_of(gains(r, "lb-lr-gbn-60", "lb-lr-60")); })
      .at_least(0.02);
  claims.expect("scaled", "... what the scaled rate adds to it")
      .source("paper")
      .measured([&r] { return mean_of(gains(r, "lb-lr-ra-gbn", "lb-ra-gbn")); })
      .at_least(0.01);
  claims.expect("distance-match", "... its distance from the start over the small batch's")
      .source("paper")
      .measured([&r] {
        return each(quotients(r["lb-lr-ra-gbn"].numbers("distance"), r["sb"].numbers("distance")));
      })
      .in(0.9, 1.1);
  claims.expect("distance-large", "large batch: distance from the start over the small batch's")
      .source("paper")
      .measured([&r] {
        return max_of(quotients(r["lb"].numbers("distance"), r["sb"].numbers("distance")));
      })
      .at_most(0.4);
}

void judge_stream(const Params& p, const Results& r, Claims& claims) {
  const ArmResults scaled = r["stream"];
  claims.expect("log-net", "endless stream: R^2 of the distance in ln t, all batches")
      .source("paper")
      .measured([=] { return min_of(scaled.numbers("log_r2")); })
      .at_least(0.985);
  claims.expect("log-net-power", "... over that of a power law: mean over seeds, least batch")
      .source("paper")
      .measured([=] {
        std::vector<double> means;
        for (const double batch : scaled.coordinates("batch")) {
          means.push_back(mean_of(scaled.where("batch", batch).numbers("log_gain")).value);
        }
        return min_of(means);
      })
      .at_least(0.003);
  const auto ratio = [=](const ArmResults& arm, Index batch) {
    return quotients(arm.where("batch", static_cast<double>(batch)).numbers("slope"),
                     scaled.where("batch", static_cast<double>(p.small_batch)).numbers("slope"));
  };
  claims.expect("slopes-medium", "slope in ln t, batch 64 over 16, scaled rate")
      .source("paper")
      .measured([=] { return each(ratio(scaled, 4 * p.small_batch)); })
      .in(0.9, 1.15);
  claims.expect("slopes-large", "... batch 256 over 16")
      .source("paper")
      .measured([=] { return each(ratio(scaled, p.large_batch)); })
      .in(0.9, 1.15);
  claims.expect("slopes-unscaled", "... at the same rate")
      .source("paper")
      .measured([=, &r] { return max_of(ratio(r["stream-unscaled"], p.large_batch)); })
      .at_most(0.85);
}

} // namespace

void judge_networks(const Params& p, const Results& r, Claims& claims) {
  judge_covariance(p, r, claims);
  claims.expect("gbn-grad", "ghost gradient minus the mean of the blocks' gradients")
      .source("official code")
      .measured([&r] { return max_of(r["ghost-gradient"].numbers("blocks")); })
      .at_most(1e-13);
  claims.expect("gbn-difference", "... minus finite differences")
      .source("derived")
      .measured([&r] { return max_of(r["ghost-gradient"].numbers("finite_difference")); })
      .at_most(1e-7);
  judge_gap(p, r, claims);
  if (p.full) {
    judge_stream(p, r, claims);
  }
}

} // namespace gradus::examples::longer
