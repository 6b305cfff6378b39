// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <algorithm>
#include <concepts>
#include <numbers>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>

#include <gradus/core/error.hpp>
#include <gradus/core/scalar.hpp>
#include <gradus/core/types.hpp>
#include <gradus/nn/detail/elementwise.hpp>
#include <gradus/nn/detail/functions.hpp>
#include <gradus/nn/detail/kernels.hpp>
#include <gradus/nn/detail/named.hpp>

/// Activations: small value types with a value and its first and second derivative for every
/// Scalar. For complex arguments each is the analytic continuation of its real self, branches
/// decided by the real part; the kinked ones are then not holomorphic (is_holomorphic). Whole
/// arrays go through apply(), apply_with_derivative() and apply_with_derivatives().

namespace gradus::nn {

/// What a network asks of its non-linearity. @tparam T the number type it must work with.
template <class A, class T = double>
concept Activation = std::copyable<A> && requires(const A& f, const T& x) {
  { A::name } -> std::convertible_to<const char*>;
  { A::is_holomorphic } -> std::convertible_to<bool>;
  { f.value(x) } -> std::convertible_to<T>;
  { f.derivative(x) } -> std::convertible_to<T>;
  { f.second_derivative(x) } -> std::convertible_to<T>;
};

/// max(x, 0). The derivative at 0 is 0.
struct Relu {
  /// Name for tables, files and the command line.
  static constexpr const char* name = "relu";
  /// Whether the function is analytic, so that complex arguments make sense.
  static constexpr bool is_holomorphic = false;

  /// f(x).
  template <Scalar T>
  T value(const T& x) const {
    return primal(x) <= RealOf<T>(0) ? T(0) : x; // NaN stays NaN
  }
  /// f'(x).
  template <Scalar T>
  T derivative(const T& x) const {
    return primal(x) <= RealOf<T>(0) ? T(0) : T(1);
  }
  /// f''(x).
  template <Scalar T>
  T second_derivative(const T&) const {
    return T(0);
  }

  /// Vector kernel behind apply().
  template <int Order, detail::Vectorised T>
  void pack(detail::Pack<T> x, detail::Pack<T>& a, detail::Pack<T>& d, detail::Pack<T>& s) const {
    detail::relu_kernel<Order>(x, T(0), a, d, s);
  }
};

/// x for x > 0, slope x otherwise. The derivative at 0 is the slope.
struct LeakyRelu {
  /// Name for tables, files and the command line.
  static constexpr const char* name = "leaky-relu";
  /// Whether the function is analytic, so that complex arguments make sense.
  static constexpr bool is_holomorphic = false;

  double slope = 0.01; ///< derivative on the negative side

  /// f(x).
  template <Scalar T>
  T value(const T& x) const {
    return primal(x) <= RealOf<T>(0) ? T(x * RealOf<T>(slope)) : x;
  }
  /// f'(x).
  template <Scalar T>
  T derivative(const T& x) const {
    return primal(x) <= RealOf<T>(0) ? T(RealOf<T>(slope)) : T(1);
  }
  /// f''(x).
  template <Scalar T>
  T second_derivative(const T&) const {
    return T(0);
  }

  /// Vector kernel behind apply().
  template <int Order, detail::Vectorised T>
  void pack(detail::Pack<T> x, detail::Pack<T>& a, detail::Pack<T>& d, detail::Pack<T>& s) const {
    detail::relu_kernel<Order>(x, static_cast<T>(slope), a, d, s);
  }
};

/// Hyperbolic tangent.
struct Tanh {
  /// Name for tables, files and the command line.
  static constexpr const char* name = "tanh";
  /// Whether the function is analytic, so that complex arguments make sense.
  static constexpr bool is_holomorphic = true;

