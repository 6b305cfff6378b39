// SPDX-License-Identifier: BSD-3-Clause
#include <cmath>

#include "catch.hpp"
#include "support/draws.hpp"
#include "support/errors.hpp"
#include <gradus/core/error.hpp>
#include <gradus/metrics/regret.hpp>

using namespace gradus;

TEST_CASE("regret: absolute losses against the best of many fixed points") {
  metrics::AbsoluteLossRegret regret;
  REQUIRE(regret.regret() == 0);
  const Vector<double> z = support::normal_vector("z", 41);
  const Vector<double> x = support::normal_vector("x", 41);
  for (Index t = 0; t < 41; ++t) {
    regret.add(x(t), z(t));
    const double played = (x - z).head(t + 1).cwiseAbs().sum();
    double best = 1e9;
    for (Index k = 0; k <= t; ++k) { // the minimum is at one of the targets
      best = std::min(best, (z.head(t + 1).array() - z(k)).abs().sum());
    }
    REQUIRE(std::abs(regret.regret() - (played - best)) < 1e-13);
  }
  REQUIRE(regret.rounds() == 41);
}

TEST_CASE("regret: linear losses") {
  metrics::LinearLossRegret regret(-1, 2);
  regret.add(0, 1); // best so far: -1
  REQUIRE(regret.regret() == 1);
  regret.add(2, -3); // slopes add up to -2: best is 2, losing -4; lost were -6
  REQUIRE(regret.regret() == -2);
  REQUIRE(regret.rounds() == 2);
}

TEST_CASE("regret: bad rounds are named") {
  using support::message_of;
  metrics::AbsoluteLossRegret absolute;
  REQUIRE(message_of<ArgumentError>([&] { absolute.add(std::nan(""), 0); }) ==
          "x is nan; valid: a finite number");
  metrics::LinearLossRegret linear(0, 1);
  REQUIRE(message_of<ArgumentError>([&] { linear.add(1.5, 1); }) ==
          "x is 1.5; valid: inside the interval");
  REQUIRE_THROWS_AS(metrics::LinearLossRegret(1, 0), ArgumentError);
}
