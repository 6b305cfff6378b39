// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <type_traits>

#include <gradus/core/scalar.hpp>
#include <gradus/core/types.hpp>
#include <gradus/optim/detail/checks.hpp>
#include <gradus/optim/detail/fused_pass.hpp>

namespace gradus::optim {

namespace detail {

/// -1, 0 or 1; of a complex number the sign of its real part, which is how it goes on analytically.
template <Scalar T>
[[nodiscard]] T sign(const T& x) {
  const auto real = primal(x);
  using Real = decltype(real + real);
  return real > Real(0) ? T(1) : real < Real(0) ? T(-1) : T(0);
}
template <class T>
[[nodiscard]] Pack<T> sign(Pack<T> x) {
  const Pack<T> zero(T(0));
  return select(zero < x, Pack<T>(T(1)), select(x < zero, Pack<T>(T(-1)), zero));
}

} // namespace detail

/// Sign descent: every coordinate moves by the same length,
///   theta -= learning_rate sign(gradient + weight_decay theta),  sign(0) = 0.
/// It is Adam without memory (beta1 = beta2 = 0, epsilon = 0), and steepest descent in the largest
/// coordinate's norm. Source: Bernstein et al. 2018 (signSGD). Memory: none.
template <Scalar T>
struct SignDescent {
  /// Scalar type of parameters and values.
  using Value = T;
  /// Real type of the same precision.
  using Real = RealOf<T>;

  /// Length of a step in every coordinate, >= 0.
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
    detail::fused_pass<T>(theta, gradient, [=](auto& x, const auto& g) {
      x = x - rate * detail::sign(std::decay_t<decltype(x)>(g + decay * x));
    });
    ++state.step;
  }
};

} // namespace gradus::optim
