// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <gradus/core/scalar.hpp>
#include <gradus/core/types.hpp>
#include <gradus/optim/detail/moments.hpp>

namespace gradus::optim {

/// AdamW: Adam with decoupled weight decay, which does not pass through the running means:
///   theta *= 1 - learning_rate weight_decay, then Adam's step with the gradient from before
/// With amsgrad = true the denominator is AMSGrad's.
/// Source: Loshchilov and Hutter 2019, algorithm 2 (the decay scaled by the learning rate, as in
/// torch.optim.AdamW). Memory: two numbers a parameter, three with amsgrad.
template <Scalar T>
struct AdamW {
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
  /// Rate of decay, >= 0: per step, parameters lose this share times the learning rate.
  Real weight_decay = Real(0.01);
  /// Whether the denominator keeps its maximum.
  bool amsgrad = false;
  /// Whether m and v are corrected for their start at 0.
  bool bias_correction = true;
  /// Where epsilon enters.
  EpsilonPlacement epsilon_placement = EpsilonPlacement::outside;

  /// What the rule remembers: m, v, and with amsgrad the maximum of v.
  using State = MomentState<T>;

  /// @throws ArgumentError that names the hyper-parameter outside its range
  void validate() const { detail::validate_moments(*this); }

  /// @param size  number of parameters P
  [[nodiscard]] State make_state(Index size) const {
    const Vector<T> zero = Vector<T>::Zero(size);
    return {.first = zero, .second = zero, .largest = amsgrad ? zero : Vector<T>()};
  }

  /// One step. @param theta (P), updated   @param gradient (P), finite
  /// @throws ShapeError if sizes differ, ArgumentError for a gradient that is not finite
  void update(VectorRef<T> theta, ConstVectorRef<T> gradient, State& state) const {
    const auto step = detail::next_step(*this, state);
    const detail::MomentUpdate<T> moments(*this);
    const T shrink(Real(1) - learning_rate * weight_decay);
    if (amsgrad) {
      detail::fused_pass<T>(
          theta, gradient,
          [=](auto& x, const auto& g, auto& m, auto& v, auto& w) {
            moments(g, m, v);
            w = detail::larger(w, v);
            x = shrink * x - step(m, w);
          },
          state.first, state.second, state.largest);
    } else {
      detail::fused_pass<T>(
          theta, gradient,
          [=](auto& x, const auto& g, auto& m, auto& v) {
            moments(g, m, v);
            x = shrink * x - step(m, v);
          },
          state.first, state.second);
    }
  }
};

} // namespace gradus::optim
