// SPDX-License-Identifier: BSD-3-Clause
// Mini-batches of random size, and rates that fall at shares of a run.
#include <algorithm>
#include <cmath>
#include <vector>

#include "catch.hpp"
#include <gradus/core/error.hpp>
#include <gradus/optim/bernoulli_batches.hpp>
#include <gradus/optim/milestone_schedule.hpp>
#include <gradus/optim/scheduled.hpp>
#include <gradus/optim/sgd.hpp>

using namespace gradus;

TEST_CASE("Bernoulli batches: every example by itself with the asked probability") {
  optim::BernoulliBatches batches(20, 5, Stream(1));
  CHECK(batches.probability() == 0.25);
  const int count = 20'000;
  double size = 0;
  double square = 0;
  double first = 0;
  double both = 0;
  for (int b = 0; b < count; ++b) {
    const auto batch = batches.next();
    REQUIRE(std::is_sorted(batch.begin(), batch.end()));
    REQUIRE(std::adjacent_find(batch.begin(), batch.end()) == batch.end());
    const auto n = static_cast<double>(batch.size());
    size += n / count;
    square += n * n / count;
    const auto has = [&](Index i) {
      return std::find(batch.begin(), batch.end(), i) != batch.end();
    };
    first += has(0) ? 1.0 / count : 0.0;
    both += has(0) && has(19) ? 1.0 / count : 0.0;
  }
  CHECK(std::abs(size - 5) < 0.07);
  CHECK(std::abs(square - size * size - 20 * 0.25 * 0.75) < 0.2);
  CHECK(std::abs(first - 0.25) < 0.015);
  CHECK(std::abs(both - 0.0625) < 0.009);
}

TEST_CASE("Bernoulli batches: the whole set, one example, the same bits again") {
  optim::BernoulliBatches all(6, 6, Stream(2));
  CHECK(all.next().size() == 6);
  optim::BernoulliBatches one(1, 1, Stream(2));
  CHECK(one.next().size() == 1);
  optim::BernoulliBatches a(50, 10, Stream(3));
  optim::BernoulliBatches b(50, 10, Stream(3));
  for (int k = 0; k < 10; ++k) {
    const auto x = a.next();
    const auto y = b.next();
    CHECK(std::equal(x.begin(), x.end(), y.begin(), y.end()));
  }
  CHECK_THROWS_AS(optim::BernoulliBatches(0, 1, Stream(1)), ArgumentError);
  CHECK_THROWS_AS(optim::BernoulliBatches(3, 4, Stream(1)), ArgumentError);
  CHECK_THROWS_AS(optim::BernoulliBatches(3, 0, Stream(1)), ArgumentError);
}

TEST_CASE("milestones: the factor falls at the same shares of runs of any length") {
  for (const Index steps : {Index{8}, Index{80}, Index{1280}}) {
    const optim::MilestoneSchedule schedule{.steps = steps};
    schedule.validate();
    CHECK(schedule(0) == 1);
    CHECK(schedule(steps / 2 - 1) == 1);
    CHECK(schedule(steps / 2) == 0.1);
    CHECK(schedule(3 * steps / 4 - 1) == 0.1);
    CHECK(std::abs(schedule(3 * steps / 4) - 0.01) < 1e-17);
    CHECK(std::abs(schedule(10 * steps) - 0.01) < 1e-17);
  }
  const optim::MilestoneSchedule none{.steps = 5, .milestones = {}};
  CHECK(none(4) == 1);
  const auto check = [](const optim::MilestoneSchedule& schedule) { schedule.validate(); };
  CHECK_THROWS_AS(check({.steps = 0}), ArgumentError);
  CHECK_THROWS_AS(check({.milestones = {0.7, 0.3}}), ArgumentError);
  CHECK_THROWS_AS(check({.milestones = {1.2}}), ArgumentError);
  CHECK_THROWS_AS(check({.factor = -1}), ArgumentError);
  // Beside a rule.
  const optim::Scheduled rule(optim::Sgd<double>{.learning_rate = 2},
                              optim::MilestoneSchedule{.steps = 4});
  CHECK(rule.at(2).learning_rate == 0.2);
}
