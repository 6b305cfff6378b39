// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <algorithm>
#include <cmath>
#include <concepts>
#include <limits>

#include <gradus/core/error.hpp>
#include <gradus/core/scalar.hpp>
#include <gradus/core/types.hpp>
#include <gradus/nn/activation.hpp>
#include <gradus/nn/detail/elementwise.hpp>
#include <gradus/nn/detail/kernels.hpp>
#include <gradus/nn/detail/pack.hpp>

/// Surrogates of the sign function: binary networks put sign(z) forward and, as its derivative is 0
/// almost everywhere, the derivative of a surrogate f backward. Each is a small value with f and
/// the f' that is used in its place. Branches are decided by the plain real value.

namespace gradus::nn {

/// What a binary layer asks of a surrogate. value() is odd and, where the sign is to be estimated
/// well, near it; derivative() is even.
template <class S, class T = double>
concept Surrogate = std::copyable<S> && requires(const S& f, const T& x) {
  { S::name } -> std::convertible_to<const char*>;
  { f.value(x) } -> std::convertible_to<T>;
  { f.derivative(x) } -> std::convertible_to<T>;
};

/// -1 or +1: that of zero, of either sign, is +1; NaN stays NaN.
template <Scalar T>
[[nodiscard]] T binary_sign(const T& x) {
  const RealOf<T> real = primal(x);
  return real >= RealOf<T>(0) ? T(1) : real < RealOf<T>(0) ? T(-1) : x;
}

namespace detail {
/// |x|, continued analytically.
template <class T>
T magnitude(const T& x) {
  return primal(x) < RealOf<T>(0) ? T(-x) : x;
}
} // namespace detail

/// Straight-through estimator: f = clip(z, -1, 1), f' = 1 for |z| <= 1, otherwise 0.
/// Source: Hubara et al. 2016.
struct StraightThrough {
  /// Name for tables, files and the command line.
  static constexpr const char* name = "ste";

  /// f(x).
  template <Scalar T>
  [[nodiscard]] T value(const T& x) const {
    return primal(detail::magnitude(x)) > RealOf<T>(1) ? binary_sign(x) : x;
  }
  /// f'(x).
  template <Scalar T>
  [[nodiscard]] T derivative(const T& x) const {
    return primal(detail::magnitude(x)) <= RealOf<T>(1) ? T(1) : T(0);
  }
  /// Vector kernel behind surrogate_derivative().
  template <detail::Vectorised T>
  [[nodiscard]] detail::Pack<T> pack_derivative(detail::Pack<T> x) const {
    return select(abs(x) <= detail::Pack<T>(T(1)), detail::Pack<T>(T(1)), detail::Pack<T>(T(0)));
  }
};

/// Rectified straight-through estimator: f = sign(z) |z|^(1/o), and
///   f' = (1/o) |z|^((1-o)/o) for m < |z| <= t,  m^(1/o) / m for |z| <= m,  0 for |z| > t.
/// Order 1 is the straight-through estimator, large orders are near the sign. The flat middle has
/// the slope of the secant of f, so f' jumps by the factor o at m.
/// Source: Wu, Zheng, Liu, Zheng 2023, and their code for m and t.
class RectifiedStraightThrough {
public:
  /// Name for tables, files and the command line.
  static constexpr const char* name = "reste";

  /// @param order  o >= 1   @param flat  m >= 0; 0: no flat middle, and f' is infinite at 0 for
  ///        o > 1   @param clip  t >= m   @throws ArgumentError
  explicit RectifiedStraightThrough(double order = 1, double flat = 0.1, double clip = 1.5)
      : order_(order), flat_(flat), clip_(clip) {
    require(order >= 1 && std::isfinite(order), "order", order, ">= 1, finite");
    require(flat >= 0 && std::isfinite(flat), "flat", flat, ">= 0, finite");
    require(clip >= flat && std::isfinite(clip), "clip", clip, "at least flat, finite");
    flat_slope_ = flat > 0     ? std::pow(flat, 1 / order) / flat
                  : order == 1 ? 1
                               : std::numeric_limits<double>::infinity();
  }

