// SPDX-License-Identifier: BSD-3-Clause
#include <string>
#include <vector>

#include "claims.hpp"
#include <gradus/study/summary.hpp>

namespace gradus::examples::opposing {
namespace {

/// A rule's cells at the learning rate that is judged.
ArmResults judged(const Results& r, const std::string& rule) {
  return r[rule].where("rate", rates_of(rule, false).front());
}

double median(const ArmResults& arm, const char* name) {
  return median_of(arm.numbers(name)).value;
}

} // namespace

void judge_rules(const Results& r, Claims& claims) {
  const auto against = [&](const std::string& rule, const std::string& id, const std::string& words,
                           double peaks, double fastest, double slowest) {
    claims.expect(id, words + " against Adam 0.04: late peak of the outliers' loss, medians")
        .source("case study; measure ours")
        .measured([=, &r] {
          return Summary(median(judged(r, rule), "late_peak") /
                         median(judged(r, "adam"), "late_peak"));
        })
        .at_least(peaks);
    claims.expect(id + "-each", "... difference of the two in each seed")
        .source("case study; measure ours")
        .measured([=, &r] {
          return each(differences(judged(r, rule).numbers("late_peak"),
                                  judged(r, "adam").numbers("late_peak")));
        })
        .at_least(0);
    claims.expect(id + "-speed", "... steps to a tenth of the bulk's loss, medians")
        .source("case study; measure ours")
        .measured([=, &r] {
          return Summary(median(judged(r, rule), "hit") / median(judged(r, "adam"), "hit"));
        })
        .in(fastest, slowest);
  };
  against("sgd", "adam", "SGD 0.04", 2.5, 0.6, 1.6);
  against("momentum", "adam-mom", "momentum 0.01", 1.8, 0.5, 1.8);
  claims.expect("adam-why-sgd", "share of squared updates on the outliers' column, SGD 0.04")
      .source("idea of the paper; measure ours")
      .measured([&r] { return each(judged(r, "sgd").numbers("share")); })
      .at_least(0.4);
  claims.expect("adam-why", "... Adam 0.04")
      .source("idea of the paper; measure ours")
      .measured([&r] { return each(judged(r, "adam").numbers("share")); })
      .at_most(0.12);
}

} // namespace gradus::examples::opposing
