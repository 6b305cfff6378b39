// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <gradus/core/error.hpp>
#include <gradus/core/types.hpp>
#include <gradus/optim/schedule.hpp>

namespace gradus::optim {

/// A schedule that moves once an epoch: the inner one counts epochs in the place of steps.
template <Schedule S>
struct PerEpoch {
  Index steps_per_epoch = 1; ///< >= 1
  S schedule = {};           ///< epoch -> factor

  /// @throws ArgumentError that names the field outside its range
  void validate() const {
    require(steps_per_epoch >= 1, "steps_per_epoch", steps_per_epoch, ">= 1");
    schedule.validate();
  }
  /// Factor after `step` steps.
  double operator()(Index step) const { return schedule(step / steps_per_epoch); }
};

template <class S>
PerEpoch(Index, S) -> PerEpoch<S>;

} // namespace gradus::optim
