// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdint>
#include <limits>
#include <numbers>

#include <boost/math/tools/minima.hpp>
#include <boost/math/tools/toms748_solve.hpp>

#include <gradus/core/error.hpp>
#include <gradus/theory/marchenko_pastur.hpp>

namespace gradus::theory {

/// What the theory of random features asks of an activation f at a standard normal argument G: how
/// much of it is linear and how much is not.
struct ActivationMoments {
  double linear;    ///< mu_1 = E G f(G), not 0
  double nonlinear; ///< mu_* = sqrt(E f^2 - (E f)^2 - mu_1^2) > 0

  /// Of max(G, 0): mu_1 = 1/2, mu_*^2 = 1/4 - 1 / (2 pi).
  [[nodiscard]] static ActivationMoments relu() {
    return {0.5, std::sqrt(0.25 - 0.5 * std::numbers::inv_pi)};
  }
};

/// Test error of ridge regression on random features in the limit of many inputs d, features N and
/// samples n at fixed N / d and n / d.
///
/// Inputs x and directions theta_j are uniform on the sphere of radius sqrt(d), features
/// f(<theta_j, x> / sqrt(d)); targets are F_1 times a random linear function of unit variance, a
/// function without linear part of variance F_*^2, and noise of variance tau^2. The read-out a
/// minimises
///   1/n sum_i (y_i - <a, z_i>)^2 + (N ridge / d) |a|^2.
/// The error is that of the noiseless target: noise of a new sample is not counted.
/// Source: Mei and Montanari 2019 (arXiv 1908.05355), theorems 2 and 3.
struct RandomFeaturesRisk {
  double features_ratio = 1; ///< psi_1 = N / d > 0
  double samples_ratio = 1;  ///< psi_2 = n / d > 0
  double ridge = 0;          ///< lambda >= 0; 0 is the limit of small ones, the smallest norm
  double noise_variance = 0; ///< tau^2 >= 0
  double linear = 1;         ///< F_1^2 >= 0
  double nonlinear = 0;      ///< F_*^2 >= 0
  ActivationMoments activation = ActivationMoments::relu(); ///< of f

  /// @throws ArgumentError that names the field outside its range
  void validate() const {
    const auto finite_from = [](double x, const char* name) {
      require(x >= 0 && std::isfinite(x), name, x, ">= 0, finite");
    };
    require(features_ratio > 0 && std::isfinite(features_ratio), "features_ratio", features_ratio,
            "> 0, finite");
    require(samples_ratio > 0 && std::isfinite(samples_ratio), "samples_ratio", samples_ratio,
            "> 0, finite");
    finite_from(ridge, "ridge");
    finite_from(noise_variance, "noise_variance");
    finite_from(linear, "linear");
    finite_from(nonlinear, "nonlinear");
    require(activation.linear != 0 && std::isfinite(activation.linear), "activation.linear",
            activation.linear, "finite, not 0");
    require(activation.nonlinear > 0 && std::isfinite(activation.nonlinear), "activation.nonlinear",
            activation.nonlinear, "> 0, finite");
  }

  /// The error with a bound on its numerical error; infinite without a ridge at N = n.
  /// @throws ArgumentError
  [[nodiscard]] Estimate risk() const {
    validate();
    constexpr Real unit = std::numeric_limits<Real>::epsilon();
    const Real z = zeta_squared();
    const Real p1 = features_ratio;
    const Real p2 = samples_ratio;
    const Real noise = static_cast<Real>(noise_variance) + static_cast<Real>(nonlinear);
    if (ridge == 0 && p1 == p2) {
      const bool nothing = linear == 0 && noise == 0;
      return {nothing ? 0.0 : std::numeric_limits<double>::infinity(), 0.0};
    }
    const Real x = -root();
    const Real x2 = x * x;
    const Real z2 = z * z;
    // x^5 z^3 - 3 x^4 z^2 and what follows it in both E_0 and E_2.
    const Sum e0 = sum({-x2 * x2 * x * z2 * z, 3 * x2 * x2 * z2, p1 * p2 * x2 * x * z2 * z,
                        -(p1 + p2) * x2 * x * z2 * z, x2 * x * z2 * z, -2 * x2 * x * z2,
                        -3 * x2 * x * z, (p1 + p2) * x2 * z2, x2 * z2, -3 * p1 * p2 * x2 * z2,
                        2 * x2 * z, x2, 3 * p1 * p2 * x * z, -p1 * p2});
    const Sum e1 = sum({p2 * x2 * x * z2, -p2 * x2 * z, p1 * p2 * x * z, -p1 * p2});
    const Sum e2 =
        sum({x2 * x2 * x * z2 * z, -3 * x2 * x2 * z2, p1 * x2 * x * z2 * z, -x2 * x * z2 * z,
             2 * x2 * x * z2, 3 * x2 * x * z, -p1 * x2 * z2, -x2 * z2, -2 * x2 * z, -x2});
    const Real numerator = static_cast<Real>(linear) * e1.value + noise * e2.value;
    const Real size = static_cast<Real>(linear) * e1.size + noise * e2.size;
    const Real value = numerator / e0.value + static_cast<Real>(nonlinear);
    // Terms are powers up to x^5 z^3 of a root known to a few units: some 40 roundings each.
    const Real rounding = 40 * unit * (size + std::abs(value) * e0.size) / std::abs(e0.value);
    return {static_cast<double>(value),
            static_cast<double>(rounding) +
                std::numeric_limits<double>::epsilon() * static_cast<double>(std::abs(value))};
  }

