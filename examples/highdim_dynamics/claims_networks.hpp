// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <algorithm>
#include <cmath>
#include <limits>
#include <string>
#include <vector>

#include "claims_linear.hpp"
#include "setting.hpp"
#include <gradus/metrics/rank_correlation.hpp>
#include <gradus/study/claims.hpp>
#include <gradus/study/results.hpp>
#include <gradus/study/summary.hpp>

namespace gradus::examples::highdim {

inline void judge_deep(const Results& r, Claims& claims) {
  const ArmResults deep = r["deep"];
  const auto largest = [=](const char* name) { return [=] { return max_of(deep.numbers(name)); }; };
  claims.expect("deep-ode", "two-layer linear net = reduced equation (relative, over the run)")
      .source("derived")
      .measured(largest("ode_error"))
      .at_most(2e-3);
  claims.expect("deep-balance", "W W^T - a a^T stays 0 (relative)")
      .source("derived")
      .measured(largest("imbalance"))
      .at_most(1e-4);
  claims.expect("deep-frozen", "W does not move in the null space of the data (share)")
      .source("paper")
      .measured(largest("null_motion"))
      .at_most(1e-11);
  claims.expect("deep-growth", "... but the function does there, as |a| grows (relative)")
      .source("derived")
      .measured(largest("null_growth_error"))
      .at_most(1e-6);
  claims.expect("deep-delay", "the wait is logarithmic in the start: over ln(1000)/(2 |X y|)")
      .source("derived")
      .measured([=] {
        std::vector<double> delays = deep.numbers("delay_first");
        for (const double delay : deep.numbers("delay_second")) {
          delays.push_back(delay);
        }
        return each(delays);
      })
      .within(1, 0.01);
  const ArmResults sweep = r["deep-sweep"];
  claims.expect("deep-peak", "depth does not move the peak of overtraining (alpha, both depths)")
      .source("paper, the idea")
      .measured([=] {
        const auto alphas = sweep.coordinates("alpha");
        return each({argmax(alphas, sweep.numbers("depth_1_overtraining")),
                     argmax(alphas, sweep.numbers("depth_2_overtraining"))});
      })
      .in(0.9, 1.33);
  claims.expect("deep-best", "... best stop at depth 2 minus depth 1 (largest over alpha)")
      .source("number chosen")
      .measured([=] {
        return max_of(differences(sweep.numbers("depth_2_best"), sweep.numbers("depth_1_best")));
      })
      .at_most(0.12);
  const auto cost_of_big_start = [=](const std::vector<double>& alphas) {
    std::vector<double> costs;
    for (const double alpha : alphas) {
      costs.push_back(number_at(sweep, "alpha", alpha, "depth_2_big_best") -
                      number_at(sweep, "alpha", alpha, "depth_2_best"));
    }
    return costs;
  };
  claims.expect("deep-init", "a big start costs at alpha = 0.25, 0.5 (best stop, least excess)")
      .source("paper; number chosen")
      .measured([=] {
        return min_of(cost_of_big_start({0.25, 0.5}));
      })
      .at_least(0.5);
  claims.expect("deep-init-over", "... and next to nothing at alpha = 4")
      .source("paper; number chosen")
      .measured([=] { return max_of(cost_of_big_start({4})); })
      .at_most(0.05);
}

inline void judge_relu(const Params& p, const Results& r, Claims& claims) {
  const ArmResults relu = r["relu"];
  const auto samples = static_cast<double>(p.relu_samples);
  const auto at = [=](double share, const char* name) {
    return number_at(relu, "width", std::round(share * samples), name);
  };
  const auto where = [=](const char* name, double sign = 1) {
    return [=] { return argmax(relu.coordinates("width"), relu.numbers(name), sign) / samples; };
  };
  claims.expect("relu-peak", "random ReLU layer: overtraining peaks where width = samples (ratio)")
      .source("paper")
      .measured(where("overtraining"))
      .in(0.9, 1.1);
  claims.expect("relu-large", "eight times wider, unstopped, over width = samples (median E)")
      .source("paper; number chosen")
      .measured([=] { return at(p.full ? 8 : 4, "late") / at(1, "late"); })
      .at_most(0.15);
  if (p.full) {
    claims.expect("relu-large-stopped", "... and over half as wide, best stopped")
        .source("paper; number chosen")
        .measured([=] { return at(8, "late") / at(0.5, "best"); })
        .at_most(0.9);
  }
  claims.expect("relu-frozen", "frozen share of the read-out minus (1 - P/width), width > P")
      .source("paper")
      .measured([=] {
        std::vector<double> off;
        for (const double width : relu.coordinates("width")) {
          if (width > samples) {
            const ArmResults arm = relu.where("width", width);
            for (const char* end : {"frozen_least", "frozen_most"}) {
              off.push_back(std::abs(mean_of(arm.numbers(end)).value - (1 - samples / width)));
            }
          }
        }
        return max_of(off);
      })
      .at_most(1e-12);
  claims.expect("relu-gap", "the smallest eigenvalue is least at width = samples (ratio)")
      .source("paper")
      .measured(where("smallest_eigenvalue", -1))
      .equals(1);
  if (p.full) {
    claims.expect("relu-gap-opens", "... and recovers: at twice the samples over 1.1 times")
        .source("paper; number chosen")
        .measured([=] { return at(2, "smallest_eigenvalue") / at(1.1, "smallest_eigenvalue"); })
        .at_least(8);
  }
  claims.expect("relu-split", "approximation + null + overfit over the error at the end, widths")
      .source("split: paper; bounds chosen")
      .measured([=] { return each(relu.numbers("split")); })
      .in(0.9, 1.1);
  claims.expect("relu-bound", "|w(t)| over its bound, every draw and time (largest)")
      .source("idea: paper; form derived")
      .measured([=] { return max_of(relu.numbers("norm_over_bound")); })
      .at_most(1 + 1e-12);
  claims.expect("relu-bound-peak", "... and the bound peaks near width = samples (ratio)")
      .source("derived")
      .measured(where("bound"))
      .in(0.9, 1.1);
  if (p.full) {
    claims.expect("relu-bound-rank", "... and ranks widths >= P/2 as overtraining does (Spearman)")
        .source("derived")
        .measured([=] {
          std::vector<double> bounds, overtraining;
          const auto widths = relu.coordinates("width");
          for (std::size_t i = 0; i < widths.size(); ++i) {
            if (widths[i] >= samples / 2) {
              bounds.push_back(relu.numbers("bound")[i]);
              overtraining.push_back(relu.numbers("overtraining")[i]);
            }
          }
          return metrics::spearman(bounds, overtraining);
        })
        .at_least(0.75);
  }
  const ArmResults clean = r["relu-clean"];
  claims.expect("ctl-relu-clean", "no noise, teacher within the student: overtraining, width != P")
      .control()
      .source("control")
      .measured([=] {
        std::vector<double> values;
        for (const double width : clean.coordinates("width")) {
          if (width != samples) {
            values.push_back(number_at(clean, "width", width, "overtraining"));
          }
        }
        return max_of(values);
      })
      .at_most(1e-3);
  // Flow lowers the training error at every moment, the population error only nearly so.
  claims.expect("ctl-relu-clean-peak", "... and a thousandth of the noisy one's at width = P")
      .control()
      .source("control; number derived from the spread of draws")
      .measured([=] {
        return number_at(clean, "width", samples, "overtraining") / at(1, "overtraining");
      })
      .at_most(2e-3);
  const ArmResults misfit = r["relu-misfit"];
  claims.expect("ctl-relu-misfit", "no noise, teacher outside: misfit acts as noise, width = P")
      .control()
      .source("control that must not vanish")
      .measured([=] { return min_of(misfit.numbers("overtraining")); })
      .at_least(1);
}

inline void judge_both(const Results& r, Claims& claims) {
  const ArmResults both = r["both"];
  const auto medians = [=](const char* name) {
    std::vector<double> values;
    for (const double width : both.coordinates("width")) {
      values.push_back(median_of(both.where("width", width).numbers(name)).value);
    }
    return values;
  };
  claims.expect("relu-both", "both layers trained: overtraining peaks where weights ~ samples")
      .source("paper, the idea; widths chosen")
      .measured([=] { return argmax(both.coordinates("width"), medians("overtraining")); })
      .in(6, 10);
  claims.expect("relu-both-falls", "... then falls: width 50 over the peak")
      .source("number chosen")
      .measured([=] {
        const std::vector<double> values = medians("overtraining");
        return values.empty() ? std::numeric_limits<double>::quiet_NaN()
                              : values.back() / max_of(values).value;
      })
      .at_most(0.6);
}

} // namespace gradus::examples::highdim
