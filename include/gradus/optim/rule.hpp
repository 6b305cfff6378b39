// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <concepts>

#include <gradus/core/types.hpp>

/// A rule turns a gradient into a step. It is a small value of named hyper-parameters; what it
/// remembers between steps is a State of its own, so runs can be copied and resumed.

namespace gradus::optim {

/// What an update rule offers: validate() its hyper-parameters, make a state for P parameters, and
/// update theta from a gradient, advancing the state's clock by one step.
template <class R>
concept Rule = std::copyable<R> &&
    requires(const R& rule, typename R::State& state, VectorRef<typename R::Value> theta,
             ConstVectorRef<typename R::Value> gradient) {
  typename R::Value;
  rule.validate();
  { rule.make_state(Index{1}) } -> std::same_as<typename R::State>;
  rule.update(theta, gradient, state);
};

/// True for a rule whose step is linear in (theta, gradient, state): its trajectory is the same in
/// any linear coordinates, which Gram-space training needs.
template <class R>
inline constexpr bool is_linear_rule = requires {
  requires R::is_linear;
};

} // namespace gradus::optim
