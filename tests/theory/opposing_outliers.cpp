// SPDX-License-Identifier: BSD-3-Clause
// Closed forms of the flow on opposing outliers against the flow itself.
#include <cmath>
#include <vector>

#include "catch.hpp"
#include "support/draws.hpp"
#include "support/errors.hpp"
#include <gradus/core/error.hpp>
#include <gradus/objective/opposing_outliers.hpp>
#include <gradus/theory/gradient_flow.hpp>
#include <gradus/theory/opposing_outliers.hpp>

using namespace gradus;
using theory::OpposingOutliers;

namespace {

/// The start that a law speaks of, b along beta.
Vector<double> start_of(const OpposingOutliers& law, const Vector<double>& beta) {
  Vector<double> theta(beta.size() + law.depth);
  theta.setConstant(law.factor);
  theta.head(beta.size()) = law.bulk * beta.normalized();
  theta(beta.size()) = law.outlier;
  return theta;
}

} // namespace

TEST_CASE("opposing outliers: the flow conserves C and ends at the predicted curvature") {
  const Vector<double> direction = support::normal_vector("beta", 3).normalized();
  for (const Index depth : {1, 2, 3, 4}) {
    for (const double beta_norm : {0.5, 3.0, 8.0}) {
      const OpposingOutliers law{.alpha = 20, .beta_norm = beta_norm, .depth = depth};
      objective::OpposingOutliersRisk<double> risk(beta_norm * direction, law.alpha, depth);
      Vector<double> theta = start_of(law, risk.beta());
      double drift = 0;
      const auto end =
          theory::gradient_flow(risk, theta, {1, 5, 60}, [&](double, const Vector<double>& now) {
            for (const double c : risk.factors(now)) {
              drift =
                  std::max(drift, std::abs(c * c - now.head(4).squaredNorm() - law.conserved()));
            }
          });
      REQUIRE(end.finished);
      REQUIRE(drift < 1e-7);
      REQUIRE(std::abs(risk.outlier_curvature(theta) / law.end_sharpness() - 1) < 1e-7);
    }
  }
}

TEST_CASE("opposing outliers: end sharpness, closed forms and exponents") {
  for (const double beta_norm : {0.1, 4.0, 1e3}) {
    // Any C, far below and above 0.
    for (const double bulk : {0.0, 0.3, 50.0}) {
      const OpposingOutliers two{.beta_norm = beta_norm, .bulk = bulk};
      const double c = two.conserved();
      const double p = two.end_sharpness() / two.alpha; // c^2 (c^2 - C) = |beta|^2
      REQUIRE(std::abs(p * (p - c) / (beta_norm * beta_norm) - 1) < 1e-11);
      const OpposingOutliers three{.beta_norm = beta_norm, .bulk = bulk, .depth = 3};
      const double square = std::sqrt(three.end_sharpness() / three.alpha);
      REQUIRE(std::abs(square * std::sqrt(square - c) / beta_norm - 1) < 1e-7);
    }
  }
  for (const Index depth : {1, 2, 3, 4, 5}) {
    // C beside c^2 = |beta|^(2 / depth) is what is left of the exponent's error.
    const OpposingOutliers near{.beta_norm = 1e6, .depth = depth};
    const OpposingOutliers far{.beta_norm = 1e7, .depth = depth};
    const double exponent = std::log10(far.end_sharpness() / near.end_sharpness());
    REQUIRE(std::abs(exponent - 2.0 * static_cast<double>(depth - 1) / static_cast<double>(depth)) <
            1e-3);
  }
  const OpposingOutliers law;
  REQUIRE(std::abs(law.fallen_sharpness() - 50 * (0.36 - 0.16)) < 1e-12);
}

TEST_CASE("opposing outliers: the slow phase is the logistic law where C is 0") {
  // c^2 = |b|^2, s = |b|^2: s' = 2 s (|beta| - s), sharpness alpha s.
  const OpposingOutliers law{.alpha = 10, .beta_norm = 3, .factor = 0.5, .outlier = 0, .bulk = 0.5};
  REQUIRE(law.conserved() == 0);
  const std::vector<double> times{0, 0.3, 1, 2, 2, 5};
  const std::vector<double> measured = law.slow_sharpness(times);
  REQUIRE(measured.size() == times.size());
  for (std::size_t k = 0; k < times.size(); ++k) {
    const double s = 3 / (1 + (3 / 0.25 - 1) * std::exp(-6 * times[k]));
    REQUIRE(std::abs(measured[k] / (10 * s) - 1) < 1e-8);
  }
}

TEST_CASE("opposing outliers: for a large alpha the flow follows the slow phase, to O(1/alpha)") {
  const Vector<double> direction = support::normal_vector("beta", 3).normalized();
  const std::vector<double> times{0.2, 0.4, 0.6, 0.8, 1, 1.5, 2};
  for (const Index depth : {2, 3}) {
    std::vector<double> worst;
    for (const double alpha : {500.0, 2000.0}) {
      const OpposingOutliers law{
          .alpha = alpha, .beta_norm = 4, .outlier = 0.2, .bulk = -0.05, .depth = depth};
      objective::OpposingOutliersRisk<double> risk(4 * direction, alpha, depth);
      Vector<double> theta = start_of(law, risk.beta());
      std::vector<double> curvature;
      const auto end =
          theory::gradient_flow(risk, theta, times, [&](double, const Vector<double>& now) {
            curvature.push_back(risk.outlier_curvature(now));
          });
      REQUIRE(end.finished);
      const std::vector<double> law_curve = law.slow_sharpness(times);
      worst.push_back(0);
      for (std::size_t k = 0; k < times.size(); ++k) {
        worst.back() = std::max(worst.back(), std::abs(curvature[k] / law_curve[k] - 1));
      }
    }
    REQUIRE(worst[0] < 0.03);
    REQUIRE(worst[1] < worst[0] / 3); // a fourth, in the limit
  }
}

TEST_CASE("opposing outliers: what is wrong is named") {
  const auto says = [](const OpposingOutliers& law) {
    return support::message_of<ArgumentError>([&] { (void)law.end_sharpness(); });
  };
  using support::starts_with;
  REQUIRE(says({}) == "no error");
  REQUIRE(starts_with(says({.alpha = 0}), "alpha is 0"));
  REQUIRE(starts_with(says({.beta_norm = 0}), "beta_norm is 0"));
  REQUIRE(starts_with(says({.factor = 0}), "factor is 0"));
  REQUIRE(starts_with(says({.outlier = -0.6}), "outlier is -0.6"));
  REQUIRE(starts_with(says({.bulk = std::nan("")}), "bulk is nan"));
  REQUIRE(starts_with(says({.depth = 0}), "depth is 0"));
  REQUIRE(OpposingOutliers{}.slow_sharpness({}).empty());
  REQUIRE_THROWS_AS((void)OpposingOutliers{}.slow_sharpness({1, 0.5}), ArgumentError);
  REQUIRE_THROWS_AS((void)OpposingOutliers{}.slow_sharpness({1}, 0), ArgumentError);
}
