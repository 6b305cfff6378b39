// SPDX-License-Identifier: BSD-3-Clause
// Deviation angle, mirror images, adversarial distance and strength.
#include <cmath>
#include <numbers>

#include "catch.hpp"
#include "support/draws.hpp"
#include "support/errors.hpp"
#include <gradus/core/error.hpp>
#include <gradus/metrics/boundary.hpp>

using namespace gradus;

TEST_CASE("boundary: the angle is exact near 0, pi / 2 and pi") {
  for (const double t :
       {0.0, 1e-12, 1e-8, 0.3, std::numbers::pi / 2, 3.0, std::numbers::pi - 1e-9}) {
    const Vector<double> z{{2.0, 0.0}};
    const Vector<double> w{{1e-5 * std::cos(t), 1e-5 * std::sin(t)}};
    REQUIRE(std::abs(metrics::deviation_angle<double>(w, z) - t) <= 4e-16 + 1e-15 * t);
  }
}

TEST_CASE("boundary: mirror images score the opposite at twice the distance") {
  const Matrix<double> x = support::normal_matrix("x", 7, 20);
  const Vector<double> w = support::normal_vector("w", 7);
  const Matrix<double> mirror = metrics::mirror_images<double>(x, w);
  const Matrix<double> projected = metrics::projected_images<double>(x, w);
  REQUIRE((mirror.transpose() * w + x.transpose() * w).norm() < 1e-13);
  REQUIRE((projected.transpose() * w).norm() < 1e-13);
  REQUIRE((metrics::mirror_images<double>(mirror, w) - x).norm() < 1e-13);
  REQUIRE(((x + mirror) / 2 - projected).norm() < 1e-13);
  const Vector<double> distances = metrics::signed_distances<double>(x, w);
  for (Index i = 0; i < 20; ++i) {
    REQUIRE(std::abs((x.col(i) - mirror.col(i)).norm() - 2 * std::abs(distances(i))) < 1e-13);
  }
}

TEST_CASE("boundary: with balanced classes d_adv = |z| cos(theta) / 2; distances of errors") {
  Matrix<double> x = support::normal_matrix("x", 9, 30);
  const Vector<double> y = support::alternating_labels(30);
  x.row(2) += 0.3 * y.transpose();
  const Vector<double> z = x * y / 15;
  for (const char* name : {"a", "b", "c"}) {
    const Vector<double> w = support::normal_vector(name, 9);
    const double distance = metrics::adversarial_distance<double>(x, y, w);
    const double theta = metrics::deviation_angle<double>(w, z);
    REQUIRE(std::abs(distance - z.norm() * std::cos(theta) / 2) < 1e-14);
    REQUIRE(std::abs(metrics::adversarial_strength<double>(z, distance) * std::cos(theta) - 1) <
            1e-12);
    // Right minus wrong: the mean of all distances less twice the wrong part.
    const double wrong = metrics::error_distance<double>(x, y, w);
    const double all = metrics::signed_distances<double>(x, w).cwiseAbs().mean();
    REQUIRE(wrong > 0);
    REQUIRE(std::abs(distance - (all - 2 * wrong)) < 1e-14);
  }
  REQUIRE(std::abs(metrics::adversarial_strength<double>(
                       z, metrics::adversarial_distance<double>(x, y, z)) -
                   1) < 1e-14);
}

TEST_CASE("boundary: float, and bad arguments") {
  const Vector<float> wf{{1.0F, 1e-4F}};
  const Vector<float> zf{{1.0F, 0.0F}};
  REQUIRE(std::abs(metrics::deviation_angle<float>(wf, zf) - 1e-4F) < 1e-10F);
  const auto says = [](auto&& call) { return support::message_of<ArgumentError>(call); };
  const Vector<double> zero = Vector<double>::Zero(2);
  const Vector<double> one = Vector<double>::Ones(2);
  REQUIRE(says([&] { (void)metrics::deviation_angle<double>(zero, one); }) ==
          "|w| is 0; valid: > 0, finite");
  REQUIRE(says([&] { (void)metrics::deviation_angle<double>(one, zero); }) ==
          "|z| is 0; valid: > 0, finite");
  REQUIRE(says([&] { (void)metrics::deviation_angle<double>(one, Vector<double>::Ones(3)); }) ==
          "z is of shape 3; valid: 2");
  REQUIRE(says([&] { (void)metrics::mirror_images<double>(Matrix<double>::Ones(3, 2), one); }) ==
          "w is of shape 2; valid: 3");
  REQUIRE(says([&] {
            (void)metrics::adversarial_distance<double>(Matrix<double>(2, 0), Vector<double>(0),
                                                        one);
          }) == "number of samples is 0; valid: >= 1");
}
