// SPDX-License-Identifier: BSD-3-Clause
// Boundaries between Gaussian classes: errors against simulation, the front against brute force.
#include <cmath>
#include <limits>
#include <numbers>

#include <Eigen/Geometry>

#include "catch.hpp"
#include "support/draws.hpp"
#include "support/errors.hpp"
#include <gradus/core/error.hpp>
#include <gradus/data/gaussian_classes.hpp>
#include <gradus/theory/boundary_tilting.hpp>
#include <gradus/theory/error_angle_front.hpp>

using namespace gradus;
using data::GaussianClasses;
using theory::ErrorAngleFront;
using theory::PlannedTilt;

namespace {

constexpr double degree = std::numbers::pi / 180;

double angle_between(const Vector<double>& a, const Vector<double>& b) {
  return std::atan2((a.normalized() - b.normalized()).norm() / 2,
                    (a.normalized() + b.normalized()).norm() / 2) *
         2;
}

} // namespace

TEST_CASE("tilting: the error of a boundary, simulated") {
  const GaussianClasses classes{Vector<double>{{0.8, 0.1, 0.0}}, Vector<double>{{1.0, 0.2, 0.05}}};
  constexpr Index count = 50'000;
  const auto set = data::draw_gaussian_classes<double>(classes, count, Stream(1, "error"));
  for (const Vector<double>& w : {Vector<double>{{1, 0, 0}}, Vector<double>{{0.3, 1, -2}}}) {
    const double predicted = theory::gaussian_error(classes, w);
    const double measured =
        static_cast<double>(
            ((set.x.transpose() * w).cwiseProduct(set.labels).array() < 0).count()) /
        (2 * count);
    REQUIRE(std::abs(measured - predicted) <
            4 * std::sqrt(predicted * (1 - predicted) / (2 * count)));
  }
  // The best boundary, and the scale of the mean.
  const Vector<double> best = (classes.mean.array() / classes.variances.array()).matrix();
  REQUIRE(std::abs(theory::gaussian_error(classes, best) - theory::bayes_error(classes)) < 1e-15);
  const double scale = theory::mean_scale_for_error(classes, 0.05);
  const GaussianClasses scaled{scale * classes.mean, classes.variances};
  REQUIRE(std::abs(theory::gaussian_error(scaled, scaled.mean) - 0.05) < 1e-14);
  // Nothing varies along w.
  const GaussianClasses flat{Vector<double>{{1, 0}}, Vector<double>{{0, 1}}};
  REQUIRE(theory::gaussian_error(flat, Vector<double>{{1, 0}}) == 0);
  REQUIRE(theory::gaussian_error(flat, Vector<double>{{-1, 0}}) == 1);
}

TEST_CASE("tilting: the setting with variances 1 / k^2 has the Bayes error and angle it should") {
  const Vector<double> variances = data::power_law_variances(100, 2);
  Vector<double> mean = variances.cwiseSqrt();
  for (Index k = 0; k < 100; ++k) {
    mean(k) /= static_cast<double>(k + 1);
  }
  mean *= theory::mean_scale_for_error({mean, variances}, 0.05);
  const GaussianClasses classes{mean, variances};
  REQUIRE(std::abs(theory::bayes_error(classes) - 0.025) < 5e-4);
  const Vector<double> best = (mean.array() / variances.array()).matrix();
  REQUIRE(std::abs(angle_between(best, mean) / degree - 81.0) < 0.1);
}

TEST_CASE("tilting: the largest tilt has the error it may have") {
  for (const double spread : {1.0, 0.1, 0.01}) {
    const PlannedTilt plan{.margin = 1.645, .spread = spread};
    const double tilt = plan.largest_tilt(0.01);
    REQUIRE(std::abs(plan.error(tilt) - plan.error(0) - 0.01) < 1e-13);
    REQUIRE(std::abs(tilt * spread - std::sqrt(0.1194)) < 1e-3);
    // The same from the general form.
    const GaussianClasses classes{Vector<double>{{1.645, 0}}, Vector<double>{{1, spread * spread}}};
    REQUIRE(std::abs(theory::gaussian_error(classes, Vector<double>{{1, tilt}}) -
                     plan.error(tilt)) < 1e-15);
  }
  REQUIRE(std::isinf(PlannedTilt{.margin = 1, .spread = 0}.largest_tilt(0.01)));
  REQUIRE(std::isinf(PlannedTilt{.margin = 1, .spread = 1}.largest_tilt(0.4)));
  REQUIRE(PlannedTilt{.margin = 1, .spread = 1}.largest_tilt(0) == 0);
  REQUIRE(PlannedTilt::strength(1e300) == 1e300);
}

