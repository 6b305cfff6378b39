// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <gradus/core/scalar.hpp>
#include <gradus/core/types.hpp>
#include <gradus/optim/detail/checks.hpp>
#include <gradus/optim/detail/fused_pass.hpp>

namespace gradus::optim {

/// (Stochastic) gradient descent:
///   theta -= learning_rate (gradient + weight_decay theta)
/// Source: Robbins and Monro 1951. Memory: none.
template <Scalar T>
struct Sgd {
  /// Scalar type of parameters and values.
  using Value = T;
  /// Real type of the same precision.
  using Real = RealOf<T>;
  /// The step is linear in theta, gradient and state.
  static constexpr bool is_linear = true;

  /// Step length, >= 0.
  Real learning_rate = Real(0.01);
  /// L2 coefficient, >= 0, in units of loss / parameter^2.
  Real weight_decay = Real(0);

  /// What the rule remembers: how many steps it took.
  struct State {
    /// Steps taken.
    Index step = 0;
  };

  /// @throws ArgumentError that names the hyper-parameter outside its range
  void validate() const {
    detail::require_nonnegative(learning_rate, "learning_rate");
    detail::require_nonnegative(weight_decay, "weight_decay");
  }

  /// @param size  number of parameters P
  [[nodiscard]] State make_state(Index /*size*/) const { return {}; }

  /// One step. @param theta (P), updated   @param gradient (P), finite
  /// @throws ShapeError if sizes differ, ArgumentError for a gradient that is not finite
  void update(VectorRef<T> theta, ConstVectorRef<T> gradient, State& state) const {
    const T rate(learning_rate);
    const T decay(weight_decay);
    detail::fused_pass<T>(theta, gradient,
                          [=](auto& x, const auto& g) { x = x - rate * (g + decay * x); });
    ++state.step;
  }
};

} // namespace gradus::optim
