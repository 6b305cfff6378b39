// SPDX-License-Identifier: BSD-3-Clause
// Schedules that move once an epoch.
#include <cmath>

#include "catch.hpp"
#include <gradus/core/error.hpp>
#include <gradus/optim/epoch_schedule.hpp>

using namespace gradus;

TEST_CASE("per-epoch schedule: the factor holds for an epoch and moves with the next") {
  const optim::PerEpoch schedule{40, optim::CosineSchedule{.steps = 20}};
  static_assert(optim::Schedule<optim::PerEpoch<optim::CosineSchedule>>);
  CHECK(schedule(0) == 1);
  CHECK(schedule(39) == 1);
  CHECK(schedule(40) == optim::CosineSchedule{.steps = 20}(1));
  CHECK(schedule(79) == schedule(40));
  CHECK(schedule(400) == Approx(0.5));
  CHECK(std::abs(schedule(800)) < 1e-15);
  CHECK_THROWS_AS((optim::PerEpoch<optim::ConstantSchedule>{0}.validate()), ArgumentError);
  CHECK_THROWS_AS((optim::PerEpoch<optim::StepSchedule>{.schedule = {.every = 0}}.validate()),
                  ArgumentError);
}