  /// f(x).
  template <Scalar T>
  T value(const T& x) const {
    return static_cast<T>(detail::tanh(detail::widen(x)));
  }
  /// 1 / cosh(x)^2, accurate where tanh has saturated.
  template <Scalar T>
  T derivative(const T& x) const {
    const auto y = detail::widen(x);
    return static_cast<T>(detail::sigmoid_derivative(y + y) * real(4, y));
  }
  /// f''(x).
  template <Scalar T>
  T second_derivative(const T& x) const {
    const auto y = detail::widen(x);
    return static_cast<T>(detail::sigmoid_second_derivative(y + y) * real(8, y));
  }

  /// Vector kernel behind apply().
  template <int Order, detail::Vectorised T>
  void pack(detail::Pack<T> x, detail::Pack<T>& a, detail::Pack<T>& d, detail::Pack<T>& s) const {
    detail::tanh_kernel<Order>(x, a, d, s);
  }

private:
  template <class T>
  static constexpr RealOf<T> real(int k, const T&) {
    return static_cast<RealOf<T>>(k);
  }
};

/// Logistic sigmoid, 1 / (1 + exp(-x)); accurate in both tails.
struct Sigmoid {
  /// Name for tables, files and the command line.
  static constexpr const char* name = "sigmoid";
  /// Whether the function is analytic, so that complex arguments make sense.
  static constexpr bool is_holomorphic = true;

  /// f(x).
  template <Scalar T>
  T value(const T& x) const {
    return static_cast<T>(detail::sigmoid(detail::widen(x)));
  }
  /// f'(x).
  template <Scalar T>
  T derivative(const T& x) const {
    return static_cast<T>(detail::sigmoid_derivative(detail::widen(x)));
  }
  /// f''(x).
  template <Scalar T>
  T second_derivative(const T& x) const {
    return static_cast<T>(detail::sigmoid_second_derivative(detail::widen(x)));
  }

  /// Vector kernel behind apply().
  template <int Order, detail::Vectorised T>
  void pack(detail::Pack<T> x, detail::Pack<T>& a, detail::Pack<T>& d, detail::Pack<T>& s) const {
    detail::sigmoid_kernel<Order>(x, a, d, s);
  }
};

/// log(1 + exp(x)), without overflow.
struct Softplus {
  /// Name for tables, files and the command line.
  static constexpr const char* name = "softplus";
  /// Whether the function is analytic, so that complex arguments make sense.
  static constexpr bool is_holomorphic = true;

  /// f(x).
  template <Scalar T>
  T value(const T& x) const {
    return static_cast<T>(detail::softplus(detail::widen(x)));
  }
  /// f'(x).
  template <Scalar T>
  T derivative(const T& x) const {
    return static_cast<T>(detail::sigmoid(detail::widen(x)));
  }
  /// f''(x).
  template <Scalar T>
  T second_derivative(const T& x) const {
    return static_cast<T>(detail::sigmoid_derivative(detail::widen(x)));
  }

  /// Vector kernel behind apply().
  template <int Order, detail::Vectorised T>
  void pack(detail::Pack<T> x, detail::Pack<T>& a, detail::Pack<T>& d, detail::Pack<T>& s) const {
    detail::softplus_kernel<Order>(x, a, d, s);
  }
};

/// Gaussian error linear unit in its exact form, x Phi(x) with the normal distribution function
/// Phi; not the tanh approximation. Limits at -inf and inf are 0 and inf.
/// Source: Hendrycks and Gimpel 2016.
struct Gelu {
  /// Name for tables, files and the command line.
  static constexpr const char* name = "gelu";
  /// Whether the function is analytic, so that complex arguments make sense.
  static constexpr bool is_holomorphic = true;

  /// f(x).
  template <Scalar T>
  T value(const T& x) const {
    return static_cast<T>(damped(detail::widen(x), detail::normal_distribution(detail::widen(x))));
  }
  /// Phi(x) + x phi(x), phi being the normal density.
  template <Scalar T>
  T derivative(const T& x) const {
    const auto y = detail::widen(x);
    return static_cast<T>(detail::normal_distribution(y) + damped(y, detail::normal_density(y)));
  }
  /// (2 - x^2) phi(x).
  template <Scalar T>
  T second_derivative(const T& x) const {
    const auto y = detail::widen(x);
    const auto density = detail::normal_density(y);
    return static_cast<T>(density + density - damped(y, damped(y, density)));
  }

