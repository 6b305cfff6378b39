// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <algorithm>
#include <concepts>

#include <gradus/core/error.hpp>
#include <gradus/core/parallel.hpp>
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

namespace detail {

/// Calls body(start, length) over segments of [0, size) that stay in the cache, so that several
/// passes over a segment cost one pass over memory; in parallel when there is much to do.
template <class Body>
void for_each_segment(Index size, Body&& body) {
  constexpr Index segment = 1024;
  // Below a few hundred kilobytes one core finishes before a second one has woken up.
  constexpr Index serial_below = Index{1} << 16U;
  constexpr Index chunk = 16 * segment;
  const auto run = [&](Index begin, Index end) {
    for (Index start = begin; start < end; start += segment) {
      body(start, std::min(segment, end - start));
    }
  };
  if (size < serial_below) {
    run(0, size);
    return;
  }
  parallel_for((size + chunk - 1) / chunk,
               [&](Index c) { run(c * chunk, std::min(size, (c + 1) * chunk)); });
}

} // namespace detail
} // namespace gradus::optim
