// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <cmath>
#include <type_traits>

#include <gradus/core/error.hpp>
#include <gradus/core/scalar.hpp>
#include <gradus/core/types.hpp>
#include <gradus/optim/detail/checks.hpp>
#include <gradus/optim/detail/fused_pass.hpp>

namespace gradus::optim {

/// AdaDelta: steps in the unit of the parameters, from running means of squared gradients and of
/// squared steps:
///   g = gradient + weight_decay theta
///   squares = rho squares + (1 - rho) g^2
///   d = sqrt(steps + epsilon) / sqrt(squares + epsilon) g
///   theta -= learning_rate d
///   steps = rho steps + (1 - rho) d^2
/// Source: Zeiler 2012; learning_rate as in torch.optim.Adadelta. Memory: two numbers a parameter.
template <Scalar T>
struct Adadelta {
  /// Scalar type of parameters and values.
  using Value = T;
  /// Real type of the same precision.
  using Real = RealOf<T>;

  /// Factor of the step, >= 0; 1 in the paper.
  Real learning_rate = Real(1);
  /// Share of the running means that a step keeps, in [0, 1).
  Real rho = Real(0.9);
  /// Added inside both roots, > 0; it starts the motion.
  Real epsilon = Real(1e-6);
  /// L2 coefficient, >= 0, in units of loss / parameter^2.
  Real weight_decay = Real(0);

  /// What the rule remembers.
  struct State {
    /// Running mean of squared gradients (P).
    Vector<T> squares;
    /// Running mean of squared steps (P).
    Vector<T> steps;
    /// Steps taken.
    Index step = 0;
  };

  /// @throws ArgumentError that names the hyper-parameter outside its range
  void validate() const {
    detail::require_nonnegative(learning_rate, "learning_rate");
    detail::require_share(rho, "rho");
    require(epsilon > Real(0) && is_finite(epsilon), "epsilon", epsilon, "> 0, finite");
    detail::require_nonnegative(weight_decay, "weight_decay");
  }

  /// @param size  number of parameters P
  [[nodiscard]] State make_state(Index size) const {
    return {Vector<T>::Zero(size), Vector<T>::Zero(size), 0};
  }

  /// One step. @param theta (P), updated   @param gradient (P), finite
  /// @throws ShapeError if sizes differ, ArgumentError for a gradient that is not finite
  void update(VectorRef<T> theta, ConstVectorRef<T> gradient, State& state) const {
    const T rate(learning_rate);
    const T decay(weight_decay);
    const T keep(rho);
    const T add(Real(1) - rho);
    const T eps(epsilon);
    detail::fused_pass<T>(
        theta, gradient,
        [=](auto& x, const auto& gradient_at, auto& squares, auto& steps) {
          using std::sqrt;
          using V = std::decay_t<decltype(x)>;
          const V g = gradient_at + decay * x;
          squares = keep * squares + add * (g * g);
          const V d = sqrt(steps + eps) / sqrt(squares + eps) * g;
          x = x - rate * d;
          steps = keep * steps + add * (d * d);
        },
        state.squares, state.steps);
    ++state.step;
  }
};

} // namespace gradus::optim
