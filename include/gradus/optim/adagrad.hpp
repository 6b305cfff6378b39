// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <cmath>

#include <gradus/core/scalar.hpp>
#include <gradus/core/types.hpp>
#include <gradus/optim/detail/checks.hpp>
#include <gradus/optim/detail/fused_pass.hpp>

namespace gradus::optim {

/// AdaGrad: steps shrink with the gradients seen, coordinate by coordinate:
///   g = gradient + weight_decay theta
///   sum += g^2
///   theta -= learning_rate / (1 + (t - 1) learning_rate_decay) g / (sqrt(sum) + epsilon)
/// Source: Duchi, Hazan, Singer 2011; learning_rate_decay as in torch.optim.Adagrad. Memory: one
/// number a parameter.
template <Scalar T>
struct Adagrad {
  /// Scalar type of parameters and values.
  using Value = T;
  /// Real type of the same precision.
  using Real = RealOf<T>;

  /// Step length, >= 0.
  Real learning_rate = Real(0.01);
  /// Growth of the divisor of the step length per step, >= 0.
  Real learning_rate_decay = Real(0);
  /// Where the sums of squares start, >= 0.
  Real initial_sum = Real(0);
  /// Added to the root, >= 0; 0 asks for gradients that are not 0 (or initial_sum > 0).
  Real epsilon = Real(1e-10);
  /// L2 coefficient, >= 0, in units of loss / parameter^2.
  Real weight_decay = Real(0);

  /// What the rule remembers.
  struct State {
    /// Sums of squared gradients (P).
    Vector<T> sum;
    /// Steps taken.
    Index step = 0;
  };

  /// @throws ArgumentError that names the hyper-parameter outside its range
  void validate() const {
    detail::require_nonnegative(learning_rate, "learning_rate");
    detail::require_nonnegative(learning_rate_decay, "learning_rate_decay");
    detail::require_nonnegative(initial_sum, "initial_sum");
    detail::require_nonnegative(epsilon, "epsilon");
    detail::require_nonnegative(weight_decay, "weight_decay");
  }

  /// @param size  number of parameters P
  [[nodiscard]] State make_state(Index size) const {
    return {Vector<T>::Constant(size, T(initial_sum)), 0};
  }

  /// One step. @param theta (P), updated   @param gradient (P), finite
  /// @throws ShapeError if sizes differ, ArgumentError for a gradient that is not finite
  void update(VectorRef<T> theta, ConstVectorRef<T> gradient, State& state) const {
    const T rate(learning_rate / (Real(1) + static_cast<Real>(state.step) * learning_rate_decay));
    const T decay(weight_decay);
    const T eps(epsilon);
    detail::fused_pass<T>(
        theta, gradient,
        [=](auto& x, const auto& gradient_at, auto& sum) {
          using std::sqrt;
          const std::decay_t<decltype(x)> g = gradient_at + decay * x;
          sum = sum + g * g;
          x = x - rate * g / (sqrt(sum) + eps);
        },
        state.sum);
    ++state.step;
  }
};

} // namespace gradus::optim
