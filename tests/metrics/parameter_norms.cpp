// SPDX-License-Identifier: BSD-3-Clause
// Path norm and balance of factors.
#include <cmath>

#include "catch.hpp"
#include "support/draws.hpp"
#include <gradus/core/error.hpp>
#include <gradus/metrics/parameter_norms.hpp>

using namespace gradus;
using Catch::Matchers::WithinRel;

TEST_CASE("path norm: by hand, and unchanged where the function is") {
  const Matrix<double> w{{3.0, 4.0}, {0.0, 0.0}, {1.0, 0.0}};
  const Vector<double> a{{-2.0, 7.0, 0.5}};
  CHECK(metrics::path_norm(w, a) == 10.5);
  const Vector<double> scale{{2.0, 0.25, 8.0}}; // powers of two: no rounding
  CHECK(metrics::path_norm(scale.asDiagonal() * w, a.cwiseQuotient(scale)) == 10.5);
  CHECK(metrics::path_norm(Matrix<double>(0, 3), Vector<double>(0)) == 0);
  CHECK(metrics::path_norm(Matrix<float>::Ones(1, 1), Vector<float>::Constant(1, -2.0F)) == 2);
  CHECK_THROWS_AS(metrics::path_norm(w, Vector<double>::Ones(2)), ShapeError);
}

TEST_CASE("balance of two factors") {
  const Vector<double> a{{3.0, -1.0, 2.0}};
  const Vector<double> b{{1.0, 1.0, -4.0}};
  CHECK(metrics::imbalance(a, b) == 20);
  CHECK(metrics::balance_ratio(a, b) == 32.0 / 24.0);
  const Vector<double> u = support::normal_vector("u", 50);
  CHECK(metrics::imbalance(u, -u) == 0);
  CHECK_THAT(metrics::balance_ratio(u, -u), WithinRel(1.0, 1e-14));
  const Vector<double> c = support::normal_vector("c", 50);
  CHECK(metrics::balance_ratio(u, c) >= 1);
  // |a|^2 + |b|^2 = 2 |a o b|_1 + sum (|a| - |b|)^2
  CHECK_THAT(
      metrics::balance_ratio(u, c) - 1,
      WithinRel((u.cwiseAbs() - c.cwiseAbs()).squaredNorm() / (2 * u.cwiseProduct(c).lpNorm<1>()),
                1e-12));
  // Nearly equal squares do not cancel.
  CHECK_THAT(metrics::imbalance(Vector<double>{{1.0 + 1e-12}}, Vector<double>{{1.0}}),
             WithinRel(2e-12, 1e-3));
  CHECK(std::isinf(metrics::balance_ratio(Vector<double>{{1.0}}, Vector<double>{{0.0}})));
  CHECK(std::isnan(metrics::balance_ratio(Vector<double>{{0.0}}, Vector<double>{{0.0}})));
  CHECK_THROWS_AS(metrics::imbalance(a, u), ShapeError);
  CHECK_THROWS_AS(metrics::balance_ratio(a, u), ShapeError);
}
