// SPDX-License-Identifier: BSD-3-Clause
#include "claims.hpp"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <limits>
#include <string>
#include <tuple>
#include <utility>
#include <vector>

#include <gradus/study/summary.hpp>

namespace gradus::examples::equiprop {
namespace {

/// Difference of two means, with the range of the differences seed by seed.
Summary difference(const std::vector<double>& a, const std::vector<double>& b) {
  return a.size() == b.size() ? mean_of(differences(a, b)) : Summary{};
}

void judge_nudges(const Results& r, Claims& claims) {
  const ArmResults order = r["orders"];
  const std::vector<double> angles = order.coordinates("angle");
  const double steep = angles.empty() ? 0 : angles.back();
  claims.expect("solved", "largest residual of a fixed point in the static arms")
      .source("derived")
      .measured([&r] {
        std::vector<double> all;
        for (const char* name : {"orders", "control-continuation", "circle"}) {
          const std::vector<double> some = r[name].numbers("residual");
          all.insert(all.end(), some.begin(), some.end());
        }
        return max_of(all);
      })
      .at_most(1e-14);
  for (const auto& [points, tolerance] :
       {std::pair{1, 0.12}, {2, 0.06}, {4, 0.02}, {6, 0.02}, {8, 0.02}}) {
    const std::string n = std::to_string(points);
    claims
        .expect("order-" + n, "N = " + n +
                                  ": power of the nudge with which the error falls, all nets but "
                                  "one in twenty at either end")
        .source(points < 3 ? "derived" : "Cauchy's integral")
        .measured([=] {
          const std::vector<double> powers = order.numbers("slope_" + n);
          return each({quantile(powers, 0.05), quantile(powers, 0.95)});
        })
        .within(points, tolerance);
  }
  claims
      .expect("exact", "symmetric, N = 8, |beta| = 0.05: relative error to backpropagation, median")
      .source("abstract")
      .measured([=] { return median_of(order.where("angle", 0).numbers("exact_8")); })
      .at_most(2e-9);
  claims.expect("exact-each", "... over that of the one-sided estimate, every seed")
      .source("derived")
      .measured([=] {
        const ArmResults symmetric = order.where("angle", 0);
        return each(quotients(symmetric.numbers("exact_8"), symmetric.numbers("exact_1")));
      })
      .at_most(1e-3);
  claims.expect("exact-one-sided", "... of the one-sided estimate")
      .source("abstract")
      .measured([=] { return each(order.where("angle", 0).numbers("exact_1")); })
      .at_least(1e-2);
  claims
      .expect("separate",
              "90 degrees, N = 8, |beta| = 0.1: error to the response at no nudge, median")
      .source("abstract")
      .measured([=] { return median_of(order.where("angle", steep).numbers("error_8")); })
      .at_most(1e-7);
  claims.expect("separate-cosine", "... cosine to backpropagation in layer 1, mean")
      .source("abstract")
      .measured([=] { return mean_of(order.where("angle", steep).numbers("cosine")); })
      .at_most(0.3);
}

void judge_asymmetry(const Results& r, Claims& claims) {
  const ArmResults angle = r["angle"];
  claims.expect("angle-symmetric", "symmetric: 1 - cosine to backpropagation in layer 1")
      .source("theory")
      .measured([=] {
        std::vector<double> gaps = angle.where("angle", 0).numbers("cosine_1");
        for (double& x : gaps) {
          x = std::abs(1 - x);
        }
        return max_of(gaps);
      })
      .at_most(1e-10);
  claims
      .expect("angle-falls",
              "... its mean over seeds falls with the angle: least step of 15 degrees")
      .source("figure 3")
      .measured([=] {
        std::vector<double> means;
        for (const double a : angle.coordinates("angle")) {
          means.push_back(mean_of(angle.where("angle", a).numbers("cosine_1")).value);
        }
        double least = std::numeric_limits<double>::infinity();
        for (std::size_t k = 1; k < means.size(); ++k) {
          least = std::min(least, means[k - 1] - means[k]);
        }
        return means.size() < 2 ? Summary{} : Summary{least};
      })
      .at_least(0);
  claims.expect("angle-right", "... at 90 degrees, mean")
      .source("figure 3")
      .measured([=] {
        const std::vector<double> angles = angle.coordinates("angle");
        return angles.empty() ? Summary{}
                              : mean_of(angle.where("angle", angles.back()).numbers("cosine_1"));
      })
      .at_most(0.3);
  const ArmResults small = r["small-angles"];
  for (const auto& [name, words, power] : {std::tuple{"bias", "|e - delta|", 1},
                                           {"first", "|e - delta + 2 E delta|", 2},
                                           {"second", "|e - delta + 2 E x|", 3},
                                           {"misalignment", "1 - cos(e, delta)", 2}}) {
    claims
        .expect(std::string("perturb-") + name,
                std::string(words) + " at small angles: power of |E|")
        .source(power == 1 ? "section 3" : "derived")
        .measured(
            [small, slope = std::string("slope_") + name] { return each(small.numbers(slope)); })
        .within(power, 0.06);
  }
  const ArmResults hutchinson = r["hutchinson"];
  claims.expect("hutchinson", "20000 draws of the penalty: |z-score| of their mean, largest")
      .source("section 4")
      .measured([=] {
        std::vector<double> scores = hutchinson.numbers("z_score");
        for (double& z : scores) {
          z = std::abs(z);
        }
        return max_of(scores);
      })
      .at_most(4);
  claims.expect("hutchinson-variance", "... sample variance over the predicted one")
      .source("derived")
      .measured([=] { return each(hutchinson.numbers("variance_ratio")); })
      .in(0.93, 1.07);
}

void judge_training(const Params& p, const Results& r, Claims& claims) {
  const auto accuracy = [&r](const char* name) { return r[name].numbers("accuracy"); };
  if (p.full) { // the means of quick's three seeds scatter by half of the bound
    claims
        .expect("gap", "90 degrees: accuracy of backpropagation over equilibrium propagation, mean")
        .source("figures 3, 4")
        .measured([=] { return difference(accuracy("bp"), accuracy("ep")); })
        .at_least(0.15);
  }
  claims
      .expect("homeo",
              "after training with homeostasis: mean cosine of a sample, layer 1, every seed")
      .source("figure 4")
      .measured([&r] { return each(r["ep-homeostasis"].numbers("sample_cosine_1")); })
      .at_least(0.95);
  claims.expect("gain", "accuracy with homeostasis over that without, mean")
      .source("figure 4")
      .measured([=] { return difference(accuracy("ep-homeostasis"), accuracy("ep")); })
      .at_least(0.10);
  const ArmResults nudge = r["nudge"];
  const auto nudged = [=](double points, double beta) {
    return mean_of(nudge.where("points", points).where("beta", beta).numbers("accuracy"));
  };
  claims.expect("nudge-one", "one-sided, |beta| = 0.5, with homeostasis: mean accuracy")
      .source("table 1")
      .measured([=] { return nudged(1, 0.5); })
      .at_most(0.45);
  if (!p.full) {
    return;
  }
  claims
      .expect("homeo-without",
              "after training without it: mean cosine of a sample, layer 1, every seed")
      .source("figure 4")
      .measured([&r] { return each(r["ep"].numbers("sample_cosine_1")); })
      .at_most(0.7);
  claims.expect("nudge-one-small", "... at |beta| = 0.05")
      .source("table 1")
      .measured([=] { return nudged(1, 0.05); })
      .at_least(0.6);
  claims.expect("nudge-two", "N = 2, |beta| = 0.5: mean accuracy")
      .source("table 1")
      .measured([=] { return nudged(2, 0.5); })
      .at_least(0.6);
  claims.expect("nudge-four", "N = 4, |beta| = 0.5: mean accuracy")
      .source("table 1")
      .measured([=] { return nudged(4, 0.5); })
      .at_least(0.65);
  claims
      .expect("like-bp", "with homeostasis: |accuracy of equilibrium - of backpropagation|, means")
      .source("derived")
      .measured([=] {
        const Summary d = difference(accuracy("ep-homeostasis"), accuracy("bp-homeostasis"));
        return Summary{std::abs(d.value), d.low, d.high};
      })
      .at_most(0.08);
  claims.expect("drift", "symmetric start: accuracy with homeostasis over that without, mean")
      .source("section 4")
      .measured([=] {
        return difference(accuracy("ep-symmetric-homeostasis"), accuracy("ep-symmetric"));
      })
      .at_least(0.08);
  claims.expect("drift-symmetry", "... symmetry of the couplings after training without, mean")
      .source("section 4")
      .measured([&r] { return mean_of(r["ep-symmetric"].numbers("symmetry")); })
      .at_most(0.8);
  claims.expect("drift-kept", "... with")
      .source("section 4")
      .measured([&r] { return mean_of(r["ep-symmetric-homeostasis"].numbers("symmetry")); })
      .at_least(0.9);
}

void judge_controls(const Params& p, const Results& r, Claims& claims) {
  for (const int points : {2, 4, 8}) {
    const std::string n = std::to_string(points);
    claims
        .expect("ctl-not-holomorphic-" + n,
                "continued by its tangent, N = " + n + ": power of the nudge")
        .source("derived")
        .control()
        .measured([=, &r] { return each(r["control-continuation"].numbers("slope_" + n)); })
        .within(2, 0.05);
  }
  claims.expect("ctl-symmetric", "symmetric couplings: largest estimate of the penalty")
      .source("derived")
      .control()
      .measured([&r] {
        std::vector<double> sizes = r["control-symmetric"].numbers("estimate");
        for (double& x : sizes) {
          x = std::abs(x);
        }
        return max_of(sizes);
      })
      .at_most(1e-14);
  if (!p.full) {
    return;
  }
  claims
      .expect("ctl-shrinkage",
              "|M|^2 in the place of homeostasis: accuracy below that with it, mean")
      .source("derived")
      .control()
      .measured([&r] {
        return difference(r["ep-homeostasis"].numbers("accuracy"),
                          r["control-shrinkage"].numbers("accuracy"));
      })
      .at_least(0.1);
  claims.expect("ctl-shrinkage-cosine", "... mean cosine of a sample, layer 1, every seed")
      .source("derived")
      .control()
      .measured([&r] { return each(r["control-shrinkage"].numbers("sample_cosine_1")); })
      .at_most(0.7);
}

} // namespace

void judge(const Params& p, const Results& r, Claims& claims) {
  judge_nudges(r, claims);
  judge_asymmetry(r, claims);
  judge_training(p, r, claims);
  judge_controls(p, r, claims);
}

} // namespace gradus::examples::equiprop
