// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <algorithm>
#include <cmath>
#include <string>
#include <vector>

#include "setting.hpp"
#include <gradus/study/claims.hpp>
#include <gradus/study/results.hpp>
#include <gradus/study/summary.hpp>

namespace gradus::examples::baselines {

/// exp of the mean logarithm, with the range of the values.
inline Summary geometric_mean(const std::vector<double>& values) {
  std::vector<double> logs;
  for (const double x : values) {
    logs.push_back(std::log(x));
  }
  const Summary mean = mean_of(logs);
  return {std::exp(mean.value), std::exp(mean.low), std::exp(mean.high)};
}

/// Number a over number b of each cell.
inline std::vector<double> ratios(const ArmResults& arm, const char* a, const char* b) {
  return quotients(arm.numbers(a), arm.numbers(b));
}

inline void judge_linear(const Params& p, const Results& r, Claims& claims) {
  const ArmResults linear = r["linear"];
  const double largest = p.ratios().back();
  claims.expect("L-no-gap", "linear, d/N = 0.1: t_gen over t_train, geometric mean")
      .source("Levi et al.; numbers chosen")
      .measured(
          [=] { return geometric_mean(ratios(linear.where("ratio", 0.1), "t_test", "t_train")); })
      .at_most(1.5);
  claims.expect("L-gap", "... and d/N close to 1: the delay is long")
      .source("Levi et al.; numbers chosen")
      .measured([=] {
        return geometric_mean(ratios(linear.where("ratio", largest), "t_test", "t_train"));
      })
      .at_least(p.full ? 8 : 4);
  const auto against_law = [=](const char* measured, const char* law) {
    std::vector<double> means;
    for (const double ratio : p.ratios()) {
      if (ratio <= 0.9) {
        means.push_back(geometric_mean(ratios(linear.where("ratio", ratio), measured, law)).value);
      }
    }
    return means;
  };
  const double slack = p.full ? 1.25 : 1.4; // half the dimensions scatter more
  claims
      .expect("L-theory-train", "Marchenko-Pastur predicts t_train: measured over law, each ratio")
      .source("Levi et al., closed form")
      .measured([=] { return each(against_law("t_train", "t_train_law")); })
      .in(1 / slack, slack);
  claims.expect("L-theory-gen", "... and t_gen")
      .source("Levi et al., closed form")
      .measured([=] { return each(against_law("t_test", "t_test_law")); })
      .in(1 / slack, slack);
  const ArmResults under = r["control-under"];
  claims.expect("L-under-fit", "fewer samples than inputs, d/N = 1.5: fits (step)")
      .control()
      .source("control")
      .measured([=] { return max_of(under.numbers("t_train")); })
      .at_most(2000);
  claims.expect("L-under", "... and never generalises: end loss, 2 (1 - 2/3) = 0.67 expected")
      .control()
      .source("control")
      .measured([=] { return min_of(under.numbers("end_loss")); })
      .at_least(0.3);
}

inline void judge_network(const Params& p, const Results& r, Claims& claims) {
  const double unit = p.learning_rate; // t_gen is given in units of 1 / (rate decay)
  const ArmResults decays = r["decay"];
  const ArmResults main = decays.where("weight_decay", p.weight_decay);
  const auto scaled_times = [=](const ArmResults& arm, double decay) {
    std::vector<double> times = arm.numbers("t_test");
    for (double& t : times) {
      t *= unit * decay;
    }
    return times;
  };
  claims.expect("O-fit", "network from weights three times too large: fits at once (step)")
      .source("Liu et al.; numbers chosen")
      .measured([=] { return max_of(main.numbers("t_fit")); })
      .at_most(100);
  claims.expect("O-late", "... generalises late (step)")
      .source("Liu et al.; numbers chosen")
      .measured([=] { return min_of(main.numbers("t_test")); })
      .at_least(0.4 / (unit * p.weight_decay));
  claims.expect("O-grok", "... but does (test error at the end)")
      .source("Liu et al.; numbers chosen")
      .measured([=] { return max_of(main.numbers("judged_test")); })
      .at_most(0.01);
  if (p.full) {
    const std::vector<double> used{0.05, 0.1, 0.2, 0.4};
    claims.expect("O-decay-law", "t_gen decay is constant: largest over smallest mean")
        .source("derived")
        .measured([=] {
          std::vector<double> means;
          for (const double decay : used) {
            means.push_back(
                mean_of(scaled_times(decays.where("weight_decay", decay), decay)).value);
          }
          const Summary range = mean_of(means);
          return Summary(range.high / range.low, range.low, range.high);
        })
        .at_most(1.25);
    claims.expect("O-norm", "generalisation starts at one norm: largest over smallest, all runs")
        .source("Liu et al.; number chosen")
        .measured([=, &r] {
          std::vector<double> norms;
          for (const double decay : used) {
            for (const double w : decays.where("weight_decay", decay).numbers("critical_norm")) {
              norms.push_back(w);
            }
          }
          for (const double alpha : {2.0, 5.0}) {
            for (const double w : r["start"].where("alpha", alpha).numbers("critical_norm")) {
              norms.push_back(w);
            }
          }
          const Summary range = mean_of(norms);
          return Summary(range.high / range.low, range.low, range.high);
        })
        .at_most(1.5);
    claims
        .expect("O-alpha-law",
                "the delay is logarithmic in the start: |t(5) - t(alpha) - ln(5/alpha)|")
        .source("derived")
        .measured([=, &r] {
          const double large =
              mean_of(scaled_times(r["start"].where("alpha", 5), p.weight_decay)).value;
          const double small = mean_of(scaled_times(main, p.weight_decay)).value;
          return Summary(std::abs(large - small - std::log(5 / p.alpha)));
        })
        .at_most(0.15);
    const ArmResults none = decays.where("weight_decay", 0);
    claims.expect("O-nodecay", "no decay: the test error stays (smallest)")
        .control()
        .source("control")
        .measured([=] { return min_of(none.numbers("judged_test")); })
        .at_least(0.3);
    claims.expect("O-nodecay-fit", "... at a training error of 0 (largest)")
        .control()
        .source("control")
        .measured([=] { return max_of(none.numbers("judged_train")); })
        .at_most(1e-6);
  }
  claims.expect("O-small", "usual start, alpha = 0.5: no delay (t_gen minus t_fit, steps)")
      .control()
      .source("control")
      .measured([=, &r] {
        const ArmResults usual = r["start"].where("alpha", 0.5);
        return max_of(differences(usual.numbers("t_test"), usual.numbers("t_fit")));
      })
      .at_most(40);
}

/// What must hold.
inline void judge(const Params& p, const Results& r, Claims& claims) {
  judge_linear(p, r, claims);
  judge_network(p, r, claims);
}

} // namespace gradus::examples::baselines
