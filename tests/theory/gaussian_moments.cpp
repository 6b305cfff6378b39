// SPDX-License-Identifier: BSD-3-Clause
// Gaussian averages: closed forms against quadrature and simulation.
#include <cmath>
#include <numbers>
#include <vector>

#include "catch.hpp"
#include "support/draws.hpp"
#include <gradus/core/error.hpp>
#include <gradus/metrics/binarisation.hpp>
#include <gradus/nn/surrogate.hpp>
#include <gradus/theory/gaussian_moments.hpp>

using namespace gradus;

TEST_CASE("gaussian moments: integer powers are known") {
  CHECK(theory::gaussian_absolute_moment(0, 3) == Approx(1));
  CHECK(theory::gaussian_absolute_moment(1) == Approx(std::sqrt(2 / std::numbers::pi)));
  CHECK(theory::gaussian_absolute_moment(2, 3) == Approx(9));
  CHECK(theory::gaussian_absolute_moment(4, 2) == Approx(3 * 16));
  CHECK(theory::gaussian_absolute_moment(6) == Approx(15));
  CHECK_THROWS_AS(theory::gaussian_absolute_moment(-1), ArgumentError);
  CHECK_THROWS_AS(theory::gaussian_absolute_moment(1, -1), ArgumentError);
}

TEST_CASE("gaussian moments: quadrature meets the closed forms, kinks included") {
  for (const double sd : {0.05, 1.0, 4.0}) {
    for (const double p : {1.0, 2.0, 5.0}) {
      CHECK(theory::gaussian_even_mean([p](double x) { return std::pow(x, p); }, sd) ==
            Approx(theory::gaussian_absolute_moment(p, sd)).epsilon(1e-12));
    }
    for (const double cut : {0.0, 0.1, 1.0, 1e3}) {
      CHECK(
          theory::gaussian_even_mean([cut](double x) { return x <= cut ? 1.0 : 0.0; }, sd, {cut}) ==
          Approx(std::erf(cut / (sd * std::numbers::sqrt2))).epsilon(1e-12));
    }
  }
  CHECK_THROWS_AS(theory::gaussian_even_mean([](double) { return 1.0; }, 0), ArgumentError);
  CHECK_THROWS_AS(theory::gaussian_even_mean([](double) { return 1.0; }, 1, {-1}), ArgumentError);
}

TEST_CASE("gaussian moments: error and spread of the rectified estimator against simulation") {
  const double sd = 0.1;
  const Index n = 400'000;
  const Vector<double> w = support::normal_vector("w", n, sd);
  const Vector<double> g = support::normal_vector("g", n, 3);
  for (const double order : {1.0, 2.0, 3.0, 10.0}) {
    const nn::RectifiedStraightThrough f(order);
    const double error = metrics::estimating_error(w, [&](double x) { return f.value(x); });
    CHECK(error * error / static_cast<double>(n) ==
          Approx(theory::power_sign_error(order, sd)).epsilon(0.005));
    const auto slope = [&](double x) { return f.derivative(x); };
    const theory::AbsoluteMoments moments = theory::slope_moments(slope, sd, {f.flat(), f.clip()});
    Vector<double> product(n);
    for (Index i = 0; i < n; ++i) {
      product(i) = g(i) * slope(w(i));
    }
    const theory::AbsoluteMoments gradient{theory::gaussian_absolute_moment(1, 3), 9};
    CHECK(metrics::gradient_spread(product) ==
          Approx(theory::surrogate_gradient_spread(moments, gradient)).epsilon(0.02));
  }
  CHECK(theory::power_sign_error(1, 1) == Approx(2 - 2 * std::sqrt(2 / std::numbers::pi)));
  CHECK(theory::power_sign_error(1e6, 1) < 1e-10);
  CHECK_THROWS_AS(theory::power_sign_error(0, 1), ArgumentError);
}
