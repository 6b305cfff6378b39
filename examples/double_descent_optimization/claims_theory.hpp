// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <cmath>
#include <vector>

#include "curves.hpp"
#include "features.hpp"
#include "setting.hpp"
#include <gradus/metrics/trend.hpp>
#include <gradus/study/claims.hpp>
#include <gradus/study/results.hpp>
#include <gradus/study/summary.hpp>
#include <gradus/theory/random_features_risk.hpp>

namespace gradus::examples::double_descent {

/// The asymptotic risk beside the risk experiment.
inline theory::RandomFeaturesRisk risk_law(const Params& p, double ratio, double ridge) {
  const auto samples = static_cast<double>(p.risk_samples) / static_cast<double>(p.risk_dim);
  return {.features_ratio = ratio * samples,
          .samples_ratio = samples,
          .ridge = ridge,
          .noise_variance = p.noise * p.noise};
}

/// Errors of one ridge at one N/n over the draws.
inline std::vector<double> risk_draws(const Params& p, const Results& r, std::size_t ridge,
                                      std::size_t ratio) {
  std::vector<double> values;
  for (const auto& table : r["risk"].series("test_risk")) {
    values.push_back(table.at(ridge * p.risk_ratios().size() + ratio));
  }
  return values;
}

inline void judge_risk(const Params& p, const Results& r, Claims& claims) {
  /// Relative or standardised distance from the law, where it is asked for.
  const auto distances = [=, &r](bool ridgeless, bool standardised) {
    const auto ratios = p.risk_ratios();
    std::vector<double> values;
    for (std::size_t k = 0; k < risk_penalties.size(); ++k) {
      for (std::size_t i = 0; i < ratios.size(); ++i) {
        if ((risk_penalties[k] == 0) != ridgeless ||
            (ridgeless && std::abs(ratios[i] - 1) <= 0.2)) {
          continue;
        }
        const auto draws = risk_draws(p, r, k, i);
        const double law = risk_law(p, ratios[i], risk_penalties[k]).risk().value;
        const double mean = mean_of(draws).value;
        values.push_back(standardised ? std::abs(mean - law) / standard_error(draws)
                                      : std::abs(mean / law - 1));
      }
    }
    return max_of(values);
  };
  claims.expect("rf-theory", "ridge risk against its asymptotics: largest |mean / law - 1|")
      .source("Mei and Montanari 2019")
      .measured([=] { return distances(false, false); })
      .at_most(0.2);
  claims.expect("rf-theory-error", "... in standard errors")
      .source("Mei and Montanari 2019")
      .measured([=] { return distances(false, true); })
      .at_most(5);
  claims.expect("rf-ridgeless", "without ridge, |N/n - 1| > 0.2: largest |mean / law - 1|")
      .source("Mei and Montanari 2019")
      .measured([=] { return distances(true, false); })
      .at_most(0.25);
  claims.expect("rf-diverges", "the law's peak grows as 1/(1 - N/n): risk at 0.9999 over 0.999")
      .source("derived")
      .measured([=] {
        return Summary(risk_law(p, 0.9999, 0).risk().value / risk_law(p, 0.999, 0).risk().value);
      })
      .within(10, 0.2);
}

inline void judge_time(const Results& r, Claims& claims) {
  claims.expect("time-law", "the error at N = n grows as a power of T, 1e3 to 1e6: its exponent")
      .source("derived; isotropic law 1/2")
      .measured([&r] {
        std::vector<double> x, y;
        const auto steps = r["time"].axis("test_at_threshold");
        const auto errors = median_series(r["time"], "test_at_threshold");
        for (std::size_t k = 0; k < steps.size(); ++k) {
          x.push_back(std::log(steps[k]));
          y.push_back(std::log(errors[k]));
        }
        return Summary(metrics::fit_line(x, y).slope);
      })
      .in(0.35, 0.6);
  claims
      .expect("gd-ridge", "descent to T against ridge 1/(rate T): ratio of mean errors, each T and "
                          "N/n")
      .source("Ali, Kolter, Tibshirani 2019: at most 1.69 for an isotropic target; test chosen")
      .measured([&r] {
        const auto descent = mean_across(r["time"].series("test_descent"));
        const auto ridge = mean_across(r["time"].series("test_ridge"));
        std::vector<double> values;
        for (std::size_t k = 0; k < descent.size(); ++k) {
          values.push_back(descent[k] / ridge[k]);
        }
        return each(values);
      })
      .in(0.8, 1.69);
  claims.expect("exact-path", "closed form against 500 steps: largest difference")
      .source("derived")
      .measured([&r] { return max_of(r["relu"].numbers("step_difference")); })
      .at_most(1e-11);
  claims.expect("exact-heavy-ball", "... with momentum 0.9")
      .source("derived")
      .measured([&r] { return max_of(r["relu"].numbers("heavy_ball_difference")); })
      .at_most(1e-11);
}

} // namespace gradus::examples::double_descent
