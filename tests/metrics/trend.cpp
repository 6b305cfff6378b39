// SPDX-License-Identifier: BSD-3-Clause
#include <cmath>
#include <vector>

#include "catch.hpp"
#include "support/draws.hpp"
#include "support/errors.hpp"
#include <gradus/core/error.hpp>
#include <gradus/metrics/collapse.hpp>
#include <gradus/metrics/trend.hpp>

using namespace gradus;

TEST_CASE("trend: first crossings") {
  const std::vector<double> at{0, 10, 20, 30};
  REQUIRE(metrics::first_at_least(at, {0.1, 0.5, 0.2, 0.9}, 0.5) == 10.0);
  REQUIRE_FALSE(metrics::first_at_least(at, {0.1, 0.5, 0.2, 0.9}, 0.95).has_value());
  REQUIRE(metrics::first_at_least(at, {std::nan(""), 0.5, 0.2, 0.9}, 0.3) == 10.0);
  REQUIRE(metrics::first_below(at, {5, 1, 0.5, 1}, 1) == 20.0);
  REQUIRE_FALSE(metrics::first_below({}, {}, 1).has_value());
  REQUIRE_THROWS_AS((void)metrics::first_below(at, {1}, 1), ArgumentError);
}

TEST_CASE("trend: a line through points") {
  const auto exact = metrics::fit_line({1, 2, 4}, {5, 7, 11});
  REQUIRE(std::abs(exact.slope - 2) < 1e-14);
  REQUIRE(std::abs(exact.intercept - 3) < 1e-14);
  REQUIRE(std::abs(exact.r_squared - 1) < 1e-14);
  // y = x^2 on -1, 0, 1: no slope, nothing explained.
  const auto none = metrics::fit_line({-1, 0, 1}, {1, 0, 1});
  REQUIRE(std::abs(none.slope) < 1e-15);
  REQUIRE(std::abs(none.r_squared) < 1e-15);
  REQUIRE(metrics::fit_line({1, 2}, {3, 3}).r_squared == 1);
  REQUIRE(std::isnan(metrics::fit_line({1}, {2}).slope));
  REQUIRE(std::isnan(metrics::fit_line({1, 1}, {2, 3}).slope));
  REQUIRE(std::isnan(metrics::fit_line({1, 2}, {2, INFINITY}).r_squared));
  REQUIRE_THROWS_AS((void)metrics::fit_line({1, 2}, {1}), ArgumentError);
}

TEST_CASE("collapse: shares of exact zeros, and angles") {
  const Vector<float> losses = (Vector<float>(4) << 0, 1e-30F, 0, 2).finished();
  REQUIRE(metrics::zero_loss_fraction(losses) == 0.5);
  REQUIRE(std::isnan(metrics::zero_loss_fraction(Vector<float>(0))));
  Matrix<double> d(2, 2);
  d << 0, 1, 1, 0; // columns (0, 1) and (1, 0)
  REQUIRE(metrics::zero_label_gradient_fraction(d, Vector<Index>(Vector<Index>::Zero(2))) == 0.5);
  const Vector<double> w = support::normal_vector("w", 6);
  REQUIRE(std::abs(metrics::nlm_cosine(w, Vector<double>(-3 * w)) - 1) < 1e-14);
  REQUIRE(std::isnan(metrics::nlm_cosine(w, Vector<double>(0 * w))));
  const std::vector<ParameterBlock> blocks{{0, 2}, {2, 4}};
  const auto products = metrics::block_products(w, w, blocks);
  REQUIRE(std::abs(products[0] + products[1] - w.squaredNorm()) < 1e-14);
}
