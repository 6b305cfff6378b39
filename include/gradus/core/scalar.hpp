// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <cmath>
#include <complex>
#include <concepts>
#include <limits>

#include <Eigen/Core>

namespace gradus {

/// What gradus must know of a number type: the real type that orders it, and the plain value on
/// which branches (kinks, maxima, convergence tests) are decided.
///
/// The general case covers float, double, long double, Eigen::half and Eigen::bfloat16.
/// std::complex is covered below, Boost's autodiff numbers in core/autodiff.hpp; specialise it
/// likewise for a number type of your own.
template <class T>
struct ScalarTraits {
  /// Real, ordered type of the same precision.
  using Real = T;
  /// The value that decides a branch.
  static constexpr const T& primal(const T& x) { return x; }
};

/// Branches on a complex number are decided by its real part. This is the analytic continuation of
/// a piecewise function: right for complex-step derivatives and for holomorphic networks.
template <class T>
struct ScalarTraits<std::complex<T>> {
  /// Real type of the same precision.
  using Real = T;
  /// The real part.
  static constexpr T primal(const std::complex<T>& x) { return x.real(); }
};

/// The real type that belongs to T: T itself, or the type of a complex number's parts.
template <class T>
using RealOf = typename ScalarTraits<T>::Real;

/// The plain real value of x, on which branches are decided.
template <class T>
constexpr RealOf<T> primal(const T& x) {
  return ScalarTraits<T>::primal(x);
}

/// A number type that networks, losses and optimizers can be instantiated with: field arithmetic,
/// made from an int or a real, known to Eigen, with a real part that decides branches.
template <class T>
concept Scalar = std::copyable<T> &&(Eigen::NumTraits<T>::IsInteger == 0) &&
                 std::constructible_from<T, RealOf<T>>&& requires(T a, const T b) {
  T(1);
  { a + b } -> std::convertible_to<T>;
  { a - b } -> std::convertible_to<T>;
  { a* b } -> std::convertible_to<T>;
  { a / b } -> std::convertible_to<T>;
  { -b } -> std::convertible_to<T>;
  a += b;
  a *= b;
  { primal(b) } -> std::convertible_to<RealOf<T>>;
};

/// A Scalar that is its own real type and is ordered: float, double, long double, half, bfloat16.
template <class T>
concept RealScalar = Scalar<T> && std::same_as<RealOf<T>, T> && requires(const T a, const T b) {
  { a < b } -> std::convertible_to<bool>;
};

/// True if the plain value of x is neither NaN nor infinite; both parts count for a complex number.
template <Scalar T>
[[nodiscard]] inline bool is_finite(const T& x) {
  return static_cast<bool>((Eigen::numext::isfinite)(primal(x)));
}
/// Both parts finite.
template <class T>
[[nodiscard]] inline bool is_finite(const std::complex<T>& x) {
  return std::isfinite(x.real()) && std::isfinite(x.imag());
}

} // namespace gradus
