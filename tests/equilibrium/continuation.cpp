// SPDX-License-Identifier: BSD-3-Clause
// Nudges of an activation that is not holomorphic.
#include "catch.hpp"
#include "equilibrium/task.hpp"
#include "support/derivatives.hpp"
#include "support/errors.hpp"
#include <gradus/nn/steep_sigmoid.hpp>

using namespace gradus;
using equilibrium::ErrorSource;
using equilibrium::Nudge;
using equilibrium::Risk;
using equilibrium::RiskOptions;
using support::options;
using support::Task;

TEST_CASE("an activation that is not holomorphic takes real nudges only, unless told otherwise") {
  Task task;
  using Control = nn::TangentContinuation<nn::SteepSigmoid>;
  const equilibrium::Network<double, Control> network(task.network.layout());
  RiskOptions setting = options(ErrorSource::nudge);
  const auto make = [&] {
    Risk<double, Control> risk(network, task.x, task.classes, setting);
    return support::gradient_of(risk, task.theta);
  };
  CHECK(support::message_of<ArgumentError>(make).find(
            "activation is tangent-continuation; valid: holomorphic") == 0);
  setting.any_continuation = true;
  CHECK(make().allFinite());
  setting.any_continuation = false;
  setting.nudge = Nudge::of_points(2, 0.2);
  CHECK(make().allFinite());
}
