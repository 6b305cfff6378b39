// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <cmath>
#include <complex>
#include <concepts>
#include <numbers>

#include <gradus/core/scalar.hpp>

/// The few transcendental functions that activations and losses need, for every Scalar. Branches
/// are decided by primal(x); a dual number gets its derivatives from its own exp and log, its value
/// from the accurate function of its real type.
namespace gradus::nn::detail {

/// 16-bit formats compute in float and are rounded once at the end.
template <class T>
concept Narrow = std::same_as<T, Eigen::half> || std::same_as<T, Eigen::bfloat16>;

template <class T>
constexpr const T& widen(const T& x) {
  return x;
}
inline float widen(Eigen::half x) { return static_cast<float>(x); }
inline float widen(Eigen::bfloat16 x) { return static_cast<float>(x); }

template <class T>
T exp(const T& x) {
  using std::exp;
  return exp(x);
}

template <class T>
T log(const T& x) {
  using std::log;
  return log(x);
}

/// log(1 + x), accurate near 0.
template <class T>
T log1p(const T& x) {
  if constexpr (std::floating_point<T>) {
    return std::log1p(x);
  } else {
    const T plain = log(T(1) + x);
    return (plain - primal(plain)) + std::log1p(primal(x));
  }
}
template <class R>
std::complex<R> log1p(const std::complex<R>& z) {
  const R x = z.real();
  const R y = z.imag();
  return {std::log1p(x * (2 + x) + y * y) / 2, std::atan2(y, 1 + x)};
}

/// exp(x) - 1, accurate near 0.
template <class T>
T expm1(const T& x) {
  if constexpr (std::floating_point<T>) {
    return std::expm1(x);
  } else {
    const T plain = exp(x);
    return (plain - primal(plain)) + std::expm1(primal(x));
  }
}
template <class R>
std::complex<R> expm1(const std::complex<R>& z) {
  const R real = std::expm1(z.real());
  const R half_sine = std::sin(z.imag() / 2);
  return {real * std::cos(z.imag()) - 2 * half_sine * half_sine, (real + 1) * std::sin(z.imag())};
}

/// Hyperbolic tangent; for dual numbers by way of expm1, as their own overflows and loses small x.
template <class T>
T tanh(const T& x) {
  if constexpr (std::floating_point<T>) {
    return std::tanh(x);
  } else {
    const bool positive = primal(x) >= RealOf<T>(0);
    const T t = expm1(T((positive ? x : T(-x)) * RealOf<T>(-2))); // exp(-2|x|) - 1
    const T magnitude = t / (t + RealOf<T>(2));
    return positive ? T(-magnitude) : magnitude;
  }
}
template <class R>
std::complex<R> tanh(const std::complex<R>& z) {
  return std::tanh(z);
}

/// erf(x + iy) - erf(x): the trapezoidal rule with step 0.4 for exp(t^2), integrated term by term.
/// The remainder is below exp(-(pi / 0.4)^2) = 2e-27 relative, and the part of first order in y
/// keeps its full relative precision, so complex steps work. Overflows, as erf does, once y^2 - x^2
/// is large.
/// Source: Salzer 1951 (Abramowitz and Stegun 7.1.29 is the case of step 1/2).
template <class R>
std::complex<R> erf_increment(R x, R y) {
  if (!std::isfinite(x)) {
    return x * R(0);
  }
  constexpr R step = R(4) / R(5); // twice the rule's
  const R sinc = x * y == R(0) ? R(1) : std::sin(x * y) / (x * y);
  const R sine2 = std::sin(2 * x * y);
  const R cosine2 = std::cos(2 * x * y);
  // The term n = 0: (1 - cos 2xy) / 4x = x y^2 sinc^2 / 2 and sin 2xy / 4x = y sinc cos / 2.
  std::complex<R> sum(x * y * y * sinc * sinc / 2, y * sinc * std::cos(x * y) / 2);
  sum *= std::exp(-x * x);
  for (int n = 1; n < 400 && step * R(n) < 2 * std::abs(y) + 16; ++n) {
    const R m = step * R(n);
    const R damping = -x * x - m * m / 4;
    // damped = exp(damping), times cosh(m y), times sinh(m y): no factor overflows alone.
    const R damped = std::exp(damping);
    const R rise = std::exp(damping + m * std::abs(y));
    const R fall = std::exp(damping - m * std::abs(y));
    const R cosh = (rise + fall) / 2;
    const R sinh =
        std::abs(m * y) < R(1) ? damped * std::sinh(m * y) : std::copysign((rise - fall) / 2, y);
    const R weight = 1 / (m * m + 4 * x * x);
    sum += std::complex<R>(weight * (2 * x * (damped - cosh * cosine2) + m * sinh * sine2),
                           weight * (2 * x * cosh * sine2 + m * sinh * cosine2));
  }
  return sum * (2 * step * std::numbers::inv_pi_v<R>);
}

/// The error function.
template <class T>
T erf(const T& x) {
  using std::erf;
  return erf(x);
}
template <class R>
std::complex<R> erf(const std::complex<R>& z) {
  return std::erf(z.real()) + erf_increment(z.real(), z.imag());
}

/// 1 - erf(x), accurate for large x.
template <class T>
T erfc(const T& x) {
  using std::erfc;
  return erfc(x);
}
template <class R>
std::complex<R> erfc(const std::complex<R>& z) {
  return std::erfc(z.real()) - erf_increment(z.real(), z.imag());
}

/// exp(-|x|), the quantity from which the logistic family is computed without overflow.
template <class T>
T exp_minus_abs(const T& x) {
  return primal(x) >= RealOf<T>(0) ? exp(T(-x)) : exp(x);
}

/// 1 / (1 + exp(-x)).
template <class T>
T sigmoid(const T& x) {
  const T e = exp_minus_abs(x);
  return (primal(x) >= RealOf<T>(0) ? T(1) : e) / (T(1) + e);
}

/// sigmoid'(x) = e / (1 + e)^2 with e = exp(-|x|), even in x.
template <class T>
T sigmoid_derivative(const T& x) {
  const T e = exp_minus_abs(x);
  const T r = T(1) / (T(1) + e);
  return e * r * r;
}

/// sigmoid''(x) = -sign(x) e (1 - e) / (1 + e)^3.
template <class T>
T sigmoid_second_derivative(const T& x) {
  const bool positive = primal(x) >= RealOf<T>(0);
  const T e = exp_minus_abs(x);
  const T r = T(1) / (T(1) + e);
  const T difference = expm1(positive ? T(-x) : x); // e - 1
  const T magnitude = e * r * r * r * difference;
  return positive ? magnitude : T(-magnitude);
}

/// log(1 + exp(x)).
template <class T>
T softplus(const T& x) {
  const T tail = log1p(exp_minus_abs(x));
  return primal(x) > RealOf<T>(0) ? T(x + tail) : tail;
}

/// Density of the standard normal law.
template <class T>
T normal_density(const T& x) {
  using R = RealOf<T>;
  return exp(T(x * x * R(-0.5))) * (std::numbers::inv_sqrtpi_v<R> / std::numbers::sqrt2_v<R>);
}

/// Distribution function of the standard normal law, with full relative precision for x < 0.
template <class T>
T normal_distribution(const T& x) {
  using R = RealOf<T>;
  constexpr R root_half = R(1) / std::numbers::sqrt2_v<R>;
  return erfc(T(x * (-root_half))) * R(0.5);
}

} // namespace gradus::nn::detail
