// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <cmath>
#include <complex>
#include <concepts>

#include <gradus/core/error.hpp>
#include <gradus/core/scalar.hpp>
#include <gradus/core/types.hpp>

/// What a way of training leaves of each mode of a least squares problem.
///
/// On the loss 1/2 |X^T w - y|^2 (the sum over samples, not their mean) the error along an
/// eigenvector of X X^T with eigenvalue lam is multiplied by `left(lam)`, and the weights gain
/// `gain(lam) = (1 - left(lam)) / lam` times the pull of the data, computed without cancellation.
/// For the mean over n samples divide learning rates and times by n.

namespace gradus::linear {

/// left(lam) in units of 1, gain(lam) in units of 1 / lam, for lam > 0.
template <class F, class T>
concept SpectralFilter = requires(const F& filter, T lam) {
  { filter.left(lam) } -> std::convertible_to<T>;
  { filter.gain(lam) } -> std::convertible_to<T>;
  filter.validate();
};

/// Gradient flow dw/dt = X (y - X^T w): left = exp(-lam t).
template <RealScalar T>
struct GradientFlow {
  T time = T(0); ///< t >= 0; infinity gives the solution closest to the start

  /// @throws ArgumentError
  void validate() const { require(time >= T(0), "time", time, ">= 0"); }
  /// What is left of the error along lam > 0.
  [[nodiscard]] T left(T lam) const {
    using std::exp;
    return exp(-lam * time);
  }
  /// (1 - left) / lam.
  [[nodiscard]] T gain(T lam) const {
    using std::expm1;
    return -expm1(-lam * time) / lam;
  }
};

/// Gradient descent: left = (1 - learning_rate lam)^steps. Diverges where learning_rate lam > 2.
template <RealScalar T>
struct GradientDescent {
  T learning_rate = T(0); ///< > 0
  Index steps = 0;        ///< >= 0

  /// @throws ArgumentError
  void validate() const {
    require(learning_rate > T(0) && is_finite(learning_rate), "learning_rate", learning_rate,
            "> 0, finite");
    require(steps >= 0, "steps", steps, ">= 0");
  }
  /// What is left of the error along lam > 0.
  [[nodiscard]] T left(T lam) const {
    using std::exp;
    using std::log1p;
    const T z = learning_rate * lam;
    return z < T(1) ? T(exp(static_cast<T>(steps) * log1p(-z))) : power(T(1) - z);
  }
  /// (1 - left) / lam.
  [[nodiscard]] T gain(T lam) const {
    using std::expm1;
    using std::log1p;
    const T z = learning_rate * lam;
    const T moved =
        z < T(1) ? T(-expm1(static_cast<T>(steps) * log1p(-z))) : T(T(1) - power(T(1) - z));
    return moved / lam;
  }

private:
  /// r^steps for r <= 0.
  [[nodiscard]] T power(T r) const {
    using std::abs;
    using std::pow;
    const T size = pow(abs(r), static_cast<T>(steps));
    return steps % 2 != 0 ? T(-size) : size;
  }
};

/// Polyak's heavy ball from rest, w_{k+1} = w_k + learning_rate X (y - X^T w_k) + momentum (w_k -
/// w_{k-1}) with w_{-1} = w_0. With the roots r1, r2 of r^2 - (1 + m - z) r + m = 0, z =
/// learning_rate lam, what is left after k steps is r2^k + (1 - z - r2) (r1^k - r2^k) / (r1 - r2).
template <RealScalar T>
struct HeavyBall {
  T learning_rate = T(0); ///< > 0; stable below 2 (1 + momentum) / lam
  T momentum = T(0);      ///< in [0, 1)
  Index steps = 0;        ///< >= 0

  /// @throws ArgumentError
  void validate() const {
    GradientDescent<T>{learning_rate, steps}.validate();
    require(momentum >= T(0) && momentum < T(1), "momentum", momentum, "in [0, 1)");
  }
  /// What is left of the error along lam > 0.
  [[nodiscard]] T left(T lam) const { return T(1) - moved(lam); }
  /// (1 - left) / lam.
  [[nodiscard]] T gain(T lam) const { return moved(lam) / lam; }

private:
  /// 1 - left. Where z is small both roots are real, and the one near 1 is known by its distance
  /// from 1, so that nothing cancels.
  [[nodiscard]] T moved(T lam) const {
    using std::expm1;
    using std::log1p;
    using std::sqrt;
    if (steps == 0) {
      return T(0);
    }
    const T z = learning_rate * lam;
    const T k = static_cast<T>(steps);
    const T sum = T(1) - momentum + z; // of the distances 1 - r1, 1 - r2; their product is z
    const T square = sum * sum - T(4) * z;
    if (square > T(0) && sum < T(1)) {
      const T root = sqrt(square);
      const T d1 = T(2) * z / (sum + root); // 1 - r1
      const T d2 = (sum + root) / T(2);     // 1 - r2
      if (root * k > T(1e-5)) {
        const T share = (d2 - z) / root;         // (1 - z - r2) / (r1 - r2)
        const T rest = -d1 * (T(1) - d2) / root; // 1 - share
        return -share * expm1(k * log1p(-d1)) - rest * expm1(k * log1p(-d2));
      }
    }
    return T(1) - by_roots(z, square);
  }
  /// left for any roots, real or conjugate.
  [[nodiscard]] T by_roots(T z, T square) const {
    const T k = static_cast<T>(steps);
    const T middle = (T(1) + momentum - z) / T(2);
    const std::complex<T> half = std::sqrt(std::complex<T>(square)) / T(2);
    const std::complex<T> r1 = middle + half;
    const std::complex<T> r2 = middle - half;
    const std::complex<T> r2k = integer_power(r2, steps);
    // Roots that coincide to rounding: the difference quotient becomes the derivative.
    const std::complex<T> quotient = std::abs(half) * T(2) * k > T(1e-5)
                                         ? (integer_power(r1, steps) - r2k) / (r1 - r2)
                                         : k * integer_power(std::complex<T>(middle), steps - 1);
    return std::real(r2k + (T(1) - z - r2) * quotient);
  }
  static std::complex<T> integer_power(std::complex<T> r, Index exponent) {
    std::complex<T> result(T(1));
    for (; exponent > 0; exponent /= 2, r *= r) {
      if (exponent % 2 != 0) {
        result *= r;
      }
    }
    return result;
  }
};

/// Ridge regression towards the start: argmin |X^T w - y|^2 + penalty |w - w_0|^2; left = penalty /
/// (lam + penalty).
template <RealScalar T>
struct RidgeFilter {
  T penalty = T(0); ///< >= 0; 0 gives the solution closest to the start

  /// @throws ArgumentError
  void validate() const {
    require(penalty >= T(0) && is_finite(penalty), "penalty", penalty, ">= 0, finite");
  }
  /// What is left of the error along lam > 0.
  [[nodiscard]] T left(T lam) const { return penalty / (lam + penalty); }
  /// (1 - left) / lam.
  [[nodiscard]] T gain(T lam) const { return T(1) / (lam + penalty); }
};

/// The end of training: left = 0 wherever lam > 0, the least squares solution closest to the start
/// (of smallest norm, from 0).
template <RealScalar T>
struct Interpolation {
  /// Nothing to check.
  void validate() const {}
  /// What is left of the error along lam > 0.
  [[nodiscard]] T left([[maybe_unused]] T lam) const { return T(0); }
  /// (1 - left) / lam.
  [[nodiscard]] T gain(T lam) const { return T(1) / lam; }
};

} // namespace gradus::linear
