// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <type_traits>

#include <gradus/core/scalar.hpp>
#include <gradus/core/types.hpp>
#include <gradus/optim/detail/moments.hpp>

namespace gradus::optim {

/// AMSGrad: Adam whose denominator never shrinks. With m, v and g as in Adam,
///   w = max(w, v)
///   theta -= learning_rate mhat / (sqrt(what) + epsilon),  what = w / (1 - beta2^t)
/// Source: Reddi, Kale, Kumar 2018, algorithm 2, with Adam's bias corrections as in torch.optim.
/// Memory: three numbers a parameter.
template <Scalar T>
struct Amsgrad {
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

  /// What the rule remembers: m, v and w.
  using State = MomentState<T>;

  /// @throws ArgumentError that names the hyper-parameter outside its range
  void validate() const { detail::validate_moments(*this); }

  /// @param size  number of parameters P
  [[nodiscard]] State make_state(Index size) const {
    const Vector<T> zero = Vector<T>::Zero(size);
    return {.first = zero, .second = zero, .largest = zero};
  }

  /// One step. @param theta (P), updated   @param gradient (P), finite
  /// @throws ShapeError if sizes differ, ArgumentError for a gradient that is not finite
  void update(VectorRef<T> theta, ConstVectorRef<T> gradient, State& state) const {
    const auto step = detail::next_step(*this, state);
    const detail::MomentUpdate<T> moments(*this);
    const T decay(weight_decay);
    detail::fused_pass<T>(
        theta, gradient,
        [=](auto& x, const auto& g, auto& m, auto& v, auto& w) {
          moments(std::decay_t<decltype(x)>(g + decay * x), m, v);
          w = detail::larger(w, v);
          x = x - step(m, w);
        },
        state.first, state.second, state.largest);
  }
};

} // namespace gradus::optim
