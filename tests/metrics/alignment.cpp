// SPDX-License-Identifier: BSD-3-Clause
#include <cmath>

#include "catch.hpp"
#include "support/draws.hpp"
#include "support/errors.hpp"
#include <gradus/metrics/alignment.hpp>

using namespace gradus;

TEST_CASE("cosine: scale, sign, right angles, nothing to compare") {
  const Matrix<double> a = support::normal_matrix("a", 5, 3);
  CHECK(std::abs(metrics::cosine(a, 7 * a) - 1) < 1e-15);
  CHECK(std::abs(metrics::cosine(a, -a) + 1) < 1e-15);
  CHECK(metrics::cosine(Vector<double>{{1, 0}}, Vector<double>{{0, 2}}) == 0);
  CHECK(std::isnan(metrics::cosine(a, 0 * a)));
  CHECK(std::isnan(metrics::cosine(Vector<double>(0), Vector<double>(0))));
  CHECK(support::starts_with(
      support::message_of<ShapeError>([&] { (void)metrics::cosine(a, a.leftCols(2)); }), "b is"));
}

TEST_CASE("symmetry of a matrix") {
  const Matrix<double> a = support::normal_matrix("a", 6, 6);
  CHECK(metrics::symmetry(a + a.transpose()) == 1);
  CHECK(metrics::symmetry(a - a.transpose()) == 0);
  CHECK(std::abs(metrics::symmetry(a) - metrics::symmetry(-3 * a.transpose())) < 1e-15);
  const Matrix<double> large = support::normal_matrix("large", 200, 200);
  CHECK(std::abs(metrics::symmetry(large) - 0.5) < 0.01);
  CHECK(std::isnan(metrics::symmetry(Matrix<double>(0 * a))));
  CHECK(support::starts_with(
      support::message_of<ShapeError>([&] { (void)metrics::symmetry(a.leftCols(2)); }), "m is"));
}

TEST_CASE("cosine of vectors, from the smallest to the largest") {
  const Vector<double> a = support::normal_vector("a", 5);
  REQUIRE(std::abs(metrics::cosine(a, 3 * a) - 1) < 1e-15);
  REQUIRE(std::abs(metrics::cosine(a, -a) + 1) < 1e-15);
  REQUIRE(std::abs(metrics::cosine(Vector<double>{{1, 0}}, Vector<double>{{1, 1}}) -
                   std::sqrt(0.5)) < 1e-15);
  REQUIRE(std::isnan(metrics::cosine(a, Vector<double>::Zero(5))));
  REQUIRE(std::isnan(metrics::cosine(a * std::nan(""), a)));
  // Squares that under- or overflow.
  REQUIRE(std::abs(metrics::cosine(a * 1e-200, a * 1e200) - 1) < 1e-15);
  REQUIRE_THROWS_AS((void)metrics::cosine(a, a.head(4)), ShapeError);
}
