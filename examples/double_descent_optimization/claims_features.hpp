// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <algorithm>
#include <cmath>
#include <string>
#include <utility>
#include <vector>

#include "curves.hpp"
#include "gaussian.hpp"
#include "setting.hpp"
#include <gradus/metrics/rank_correlation.hpp>
#include <gradus/study/claims.hpp>
#include <gradus/study/results.hpp>
#include <gradus/study/summary.hpp>

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
          const Curve& curve = s[t > 0 ? "T = " + number_text(t) : "to the end"];
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
          return each(quotients(s["rate L = 0.1"].test, s["T = 1e4"].test));
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
          return each(quotients(s["momentum 0.9"].test, s["T = 1e5"].test));
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
  const auto condition = [](const ArmResults& arm, double ratio) {
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
          values.push_back(s["tanh " + number_text(scale) + ", to the end"].prominence());
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

} // namespace gradus::examples::double_descent
