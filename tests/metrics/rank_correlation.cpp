// SPDX-License-Identifier: BSD-3-Clause
// Rank correlations by hand, under monotone changes of scale, with ties; prominence of a peak.
#include <cmath>
#include <limits>
#include <vector>

#include "catch.hpp"
#include "support/errors.hpp"
#include <gradus/core/error.hpp>
#include <gradus/metrics/prominence.hpp>
#include <gradus/metrics/rank_correlation.hpp>

using namespace gradus;
using namespace gradus::metrics;
using Values = std::vector<double>;

TEST_CASE("ranks: ties share their mean, infinities have a place") {
  REQUIRE(ranks({}).empty());
  REQUIRE(ranks({30, 10, 20}) == Values{3, 1, 2});
  REQUIRE(ranks({2, 1, 2, 5, 2}) == Values{3, 1, 3, 5, 3});
  REQUIRE(ranks({std::numeric_limits<double>::infinity(), -1}) == Values{2, 1});
}

TEST_CASE("rank correlations: known values, with and without ties") {
  const Values x{1, 2, 3, 4, 5};
  // Squared rank differences 1, 1, 1, 1, 0: 1 - 6 * 4 / (5 * 24); 8 pairs agree, 2 do not.
  REQUIRE(std::abs(spearman(x, {2, 1, 4, 3, 5}) - 0.8) < 1e-15);
  REQUIRE(std::abs(kendall(x, {2, 1, 4, 3, 5}) - 0.6) < 1e-15);
  // Ranks 1.5, 1.5, 3 against 1, 2, 3: 1.5 / sqrt(1.5 * 2); 2 pairs agree of 2 and 3 untied.
  REQUIRE(std::abs(spearman({1, 1, 2}, {1, 2, 3}) - std::sqrt(3.0) / 2) < 1e-15);
  REQUIRE(std::abs(kendall({1, 1, 2}, {1, 2, 3}) - 2 / std::sqrt(6.0)) < 1e-15);
}

TEST_CASE("rank correlations: blind to increasing changes of scale, odd under decreasing ones") {
  const Values x{0.3, 7, 1e-3, 42, 0.9, 0.9};
  const Values y{5, 2, 8, 1, 3, 4};
  Values log_x;
  Values minus_y;
  for (std::size_t i = 0; i < x.size(); ++i) {
    log_x.push_back(std::log(x[i]));
    minus_y.push_back(-y[i]);
  }
  for (const auto correlation : {spearman, kendall}) {
    REQUIRE(correlation(log_x, y) == correlation(x, y));
    REQUIRE(std::abs(correlation(x, minus_y) + correlation(x, y)) < 1e-15);
    REQUIRE(std::abs(correlation(x, x) - 1) < 1e-15);
    REQUIRE(correlation(x, y) == correlation(y, x));
    REQUIRE(std::isnan(correlation({1}, {2})));
    REQUIRE(std::isnan(correlation({}, {})));
    REQUIRE(std::isnan(correlation({1, 1, 1}, {1, 2, 3})));
    REQUIRE_THROWS_AS(correlation({1, 2}, {1}), ArgumentError);
    REQUIRE_THROWS_AS(correlation({1, std::nan("")}, {1, 2}), ArgumentError);
  }
}

TEST_CASE("prominence: the peak over the higher side") {
  const Values at{0.5, 0.9, 1, 1.1, 4};
  const Values near{0.9, 1, 1.1};
  const double inf = std::numeric_limits<double>::infinity();
  REQUIRE(prominence(at, {2, 3, 10, 4, 1}, near, {0.5, 4}) == 5);
  REQUIRE(prominence(at, {1, 3, 4, 10, 2}, near, {0.5, 4}) == 5);
  REQUIRE(prominence(at, {5, 4, 3, 2, 1}, near, {0.5, 4}) == 0.8);
  REQUIRE(prominence(at, {1, 1, 1, 1, 1}, near, {0.5, 4}) == 1);
  REQUIRE(prominence(at, {1, 1, inf, 1, 1}, near, {0.5, 4}) == inf);
  REQUIRE(std::isnan(prominence(at, {1, std::nan(""), 9, 1, 1}, near, {0.5, 4})));
  REQUIRE(std::isnan(prominence(at, {1, 1, 9, 1, std::nan("")}, near, {0.5, 4})));
  REQUIRE(support::message_of<ArgumentError>([&] {
            (void)prominence(at, {1, 1, 1, 1, 1}, {2}, {0.5, 4});
          }) == "coordinate is 2; valid: one of the curve's");
  REQUIRE_THROWS_AS(prominence(at, {1, 1}, near, {0.5, 4}), ArgumentError);
  REQUIRE_THROWS_AS(prominence(at, at, {}, {0.5, 4}), ArgumentError);
}