  /// o.
  [[nodiscard]] double order() const { return order_; }
  /// m.
  [[nodiscard]] double flat() const { return flat_; }
  /// t.
  [[nodiscard]] double clip() const { return clip_; }

  /// f(x), which knows neither m nor t.
  template <Scalar T>
  [[nodiscard]] T value(const T& x) const {
    using std::pow;
    if (order_ == 1 || primal(x) == RealOf<T>(0)) {
      return x;
    }
    return binary_sign(x) * T(pow(detail::magnitude(x), RealOf<T>(1 / order_)));
  }
  /// f'(x).
  template <Scalar T>
  [[nodiscard]] T derivative(const T& x) const {
    using std::pow;
    const T size = detail::magnitude(x);
    if (primal(size) <= RealOf<T>(flat_)) {
      return T(RealOf<T>(flat_slope_));
    }
    if (primal(size) > RealOf<T>(clip_)) {
      return T(0);
    }
    return T(pow(size, RealOf<T>((1 - order_) / order_))) * RealOf<T>(1 / order_);
  }
  /// Vector kernel behind surrogate_derivative(): a few units in the last place.
  template <detail::Vectorised T>
  [[nodiscard]] detail::Pack<T> pack_derivative(detail::Pack<T> x) const {
    using detail::Pack;
    const Pack<T> size = abs(x);
    const Pack<T> power =
        static_cast<T>(1 / order_) * exp(static_cast<T>((1 - order_) / order_) * log(size));
    const Pack<T> inside =
        select(size <= Pack<T>(static_cast<T>(flat_)), Pack<T>(static_cast<T>(flat_slope_)), power);
    return select(Pack<T>(static_cast<T>(clip_)) < size, Pack<T>(T(0)), inside);
  }

private:
  double order_;
  double flat_;
  double clip_;
  double flat_slope_;
};

/// Error decay estimator: f = k tanh(t z), k = max(1/t, 1); f' is its derivative. Small t is the
/// identity, large t the sign. Source: Qin et al. 2020 (IR-Net).
class ErrorDecay {
public:
  /// Name for tables, files and the command line.
  static constexpr const char* name = "ede";

  /// @param steepness  t > 0   @throws ArgumentError
  explicit ErrorDecay(double steepness = 1)
      : steepness_(steepness), height_(std::max(1 / steepness, 1.0)) {
    require(steepness > 0 && std::isfinite(steepness), "steepness", steepness, "> 0, finite");
  }

  /// t.
  [[nodiscard]] double steepness() const { return steepness_; }

  /// f(x).
  template <Scalar T>
  [[nodiscard]] T value(const T& x) const {
    return Tanh().value(T(x * RealOf<T>(steepness_))) * RealOf<T>(height_);
  }
  /// f'(x).
  template <Scalar T>
  [[nodiscard]] T derivative(const T& x) const {
    return Tanh().derivative(T(x * RealOf<T>(steepness_))) * RealOf<T>(height_ * steepness_);
  }
  /// Vector kernel behind surrogate_derivative().
  template <detail::Vectorised T>
  [[nodiscard]] detail::Pack<T> pack_derivative(detail::Pack<T> x) const {
    detail::Pack<T> value, slope;
    detail::tanh_kernel<1>(static_cast<T>(steepness_) * x, value, slope, value);
    return static_cast<T>(height_ * steepness_) * slope;
  }

private:
  double steepness_;
  double height_;
};

/// A differentiable soft quantiser: f = tanh(k z) / tanh(k) for |z| <= 1, the sign beyond; f' its
/// derivative, 0 beyond. k = ln(2/a - 1) / 2 for the gap a = 1 - tanh(k) to the sign at |z| = 1.
/// Source: the shape of Gong et al. 2019 (DSQ), whose a is learned; here it is given.
class SoftQuantiser {
public:
  /// Name for tables, files and the command line.
  static constexpr const char* name = "dsq";

