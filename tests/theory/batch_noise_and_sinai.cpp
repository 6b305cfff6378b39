// SPDX-License-Identifier: BSD-3-Clause
// Covariance of updates by enumeration; the limit law of Sinai's walk.
#include <cmath>

#include "catch.hpp"
#include "support/draws.hpp"
#include <gradus/core/error.hpp>
#include <gradus/theory/golosov_kesten.hpp>
#include <gradus/theory/update_covariance.hpp>

using namespace gradus;
using theory::BatchDraw;

TEST_CASE("update covariance: the formulas are the enumerated laws") {
  const Matrix<double> g = (support::normal_matrix("g", 4, 7).array() + 1).matrix();
  for (const BatchDraw draw :
       {BatchDraw::with_replacement, BatchDraw::without_replacement, BatchDraw::bernoulli}) {
    for (const Index batch : {Index{1}, Index{3}, Index{7}}) {
      const Matrix<double> formula = theory::update_covariance(draw, g, batch);
      const Matrix<double> law = theory::enumerated_update_covariance(draw, g, batch);
      CHECK((formula - law).norm() <= 1e-13 * g.squaredNorm());
      CHECK((formula.norm() > 1e-3 ||
             (batch == 7 && draw != BatchDraw::with_replacement))); // all of them: no noise
    }
  }
  // Noise of the gradients themselves, against the three terms of its variance.
  const Matrix<double> noisy = theory::noisy_update_covariance(g, 3, 0.5);
  const Matrix<double> moment = g * g.transpose() / 7;
  const Vector<double> mean = g.rowwise().mean();
  CHECK((noisy - (1.5 * moment - mean * mean.transpose()) / 3).norm() < 1e-14);
}

TEST_CASE("update covariance: edges") {
  const Matrix<double> one = support::normal_matrix("one", 3, 1);
  for (const BatchDraw draw :
       {BatchDraw::with_replacement, BatchDraw::without_replacement, BatchDraw::bernoulli}) {
    CHECK(theory::update_covariance(draw, one, 1).norm() < 1e-15);
  }
  const Matrix<double> many = support::normal_matrix("many", 1, 30);
  CHECK_THROWS_AS(theory::enumerated_update_covariance(BatchDraw::bernoulli, many, 3),
                  ArgumentError);
  CHECK_THROWS_AS(theory::update_covariance(BatchDraw::bernoulli, one, 2), ArgumentError);
  CHECK_NOTHROW(theory::update_covariance(BatchDraw::with_replacement, one, 2));
  CHECK_THROWS_AS(theory::update_covariance(BatchDraw::bernoulli, Matrix<double>(3, 0), 1),
                  ArgumentError);
  CHECK_THROWS_AS(theory::noisy_update_covariance(one, 1, -0.1), ArgumentError);
}

TEST_CASE("Golosov's law: ends, moments, and the join of its two forms") {
  CHECK(theory::golosov_cdf(-1) == 0);
  CHECK(theory::golosov_cdf(0) == 0);
  CHECK(theory::golosov_cdf(0.005) == 0.005);
  CHECK(std::abs(theory::golosov_cdf(0.01) - 0.01) < 1e-14);
  CHECK(std::abs(theory::golosov_cdf(0.02) - 0.02) < 1e-11); // P(exit before 0.02) is about 1e-12
  CHECK(theory::golosov_cdf(50) == 1);
  CHECK(std::isnan(theory::golosov_cdf(std::nan(""))));
  // E |b| = int P(|b| > x), E b^2 = int 2 x P(|b| > x): midpoint rule.
  double mean = 0;
  double square = 0;
  const double h = 1e-3;
  for (double x = h / 2; x < 40; x += h) {
    mean += h * (1 - theory::golosov_cdf(x));
    square += h * 2 * x * (1 - theory::golosov_cdf(x));
  }
  CHECK(std::abs(mean - theory::golosov_mean) < 1e-6);
  CHECK(std::abs(square - theory::golosov_square) < 1e-6);
}