  /// A ridge and the error there.
  struct Optimum {
    double ridge; ///< lambda
    double risk;  ///< the error
  };
  /// The ridge in [low, high] with the least error: the best of a grid over its logarithm, made
  /// finer around it to about 1e-6 relative. @param low  > 0   @param high  > low
  /// @throws ArgumentError
  [[nodiscard]] Optimum optimal_ridge(double low = 1e-5, double high = 1e2) const {
    validate();
    require(low > 0 && std::isfinite(low), "low", low, "> 0, finite");
    require(high > low && std::isfinite(high), "high", high, "above low, finite");
    const auto risk_at = [this](double log_ridge) {
      RandomFeaturesRisk changed = *this;
      changed.ridge = std::exp(log_ridge);
      return changed.risk().value;
    };
    constexpr int points = 33;
    const double step = std::log(high / low) / (points - 1);
    int best = 0;
    double least = std::numeric_limits<double>::infinity();
    for (int k = 0; k < points; ++k) {
      if (const double value = risk_at(std::log(low) + k * step); value < least) {
        best = k;
        least = value;
      }
    }
    const auto [at, value] = boost::math::tools::brent_find_minima(
        risk_at, std::log(low) + std::max(0, best - 1) * step,
        std::log(low) + std::min(points - 1, best + 1) * step, 26);
    // A minimum at an end of the range is met only in the limit.
    return value < least ? Optimum{std::exp(at), value}
                         : Optimum{std::exp(std::log(low) + best * step), least};
  }

private:
  using Real = long double; // the polynomials cancel near N = n

  /// A sum and the sum of its terms' sizes, which says what rounding leaves of it.
  struct Sum {
    Real value;
    Real size;
  };
  template <std::size_t count>
  static Sum sum(const Real (&terms)[count]) {
    Sum result{0, 0};
    for (const Real term : terms) {
      result.value += term;
      result.size += std::abs(term);
    }
    return result;
  }

  [[nodiscard]] Real zeta_squared() const {
    const Real ratio = static_cast<Real>(activation.linear) / activation.nonlinear;
    return ratio * ratio;
  }

  /// The c >= 0 at which g(c) = c + z c / (1 + z c) takes a value >= 0.
  static Real inverse_g(Real z, Real value) {
    const Real b = value * z - z - 1;
    const Real root = std::sqrt(b * b + 4 * z * value);
    return b > 0 ? (b + root) / (2 * z) : 2 * value / (root - b);
  }

  /// c > 0 with (psi_1 - g(c)) (psi_2 - g(c)) = psi_1 psi_2 ridge / mu_*^2 c. The unknown that is
  /// solved for is what g falls short of min(psi_1, psi_2), in which nothing cancels; it is
  /// bracketed by 0 and that minimum.
  [[nodiscard]] Real root() const {
    const Real z = zeta_squared();
    const Real p1 = features_ratio;
    const Real p2 = samples_ratio;
    const Real least = std::min(p1, p2);
    if (ridge == 0) {
      return inverse_g(z, least);
    }
    const Real penalty = p1 * p2 * static_cast<Real>(ridge) /
                         (static_cast<Real>(activation.nonlinear) * activation.nonlinear);
    const auto excess = [&](Real gap) {
      return gap * (gap + std::abs(p1 - p2)) - penalty * inverse_g(z, least - gap);
    };
    std::uintmax_t evaluations = 500;
    const boost::math::tools::eps_tolerance<Real> tolerance(std::numeric_limits<Real>::digits - 2);
    const auto [low, high] =
        boost::math::tools::toms748_solve(excess, Real(0), least, tolerance, evaluations);
    return inverse_g(z, least - (low + high) / 2);
  }
};

} // namespace gradus::theory
