// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <cmath>

#include <gradus/core/scalar.hpp>
#include <gradus/core/types.hpp>
#include <gradus/optim/detail/checks.hpp>
#include <gradus/optim/detail/fused_pass.hpp>

namespace gradus::optim {

/// Where epsilon enters the denominator of Adam's relatives; v is the running second moment, c its
/// bias correction 1 - beta2^t.
enum class EpsilonPlacement {
  outside,     ///< sqrt(v / c) + epsilon: Kingma and Ba's algorithm 1, torch.optim
  uncorrected, ///< (sqrt(v) + epsilon) / sqrt(c): as if epsilon shrank with sqrt(c) at first
  inside       ///< sqrt(v / c + epsilon)
};

/// What Adam and its relatives remember. Vectors that a rule does not use are empty.
template <Scalar T>
struct MomentState {
  Vector<T> first = {};    ///< running mean of gradients, m (P)
  Vector<T> second = {};   ///< running mean of squared gradients, v (P)
  Vector<T> largest = {};  ///< running maximum of v (P), for AMSGrad
  Vector<T> previous = {}; ///< previous gradient (P), for diffGrad
  /// Products of all beta1 and beta2 so far: 1 minus these corrects the bias of m and v towards
  /// their start at 0, schedules of beta included.
  RealOf<T> beta1_product = RealOf<T>(1);
  RealOf<T> beta2_product = RealOf<T>(1); ///< see beta1_product
  /// Steps taken.
  Index step = 0;
};

namespace detail {

/// The step of Adam's relatives in four numbers: x -= size m / (sqrt(scale v + inside) + outside).
template <Scalar T>
struct MomentStep {
  T size, scale, inside, outside;

  /// V is T or Pack<T>.
  template <class V>
  [[nodiscard]] V operator()(const V& m, const V& v) const {
    using std::sqrt;
    return size * m / (sqrt(scale * v + inside) + outside);
  }
};

/// Advances the clock of the state; the step for the present t.
/// Rule: learning_rate, beta1, beta2, epsilon, epsilon_placement, bias_correction.
template <class Rule, Scalar T>
[[nodiscard]] MomentStep<T> next_step(const Rule& rule, MomentState<T>& state) {
  using std::sqrt;
  using Real = RealOf<T>;
  state.beta1_product *= rule.beta1;
  state.beta2_product *= rule.beta2;
  ++state.step;
  const Real first = rule.bias_correction ? Real(1) - state.beta1_product : Real(1);
  const Real second = rule.bias_correction ? Real(1) - state.beta2_product : Real(1);
  const Real size = rule.learning_rate / first;
  switch (rule.epsilon_placement) {
  case EpsilonPlacement::uncorrected:
    return {T(Real(size * sqrt(second))), T(1), T(0), T(rule.epsilon)};
  case EpsilonPlacement::inside:
    return {T(size), T(Real(Real(1) / second)), T(rule.epsilon), T(0)};
  default:
    return {T(size), T(Real(Real(1) / second)), T(0), T(rule.epsilon)};
  }
}

/// m and v after gradient g; V is T or Pack<T>.
template <Scalar T>
struct MomentUpdate {
  T keep_first, add_first, keep_second, add_second;

  template <class Rule>
  explicit MomentUpdate(const Rule& rule)
      : keep_first(rule.beta1), add_first(RealOf<T>(1) - rule.beta1), keep_second(rule.beta2),
        add_second(RealOf<T>(1) - rule.beta2) {}

  template <class V>
  void operator()(const V& g, V& m, V& v) const {
    m = keep_first * m + add_first * g;
    v = keep_second * v + add_second * (g * g);
  }
};

/// @throws ArgumentError that names the hyper-parameter outside its range
template <class Rule>
void validate_moments(const Rule& rule) {
  require_nonnegative(rule.learning_rate, "learning_rate");
  require_share(rule.beta1, "beta1");
  require_share(rule.beta2, "beta2");
  require_nonnegative(rule.epsilon, "epsilon");
  require_nonnegative(rule.weight_decay, "weight_decay");
}

} // namespace detail
} // namespace gradus::optim
