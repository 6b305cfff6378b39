// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <algorithm>
#include <cmath>
#include <numbers>
#include <utility>
#include <vector>

#include <boost/math/quadrature/gauss.hpp>
#include <boost/math/special_functions/gamma.hpp>

#include <gradus/core/error.hpp>

/// Averages over w ~ N(0, sd^2), in closed form or by quadrature, and what they say of a surrogate
/// of the sign in a binary layer at its initialisation.

namespace gradus::theory {

/// E |w|^p = sd^p 2^(p/2) Gamma((p + 1) / 2) / sqrt(pi).
/// @param p  > -1   @param sd  >= 0   @throws ArgumentError
[[nodiscard]] inline double gaussian_absolute_moment(double p, double sd = 1) {
  require(p > -1 && std::isfinite(p), "p", p, "> -1, finite");
  require(sd >= 0 && std::isfinite(sd), "sd", sd, ">= 0, finite");
  return std::pow(sd * std::numbers::sqrt2, p) * boost::math::tgamma((p + 1) / 2) *
         std::numbers::inv_sqrtpi;
}

/// E f(w) for an even f that is smooth between the given points: Gauss's rule on each piece, out to
/// where the density has gone.
/// @param f  a function of |w| >= 0   @param kinks  where f or a derivative of it jumps, >= 0
/// @param sd  > 0   @return  to a relative error of about 1e-12 for an f that varies slowly over
///            sd / 4   @throws ArgumentError
template <class F>
[[nodiscard]] double gaussian_even_mean(F&& f, double sd = 1, std::vector<double> kinks = {}) {
  require(sd > 0 && std::isfinite(sd), "sd", sd, "> 0, finite");
  const double end = 40 * sd;
  std::vector<double> cuts{0, end};
  for (const double kink : kinks) {
    require(kink >= 0 && std::isfinite(kink), "kink", kink, ">= 0, finite");
    if (kink < end) {
      cuts.push_back(kink);
    }
  }
  for (int k = 1; k < 160; ++k) {
    cuts.push_back(k * sd / 4);
  }
  std::sort(cuts.begin(), cuts.end());
  const double norm = 2 / (sd * std::sqrt(2 * std::numbers::pi));
  double sum = 0;
  for (std::size_t i = 0; i + 1 < cuts.size(); ++i) {
    if (cuts[i] < cuts[i + 1]) {
      sum += boost::math::quadrature::gauss<double, 15>::integrate(
          [&](double x) { return f(x) * std::exp(-0.5 * (x / sd) * (x / sd)); }, cuts[i],
          cuts[i + 1]);
    }
  }
  return norm * sum;
}

/// Mean squared distance of sign(w) to sign(w) |w|^(1/o), w ~ N(0, sd^2):
///   1 - 2 E|w|^(1/o) + E|w|^(2/o).
/// The estimating error of a layer of n weights is the square root of n times it.
/// @param order  o > 0   @throws ArgumentError
[[nodiscard]] inline double power_sign_error(double order, double sd) {
  require(order > 0 && std::isfinite(order), "order", order, "> 0, finite");
  return 1 - 2 * gaussian_absolute_moment(1 / order, sd) + gaussian_absolute_moment(2 / order, sd);
}

/// First and second moment of an absolute value.
struct AbsoluteMoments {
  double first;  ///< E |x|
  double second; ///< E x^2
};

/// Moments of f'(w) >= 0, an even function that is smooth between the kinks, for w ~ N(0, sd^2).
/// @throws ArgumentError
template <class F>
[[nodiscard]] AbsoluteMoments slope_moments(F&& slope, double sd,
                                            const std::vector<double>& kinks) {
  return {gaussian_even_mean(slope, sd, kinks), gaussian_even_mean(
                                                    [&](double x) {
                                                      const double s = slope(x);
                                                      return s * s;
                                                    },
                                                    sd, kinks)};
}

/// var |G f'(w)| for a G that is independent of w: E f'^2 E G^2 - (E f' E |G|)^2. G is the gradient
/// at the binary weights, w the latent one behind it.
[[nodiscard]] inline double surrogate_gradient_spread(const AbsoluteMoments& slope,
                                                      const AbsoluteMoments& gradient) {
  const double mean = slope.first * gradient.first;
  return slope.second * gradient.second - mean * mean;
}

} // namespace gradus::theory
