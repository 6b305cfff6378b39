// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <algorithm>
#include <cmath>
#include <concepts>
#include <numbers>
#include <utility>

#include <gradus/core/error.hpp>
#include <gradus/core/types.hpp>

/// Schedules: functions from the number of steps taken, 0, 1, 2 ..., to a factor, usually of the
/// learning rate. optim::Scheduled applies one to a rule.

namespace gradus::optim {

/// What a schedule is: step -> factor, and it can be validated.
template <class S>
concept Schedule = std::copyable<S> && requires(const S& schedule, Index step) {
  { schedule(step) } -> std::convertible_to<double>;
  schedule.validate();
};

/// The same factor for ever.
struct ConstantSchedule {
  double factor = 1; ///< any number >= 0

  /// @throws ArgumentError for a factor below 0 or not finite
  void validate() const {
    require(factor >= 0 && std::isfinite(factor), "factor", factor, ">= 0, finite");
  }
  /// Factor after `step` steps.
  double operator()(Index /*step*/) const { return factor; }
};

/// factor^(number of whole intervals passed): 1, then `factor` from step `every` on, and so on.
struct StepSchedule {
  Index every = 1;     ///< steps of an interval, >= 1
  double factor = 0.1; ///< >= 0

  /// @throws ArgumentError that names the field outside its range
  void validate() const {
    require(every >= 1, "every", every, ">= 1");
    require(factor >= 0 && std::isfinite(factor), "factor", factor, ">= 0, finite");
  }
  /// Factor after `step` steps.
  double operator()(Index step) const {
    return std::pow(factor, static_cast<double>(step / every));
  }
};

/// ratio^step.
struct ExponentialSchedule {
  double ratio = 0.999; ///< in [0, 1]

  /// @throws ArgumentError for a ratio outside [0, 1]
  void validate() const { require(ratio >= 0 && ratio <= 1, "ratio", ratio, "in [0, 1]"); }
  /// Factor after `step` steps.
  double operator()(Index step) const { return std::pow(ratio, static_cast<double>(step)); }
};

/// Half a cosine from 1 down to `final` at step `steps`, and `final` from then on.
/// Source: Loshchilov and Hutter 2017, without restarts.
struct CosineSchedule {
  Index steps = 1;  ///< length, >= 1
  double final = 0; ///< in [0, 1]

  /// @throws ArgumentError that names the field outside its range
  void validate() const {
    require(steps >= 1, "steps", steps, ">= 1");
    require(final >= 0 && final <= 1, "final", final, "in [0, 1]");
  }
  /// Factor after `step` steps.
  double operator()(Index step) const {
    const double share = std::min(1.0, static_cast<double>(step) / static_cast<double>(steps));
    return final + (1 - final) * 0.5 * (1 + std::cos(std::numbers::pi * share));
  }
};

/// 1 / sqrt(1 + step / scale); with scale = 1 the 1 / sqrt(t) of regret bounds, t = step + 1.
struct InverseSqrtSchedule {
  double scale = 1; ///< steps after which the factor is 1 / sqrt(2), > 0

  /// @throws ArgumentError unless scale > 0
  void validate() const {
    require(scale > 0 && std::isfinite(scale), "scale", scale, "> 0, finite");
  }
  /// Factor after `step` steps.
  double operator()(Index step) const {
    return 1 / std::sqrt(1 + static_cast<double>(step) / scale);
  }
};

/// A linear ramp from 1 / steps to 1 over the first `steps` steps, then another schedule, which
/// starts its own clock there.
template <Schedule Then = ConstantSchedule>
struct WarmUp {
  Index steps = 1; ///< length of the ramp, >= 0
  Then then = {};  ///< what follows

  /// @throws ArgumentError that names the field outside its range
  void validate() const {
    require(steps >= 0, "steps", steps, ">= 0");
    then.validate();
  }
  /// Factor after `step` steps.
  double operator()(Index step) const {
    if (step < steps) {
      return then(0) * static_cast<double>(step + 1) / static_cast<double>(steps);
    }
    return then(step - steps);
  }
};

template <class Then>
WarmUp(Index, Then) -> WarmUp<Then>;

} // namespace gradus::optim
