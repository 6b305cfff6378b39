// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <algorithm>
#include <cmath>
#include <limits>
#include <string>
#include <utility>
#include <vector>

#include "curves.hpp"
#include "gaussian.hpp"
#include "network.hpp"
#include "setting.hpp"
#include <gradus/metrics/rank_correlation.hpp>
#include <gradus/metrics/trend.hpp>
#include <gradus/study/claims.hpp>
#include <gradus/study/results.hpp>
#include <gradus/study/summary.hpp>
#include <gradus/theory/random_features_risk.hpp>

namespace gradus::examples::double_descent {

/// Where the peak is: the settings of one curve.
inline void judge_rule(const Params& p, const Results& r, Claims& claims) {
  const auto extreme = [=, &r](bool low) {
    std::vector<double> values;
    for (const Curve& curve : Settings(p, r).list()) {
      const double loss = curve.loss();
      if (low ? loss <= 0.1 : loss >= 0.5) {
        values.push_back(curve.prominence());
      }
    }
    return low ? min_of(values) : max_of(values);
  };
  claims.expect("iff-low", "smallest prominence of the settings with loss* <= 0.1")
      .source("Liu and Flanigan: low loss, peak; numbers chosen")
      .measured([=] { return extreme(true); })
      .at_least(p.full ? 1.6 : 1.2);
  claims.expect("iff-high", "largest prominence of the settings with loss* >= 0.5")
      .source("Liu and Flanigan: high loss, no peak; numbers chosen")
      .measured([=] { return extreme(false); })
      .at_most(p.full ? 1.3 : 1.5);
  claims.expect("unified", "Spearman correlation of loss* and prominence over all settings")
      .source("Liu and Flanigan: all factors act through the loss; measure chosen")
      .measured([=, &r] {
        std::vector<double> loss, peak;
        for (const Curve& curve : Settings(p, r).list()) {
          loss.push_back(curve.loss());
          peak.push_back(curve.prominence());
        }
        return Summary(metrics::spearman(loss, peak));
      })
      .at_most(-0.85);
}

/// A claim on the prominence of one setting.
inline Claim& expect_prominence(const Params& p, const Results& r, Claims& claims, std::string id,
                                std::string statement, const std::string& label) {
  return claims.expect(std::move(id), std::move(statement))
      .source("Liu and Flanigan; numbers chosen")
      .measured([=, &r] { return Summary(Settings(p, r)[label].prominence()); });
}

/// Test error of one setting over that of another, N/n by N/n.
inline std::vector<double> quotient(const Curve& above, const Curve& below) {
  std::vector<double> result;
  for (std::size_t k = 0; k < above.test.size(); ++k) {
    result.push_back(above.test[k] / below.test[k]);
  }
  return result;
}

inline void judge_optimizers(const Params& p, const Results& r, Claims& claims) {
  claims
      .expect("iterations", "the error at N = n grows with T: smallest ratio over successive "
                            "T = 1e3, 1e4, 1e5, 1e7, infinity")
      .source("Liu and Flanigan")
      .measured([=, &r] {
        const Settings s(p, r);
        std::vector<double> steps;
        double before = 0;
        for (const double t : {1e3, 1e4, 1e5, 1e7, 0.0}) {
          const Curve& curve = s[t > 0 ? "T = " + short_number(t) : "to the end"];
          const double now = curve.at(curve.test, 1);
          if (before > 0) {
            steps.push_back(now / before);
          }
          before = now;
        }
        return min_of(steps);
      })
      .at_least(1 + 1e-6);
  expect_prominence(p, r, claims, "iterations-late", "prominence after T = 1e5 steps", "T = 1e5")
      .at_least(3);
  if (p.full) {
    claims
        .expect(
            "learning-rate",
            "a tenth of the rate is a tenth of the steps: test error of (1e5, 0.1/L) over (1e4, "
            "1/L), each N/n")
        .source("derived")
        .measured([=, &r] {
          const Settings s(p, r);
          return each(quotient(s["rate L = 0.1"], s["T = 1e4"]));
        })
        .within(1, 0.02);
    expect_prominence(p, r, claims, "learning-rate-low", "prominence after T = 1e5 at 0.001/L",
                      "rate L = 0.001")
        .at_most(1.1);
    expect_prominence(p, r, claims, "learning-rate-high", "... and at 1/L", "rate L = 1")
        .at_least(3);
    claims
        .expect("momentum", "momentum 0.9 is worth ten times the steps: test error after 1e4 over "
                            "plain descent after 1e5, each N/n")
        .source("Liu and Flanigan: optimizer; law derived")
        .measured([=, &r] {
          const Settings s(p, r);
          return each(quotient(s["momentum 0.9"], s["T = 1e5"]));
        })
        .within(1, 0.02);
  }
  expect_prominence(p, r, claims, "adam-early", "prominence of Adam, T = 100", "Adam, T = 100")
      .at_most(1.3);
  expect_prominence(p, r, claims, "adam-late", "... T = 1000", "Adam, T = 1000").at_least(2);
  expect_prominence(p, r, claims, "cg-early", "prominence of conjugate gradients, T = 10",
                    "CG, T = 10")
      .at_most(1.2);
  expect_prominence(p, r, claims, "cg-late", "... T = 100", "CG, T = 100").at_least(3);
  if (p.full) {
    expect_prominence(p, r, claims, "batch-100", "prominence of mini-batches of 100", "batch 100")
        .at_most(1.1);
    expect_prominence(p, r, claims, "batch-10", "... of 10, as many epochs", "batch 10")
        .at_most(1.3);
    expect_prominence(p, r, claims, "batch-1", "... of 1", "batch 1").at_least(1.7);
    claims.expect("batch-loss", "smaller batches, lower loss*: smallest ratio of successive sizes")
        .source("Liu and Flanigan")
        .measured([=, &r] {
          const Settings s(p, r);
          return min_of({s["batch 100"].loss() / s["batch 10"].loss(),
                         s["batch 10"].loss() / s["batch 1"].loss()});
        })
        .at_least(1 + 1e-6);
    const auto moved = [=, &r](double where) {
      const Settings s(p, r);
      const Curve& far = s["start's scale 3"];
      const Curve& none = s["T = 1e4"];
      return Summary(far.at(far.test, where) / none.at(none.test, where));
    };
    claims
        .expect("readout-init-wide", "a start of scale 3 stays beyond N = n: test error over that "
                                     "from 0, at 4n")
        .source("derived")
        .measured([=] { return moved(4); })
        .at_least(2);
    claims.expect("readout-init", "... and hardly acts at N = n")
        .source("derived")
        .measured([=] { return moved(1); })
        .in(0.8, 1.25);
  }
}

inline void judge_designs(const Params& p, const Results& r, Claims& claims) {
  const auto condition = [=, &r](const ArmResults& arm, double ratio) {
    return quantile(arm.at("condition", ratio), 0.5);
  };
  expect_prominence(p, r, claims, "init-small", "prominence at T = 1e4 of tanh features, scale 0.1",
                    "tanh 0.1, T = 1e4")
      .at_most(1.3);
  expect_prominence(p, r, claims, "init-large", "... scale 3", "tanh 3, T = 1e4").at_least(2.5);
  claims.expect("init-condition", "condition number at N = n/2: scale 0.1 over scale 1")
      .source("Liu and Flanigan; number chosen")
      .measured([=, &r] {
        return Summary(condition(r["tanh"].where("scale", 0.1), 0.5) /
                       condition(r["tanh"].where("scale", 1), 0.5));
      })
      .at_least(20);
  claims.expect("init-pinv", "it is not the model: smallest prominence over scales at the end")
      .source("control half")
      .measured([=, &r] {
        const Settings s(p, r);
        std::vector<double> values;
        for (const double scale : p.scales()) {
          values.push_back(s["tanh " + short_number(scale) + ", to the end"].prominence());
        }
        return min_of(values);
      })
      .at_least(10);
  if (p.full) {
    claims
        .expect("centring-condition", "condition number at 4n: features over those less their mean")
        .source("Liu and Flanigan: normalisation; form chosen")
        .measured([=, &r] { return Summary(condition(r["relu"], 4) / condition(r["centred"], 4)); })
        .at_least(2);
    claims.expect("centring", "test error at N = n, T = 1e4: centred over raw")
        .source("Liu and Flanigan: normalisation; form chosen")
        .measured([=, &r] {
          const Settings s(p, r);
          const Curve& centred = s["centred, T = 1e4"];
          const Curve& raw = s["T = 1e4"];
          return Summary(centred.at(centred.test, 1) / raw.at(raw.test, 1));
        })
        .at_least(1.2);
    expect_prominence(p, r, claims, "columns-scaled",
                      "prominence at T = 1e4, columns of unequal scale", "scaled, T = 1e4")
        .at_most(1.3);
    expect_prominence(p, r, claims, "columns-normed", "... each over its root mean square",
                      "normed, T = 1e4")
        .at_least(2);
    claims
        .expect("columns-exact", "at N = n the interpolator ignores the columns' scale: relative "
                                 "difference of the errors, any draw")
        .source("derived")
        .measured([=, &r] {
          const auto ends = [&](double normed) {
            return r["columns"].where("normed", normed).series("test_end");
          };
          const auto ratios = p.ratios();
          const auto place = static_cast<std::size_t>(std::find(ratios.begin(), ratios.end(), 1.0) -
                                                      ratios.begin());
          const auto scaled = ends(0);
          const auto normed = ends(1);
          std::vector<double> differences;
          for (std::size_t k = 0; k < scaled.size(); ++k) {
            differences.push_back(std::abs(scaled[k].at(place) / normed[k].at(place) - 1));
          }
          return max_of(differences);
        })
        .at_most(1e-4);
  }
}

inline void judge_conditions(const Params& p, const Results& r, Claims& claims) {
  claims.expect("cond-peak", "N/n at which the median condition number is largest")
      .source("Liu and Flanigan, demonstration code")
      .measured([=, &r] {
        const auto ratios = p.risk_ratios();
        const auto values = median_series(r["risk"], "condition");
        const auto place = std::max_element(values.begin(), values.end()) - values.begin();
        return Summary(ratios[static_cast<std::size_t>(place)]);
      })
      .equals(1);
  claims
      .expect("cond-theory", "Gaussian matrices: mean condition number over that of Marchenko and "
                             "Pastur's edges, each ratio")
      .source("Marchenko and Pastur")
      .measured([&r] {
        const auto means = mean_across(r["gaussian"].series("condition"));
        std::vector<double> values;
        for (std::size_t k = 0; k < means.size(); ++k) {
          values.push_back(means[k] / edge_condition(gaussian_ratios[k]));
        }
        return each(values);
      })
      .in(0.9, 1.05);
  claims.expect("edelman", "square ones: mean of log condition number - log size")
      .source("Edelman 1988")
      .measured([&r] { return mean_of(flatten(r["square"].series("excess"))); })
      .within(1.537, 0.3);
}

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

inline void judge_time(const Params& p, const Results& r, Claims& claims) {
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
  static_cast<void>(p);
}

inline void judge_network(const Params& p, const Results& r, Claims& claims) {
  const auto test = [=, &r](const std::string& name) {
    return network_curve(p, r["network"], "test_" + name);
  };
  const auto expect = [&](std::string id, std::string statement,
                          const std::string& name) -> Claim& {
    return claims.expect(std::move(id), std::move(statement))
        .source("Liu and Flanigan; numbers chosen")
        .measured([=] { return Summary(network_prominence(p, test(name))); });
  };
  const auto threshold = static_cast<double>(p.threshold());
  const auto at_threshold = [=, &r](const std::string& name) {
    return quantile(r["network"].where("width", threshold).numbers(name), 0.5);
  };
  expect("net-peak", "two-layer net, Levenberg-Marquardt: prominence", "marquardt").at_least(1.4);
  claims.expect("net-peak-width", "... width of the maximum over the threshold")
      .source("Liu and Flanigan; numbers chosen")
      .measured([=] { return Summary(peak_share(p, test("marquardt"))); })
      .in(0.8, 1.5);
  expect("net-adam-100", "the net by Adam: prominence after T = 100", "adam_100").at_most(1.2);
  expect("net-adam-300", "... T = 300", "adam_300").at_most(1.2);
  expect("net-adam-3000", "... T = 3000", "adam_3000").at_least(1.4);
  claims.expect("net-adam", "... its test error at the threshold, T = 3000 over T = 100")
      .source("Liu and Flanigan; number chosen")
      .measured(
          [=] { return Summary(at_threshold("test_adam_3000") / at_threshold("test_adam_100")); })
      .at_least(5);
  if (p.full) {
    expect("net-lr", "the net by descent, T = 3000 at 0.01: prominence", "slow").at_most(1.2);
    claims.expect("net-lr-loss", "... loss* over that at 0.1")
        .source("Liu and Flanigan; number chosen")
        .measured([=] { return Summary(at_threshold("train_slow") / at_threshold("train_fast")); })
        .at_least(2);
  }
  for (std::size_t k = 0; k < network_scales.size(); ++k) {
    const double scale = network_scales[k];
    claims
        .expect("net-cond-" + short_number(scale),
                "width over the threshold at which the Jacobian's median condition number is "
                "largest, start's scale " +
                    short_number(scale))
        .source("Liu and Flanigan, idea; measure chosen")
        .measured([=, &r] {
          std::vector<double> values;
          for (const double width : p.widths()) {
            values.push_back(
                quantile(r["network"].where("width", width).at("condition", scale), 0.5));
          }
          return Summary(peak_share(p, values));
        })
        .equals(1);
  }
}

inline void judge_controls(const Params& p, const Results& r, Claims& claims) {
  if (p.full) {
    expect_prominence(p, r, claims, "ctl-ridge", "ridge 0.1: prominence", "ridge 0.1")
        .at_most(1.1)
        .source("control")
        .control();
  }
  expect_prominence(p, r, claims, "ctl-early", "descent stopped at T = 100: prominence", "T = 100")
      .at_most(1.1)
      .source("control")
      .control();
  claims.expect("ctl-early-error", "... test error at N = n at the end over that at T = 100")
      .source("control")
      .measured([=, &r] {
        const Settings s(p, r);
        return Summary(s["to the end"].at(s["to the end"].test, 1) /
                       s["T = 100"].at(s["T = 100"].test, 1));
      })
      .at_least(10)
      .control();
  claims.expect("ctl-pinv", "trained to the end, every design has the peak: smallest prominence")
      .source("control")
      .measured([=, &r] {
        std::vector<double> values;
        for (const Curve& curve : Settings(p, r).list()) {
          if (curve.label.ends_with("to the end")) {
            values.push_back(curve.prominence());
          }
        }
        return min_of(values);
      })
      .at_least(10)
      .control();
  claims
      .expect("ctl-optimal-ridge", "the law at its best ridge never rises with N: largest ratio of "
                                   "successive N")
      .source("control")
      .measured([=] {
        std::vector<double> steps;
        double before = 0;
        for (const double ratio : logspace(0.1, 10, 25)) {
          const double now = risk_law(p, ratio, 0).optimal_ridge(1e-5, 1e2).risk;
          if (before > 0) {
            steps.push_back(now / before);
          }
          before = now;
        }
        return max_of(steps);
      })
      .at_most(1)
      .control();
  const auto network = [=, &r](const char* name) {
    return Summary(network_prominence(p, network_curve(p, r["network"], name)));
  };
  claims.expect("ctl-net-ridge", "the net with ridge 3: prominence")
      .source("control")
      .measured([=] { return network("test_marquardt_ridge"); })
      .at_most(1.1)
      .control();
  if (p.full) { // few draws of the shortest runs scatter too much
    claims.expect("ctl-lm5", "Levenberg-Marquardt stopped after 5 steps: prominence")
        .source("control")
        .measured([=] { return network("test_few_marquardt"); })
        .at_most(1.2)
        .control();
  }
}

/// What must hold.
inline void judge(const Params& p, const Results& r, Claims& claims) {
  judge_rule(p, r, claims);
  judge_optimizers(p, r, claims);
  judge_designs(p, r, claims);
  judge_conditions(p, r, claims);
  judge_risk(p, r, claims);
  judge_time(p, r, claims);
  judge_network(p, r, claims);
  judge_controls(p, r, claims);
}

} // namespace gradus::examples::double_descent
