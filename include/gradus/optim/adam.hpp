// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <type_traits>

#include <gradus/core/scalar.hpp>
#include <gradus/core/types.hpp>
#include <gradus/optim/detail/moments.hpp>

namespace gradus::optim {

/// Adam: running means of gradient and squared gradient, both corrected for their start at 0:
///   g = gradient + weight_decay theta
///   m = beta1 m + (1 - beta1) g,  v = beta2 v + (1 - beta2) g^2
///   theta -= learning_rate mhat / (sqrt(vhat) + epsilon),
///   mhat = m / (1 - beta1^t),  vhat = v / (1 - beta2^t)
/// The weight decay is the L2 kind; see AdamW for the decoupled one.
/// Source: Kingma and Ba 2015, algorithm 1. Memory: two numbers a parameter.
template <Scalar T>
struct Adam {
  /// Scalar type of parameters and values.
  using Value = T;
  /// Real type of the same precision.
  using Real = RealOf<T>;

  /// Step length, >= 0.
  Real learning_rate = Real(1e-3);
  /// Share of the running mean of gradients that a step keeps, in [0, 1).
  Real beta1 = Real(0.9);
  /// Share of the running mean of squared gradients that a step keeps, in [0, 1).
  Real beta2 = Real(0.999);
  /// Keeps the denominator from 0, >= 0.
  Real epsilon = Real(1e-8);
  /// L2 coefficient, >= 0, in units of loss / parameter^2.
  Real weight_decay = Real(0);
  /// Whether m and v are corrected for their start at 0.
  bool bias_correction = true;
  /// Where epsilon enters.
  EpsilonPlacement epsilon_placement = EpsilonPlacement::outside;

  /// What the rule remembers: m and v.
  using State = MomentState<T>;

  /// @throws ArgumentError that names the hyper-parameter outside its range
  void validate() const { detail::validate_moments(*this); }

  /// @param size  number of parameters P
  [[nodiscard]] State make_state(Index size) const {
    return {.first = Vector<T>::Zero(size), .second = Vector<T>::Zero(size)};
  }

  /// One step. @param theta (P), updated   @param gradient (P), finite
  /// @throws ShapeError if sizes differ, ArgumentError for a gradient that is not finite
  void update(VectorRef<T> theta, ConstVectorRef<T> gradient, State& state) const {
    const auto step = detail::next_step(*this, state);
    const detail::MomentUpdate<T> moments(*this);
    const T decay(weight_decay);
    detail::fused_pass<T>(
        theta, gradient,
        [=](auto& x, const auto& g, auto& m, auto& v) {
          moments(std::decay_t<decltype(x)>(g + decay * x), m, v);
          x = x - step(m, v);
        },
        state.first, state.second);
  }
};

} // namespace gradus::optim
