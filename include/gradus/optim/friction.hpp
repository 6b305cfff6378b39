// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <cmath>

#include <gradus/core/detail/pack.hpp>
#include <gradus/core/scalar.hpp>
#include <gradus/optim/detail/fused_pass.hpp>

/// Friction coefficients for DiffGrad: functions of the previous gradient, the present one and the
/// running mean m (with the present gradient in it), coordinate by coordinate.
///
/// The formulas numbered 3 to 5 of the paper's ablation are not among them: the paper's text is
/// their only source, and no code of theirs is public.

namespace gradus::optim {
namespace detail {

/// 1 / (1 + exp(-x)); exp overflows to infinity for very negative x, and the result is 0.
template <class V>
[[nodiscard]] V logistic(const V& x) {
  using std::exp;
  return V(1.0F) / (V(1.0F) + exp(-x));
}

/// The number x as a V.
template <class V>
struct Constant {
  static V of(double x) { return V(RealOf<V>(x)); }
};
template <class T>
struct Constant<Pack<T>> {
  static Pack<T> of(double x) { return Pack<T>(static_cast<T>(x)); }
};

} // namespace detail

/// What a friction coefficient depends on; V is a number or a pack of them.
template <class V>
struct FrictionInput {
  V previous; ///< previous gradient; 0 at the first step
  V gradient; ///< present gradient
  V mean;     ///< running mean m, the present gradient included
  bool first; ///< whether this is the first step
};

/// xi = sigmoid(|g_{t-1} - g_t|), in [1/2, 1): the paper's rule (version 0).
/// Source: Dubey et al. 2019, equation 8 and authors' code.
struct GradientChange {
  /// The coefficient.
  template <class V>
  [[nodiscard]] V operator()(const FrictionInput<V>& at) const {
    return detail::logistic(detail::magnitude(V(at.previous - at.gradient)));
  }
};

/// xi = sigmoid(g_{t-1} - g_t), in (0, 1): version 1 of the paper's ablation, without the absolute
/// value. Source: as third-party implementations describe it.
struct SignedGradientChange {
  /// The coefficient.
  template <class V>
  [[nodiscard]] V operator()(const FrictionInput<V>& at) const {
    return detail::logistic(V(at.previous - at.gradient));
  }
};

/// xi = 9 sigmoid(|g_{t-1} - g_t| / 2) - 4, in [1/2, 5). Source: a third-party implementation
/// ("DFC2").
struct WideGradientChange {
  /// The coefficient.
  template <class V>
  [[nodiscard]] V operator()(const FrictionInput<V>& at) const {
    const V change = detail::magnitude(V(at.previous - at.gradient));
    return V(9.0F) * detail::logistic(V(V(0.5F) * change)) - V(4.0F);
  }
};

/// xi = sigmoid(|m_t - g_t|), in [1/2, 1): how far the gradient is from its running mean. Ours, for
/// comparison.
struct MeanDistance {
  /// The coefficient.
  template <class V>
  [[nodiscard]] V operator()(const FrictionInput<V>& at) const {
    return detail::logistic(detail::magnitude(V(at.mean - at.gradient)));
  }
};

/// What the first published code computes when the buffer of gradients is reused: the "previous"
/// gradient is the present one, so xi = 1/2 from the second step on.
struct AliasedGradientChange {
  /// The coefficient.
  template <class V>
  [[nodiscard]] V operator()(const FrictionInput<V>& at) const {
    return at.first ? GradientChange{}(at) : V(0.5F);
  }
};

/// The same coefficient for every coordinate at all times: 1/2 makes Adam at half the learning
/// rate, 1 makes Adam.
struct ConstantFriction {
  double value = 0.5; ///< the coefficient
  /// The coefficient.
  template <class V>
  [[nodiscard]] V operator()(const FrictionInput<V>& /*at*/) const {
    return detail::Constant<V>::of(value);
  }
};

} // namespace gradus::optim
