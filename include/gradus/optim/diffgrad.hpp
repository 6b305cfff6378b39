// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <type_traits>

#include <gradus/core/scalar.hpp>
#include <gradus/core/types.hpp>
#include <gradus/optim/detail/moments.hpp>
#include <gradus/optim/friction.hpp>

namespace gradus::optim {

/// diffGrad: Adam's step times a friction coefficient that depends on how the gradient changes.
/// With g, m, v, mhat and vhat as in Adam,
///   xi = friction(g_{t-1}, g_t, m),  sigmoid(|g_{t-1} - g_t|) in the paper, g_0 = 0
///   theta -= learning_rate xi mhat / (sqrt(vhat) + epsilon)
/// The authors' code does not correct epsilon for bias: epsilon_placement = uncorrected. With
/// amsgrad = true the denominator is AMSGrad's. The weight decay is the L2 kind; it is part of
/// g_{t-1} too.
/// Source: Dubey et al. 2019 (arXiv 1909.11015), equations 8 to 10. Memory: three numbers a
/// parameter, four with amsgrad.
/// @tparam Friction  a function of FrictionInput; see optim/friction.hpp
template <Scalar T, class Friction = GradientChange>
struct DiffGrad {
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
  /// The friction coefficient.
  Friction friction = {};
  /// Whether the denominator keeps its maximum.
  bool amsgrad = false;
  /// Whether m and v are corrected for their start at 0.
  bool bias_correction = true;
  /// Where epsilon enters.
  EpsilonPlacement epsilon_placement = EpsilonPlacement::outside;

  /// What the rule remembers: m, v, the previous gradient, and with amsgrad the maximum of v.
  using State = MomentState<T>;

  /// @throws ArgumentError that names the hyper-parameter outside its range
  void validate() const { detail::validate_moments(*this); }

  /// @param size  number of parameters P
  [[nodiscard]] State make_state(Index size) const {
    const Vector<T> zero = Vector<T>::Zero(size);
    return {
        .first = zero, .second = zero, .largest = amsgrad ? zero : Vector<T>(), .previous = zero};
  }

  /// One step. @param theta (P), updated   @param gradient (P), finite
  /// @throws ShapeError if sizes differ, ArgumentError for a gradient that is not finite
  void update(VectorRef<T> theta, ConstVectorRef<T> gradient, State& state) const {
    const bool first = state.step == 0;
    const auto step = detail::next_step(*this, state);
    const detail::MomentUpdate<T> moments(*this);
    const T decay(weight_decay);
    const auto kernel = [=, *this](auto& x, const auto& gradient_at, auto& m, auto& v,
                                   auto& previous, auto&... largest) {
      using V = std::decay_t<decltype(x)>;
      const V g = gradient_at + decay * x;
      moments(g, m, v);
      V w = v;
      ((largest = detail::larger(largest, v), w = largest), ...);
      x = x - friction(FrictionInput<V>{previous, g, m, first}) * step(m, w);
      previous = g;
    };
    if (amsgrad) {
      detail::fused_pass<T>(theta, gradient, kernel, state.first, state.second, state.previous,
                            state.largest);
    } else {
      detail::fused_pass<T>(theta, gradient, kernel, state.first, state.second, state.previous);
    }
  }
};

/// The friction coefficients xi (P) of a step that `rule` would take from `state` with this
/// gradient: an observer's view, which changes nothing.
/// @throws ShapeError if sizes differ
template <Scalar T, class Friction>
[[nodiscard]] Vector<T> friction_coefficients(const DiffGrad<T, Friction>& rule,
                                              const MomentState<T>& state,
                                              ConstVectorRef<std::type_identity_t<T>> theta,
                                              ConstVectorRef<std::type_identity_t<T>> gradient) {
  require_size(gradient, "gradient", theta.size());
  require_size(state.first, "state", theta.size());
  Vector<T> xi(theta.size());
  for (Index i = 0; i < theta.size(); ++i) {
    const T g = gradient(i) + T(rule.weight_decay) * theta(i);
    const T mean = T(rule.beta1) * state.first(i) + T(RealOf<T>(1) - rule.beta1) * g;
    xi(i) = rule.friction(FrictionInput<T>{state.previous(i), g, mean, state.step == 0});
  }
  return xi;
}

} // namespace gradus::optim