TEST_CASE("front: nothing drawn at random lies below it, and its own points lie on it") {
  const std::vector<GaussianClasses> all{
      {Vector<double>{{1.0, 0.5, 0.3}}, Vector<double>{{1.0, 0.3, 0.02}}},
      {Vector<double>{{1.0, 0.0, 0.3}}, Vector<double>{{1.0, 0.1, 0.02}}},
      {Vector<double>{{1.0, 0.5, 0.0}}, Vector<double>{{1.0, 0.3, 0.02}}}, // stops at a free axis
      {Vector<double>{{1.0, 0.5, 0.2}}, Vector<double>{{0.3, 0.3, 1.0}}},  // two equal variances
      {Vector<double>{{1.0, 0.5, 0.2}}, Vector<double>{{1.0, 0.3, 0.3}}},
      {Vector<double>{{1.0, 0.5, 0.2}}, Vector<double>{{0.5, 0.5, 0.5}}}, // isotropic
      {Vector<double>{{0.0, 0.0, 1.0}}, Vector<double>{{1.0, 2.0, 0.1}}},
      {Vector<double>{{0.3, 1.0, 0.0}}, Vector<double>{{0.0, 1.0, 0.5}}}, // a variance of 0
  };
  for (std::size_t c = 0; c < all.size(); ++c) {
    const GaussianClasses& classes = all[c];
    const ErrorAngleFront front(classes);
    for (const double angle : {0.0, 1e-6, 10.0, 45.0, 70.0, 85.0, 89.5}) {
      INFO("classes " << c << ", angle " << angle);
      const auto point = front.at(angle * degree);
      REQUIRE(point.weights.allFinite());
      REQUIRE(std::abs(point.weights.norm() - 1) < 1e-12);
      REQUIRE(std::abs(angle_between(point.weights, classes.mean) - angle * degree) < 1e-9);
      REQUIRE(std::abs(theory::gaussian_error(classes, point.weights) - point.error) < 1e-15);
      // Brute force: the circle of directions at that angle to the mean in three dimensions.
      const Eigen::Vector3d mean = Eigen::Vector3d(classes.mean).normalized();
      const Eigen::Vector3d u = mean.unitOrthogonal();
      const Eigen::Vector3d v = mean.cross(u);
      double least = 1;
      constexpr int steps = 20'000;
      for (int k = 0; k < steps; ++k) {
        const double t = 2 * std::numbers::pi * k / steps;
        const Vector<double> w = std::cos(angle * degree) * mean +
                                 std::sin(angle * degree) * (std::cos(t) * u + std::sin(t) * v);
        least = std::min(least, theory::gaussian_error(classes, w));
      }
      REQUIRE(point.error <= least + 1e-12);
      REQUIRE(least - point.error < 1e-6); // the step of the search, squared
    }
  }
}

TEST_CASE("front: the mean, the Bayes classifier and planned tilt lie on it") {
  const GaussianClasses classes{Vector<double>{{1.0, 0.5, 0.3}}, Vector<double>{{1.0, 0.3, 0.02}}};
  const ErrorAngleFront front(classes);
  REQUIRE(std::abs(front.at(0).error - theory::gaussian_error(classes, classes.mean)) < 1e-15);
  const Vector<double> best = (classes.mean.array() / classes.variances.array()).matrix();
  REQUIRE(std::abs(front.at(angle_between(best, classes.mean)).error -
                   theory::bayes_error(classes)) < 1e-14);
  // Mean along e_1: the front tilts along the axis of least variance.
  const GaussianClasses axis{Vector<double>{{1.645, 0, 0}}, Vector<double>{{1, 0.25, 0.01}}};
  const PlannedTilt plan{.margin = 1.645, .spread = 0.1};
  for (const double angle : {30.0, 80.0, 89.0}) {
    REQUIRE(std::abs(ErrorAngleFront(axis).at(angle * degree).error -
                     plan.error(std::tan(angle * degree))) < 1e-13);
  }
  // Isotropic: Phi(-|mean| cos(angle) / sigma).
  const GaussianClasses round{Vector<double>{{0.6, 0.8}}, Vector<double>{{0.25, 0.25}}};
  REQUIRE(std::abs(ErrorAngleFront(round).at(60 * degree).error - theory::normal_cdf(-1)) < 1e-14);
}

TEST_CASE("tilting: a noisy point, and where the plateau starts") {
  REQUIRE(std::abs(theory::noisy_point_tilt(0.2, 0.07, -0.07) - std::atan(27.0 / 7)) < 1e-15);
  REQUIRE(std::abs(theory::noisy_point_tilt(0.2, 0.07, -0.07) / degree - 75.466) < 5e-4);
  const Matrix<double> x{{1, 2, -1, -3}, {0, 1, 1, 0}};
  const Vector<double> y{{1, 1, -1, -1}};
  // sum y x = (7, 0): the largest margin is that of the last sample, 21.
  REQUIRE(theory::svm_plateau_penalty(x, y) == 21.0 / 8);
}

TEST_CASE("tilting: bad arguments are named") {
  const auto says = [](auto&& call) { return support::message_of<ArgumentError>(call); };
  const GaussianClasses line{Vector<double>{{1.0}}, Vector<double>{{1.0}}};
  const GaussianClasses none{Vector<double>{{0.0, 0.0}}, Vector<double>{{1.0, 1.0}}};
  REQUIRE(says([&] { ErrorAngleFront{none}; }) == "|mean| is 0; valid: > 0");
  REQUIRE(says([&] { (void)ErrorAngleFront(line).at(0.5); }) ==
          "angle is 0.5; valid: 0 in one dimension");
  REQUIRE(ErrorAngleFront(line).at(0).error == theory::normal_cdf(-1));
  REQUIRE(says([&] { (void)ErrorAngleFront(line).at(2); }) == "angle is 2; valid: in [0, pi / 2)");
  REQUIRE(says([&] { (void)theory::gaussian_error(line, Vector<double>::Zero(1)); }) ==
          "largest entry of w is 0; valid: > 0");
  REQUIRE(says([&] { (void)theory::mean_scale_for_error(line, 0.5); }) ==
          "error is 0.5; valid: in (0, 1/2)");
  REQUIRE(says([&] { (void)PlannedTilt{.margin = 0}.error(1); }) ==
          "margin is 0; valid: > 0, finite");
  REQUIRE(says([&] { (void)PlannedTilt{}.largest_tilt(-1); }) ==
          "extra is -1; valid: >= 0, finite");
  REQUIRE(says([&] { (void)theory::noisy_point_tilt(0.2, 0.1, 0); }) ==
          "y is 0; valid: not 0, finite");
  REQUIRE(says([&] {
            (void)theory::svm_plateau_penalty(Matrix<double>(2, 0), Vector<double>(0));
          }) == "number of samples is 0; valid: >= 1");
}
