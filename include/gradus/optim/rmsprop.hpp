// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <cmath>
#include <type_traits>

#include <gradus/core/scalar.hpp>
#include <gradus/core/types.hpp>
#include <gradus/optim/detail/checks.hpp>
#include <gradus/optim/detail/fused_pass.hpp>

namespace gradus::optim {

/// RMSProp: the gradient over a running root mean square of it:
///   g = gradient + weight_decay theta
///   squares = alpha squares + (1 - alpha) g^2
///   mean = alpha mean + (1 - alpha) g,  v = squares - mean^2   if centered, else v = squares
///   d = g / (sqrt(v) + epsilon)
///   buffer = momentum buffer + d,  theta -= learning_rate buffer   (momentum 0: buffer is d)
/// Source: Tieleman and Hinton 2012; centered: Graves 2013; both as in torch.optim.RMSprop. Memory:
/// one number a parameter, one more if centered and one more with momentum.
template <Scalar T>
struct Rmsprop {
  /// Scalar type of parameters and values.
  using Value = T;
  /// Real type of the same precision.
  using Real = RealOf<T>;

  /// Step length, >= 0.
  Real learning_rate = Real(0.01);
  /// Share of the running means that a step keeps, in [0, 1).
  Real alpha = Real(0.99);
  /// Added to the root, >= 0.
  Real epsilon = Real(1e-8);
  /// In [0, 1).
  Real momentum = Real(0);
  /// Whether the variance of gradients takes the place of their mean square.
  bool centered = false;
  /// L2 coefficient, >= 0, in units of loss / parameter^2.
  Real weight_decay = Real(0);

  /// What the rule remembers; empty where it is not used.
  struct State {
    /// Running mean of squared gradients (P).
    Vector<T> squares;
    /// Running mean of gradients (P), if centered.
    Vector<T> mean;
    /// Decaying sum of steps (P), with momentum.
    Vector<T> buffer;
    /// Steps taken.
    Index step = 0;
  };

  /// @throws ArgumentError that names the hyper-parameter outside its range
  void validate() const {
    detail::require_nonnegative(learning_rate, "learning_rate");
    detail::require_share(alpha, "alpha");
    detail::require_nonnegative(epsilon, "epsilon");
    detail::require_share(momentum, "momentum");
    detail::require_nonnegative(weight_decay, "weight_decay");
  }

  /// @param size  number of parameters P
  [[nodiscard]] State make_state(Index size) const {
    const Vector<T> zero = Vector<T>::Zero(size);
    return {zero, centered ? zero : Vector<T>(), momentum > Real(0) ? zero : Vector<T>(), 0};
  }

  /// One step. @param theta (P), updated   @param gradient (P), finite
  /// @throws ShapeError if sizes differ, ArgumentError for a gradient that is not finite
  void update(VectorRef<T> theta, ConstVectorRef<T> gradient, State& state) const {
    using std::sqrt;
    const T rate(learning_rate);
    const T decay(weight_decay);
    const T keep(alpha);
    const T add(Real(1) - alpha);
    const T eps(epsilon);
    const T inertia(momentum);
    // d of the formula; the last argument is the mean, if there is one.
    const auto direction = [=](const auto& x, const auto& gradient_at, auto& squares,
                               auto&... mean) {
      using V = std::decay_t<decltype(x)>;
      const V g = gradient_at + decay * x;
      squares = keep * squares + add * (g * g);
      V v = squares;
      ((mean = keep * mean + add * g, v = v - mean * mean), ...);
      // Rounding may leave a variance below 0.
      v = detail::larger(v, V(T(0)));
      return V(g / (sqrt(v) + eps));
    };
    const auto plain = [=](auto& x, const auto& g, auto&... means) {
      x = x - rate * direction(x, g, means...);
    };
    const auto heavy = [=](auto& x, const auto& g, auto& buffer, auto&... means) {
      buffer = inertia * buffer + direction(x, g, means...);
      x = x - rate * buffer;
    };
    if (momentum == Real(0)) {
      centered ? detail::fused_pass<T>(theta, gradient, plain, state.squares, state.mean)
               : detail::fused_pass<T>(theta, gradient, plain, state.squares);
    } else {
      centered
          ? detail::fused_pass<T>(theta, gradient, heavy, state.buffer, state.squares, state.mean)
          : detail::fused_pass<T>(theta, gradient, heavy, state.buffer, state.squares);
    }
    ++state.step;
  }
};

} // namespace gradus::optim
