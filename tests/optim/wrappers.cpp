// SPDX-License-Identifier: BSD-3-Clause
// Schedules, gradient clipping and projections around any rule.
#include <cmath>
#include <limits>

#include "catch.hpp"
#include "optim/rule_list.hpp"
#include "support/draws.hpp"
#include "support/errors.hpp"
#include "tolerance.hpp"
#include <gradus/core/error.hpp>

using namespace gradus;
using namespace gradus::optim;

TEST_CASE("schedules: their values") {
  REQUIRE(ConstantSchedule{.factor = 0.5}(1000) == 0.5);
  const StepSchedule step{.every = 3, .factor = 0.1};
  REQUIRE(step(0) == 1);
  REQUIRE(step(2) == 1);
  REQUIRE(relative_error(step(3), 0.1) < tol<double>::rel);
  REQUIRE(relative_error(step(8), 0.01) < tol<double>::rel);
  REQUIRE(relative_error(ExponentialSchedule{.ratio = 0.9}(3), 0.729) < tol<double>::rel);
  const CosineSchedule cosine{.steps = 10, .final = 0.2};
  REQUIRE(cosine(0) == 1);
  REQUIRE(relative_error(cosine(5), 0.6) < tol<double>::rel);
  REQUIRE(relative_error(cosine(10), 0.2) < tol<double>::rel);
  REQUIRE(cosine(11) == cosine(10));
  REQUIRE(InverseSqrtSchedule{}(0) == 1);
  REQUIRE(InverseSqrtSchedule{}(3) == 0.5);
  REQUIRE(InverseSqrtSchedule{.scale = 5}(15) == 0.5);
  const WarmUp ramp{4, CosineSchedule{.steps = 2}};
  REQUIRE(ramp(0) == 0.25);
  REQUIRE(ramp(3) == 1);
  REQUIRE(ramp(4) == 1);
  REQUIRE(relative_error(ramp(5), 0.5) < tol<double>::rel);
  REQUIRE(std::abs(ramp(6)) < tol<double>::abs);
  REQUIRE(WarmUp<>{.steps = 0}(0) == 1);
}

TEST_CASE("schedules: bad settings are named") {
  const auto says = [](const auto& schedule) {
    return support::message_of<ArgumentError>([&] { schedule.validate(); });
  };
  REQUIRE(says(ConstantSchedule{.factor = -1}) == "factor is -1; valid: >= 0, finite");
  REQUIRE(says(StepSchedule{.every = 0}) == "every is 0; valid: >= 1");
  REQUIRE(says(ExponentialSchedule{.ratio = 1.5}) == "ratio is 1.5; valid: in [0, 1]");
  REQUIRE(says(CosineSchedule{.steps = 0}) == "steps is 0; valid: >= 1");
  REQUIRE(says(CosineSchedule{.steps = 1, .final = 2}) == "final is 2; valid: in [0, 1]");
  REQUIRE(says(InverseSqrtSchedule{.scale = 0}) == "scale is 0; valid: > 0, finite");
  REQUIRE(says(WarmUp{-1, ConstantSchedule{}}) == "steps is -1; valid: >= 0");
  REQUIRE(says(WarmUp{1, CosineSchedule{.steps = 0}}) == "steps is 0; valid: >= 1");
  REQUIRE(says(Scheduled{Sgd<double>{}, StepSchedule{.every = 0}}) == "every is 0; valid: >= 1");
  REQUIRE(says(Scheduled{Sgd<double>{.learning_rate = -1}, ConstantSchedule{}}) ==
          "learning_rate is -1; valid: >= 0, finite");
}

TEST_CASE("scheduled: each step is that of the rule with its momentary hyper-parameter") {
  const Matrix<double> g = support::normal_matrix("g", 4, 12);
  const Scheduled rule{Momentum<double>{.learning_rate = 0.1}, InverseSqrtSchedule{}};
  Vector<double> theta = Vector<double>::Ones(4);
  auto state = rule.make_state(4);
  Vector<double> expected = theta;
  auto plain_state = rule.rule.make_state(4);
  for (Index k = 0; k < 12; ++k) {
    rule.update(theta, g.col(k), state);
    Momentum<double>{.learning_rate = 0.1 * (1 / std::sqrt(1.0 + static_cast<double>(k)))}.update(
        expected, g.col(k), plain_state);
    REQUIRE(theta == expected);
  }
  REQUIRE(rule.rule.learning_rate == 0.1);
}

