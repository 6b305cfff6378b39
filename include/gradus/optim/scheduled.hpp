// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <functional>

#include <gradus/core/error.hpp>
#include <gradus/core/scalar.hpp>
#include <gradus/core/types.hpp>
#include <gradus/optim/rule.hpp>
#include <gradus/optim/schedule.hpp>

namespace gradus::optim {

/// A rule one of whose hyper-parameters follows a schedule: before each step it is set to its own
/// value times schedule(steps taken so far).
///
///   Scheduled{Adam<double>{.learning_rate = 0.1}, CosineSchedule{.steps = 1000}}
///   Scheduled{rule, ExponentialSchedule{.ratio = 0.999}, &Adam<double>::beta1}
///
/// Wrap twice for two schedules; the inner rule's members are reached by a function:
///   Scheduled{Scheduled{adam, beta1_schedule, &Adam<double>::beta1}, schedule,
///             [](auto& inner) -> auto& { return inner.rule.learning_rate; }}
template <Rule R, Schedule S, class Parameter = RealOf<typename R::Value> R::*>
struct Scheduled {
  /// Scalar type of parameters and values.
  using Value = typename R::Value;
  /// Real type of the same precision.
  using Real = RealOf<Value>;
  /// A schedule keeps a linear step linear.
  static constexpr bool is_linear = is_linear_rule<R>;

  /// The rule, with the hyper-parameter as the schedule's factor 1 means it.
  R rule;
  /// Factor of the hyper-parameter.
  S schedule;
  /// Which hyper-parameter: a pointer to a member of R, or a function R& -> Real&.
  Parameter parameter;

  /// @param which  the hyper-parameter, the learning rate by default
  Scheduled(R base, S factor, Parameter which) : rule(base), schedule(factor), parameter(which) {}
  /// The learning rate follows the schedule.
  Scheduled(R base, S factor) : rule(base), schedule(factor), parameter(&R::learning_rate) {}

  /// What the rule remembers.
  struct State {
    /// State of the rule inside.
    typename R::State inner;
    /// Steps taken.
    Index step = 0;
  };

  /// @throws ArgumentError that names the hyper-parameter outside its range
  void validate() const {
    rule.validate();
    schedule.validate();
  }

  /// @param size  number of parameters P
  [[nodiscard]] State make_state(Index size) const { return {rule.make_state(size), 0}; }

  /// The rule as it is after `step` steps.
  [[nodiscard]] R at(Index step) const {
    R now = rule;
    std::invoke(parameter, now) *= static_cast<Real>(schedule(step));
    return now;
  }

  /// One step. @param theta (P), updated   @param gradient (P), finite
  /// @throws ShapeError if sizes differ, ArgumentError for a gradient that is not finite
  void update(VectorRef<Value> theta, ConstVectorRef<Value> gradient, State& state) const {
    at(state.step).update(theta, gradient, state.inner);
    ++state.step;
  }
};

template <class R, class S>
Scheduled(R, S) -> Scheduled<R, S>;
template <class R, class S, class Parameter>
Scheduled(R, S, Parameter) -> Scheduled<R, S, Parameter>;

} // namespace gradus::optim
