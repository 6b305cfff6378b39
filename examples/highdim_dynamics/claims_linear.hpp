// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <limits>
#include <string>
#include <vector>

#include "setting.hpp"
#include <gradus/metrics/trend.hpp>
#include <gradus/study/claims.hpp>
#include <gradus/study/results.hpp>
#include <gradus/study/summary.hpp>

namespace gradus::examples::highdim {

/// The arms whose curves are held against the integrals.
inline std::vector<std::string> curve_arms(const Params& p) {
  return p.full ? std::vector<std::string>{"curve", "curve-low-snr", "curve-start"}
                : std::vector<std::string>{"curve", "curve-low-snr"};
}

/// How far means lie from their law.
struct Distance {
  double z = 0;        ///< largest, in standard errors of the mean
  double z_finite = 0; ///< the same with the law's own error of order 1/N added in quadrature
  double relative = 0; ///< largest, over the law
  double absolute = 0; ///< largest, over the value at the start

  /// The greater of both, part by part.
  void join(const Distance& other) {
    z = std::fmax(z, other.z);
    z_finite = std::fmax(z_finite, other.z_finite);
    relative = std::fmax(relative, other.relative);
    absolute = std::fmax(absolute, other.absolute);
  }
};

/// Distance of the curve `name` of all cells of an arm from the series `law`.
/// @param start  scale of the finite-size error; the law itself if 0
inline Distance distance(const Params& p, const ArmResults& arm, const std::string& name,
                         const std::string& law_name, const std::vector<double>& starts = {},
                         std::size_t first = 10000) {
  Distance result;
  const auto means = arm.series(name);
  const auto errors = arm.series(name + "_se");
  const auto laws = arm.series(law_name);
  for (std::size_t cell = 0; cell < means.size(); ++cell) {
    for (std::size_t k = 0; k < std::min(first, means[cell].size()); ++k) {
      const double law = laws[cell][k];
      const double off = std::abs(means[cell][k] - law);
      const double scale = starts.empty() ? law : starts[cell];
      result.join({off / errors[cell][k],
                   off / std::hypot(errors[cell][k], scale / static_cast<double>(p.dim)), off / law,
                   off / scale});
    }
  }
  return result;
}

inline Distance test_distance(const Params& p, const Results& r, const std::string& mode) {
  Distance result;
  for (const std::string& arm : curve_arms(p)) {
    result.join(distance(p, r[arm], mode + "_test", mode + "_test_law"));
  }
  return result;
}

inline Distance train_distance(const Params& p, const Results& r) {
  Distance result;
  for (const std::string& name : curve_arms(p)) {
    const ArmResults arm = r[name];
    for (const std::string mode : {"flow", "small", "big"}) {
      result.join(
          distance(p, arm, mode + "_train", mode + "_train_law", arm.numbers("train_start")));
    }
  }
  return result;
}

inline void judge_curves(const Params& p, const Results& r, Claims& claims) {
  claims.expect("eg-flow", "flow: the test error follows the integral over Marchenko-Pastur (z*)")
      .source("theory curve of the paper")
      .measured([=, &r] { return test_distance(p, r, "flow").z_finite; })
      .at_most(3.5);
  if (p.full) {
    claims.expect("eg-flow-z", "... in standard errors of the mean alone")
        .source("theory curve of the paper")
        .measured([=, &r] { return test_distance(p, r, "flow").z; })
        .at_most(4.5);
    claims.expect("eg-flow-deviation", "... relative")
        .source("theory curve of the paper")
        .measured([=, &r] { return test_distance(p, r, "flow").relative; })
        .at_most(0.08);
  }
  claims.expect("eg-gd", "descent, small step: the same with (1 - eta lam)^k (z*)")
      .source("derived")
      .measured([=, &r] { return test_distance(p, r, "small").z_finite; })
      .at_most(3.5);
  claims.expect("eg-gd-big", "descent at 80 % of the largest stable step (z*)")
      .source("derived")
      .measured([=, &r] { return test_distance(p, r, "big").z_finite; })
      .at_most(3.5);
  claims
      .expect("ctl-flow-filter", "the big step judged by the curve of flow, alpha = 2, 8 steps (z)")
      .control()
      .source("control")
      .measured([=, &r] {
        return distance(p, r["curve"].where("alpha", 2), "big_test", "big_test_flow_law", {}, 8).z;
      })
      .at_least(6 * std::sqrt(std::fmin(1, static_cast<double>(p.draws) / 100))); // z ~ sqrt(draws)
  claims.expect("et-flow", "the training error follows its integral, flow and both steps (z*)")
      .source("theory curve of the paper")
      .measured([=, &r] { return train_distance(p, r).z_finite; })
      .at_most(4);
  claims.expect("et-flow-deviation", "... over the training error at the start")
      .source("theory curve of the paper")
      .measured([=, &r] { return train_distance(p, r).absolute; })
      .at_most(0.1);
}

/// The coordinate at which a list of numbers is greatest (or least, by sign -1).
inline double argmax(const std::vector<double>& at, const std::vector<double>& values,
                     double sign = 1) {
  std::size_t best = 0;
  for (std::size_t i = 1; i < values.size(); ++i) {
    if (sign * values[i] > sign * values[best]) {
      best = i;
    }
  }
  return values.empty() ? std::numeric_limits<double>::quiet_NaN() : at[best];
}

/// The named number at one coordinate of an arm with one seed.
inline double number_at(const ArmResults& arm, const char* axis, double at, const char* name) {
  return mean_of(arm.where(axis, at).numbers(name)).value;
}

/// Number a over number b of each cell.
inline std::vector<double> ratio_of(const ArmResults& arm, const char* a, const char* b) {
  return quotients(arm.numbers(a), arm.numbers(b));
}

inline void judge_sweep(const Params& p, const Results& r, Claims& claims) {
  const ArmResults sweep = r["sweep"];
  const auto alphas = [=] { return sweep.coordinates("alpha"); };
  claims.expect("peak", "overtraining E(100) - min E is worst near alpha = 1 (where)")
      .source("paper")
      .measured([=] { return argmax(alphas(), sweep.numbers("overtraining")); })
      .in(0.9, 1.1);
  claims.expect("peak-height", "... and at least ten times that at alpha = 0.25 and 4")
      .source("paper; number chosen")
      .measured([=] {
        return max_of(sweep.numbers("overtraining")).value /
               std::max(number_at(sweep, "alpha", 0.25, "overtraining"),
                        number_at(sweep, "alpha", 4, "overtraining"));
      })
      .at_least(10);
  if (p.full) {
    claims.expect("final", "E(100) lies on the theory curve over alpha (largest z)")
        .source("paper")
        .measured([=] {
          const auto off = differences(sweep.numbers("final"), sweep.numbers("final_law"));
          std::vector<double> z = quotients(off, sweep.numbers("final_se"));
          for (double& value : z) {
            value = std::abs(value);
          }
          return max_of(z);
        })
        .at_most(4.5);
  }
  claims.expect("best-stop", "the best stopped error falls with alpha (largest step, over alpha)")
      .source("paper")
      .measured([=] {
        const std::vector<double> best = sweep.numbers("best_stop");
        std::vector<double> steps;
        for (std::size_t i = 1; i < best.size(); ++i) {
          steps.push_back(best[i] - best[i - 1]);
        }
        return max_of(steps);
      })
      .at_most(0);
  claims.expect("es-vs-l2", "early stopping over ridge at 1/snr, same draws, every alpha")
      .source("paper; bounds chosen")
      .measured([=] { return each(ratio_of(sweep, "best_stop", "ridge")); })
      .in(0.998, 1.04);
  claims.expect("ctl-ridge", "a ridge ten times too strong costs at least 5 % at every alpha")
      .control()
      .source("control")
      .measured([=] { return min_of(ratio_of(sweep, "ridge_too_strong", "ridge")); })
      .at_least(1.05);
  claims.expect("ctl-noise-off", "without label noise nothing overtrains (largest over alpha)")
      .control()
      .source("control")
      .measured([=] { return max_of(sweep.numbers("overtraining_clean")); })
      .at_most(1e-9);
  claims
      .expect("small-init", "initial weights cost (1 - alpha)_+ per unit of their variance for "
                            "ever: distance at alpha < 1")
      .source("paper; +-w(0) pairs chosen")
      .measured([=] {
        std::vector<double> off;
        for (const double alpha : alphas()) {
          if (alpha < 0.8) {
            off.push_back(std::abs(number_at(sweep, "alpha", alpha, "per_inr") - (1 - alpha)));
          }
        }
        return max_of(off);
      })
      .at_most(0.04);
  claims.expect("small-init-over", "... and nothing at alpha = 2")
      .source("paper")
      .measured([=] { return std::abs(number_at(sweep, "alpha", 2, "per_inr")); })
      .at_most(1e-6);
  claims.expect("gap", "the smallest eigenvalue over (sqrt(alpha) - 1)^2, alpha = 0.5 and 2")
      .source("Marchenko-Pastur")
      .measured([=] {
        std::vector<double> ratios;
        for (const double alpha : {0.5, 2.0}) {
          const double root = std::sqrt(alpha) - 1;
          ratios.push_back(number_at(sweep, "alpha", alpha, "smallest_eigenvalue") / (root * root));
        }
        return each(ratios);
      })
      .in(0.95, 1.3);
  claims.expect("gap-closes", "... and at alpha = 1 there is none")
      .source("Marchenko-Pastur")
      .measured([=] { return number_at(sweep, "alpha", 1, "smallest_eigenvalue"); })
      .at_most(0.01);
}

inline void judge_stopping(const Results& r, Claims& claims) {
  const ArmResults stopping = r["stopping"];
  claims.expect("t-opt", "stopping at theory's time costs next to nothing (excess, largest)")
      .source("paper, the idea")
      .measured([=] { return max_of(stopping.numbers("regret")); })
      .at_most(0.02);
  claims.expect("t-opt-snr", "the best time to stop grows with snr (least quotient of neighbours)")
      .source("paper")
      .measured([=] {
        std::vector<double> quotients;
        for (const double alpha : stopping.coordinates("alpha")) {
          const std::vector<double> times = stopping.where("alpha", alpha).numbers("t_opt");
          for (std::size_t i = 1; i < times.size(); ++i) {
            quotients.push_back(times[i] / times[i - 1]);
          }
        }
        return min_of(quotients);
      })
      .at_least(1 + 1e-9);
  const ArmResults theory = r["theory"];
  claims.expect("t-opt-log", "... in the end by ln 10 / lam- per decade of snr: measured over that")
      .source("growth: paper; slope: derived")
      .measured([=] { return each(flatten(theory.series("stop_growth"))); })
      .in(0.93, 1.02);
  claims.expect("es-l2-theory", "stopping over ridge on the curves: largest excess, snr and alpha")
      .source("derived")
      .measured([=] { return mean_of(theory.numbers("stop_over_ridge_most")); })
      .in(0, 0.04);
  claims.expect("es-l2-never", "... and the least: stopping never wins")
      .source("paper")
      .measured([=] { return mean_of(theory.numbers("stop_over_ridge_least")); })
      .at_least(0);
  claims.expect("quadrature", "mass, mean and end of the integrals against closed forms")
      .source("theorem")
      .measured([=] { return mean_of(theory.numbers("quadrature")); })
      .at_most(1e-6);
  const ArmResults noise = r["noise-only"];
  claims.expect("sqrt-law", "alpha = 1, no teacher: E - 1/2 grows like sqrt(t) (slope, t >= 5)")
      .source("exponent: paper")
      .measured([=] {
        std::vector<double> log_t, log_e;
        const std::vector<double> errors = mean_across(noise.series("test"));
        const std::vector<double> times = noise.axis("test");
        for (std::size_t i = 0; i < times.size(); ++i) {
          log_t.push_back(std::log(times[i]));
          log_e.push_back(std::log(errors[i] - 0.5));
        }
        return metrics::fit_line(log_t, log_e).slope;
      })
      .within(0.5, 0.06);
  claims.expect("sqrt-constant", "... with 2 (2 - sqrt 2) / sqrt pi = 0.661 before it, at t = 100")
      .source("derived")
      .measured([=] { return (mean_across(noise.series("test")).back() - 0.5) / 10; })
      .within(0.661, 0.06);
}

inline void judge_structure(const Params& p, const Results& r, Claims& claims) {
  const ArmResults over = r["finite-over"];
  claims.expect("exact-inf", "N = 20, P = 40: the end is 1 + N/(P - N - 1), exactly (z)")
      .source("mean of an inverse Wishart matrix")
      .measured([=] { return mean_of(over.numbers("z_exact")); })
      .at_most(4);
  if (p.full) {
    claims.expect("exact-inf-under", "N = 40, P = 20: 1 + (1 - alpha) snr + P/(N - P - 1) (z)")
        .source("mean of an inverse Wishart matrix")
        .measured([=, &r] { return mean_of(r["finite-under"].numbers("z_exact")); })
        .at_most(4);
    claims.expect("exact-inf-limit", "... and not yet the limit of large N (z of N = 20)")
        .source("mean of an inverse Wishart matrix")
        .measured([=] { return mean_of(over.numbers("z_limit")); })
        .at_least(3.5);
  }
  const ArmResults steps = r["steps"];
  claims.expect("frozen-modes", "alpha = 0.5: zero eigenvalues, over N - P")
      .source("paper")
      .measured([=] { return each(ratio_of(steps, "zero_modes", "zero_modes_expected")); })
      .equals(1);
  claims.expect("frozen", "... along which 2000 steps move nothing (share of the motion)")
      .source("paper")
      .measured([=] { return max_of(steps.numbers("null_motion")); })
      .at_most(1e-11);
  claims.expect("ctl-wd", "weight decay 0.1: frozen no more")
      .control()
      .source("control")
      .measured([=] { return min_of(steps.numbers("null_motion_decay")); })
      .at_least(0.2);
  claims.expect("algebra", "2000 steps are the spectral path (weights, error)")
      .source("derived")
      .measured([=, &r] {
        return std::max(max_of(steps.numbers("path_error")).value,
                        max_of(r["relu-steps"].numbers("path_error")).value);
      })
      .at_most(1e-10);
}

} // namespace gradus::examples::highdim