  /// @param gap  a in (0, 1)   @throws ArgumentError
  explicit SoftQuantiser(double gap = 0.2)
      : gap_(gap), steepness_(0.5 * std::log(2 / gap - 1)), height_(1 / (1 - gap)) {
    require(gap > 0 && gap < 1, "gap", gap, "in (0, 1)");
  }

  /// a.
  [[nodiscard]] double gap() const { return gap_; }
  /// k.
  [[nodiscard]] double steepness() const { return steepness_; }

  /// f(x).
  template <Scalar T>
  [[nodiscard]] T value(const T& x) const {
    if (primal(detail::magnitude(x)) > RealOf<T>(1)) {
      return binary_sign(x);
    }
    return Tanh().value(T(x * RealOf<T>(steepness_))) * RealOf<T>(height_);
  }
  /// f'(x).
  template <Scalar T>
  [[nodiscard]] T derivative(const T& x) const {
    if (primal(detail::magnitude(x)) > RealOf<T>(1)) {
      return T(0);
    }
    return Tanh().derivative(T(x * RealOf<T>(steepness_))) * RealOf<T>(height_ * steepness_);
  }
  /// Vector kernel behind surrogate_derivative().
  template <detail::Vectorised T>
  [[nodiscard]] detail::Pack<T> pack_derivative(detail::Pack<T> x) const {
    using detail::Pack;
    Pack<T> value, slope;
    detail::tanh_kernel<1>(static_cast<T>(steepness_) * x, value, slope, value);
    return select(Pack<T>(T(1)) < abs(x), Pack<T>(T(0)),
                  static_cast<T>(height_ * steepness_) * slope);
  }

private:
  double gap_;
  double steepness_;
  double height_;
};

namespace detail {

/// A surrogate's derivative, in the shape that evaluate() takes.
template <class S>
struct DerivativeOf {
  const S& surrogate;

  template <class T>
  T value(const T& x) const {
    return surrogate.derivative(x);
  }
  template <int Order, Vectorised T>
  void pack(Pack<T> x, Pack<T>& a, Pack<T>&, Pack<T>&) const requires requires {
    surrogate.pack_derivative(x);
  }
  { a = surrogate.pack_derivative(x); }
};

/// binary_sign(), in the same shape.
struct SignOf {
  template <class T>
  T value(const T& x) const {
    return binary_sign(x);
  }
  template <int Order, Vectorised T>
  void pack(Pack<T> x, Pack<T>& a, Pack<T>&, Pack<T>&) const {
    const Pack<T> zero(T(0));
    a = select(zero <= x, Pack<T>(T(1)), select(x < zero, Pack<T>(T(-1)), x));
  }
};

/// out = f(z), entry by entry, for one of the two above.
template <class F, class T>
void map_entries(const F& f, ConstMatrixRef<T> z, MatrixRef<T> out, const char* argument) {
  require_shape(out, argument, z.rows(), z.cols());
  for_contiguous(
      [&](Index n, const T* from, T* to) {
        evaluate<0>(f, n, from, to, static_cast<T*>(nullptr), static_cast<T*>(nullptr));
      },
      z, out);
}

} // namespace detail

/// d = f'(z), entry by entry; d may be z itself. Nothing is allocated.
/// @param z, d  of one shape, columns contiguous   @throws ShapeError
template <class S, Scalar T>
requires Surrogate<S, T>
void surrogate_derivative(const S& surrogate, ConstMatrixRef<T> z, MatrixRef<T> d) {
  detail::map_entries<detail::DerivativeOf<S>, T>({surrogate}, z, d, "d");
}

/// signs = binary_sign(z), entry by entry; signs may be z itself. Nothing is allocated.
/// @throws ShapeError
template <Scalar T>
void binary_signs(ConstMatrixRef<T> z, MatrixRef<T> signs) {
  detail::map_entries<detail::SignOf, T>({}, z, signs, "signs");
}

} // namespace gradus::nn
