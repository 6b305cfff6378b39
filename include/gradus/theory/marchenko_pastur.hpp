// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <algorithm>
#include <cmath>
#include <numbers>

#include <gradus/core/error.hpp>
#include <gradus/core/types.hpp>

namespace gradus::theory {

/// A number with a bound on its numerical error.
struct Estimate {
  double value; ///< the number
  double error; ///< how far off it may be
};

/// Law of the eigenvalues of X^T X / N for N rows of d independent standard normal entries, in the
/// limit of large N and d with d / N = ratio: the density
///   p(x) = sqrt((high - x) (x - low)) / (2 pi ratio x) on [low, high] = [(1 - sqrt ratio)^2, (1 +
///   sqrt ratio)^2],
/// and for ratio > 1 the share 1 - 1 / ratio at 0.
/// Source: Marchenko and Pastur 1967.
class MarchenkoPastur {
public:
  /// @param ratio  d / N > 0   @throws ArgumentError
  explicit MarchenkoPastur(double ratio) : ratio_(ratio) {
    require(ratio > 0 && std::isfinite(ratio), "ratio", ratio, "> 0, finite");
  }

  /// Lower edge of the continuous part; 0 at ratio 1.
  [[nodiscard]] double low() const {
    const double root = 1 - std::sqrt(ratio_);
    return root * root;
  }
  /// Upper edge.
  [[nodiscard]] double high() const {
    const double root = 1 + std::sqrt(ratio_);
    return root * root;
  }
  /// Share of eigenvalues that are exactly 0.
  [[nodiscard]] double share_at_zero() const { return std::max(0.0, 1 - 1 / ratio_); }

  /// Density of the continuous part at x; its integral is 1 - share_at_zero(). Infinite at x = 0
  /// for ratio 1.
  [[nodiscard]] double density(double x) const {
    if (x < low() || x > high()) {
      return 0;
    }
    return std::sqrt((high() - x) * (x - low())) / (2 * std::numbers::pi * ratio_ * x);
  }

  /// Integral of f over the continuous part. With x = 1 + ratio - 2 sqrt(ratio) cos(phi) the
  /// integrand is smooth and periodic, so that the midpoint rule converges faster than any power;
  /// nodes are doubled until two results agree.
  /// @param f  a function of x on [low, high], smooth   @param tolerance  relative, of the
  /// agreement
  template <class F>
  [[nodiscard]] Estimate continuous_mean(const F& f, double tolerance = 1e-10) const {
    double before = midpoint(f, 64);
    for (Index nodes = 128;; nodes *= 2) {
      const double now = midpoint(f, nodes);
      const double change = std::abs(now - before);
      before = now;
      if (change <= tolerance * std::abs(now) || nodes >= most_nodes) {
        return {now, change};
      }
    }
  }
  /// Mean of f over the whole law, the eigenvalues that are 0 included.
  /// @param f  a function of x on [0, high]
  template <class F>
  [[nodiscard]] Estimate mean(const F& f, double tolerance = 1e-10) const {
    Estimate result = continuous_mean(f, tolerance);
    if (share_at_zero() > 0) {
      result.value += share_at_zero() * f(0.0);
    }
    return result;
  }

private:
  static constexpr Index most_nodes = Index{1} << 20U;

  template <class F>
  double midpoint(const F& f, Index nodes) const {
    const double half = 2 * std::sqrt(ratio_); // half the width of the support
    double sum = 0;
    for (Index k = 0; k < nodes; ++k) {
      const double phi =
          std::numbers::pi * (static_cast<double>(k) + 0.5) / static_cast<double>(nodes);
      // 1 + ratio - half cos(phi), without cancellation at the lower edge.
      const double s = std::sin(phi / 2);
      const double x = low() + 2 * half * s * s;
      const double sine = std::sin(phi);
      sum += f(x) * half * half * sine * sine / x;
    }
    return sum / (2 * ratio_ * static_cast<double>(nodes));
  }

  double ratio_;
};

} // namespace gradus::theory
