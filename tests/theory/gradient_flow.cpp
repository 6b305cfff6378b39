// SPDX-License-Identifier: BSD-3-Clause
// Gradient flow of an objective against closed forms, and how it says that it could not go on.
#include <cmath>
#include <limits>
#include <vector>

#include "catch.hpp"
#include "support/draws.hpp"
#include "support/errors.hpp"
#include <gradus/core/error.hpp>
#include <gradus/objective/quadratic.hpp>
#include <gradus/theory/gradient_flow.hpp>

using namespace gradus;

namespace {

/// -theta^4 / 4: its flow, theta' = theta^3, is infinite at time 1 / (2 theta^2).
struct Escape {
  using Value = double;
  static Index num_parameters() { return 1; }
  static double value(const Vector<double>& theta) { return -std::pow(theta(0), 4) / 4; }
  static double value_and_gradient(const Vector<double>& theta, Vector<double>& gradient) {
    gradient(0) = -std::pow(theta(0), 3);
    return value(theta);
  }
};

} // namespace

TEST_CASE("gradient flow: a bowl decays at its curvatures, seen at the times asked for") {
  objective::Quadratic<double> bowl(Vector<double>{{0.5, 2, 40}});
  const Vector<double> start = support::normal_vector("start", 3);
  Vector<double> theta = start;
  const std::vector<double> times{0, 0.1, 0.1, 1, 3};
  std::vector<double> seen;
  const auto end =
      theory::gradient_flow(bowl, theta, times, [&](double t, const Vector<double>& now) {
        seen.push_back(t);
        const Vector<double> exact = (-t * bowl.curvatures()).array().exp() * start.array();
        REQUIRE((now - exact).cwiseAbs().maxCoeff() < 1e-9);
      });
  REQUIRE(seen == times);
  REQUIRE(end.finished);
  REQUIRE(end.time == 3);
  REQUIRE(std::abs(theta(0) - start(0) * std::exp(-1.5)) < 1e-9);
}

TEST_CASE("gradient flow: without times nothing happens, without a way on it says so") {
  objective::Quadratic<double> bowl(Vector<double>{{1}});
  Vector<double> theta{{2}};
  const auto ignore = [](double, const Vector<double>&) {};
  REQUIRE(theory::gradient_flow(bowl, theta, {}, ignore).finished);
  REQUIRE(theta(0) == 2);
  Escape escape;
  const auto end = theory::gradient_flow(escape, theta, {0.1, 0.2}, ignore);
  REQUIRE_FALSE(end.finished);
  REQUIRE(end.time == 0.1);
}

TEST_CASE("gradient flow: what is wrong is named") {
  objective::Quadratic<double> bowl(Vector<double>{{1, 1}});
  const auto says = [&](Vector<double> theta, std::vector<double> times,
                        theory::FlowOptions options = {}) {
    return support::message_of<ArgumentError>([&] {
      (void)theory::gradient_flow(
          bowl, theta, times, [](double, const Vector<double>&) {}, options);
    });
  };
  using support::starts_with;
  const Vector<double> two = Vector<double>::Ones(2);
  REQUIRE(says(two, {1}) == "no error");
  REQUIRE(starts_with(says(Vector<double>::Ones(3), {1}), "theta is of shape 3"));
  REQUIRE(starts_with(says(two * std::nan(""), {1}), "theta(0, 0) is nan"));
  REQUIRE(starts_with(says(two, {1, 0.5}), "time is 0.5"));
  REQUIRE(starts_with(says(two, {-1}), "time is -1"));
  REQUIRE(starts_with(says(two, {INFINITY}), "time is inf"));
  REQUIRE(starts_with(says(two, {1}, {.relative = 1}), "relative is 1"));
  REQUIRE(starts_with(says(two, {1}, {.absolute = 0}), "absolute is 0"));
  REQUIRE(starts_with(says(two, {1}, {.first_step = -1}), "first_step is -1"));
}
