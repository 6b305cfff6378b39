// SPDX-License-Identifier: BSD-3-Clause
#include <cmath>

#include "catch.hpp"
#include <gradus/metrics/features.hpp>

using namespace gradus;

TEST_CASE("alignment: cosines with the own and the other feature, by hand") {
  // Neuron 0 (a > 0) lies along mu_1, neuron 1 (a < 0) at 45 degrees, neuron 2 is zero.
  Matrix<double> along(3, 2);
  along << 2, 0, //
      3, -3,     //
      0, 0;
  Vector<double> norms(3);
  norms << 4, 18, 0;
  Vector<double> a(3);
  a << 1, -1, 1;
  const auto result = metrics::alignment(along, norms, a);
  const double diagonal = std::sqrt(0.5);
  REQUIRE(std::abs(result.own - (1 + diagonal) / 2) < 1e-15);
  REQUIRE(std::abs(result.other - diagonal / 2) < 1e-15);
  REQUIRE(std::abs(result.ratio() - (1 + diagonal) / diagonal) < 1e-14);
}

TEST_CASE("alignment does not depend on the scale of a neuron") {
  const Matrix<double> along = Matrix<double>::Random(6, 2);
  const Vector<double> norms = 2 * along.rowwise().squaredNorm();
  Vector<double> a(6);
  a << 1, 1, 1, -1, -1, -1;
  const auto one = metrics::alignment(along, norms, a);
  const auto two = metrics::alignment(7 * along, 49 * norms, a);
  REQUIRE(std::abs(one.own - two.own) < 1e-14);
  REQUIRE(std::abs(one.other - two.other) < 1e-14);
}

TEST_CASE("share of neurons on the positive side of their own feature") {
  Matrix<double> along(4, 2);
  along << 1, -1, //
      -1, 1,      //
      5, 2,       //
      5, -2;
  Vector<double> a(4);
  a << 1, 1, -1, -1;
  REQUIRE(metrics::positive_share(along, a, 0) == 0.5);
  REQUIRE(metrics::positive_share(along, a, 1) == 0.5);
  a << 1, -1, -1, -1;
  REQUIRE(metrics::positive_share(along, a, 0) == 1.0);
  REQUIRE(std::abs(metrics::positive_share(along, a, 1) - 2.0 / 3.0) < 1e-15);
  REQUIRE_THROWS_AS(metrics::positive_share(along, a, 2), ArgumentError);
}

TEST_CASE("explained share: 1 for equal functions, 0 for the zero function, less for a worse one") {
  Vector<double> f(3);
  f << 1, -2, 2;
  REQUIRE(metrics::explained_share(f, f) == 1.0);
  REQUIRE(metrics::explained_share(f, Vector<double>::Zero(3)) == 0.0);
  REQUIRE(metrics::explained_share(f, 0.5 * f) == 0.75);
  REQUIRE(metrics::explained_share(f, -f) == -3.0);
}
