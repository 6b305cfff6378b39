// SPDX-License-Identifier: BSD-3-Clause
// Running means against the two-pass formulas.
#include <cmath>

#include "catch.hpp"
#include "support/draws.hpp"
#include <gradus/core/error.hpp>
#include <gradus/metrics/running_mean.hpp>

using namespace gradus;
using metrics::RunningMean;

namespace {
std::vector<double> column(const Matrix<double>& draws, Index i) {
  return {draws.col(i).data(), draws.col(i).data() + draws.rows()};
}
} // namespace

TEST_CASE("running mean: mean and standard error of every entry, however it is split") {
  Matrix<double> draws = support::normal_matrix("draws", 3, 50);
  draws.row(1).array() += 1e8; // a large mean takes no digits from the variance
  RunningMean all;
  RunningMean first;
  RunningMean second;
  for (Index i = 0; i < 50; ++i) {
    all.add(column(draws, i));
    (i < 13 ? first : second).add(column(draws, i));
  }
  first.merge(second);
  RunningMean none;
  first.merge(none);
  none.merge(first);
  for (const RunningMean& run : {all, first, none}) {
    REQUIRE(run.count() == 50);
    for (Index k = 0; k < 3; ++k) {
      const double mean = draws.row(k).mean();
      const double variance = (draws.row(k).array() - mean).square().sum() / 49;
      const auto entry = static_cast<std::size_t>(k);
      REQUIRE(std::abs(run.mean()[entry] / mean - 1) < 1e-13);
      REQUIRE(std::abs(run.variance()[entry] / variance - 1) < 1e-7);
      REQUIRE(std::abs(run.standard_error()[entry] / std::sqrt(variance / 50) - 1) < 1e-7);
    }
  }
}

TEST_CASE("running mean: none, one, and draws of another size") {
  RunningMean run;
  REQUIRE(run.mean().empty());
  REQUIRE(run.standard_error().empty());
  run.add({3, 4});
  REQUIRE(run.mean() == std::vector<double>{3, 4});
  REQUIRE(std::isnan(run.standard_error()[0]));
  REQUIRE_THROWS_AS(run.add({1}), ShapeError);
  RunningMean other;
  other.add({1, 2, 3});
  REQUIRE_THROWS_AS(run.merge(other), ShapeError);
  run.add({std::nan(""), 6});
  REQUIRE(std::isnan(run.mean()[0]));
  REQUIRE(run.mean()[1] == 5);
}