  /// Vector kernel behind apply().
  template <int Order, detail::Vectorised T>
  void pack(detail::Pack<T> x, detail::Pack<T>& a, detail::Pack<T>& d, detail::Pack<T>& s) const {
    detail::gelu_kernel<Order>(x, a, d, s);
  }

private:
  /// x times a factor that vanishes faster than x grows.
  template <class T>
  static T damped(const T& x, const T& factor) {
    return primal(factor) == RealOf<T>(0) && (std::isinf)(primal(x)) ? factor : T(x * factor);
  }
};

/// Error function, 2 / sqrt(pi) times the integral of exp(-t^2) from 0 to x. Gaussian averages
/// over it have closed forms, which is why teacher-student theory uses it.
struct Erf {
  /// Name for tables, files and the command line.
  static constexpr const char* name = "erf";
  /// Whether the function is analytic, so that complex arguments make sense.
  static constexpr bool is_holomorphic = true;

  /// f(x).
  template <Scalar T>
  T value(const T& x) const {
    return static_cast<T>(detail::erf(detail::widen(x)));
  }
  /// f'(x).
  template <Scalar T>
  T derivative(const T& x) const {
    return static_cast<T>(slope(detail::widen(x)));
  }
  /// f''(x).
  template <Scalar T>
  T second_derivative(const T& x) const {
    const auto y = detail::widen(x);
    const auto first = slope(y);
    return static_cast<T>(is_zero(first) ? first : -(y + y) * first);
  }

  /// Vector kernel behind apply().
  template <int Order, detail::Vectorised T>
  void pack(detail::Pack<T> x, detail::Pack<T>& a, detail::Pack<T>& d, detail::Pack<T>& s) const {
    detail::erf_kernel<Order>(x, a, d, s);
  }

private:
  template <class T>
  static T slope(const T& x) {
    return detail::exp(T(-(x * x))) * (2 * std::numbers::inv_sqrtpi_v<RealOf<T>>);
  }
  template <class T>
  static bool is_zero(const T& x) {
    return primal(x) == RealOf<T>(0);
  }
};

/// x itself: a linear layer.
struct Identity {
  /// Name for tables, files and the command line.
  static constexpr const char* name = "identity";
  /// Whether the function is analytic, so that complex arguments make sense.
  static constexpr bool is_holomorphic = true;

  /// f(x).
  template <Scalar T>
  T value(const T& x) const {
    return x;
  }
  /// f'(x).
  template <Scalar T>
  T derivative(const T&) const {
    return T(1);
  }
  /// f''(x).
  template <Scalar T>
  T second_derivative(const T&) const {
    return T(0);
  }

