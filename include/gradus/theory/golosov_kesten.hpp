// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <cmath>
#include <numbers>

/// Limit law of Sinai's walk, the nearest-neighbour walk in a Brownian potential of variance
/// sigma^2 a site: sigma^2 x_t / (ln t)^2 tends to b, of density
///   (2 / pi) sum_k (-1)^k / (2 k + 1) exp(-(2 k + 1)^2 pi^2 |b| / 8).
/// Source: Golosov 1984, Kesten 1986.

namespace gradus::theory {

/// E |b|.
inline constexpr double golosov_mean = 5.0 / 6.0;
/// E b^2.
inline constexpr double golosov_square = 61.0 / 45.0;

/// P(|b| < x):  1 - (32 / pi^3) sum_k (-1)^k / (2 k + 1)^3 exp(-(2 k + 1)^2 pi^2 x / 8).
/// The density of |b| at x is the probability that Brownian motion has not left (-1, 1) by x, so
/// that P(|b| < x) = x to all digits for x below 0.01, where the sum is slow.
/// @return 0 for x <= 0; NaN for NaN
[[nodiscard]] inline double golosov_cdf(double x) {
  if (x < 0.01) {
    return x < 0 ? 0 : x;
  }
  constexpr double pi = std::numbers::pi;
  double sum = 0;
  double sign = 1;
  for (double odd = 1;; odd += 2) {
    const double term = std::exp(-odd * odd * pi * pi * x / 8) / (odd * odd * odd);
    sum += sign * term;
    sign = -sign;
    if (!(term > 1e-18)) {
      return 1 - 32 / (pi * pi * pi) * sum;
    }
  }
}

} // namespace gradus::theory
