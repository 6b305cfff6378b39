// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <type_traits>

#include <gradus/core/scalar.hpp>
#include <gradus/core/types.hpp>
#include <gradus/optim/detail/checks.hpp>
#include <gradus/optim/detail/fused_pass.hpp>

namespace gradus::optim {

/// Gradient descent with Nesterov's momentum:
///   g = gradient + weight_decay theta
///   buffer = momentum buffer + g
///   theta -= learning_rate (g + momentum buffer)
/// Source: Nesterov 1983 in the form of Sutskever et al. 2013, as in torch.optim.SGD. Memory: one
/// number a parameter.
template <Scalar T>
struct Nesterov {
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
    detail::require_nonnegative(weight_decay, "weight_decay");
  }

  /// @param size  number of parameters P
  [[nodiscard]] State make_state(Index size) const { return {Vector<T>::Zero(size), 0}; }

  /// One step. @param theta (P), updated   @param gradient (P), finite
  /// @throws ShapeError if sizes differ, ArgumentError for a gradient that is not finite
  void update(VectorRef<T> theta, ConstVectorRef<T> gradient, State& state) const {
    const T rate(learning_rate);
    const T decay(weight_decay);
    const T keep(momentum);
    detail::fused_pass<T>(
        theta, gradient,
        [=](auto& x, const auto& g, auto& buffer) {
          const auto full = std::decay_t<decltype(x)>(g + decay * x);
          buffer = keep * buffer + full;
          x = x - rate * (full + keep * buffer);
        },
        state.buffer);
    ++state.step;
  }
};

} // namespace gradus::optim