  /// Vector kernel behind apply().
  template <int Order, detail::Vectorised T>
  void pack(detail::Pack<T> x, detail::Pack<T>& a, detail::Pack<T>& d, detail::Pack<T>& s) const {
    detail::identity_kernel<Order>(x, a, d, s);
  }
};

/// Calls visitor with a default-constructed activation of the given name ("relu", "leaky-relu",
/// "tanh", "sigmoid", "softplus", "gelu", "erf", "identity") and returns what it returns: the one
/// place where a run-time name becomes a type.
/// @throws ArgumentError listing the valid names
template <class Visitor>
decltype(auto) with_activation(std::string_view name, Visitor&& visitor) {
  return detail::with_named<Relu, LeakyRelu, Tanh, Sigmoid, Softplus, Gelu, Erf, Identity>(
      "activation", name, std::forward<Visitor>(visitor));
}

/// a = f(z), elementwise; a may be z itself. Any matrices, maps or blocks of equal shape whose
/// columns are contiguous; nothing is allocated. Real float and double run through vector
/// instructions, to a few units in the last place of the scalar functions.
/// @param z  pre-activations, units x samples   @param a  activations, units x samples, written
/// @throws ShapeError if shapes differ
template <class A, class Z>
requires Activation<A, typename Z::Scalar>
void apply(const A& f, const Eigen::DenseBase<Z>& z, MatrixRef<typename Z::Scalar> a) {
  using T = typename Z::Scalar;
  const ConstMatrixRef<T> source(z.derived());
  require_shape(a, "a", z.rows(), z.cols());
  detail::for_contiguous(
      [&](Index n, const T* from, T* to) {
        detail::evaluate<0>(f, n, from, to, static_cast<T*>(nullptr), static_cast<T*>(nullptr));
      },
      source, a);
}

/// a = f(z) and d = f'(z) in one pass; either may be z itself.
/// @param z  pre-activations, units x samples   @param a, d  units x samples, written
/// @throws ShapeError if shapes differ
template <class A, class Z>
requires Activation<A, typename Z::Scalar>
void apply_with_derivative(const A& f, const Eigen::DenseBase<Z>& z,
                           MatrixRef<typename Z::Scalar> a, MatrixRef<typename Z::Scalar> d) {
  using T = typename Z::Scalar;
  const ConstMatrixRef<T> source(z.derived());
  require_shape(a, "a", z.rows(), z.cols());
  require_shape(d, "d", z.rows(), z.cols());
  detail::for_contiguous(
      [&](Index n, const T* from, T* to, T* first) {
        detail::evaluate<1>(f, n, from, to, first, static_cast<T*>(nullptr));
      },
      source, a, d);
}

/// z += b 1^T, then a = f(z) and d = f'(z), worked through in cache-sized panels: a layer's bias,
/// activation and slope in one pass over memory.
/// @param bias  b, one per unit   @param z  in: products, out: pre-activations, units x samples
/// @param a, d  units x samples, written
/// @throws ShapeError if shapes differ
template <class A, class B>
requires Activation<A, typename B::Scalar>
void add_bias_and_apply(const A& f, const Eigen::MatrixBase<B>& bias,
                        MatrixRef<typename B::Scalar> z, MatrixRef<typename B::Scalar> a,
                        MatrixRef<typename B::Scalar> d) {
  require_size(bias, "bias", z.rows());
  require_shape(a, "a", z.rows(), z.cols());
  require_shape(d, "d", z.rows(), z.cols());
  const Index panel = std::max<Index>(1, 2048 / std::max<Index>(1, z.rows()));
  for (Index j = 0; j < z.cols(); j += panel) {
    const Index cols = std::min(panel, z.cols() - j);
    z.middleCols(j, cols).colwise() += bias.derived();
    apply_with_derivative(f, z.middleCols(j, cols), a.middleCols(j, cols), d.middleCols(j, cols));
  }
}

/// a = f(z), d = f'(z) and d2 = f''(z) in one pass, for Hessian products; any may be z itself.
/// @param z  pre-activations, units x samples   @param a, d, d2  units x samples, written
/// @throws ShapeError if shapes differ
template <class A, class Z>
requires Activation<A, typename Z::Scalar>
void apply_with_derivatives(const A& f, const Eigen::DenseBase<Z>& z,
                            MatrixRef<typename Z::Scalar> a, MatrixRef<typename Z::Scalar> d,
                            MatrixRef<typename Z::Scalar> d2) {
  using T = typename Z::Scalar;
  const ConstMatrixRef<T> source(z.derived());
  require_shape(a, "a", z.rows(), z.cols());
  require_shape(d, "d", z.rows(), z.cols());
  require_shape(d2, "d2", z.rows(), z.cols());
  detail::for_contiguous([&](Index n, const T* from, T* to, T* first,
                             T* second) { detail::evaluate<2>(f, n, from, to, first, second); },
                         source, a, d, d2);
}

} // namespace gradus::nn
