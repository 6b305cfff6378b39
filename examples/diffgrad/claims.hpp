// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <algorithm>
#include <cmath>
#include <limits>
#include <string>
#include <vector>

#include "setting.hpp"
#include <gradus/study/claims.hpp>
#include <gradus/study/results.hpp>
#include <gradus/study/summary.hpp>

namespace gradus::examples::gradient_friction {

/// Mean test accuracy over seeds of a rule's runs, one value a learning rate.
inline std::vector<double> mean_accuracies(const ArmResults& arm) {
  std::vector<double> means;
  for (const double rate : arm.coordinates("learning_rate")) {
    means.push_back(mean_of(arm.where("learning_rate", rate).numbers("test_accuracy")).value);
  }
  return means;
}

/// What must hold. Sources name sections of the paper, or say what is derived.
inline void judge(const Params& /*p*/, const Results& r, Claims& claims) {
  const auto number = [&r](const char* arm, double function, const std::string& name) {
    return [cells = r[arm].where("function", function), name] { return each(cells.numbers(name)); };
  };
  const auto end = [&](const char* arm, double function, const char* rule) {
    return number(arm, function, std::string("end_") + rule);
  };

  claims.expect("F1-adam", "F1: Adam overshoots into the local minimum (final x)")
      .source("synthetic F1")
      .measured(end("paths", 1, "adam"))
      .within(0.2, 0.01);
  claims.expect("F1-diffgrad", "... diffGrad stops at the global one")
      .source("synthetic F1")
      .measured(end("paths", 1, "diffgrad"))
      .within(-0.3, 0.01);
  claims.expect("F2-adam", "F2: Adam overshoots into the local minimum (final x)")
      .source("synthetic F2, with the correct derivative")
      .measured(end("paths", 2, "adam"))
      .within(0, 0.01);
  claims.expect("F2-diffgrad", "... diffGrad stops at the global one")
      .source("synthetic F2, with the correct derivative")
      .measured(end("paths", 2, "diffgrad"))
      .within(-0.643, 0.01);
  const auto size_of_end = [&](const char* rule) {
    return [cells = r["paths"].where("function", 3), name = std::string("end_") + rule] {
      std::vector<double> ends = cells.numbers(name);
      std::transform(ends.begin(), ends.end(), ends.begin(), [](double x) { return std::abs(x); });
      return max_of(ends);
    };
  };
  claims.expect("F3-adam", "F3: Adam reaches the global basin (final |x|)")
      .source("synthetic F3")
      .measured(size_of_end("adam"))
      .at_most(0.05);
  claims.expect("F3-diffgrad", "... and so does diffGrad")
      .source("synthetic F3")
      .measured(size_of_end("diffgrad"))
      .at_most(0.05);
  claims.expect("range", "friction is never below 1/2 (smallest on all paths)")
      .source("equation of xi")
      .measured([&r] {
        std::vector<double> all = r["paths"].numbers("min_friction");
        for (const double xi : r["control-scale"].numbers("min_friction")) {
          all.push_back(xi);
        }
        return min_of(all);
      })
      .at_least(0.5);
  claims.expect("range-late", "... and dies to 1/2 (mean of the last 50 steps on F1)")
      .source("equation of xi")
      .measured(number("paths", 1, "late_friction"))
      .at_most(0.501);
  const auto advantage = [&](double function) {
    return [cells = r["sweep"].where("function", function)] {
      return Summary(mean_of(cells.numbers("success_diffgrad")).value -
                     mean_of(cells.numbers("success_adam")).value);
    };
  };
  claims.expect("basin-F1", "F1: more starts and rates lead diffGrad to the global minimum (share)")
      .source("derived from the paper's claim")
      .measured(advantage(1))
      .at_least(0.1);
  claims.expect("basin-F2", "F2: the same")
      .source("derived from the paper's claim")
      .measured(advantage(2))
      .at_least(0.05);

  const ArmResults stationary = r["regret"];
  claims.expect("regret-slope", "stationary convex stream: log regret over log T (mean)")
      .source("regret theorem")
      .measured([=] { return mean_of(stationary.numbers("slope_diffgrad")); })
      .at_most(0.6);
  claims.expect("regret-ratio", "... R / sqrt(T) at T over that at T / 30 (mean)")
      .source("regret theorem")
      .measured([=] { return mean_of(stationary.numbers("ratio_diffgrad")); })
      .at_most(1.25);
  for (const int c : {3, 4, 10}) {
    claims
        .expect("counterexample-" + std::to_string(c),
                "linear regret all the same: R / T over what the worst point loses, C = " +
                    std::to_string(c))
        .source("Reddi et al. 2018 applied to diffGrad")
        .measured([cells = r["counterexample"].where("C", c)] {
          return each(cells.numbers("share_of_stuck_diffgrad"));
        })
        .at_least(0.95);
  }

  claims.expect("half-lr-friction", "network: mean friction of the last step, every run")
      .source("derived")
      .measured([&r] { return each(r["network-diffgrad"].numbers("friction")); })
      .in(0.5, 0.52);
  claims.expect("half-lr", "network: accuracy minus that of Adam at half the rate, largest")
      .source("derived")
      .measured([&r] {
        return max_of(absolute_differences({mean_accuracies(r["network-diffgrad"])},
                                           {mean_accuracies(r["network-half"])}));
      })
      .at_most(0.02);
  claims.expect("no-rank", "network, tuned: diffGrad ties with Adam (difference of the best means)")
      .source("the paper has diffGrad ahead")
      .measured([&r] {
        return Summary(std::abs(max_of(mean_accuracies(r["network-diffgrad"])).value -
                                max_of(mean_accuracies(r["network-adam"])).value));
      })
      .at_most(0.03);

  const auto control = [&](const char* id, const char* statement, auto measure) -> Claim& {
    return claims.expect(id, statement).control().source("control").measured(measure);
  };
  control("half-F1", "friction fixed to 1/2 reaches F1's global minimum as well",
          end("paths", 1, "half"))
      .within(-0.3, 0.01);
  control("half-F2", "... and F2's: what friction does is halve the step", end("paths", 2, "half"))
      .within(-0.643, 0.01);
  control("beta1-F1", "beta1 = 0.9: Adam does not overshoot on F1", end("control-beta1", 1, "adam"))
      .within(-0.3, 0.01);
  control("beta1-F2", "... nor on F2: nothing to cure", end("control-beta1", 2, "adam"))
      .within(-0.643, 0.01);
  control("aliased-F1", "previous gradient aliased, as in the first code: F1 as diffGrad",
          end("paths", 1, "aliased"))
      .within(-0.3, 0.01);
  control("aliased-F2", "... and F2", end("paths", 2, "aliased")).within(-0.643, 0.01);
  control("scale-adam", "100 F1: Adam ends as before", end("control-scale", 1, "adam"))
      .within(0.2, 0.01);
  control("scale-diffgrad", "... and diffGrad with it: friction is 1 where it would matter",
          end("control-scale", 1, "diffgrad"))
      .within(0.2, 0.01);
  control("ams", "counterexample, C = 3: a running maximum of v cures diffGrad (R / T)",
          [cells = r["counterexample"].where("C", 3)] {
            return each(cells.numbers("per_round_diffgrad_amsgrad"));
          })
      .at_most(0.02);
}

} // namespace gradus::examples::gradient_friction
