// SPDX-License-Identifier: BSD-3-Clause
#include <cmath>
#include <vector>

#include "catch.hpp"
#include "support/draws.hpp"
#include "support/errors.hpp"
#include <gradus/core/error.hpp>
#include <gradus/metrics/groups.hpp>

using namespace gradus;

namespace {
const std::vector<int> groups{1, -1, 0, 1, 0, 0};
}

TEST_CASE("groups: means and weights agree") {
  const Vector<double> values{{1, 2, 3, 4, 5, 7}};
  REQUIRE(metrics::group_mean<double>(values, groups, 1) == 2.5);
  REQUIRE(metrics::group_mean<double>(values, groups, -1) == 2);
  REQUIRE(metrics::group_mean<double>(values, groups, 0) == 5);
  REQUIRE(std::isnan(metrics::group_mean<double>(values, groups, 7)));
  for (const int g : {-1, 0, 1}) {
    const Vector<double> weights = metrics::group_weights<double>(groups, g);
    REQUIRE(std::abs(weights.sum() - 1) < 1e-15);
    REQUIRE(std::abs(weights.dot(values) - metrics::group_mean<double>(values, groups, g)) < 1e-15);
  }
  REQUIRE(support::message_of<ArgumentError>([] {
            (void)metrics::group_weights<double>(groups, 7);
          }) == "group is 7; valid: one that has members");
  REQUIRE_THROWS_AS((void)metrics::group_mean<double>(values.head(2), groups, 1), ShapeError);
  REQUIRE(std::isnan(metrics::group_mean<double>(Vector<double>(0), {}, 1)));
}

TEST_CASE("groups: opposition counts steps that go against each other") {
  REQUIRE(metrics::opposition({1, 2, 1, 2}, {5, 4, 6, 0}) == 1);
  REQUIRE(metrics::opposition({1, 2, 3}, {1, 2, 3}) == 0);
  REQUIRE(metrics::opposition({1, 2, 2, 1, 0}, {3, 1, 0, 0, 1}) == 0.5);
  REQUIRE(std::isnan(metrics::opposition({1}, {1})));
  REQUIRE(std::isnan(metrics::opposition({}, {})));
  REQUIRE(std::isnan(metrics::opposition({1, std::nan(""), 2}, {1, 2, 3})));
  REQUIRE(std::isnan(metrics::opposition({std::nan(""), 1}, {1, 2})));
  REQUIRE_THROWS_AS((void)metrics::opposition({1, 2}, {1}), ArgumentError);
}

TEST_CASE("groups: the samples whose losses change most") {
  const Vector<double> before{{0, 0, 0, 0, 0, 1}};
  const Vector<double> after{{3, -5, 1, 3, 0, 0}};
  REQUIRE(metrics::largest_changes<double>(before, after, 3) == std::vector<Index>{1, 0, 3});
  REQUIRE(metrics::largest_changes<double>(before, after, 6) ==
          std::vector<Index>{1, 0, 3, 2, 5, 4});
  REQUIRE(metrics::largest_changes<double>(before, after, 0).empty());
  REQUIRE(metrics::share_outside({1, 0, 3}, groups) == 1);
  REQUIRE(metrics::share_outside({1, 2, 4, 5}, groups) == 0.25);
  REQUIRE(metrics::share_outside({1, 2, 4, 5}, groups, 1) == 1);
  REQUIRE(std::isnan(metrics::share_outside({}, groups)));
  REQUIRE_THROWS_AS((void)metrics::share_outside({6}, groups), ArgumentError);
  REQUIRE_THROWS_AS((void)metrics::largest_changes<double>(before, after, 7), ArgumentError);
  REQUIRE_THROWS_AS((void)metrics::largest_changes<double>(before, after.head(2), 1), ShapeError);
  REQUIRE_THROWS_AS((void)metrics::largest_changes<double>(before * std::nan(""), after, 1),
                    ArgumentError);
  REQUIRE(metrics::largest_changes<float>(Vector<float>(0), Vector<float>(0), 0).empty());
}