TEST_CASE("scheduled: two hyper-parameters, and the bias correction that goes with them") {
  // Constant gradients 1: m is 1 - prod beta1, so the corrected mean is 1 whatever the schedule.
  const Scheduled inner{Adam<double>{.learning_rate = 0.1, .epsilon = 0},
                        ExponentialSchedule{.ratio = 0.5}, &Adam<double>::beta1};
  const Scheduled rule{inner, StepSchedule{.every = 2, .factor = 0.5},
                       [](auto& scheduled) -> auto& {return scheduled.rule.learning_rate;
}
}
;
rule.validate();
Vector<double> theta = Vector<double>::Zero(1);
auto state = rule.make_state(1);
double expected = 0;
for (const double rate : {0.1, 0.1, 0.05, 0.05, 0.025}) {
  rule.update(theta, Vector<double>::Ones(1), state);
  expected -= rate;
  REQUIRE(std::abs(theta(0) - expected) < 1e-14);
}
}

TEST_CASE("clipping: by norm and by value") {
  const Vector<double> g = (Vector<double>(2) << 3, -4).finished();
  Vector<double> out(2);
  ClipNorm<double>{.max_norm = 1}(g, g, out);
  REQUIRE(std::abs(out(0) - 0.6) < 1e-15);
  REQUIRE(std::abs(out(1) + 0.8) < 1e-15);
  ClipNorm<double>{.max_norm = 5}(g, g, out);
  REQUIRE(out == g);
  const Vector<double> huge = 1e200 * g; // whose squares overflow
  ClipNorm<double>{.max_norm = 1}(huge, huge, out);
  REQUIRE(std::abs(out(1) + 0.8) < 1e-15);
  ClipNorm<double>{.max_norm = 1}(g, Vector<double>::Zero(2), out);
  REQUIRE(out.isZero(0.0));
  ClipValue<double>{.max_size = 3.5}(g, g, out);
  REQUIRE(out(0) == 3);
  REQUIRE(out(1) == -3.5);
  const TransformedGradient rule{Sgd<double>{.learning_rate = 1}, ClipNorm<double>{.max_norm = 1}};
  Vector<double> theta = Vector<double>::Zero(2);
  auto state = rule.make_state(2);
  rule.update(theta, g, state);
  REQUIRE(std::abs(theta(0) + 0.6) < 1e-15);
  // NaN is not clipped away.
  Vector<double> bad = g;
  bad(0) = std::numeric_limits<double>::quiet_NaN();
  REQUIRE_THROWS_AS(rule.update(theta, bad, state), ArgumentError);
  const TransformedGradient clipped{Sgd<double>{}, ClipValue<double>{}};
  auto other = clipped.make_state(2);
  REQUIRE_THROWS_AS(clipped.update(theta, bad, other), ArgumentError);
  REQUIRE_THROWS_AS((ClipNorm<double>{.max_norm = 0}.validate()), ArgumentError);
  REQUIRE_THROWS_AS((ClipValue<double>{.max_size = -1}.validate()), ArgumentError);
}

TEST_CASE("projections: onto a box and onto a ball") {
  const Projected boxed{Sgd<double>{.learning_rate = 1}, Box<double>{.low = -1, .high = 2}};
  Vector<double> theta = Vector<double>::Zero(3);
  auto state = boxed.make_state(3);
  boxed.update(theta, (Vector<double>(3) << 5, -5, 0.5).finished(), state);
  REQUIRE(theta == (Vector<double>(3) << -1, 2, -0.5).finished());
  Vector<double> point = (Vector<double>(2) << 3, 4).finished();
  Ball<double>{.radius = 1}(point);
  REQUIRE((point - (Vector<double>(2) << 0.6, 0.8).finished()).norm() < 1e-15);
  Ball<double>{.radius = 2}(point);
  REQUIRE(std::abs(point.norm() - 1) < 1e-15);
  REQUIRE_THROWS_AS((Box<double>{.low = 1, .high = 0}.validate()), ArgumentError);
  REQUIRE_THROWS_AS((Ball<double>{.radius = 0}.validate()), ArgumentError);
}
