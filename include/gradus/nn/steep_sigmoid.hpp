// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <complex>
#include <type_traits>

#include <gradus/core/scalar.hpp>
#include <gradus/core/types.hpp>
#include <gradus/nn/activation.hpp>
#include <gradus/nn/detail/kernels.hpp>
#include <gradus/nn/detail/planar.hpp>

namespace gradus::nn {

/// Logistic sigmoid of unit slope at its middle 1/2: 1 / (1 + exp(2 - 4 x)), the rate of a unit of
/// potential x; f' = 4 f (1 - f). Its poles nearest to the real axis are 1/2 +- i pi/4.
/// Source: the published code of Laborieux and Zenke 2023 (arXiv 2309.02214).
struct SteepSigmoid {
  /// Name for tables, files and the command line.
  static constexpr const char* name = "steep-sigmoid";
  /// Whether the function is analytic, so that complex arguments make sense.
  static constexpr bool is_holomorphic = true;

  /// f(x).
  template <Scalar T>
  T value(const T& x) const {
    return static_cast<T>(detail::sigmoid(inner(x)));
  }
  /// f'(x).
  template <Scalar T>
  T derivative(const T& x) const {
    return static_cast<T>(detail::sigmoid_derivative(inner(x)) * factor(x, 4));
  }
  /// f''(x).
  template <Scalar T>
  T second_derivative(const T& x) const {
    return static_cast<T>(detail::sigmoid_second_derivative(inner(x)) * factor(x, 16));
  }

  /// Vector kernel behind apply().
  template <int Order, detail::Vectorised T>
  void pack(detail::Pack<T> x, detail::Pack<T>& a, detail::Pack<T>& d, detail::Pack<T>& s) const {
    using Pack = detail::Pack<T>;
    detail::sigmoid_kernel<Order>(fma(x, Pack(T(4)), Pack(T(-2))), a, d, s);
    if constexpr (Order >= 1) {
      d = T(4) * d;
    }
    if constexpr (Order >= 2) {
      s = T(16) * s;
    }
  }
  /// f(x + i y) = re + i im on packs, for states whose real and imaginary parts lie apart.
  template <detail::Vectorised T>
  void planar(detail::Pack<T> x, detail::Pack<T> y, detail::Pack<T>& re,
              detail::Pack<T>& im) const {
    using Pack = detail::Pack<T>;
    detail::complex_sigmoid(fma(x, Pack(T(4)), Pack(T(-2))), T(4) * y, re, im);
  }

private:
  template <class T>
  static auto inner(const T& x) {
    const auto y = detail::widen(x);
    using Wide = std::decay_t<decltype(y)>;
    return Wide(y * factor(y, 4) - factor(y, 2));
  }
  template <class T>
  static RealOf<std::decay_t<decltype(detail::widen(std::declval<const T&>()))>> factor(const T&,
                                                                                        int k) {
    return static_cast<RealOf<std::decay_t<decltype(detail::widen(std::declval<const T&>()))>>>(k);
  }
};

/// A real activation continued to complex numbers by its tangent, f(x) + i y f'(x): the same on the
/// real axis, and not holomorphic. The negative control of everything that rests on analyticity.
template <class A>
struct TangentContinuation {
  /// Name for tables, files and the command line.
  static constexpr const char* name = "tangent-continuation";
  /// Whether the function is analytic, so that complex arguments make sense.
  static constexpr bool is_holomorphic = false;

  A base = {}; ///< what it is on the real axis

  /// f(x), or f(x) + i y f'(x).
  template <Scalar T>
  T value(const T& x) const {
    return base.value(x);
  }
  /// The same for complex numbers.
  template <class R>
  std::complex<R> value(const std::complex<R>& z) const {
    return {base.value(z.real()), z.imag() * base.derivative(z.real())};
  }
  /// f'(x), that of the real part.
  template <Scalar T>
  T derivative(const T& x) const {
    return T(base.derivative(primal(x)));
  }
  /// f''(x), that of the real part.
  template <Scalar T>
  T second_derivative(const T& x) const {
    return T(base.second_derivative(primal(x)));
  }

  /// Vector kernel behind apply().
  template <int Order, detail::Vectorised T>
  void pack(detail::Pack<T> x, detail::Pack<T>& a, detail::Pack<T>& d, detail::Pack<T>& s) const {
    base.template pack<Order>(x, a, d, s);
  }
  /// Value on packs of real and imaginary parts.
  template <detail::Vectorised T>
  void planar(detail::Pack<T> x, detail::Pack<T> y, detail::Pack<T>& re,
              detail::Pack<T>& im) const {
    detail::Pack<T> slope;
    detail::Pack<T> unused;
    base.template pack<1>(x, re, slope, unused);
    im = y * slope;
  }
};

} // namespace gradus::nn
