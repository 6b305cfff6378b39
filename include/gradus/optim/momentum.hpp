// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <gradus/core/error.hpp>
#include <gradus/core/scalar.hpp>
#include <gradus/core/types.hpp>
#include <gradus/optim/detail/checks.hpp>
#include <gradus/optim/detail/fused_pass.hpp>

namespace gradus::optim {

/// Gradient descent with heavy-ball momentum:
///   g = gradient + weight_decay theta
///   buffer = g at the first step, then momentum buffer + (1 - dampening) g
///   theta -= learning_rate buffer
/// The weight decay is the L2 kind: it passes through the momentum.
/// Source: Polyak 1964; first step and dampening as in torch.optim.SGD. Memory: one number a
/// parameter.
template <Scalar T>
struct Momentum {
  /// Scalar type of parameters and values.
  using Value = T;
  /// Real type of the same precision.
  using Real = RealOf<T>;
  /// The step is linear in theta, gradient and state.
  static constexpr bool is_linear = true;

  /// Step length, >= 0.
  Real learning_rate = Real(0.01);
  /// In [0, 1).
  Real momentum = Real(0.9);
  /// Share of the gradient kept out of the buffer after the first step, in [0, 1].
  Real dampening = Real(0);
  /// L2 coefficient, >= 0, in units of loss / parameter^2.
  Real weight_decay = Real(0);

  /// What the rule remembers.
  struct State {
    /// Decaying sum of gradients (P).
    Vector<T> buffer;
    /// Steps taken.
    Index step = 0;
  };

  /// @throws ArgumentError that names the hyper-parameter outside its range
  void validate() const {
    detail::require_nonnegative(learning_rate, "learning_rate");
    detail::require_share(momentum, "momentum");
    require(dampening >= Real(0) && dampening <= Real(1), "dampening", dampening, "in [0, 1]");
    detail::require_nonnegative(weight_decay, "weight_decay");
  }

  /// @param size  number of parameters P
  [[nodiscard]] State make_state(Index size) const { return {Vector<T>::Zero(size), 0}; }

  /// One step. @param theta (P), updated   @param gradient (P), finite
  /// @throws ShapeError if sizes differ, ArgumentError for a gradient that is not finite
  void update(VectorRef<T> theta, ConstVectorRef<T> gradient, State& state) const {
    const bool first = state.step == 0;
    const T rate(learning_rate);
    const T decay(weight_decay);
    const T keep = first ? T(0) : T(momentum);
    const T add = first ? T(1) : T(Real(1) - dampening);
    detail::fused_pass<T>(
        theta, gradient,
        [=](auto& x, const auto& g, auto& buffer) {
          buffer = keep * buffer + add * (g + decay * x);
          x = x - rate * buffer;
        },
        state.buffer);
    ++state.step;
  }
};

} // namespace gradus::optim
