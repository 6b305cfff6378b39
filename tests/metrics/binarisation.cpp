// SPDX-License-Identifier: BSD-3-Clause
// Estimating error of a surrogate of the sign, spread of its gradients.
#include <cmath>
#include <limits>

#include "catch.hpp"
#include "support/draws.hpp"
#include <gradus/metrics/binarisation.hpp>

using namespace gradus;

TEST_CASE("estimating error: by hand, and 0 for the sign itself") {
  Matrix<double> w(2, 2);
  w << 0.5, -2, 0, -0.0;
  const auto identity = [](double x) { return x; };
  CHECK(metrics::estimating_error(w, identity) == Approx(std::sqrt(0.25 + 1 + 1 + 1)));
  const auto sign = [](double x) { return x < 0 ? -1.0 : 1.0; };
  CHECK(metrics::estimating_error(w, sign) == 0);
  CHECK(metrics::estimating_error(Matrix<double>(0, 3), identity) == 0);
  w(1, 0) = std::numeric_limits<double>::quiet_NaN();
  CHECK(std::isnan(metrics::estimating_error(w, identity)));
  const Matrix<double> big = support::normal_matrix("w", 30, 40);
  CHECK(metrics::estimating_error(big, identity) ==
        Approx((big.cwiseSign() - big).norm()).epsilon(1e-13));
}

TEST_CASE("gradient spread: unbiased variance of absolute values, whatever the signs") {
  Matrix<double> g(2, 2);
  g << 1, -2, 3, -6;
  CHECK(metrics::gradient_spread(g) == Approx((4 + 1 + 0 + 9) / 3.0));
  CHECK(metrics::gradient_spread(-g) == metrics::gradient_spread(g));
  CHECK(metrics::gradient_spread(2 * g) == Approx(4 * metrics::gradient_spread(g)));
  CHECK(metrics::gradient_spread(Vector<double>::Constant(5, -3)) == 0);
  CHECK(std::isnan(metrics::gradient_spread(Vector<double>::Ones(1))));
  CHECK(std::isnan(metrics::gradient_spread(Vector<double>(0))));
  g.array() += 1e9; // no cancellation
  CHECK(metrics::gradient_spread(g) == Approx(15.333333333333334).epsilon(1e-6));
  // A standard normal vector: 1 - 2 / pi.
  CHECK(metrics::gradient_spread(support::normal_vector("g", 200'000)) ==
        Approx(0.3633802276).epsilon(0.02));
}
