// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <cmath>
#include <vector>

#include <gradus/core/error.hpp>
#include <gradus/core/types.hpp>

namespace gradus::optim {

/// Piecewise constant by fraction of a run: 1, and times `factor` from each milestone on. The run
/// may be stretched to any number of steps and keeps its shape.
struct MilestoneSchedule {
  Index steps = 1;                              ///< length of the run, >= 1
  std::vector<double> milestones = {0.5, 0.75}; ///< shares of the run, ascending, in [0, 1]
  double factor = 0.1;                          ///< >= 0

  /// @throws ArgumentError that names the field outside its range
  void validate() const {
    require(steps >= 1, "steps", steps, ">= 1");
    require(factor >= 0 && std::isfinite(factor), "factor", factor, ">= 0, finite");
    double last = 0;
    for (const double share : milestones) {
      require(share >= last && share <= 1, "milestone", share, "ascending, in [0, 1]");
      last = share;
    }
  }
  /// Factor after `step` steps.
  double operator()(Index step) const {
    double result = 1;
    for (const double share : milestones) {
      result *= static_cast<double>(step) >= share * static_cast<double>(steps) ? factor : 1;
    }
    return result;
  }
};

} // namespace gradus::optim
