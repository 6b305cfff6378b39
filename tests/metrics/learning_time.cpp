// SPDX-License-Identifier: BSD-3-Clause
// When examples are learned for good; ratios of means with their standard errors.
#include <cmath>
#include <limits>
#include <string>
#include <vector>

#include "catch.hpp"
#include "support/draws.hpp"
#include <gradus/metrics/learning_time.hpp>
#include <gradus/metrics/ratio_of_means.hpp>

using namespace gradus;
using namespace gradus::metrics;
using Values = std::vector<double>;

TEST_CASE("learning time: the first look from which an example stays right") {
  // Columns: always right, learned at 2, forgotten and learned again at 4, lost at the end, never.
  const bool right[5][5] = {{true, false, false, true, false},
                            {true, false, true, true, false},
                            {true, true, false, true, false},
                            {true, true, false, true, false},
                            {true, true, true, false, false}};
  LearningTimes times(5);
  REQUIRE(times.times(-1) == Values(5, -1));
  for (int t = 0; t < 5; ++t) {
    times.look(t, [&](Index i) { return right[t][i]; });
  }
  REQUIRE(times.times(99) == Values{0, 2, 4, 99, 99});
  REQUIRE(times.times()[4] == std::numeric_limits<double>::infinity());
  const auto yes = [](Index) { return true; };
  REQUIRE_THROWS_AS(times.look(4, yes), ArgumentError);
  REQUIRE_THROWS_AS(times.look(std::nan(""), yes), ArgumentError);
  REQUIRE_THROWS_AS(LearningTimes(-1), ArgumentError);
  LearningTimes none(0);
  none.look(0, yes);
  REQUIRE(none.times().empty());
}

TEST_CASE("ratio of means: by the definition, in parts, and stored") {
  const Vector<double> a = support::normal_vector("a", 50) + Vector<double>::Constant(50, 1e6);
  const Vector<double> b = support::normal_vector("b", 50) + Vector<double>::Constant(50, 3);
  RatioOfMeans all, first, second;
  for (Index i = 0; i < 50; ++i) {
    all.add(a(i), b(i));
    (i < 20 ? first : second).add(a(i), b(i));
  }
  const double r = a.mean() / b.mean();
  const double squares = (a - r * b).squaredNorm();
  const double error = std::sqrt(squares / (50 * 49)) / b.mean();
  REQUIRE(all.value() == Approx(r).epsilon(1e-14));
  REQUIRE(all.standard_error() == Approx(error).epsilon(1e-12));
  REQUIRE(all.z_score(r - 2 * error) == Approx(2).epsilon(1e-9));
  RatioOfMeans merged(first.state());
  merged.merge(RatioOfMeans(second.state()));
  merged.merge(RatioOfMeans());
  REQUIRE(merged.count() == 50);
  REQUIRE(merged.value() == Approx(r).epsilon(1e-14));
  REQUIRE(merged.standard_error() == Approx(error).epsilon(1e-12));
}

TEST_CASE("ratio of means: a plain mean, a spread far below the mean, too few pairs") {
  RatioOfMeans mean;
  for (const double x : {1e9 + 1, 1e9 + 2, 1e9 + 3}) {
    mean.add(x);
  }
  REQUIRE(mean.numerator() == 1e9 + 2);
  REQUIRE(mean.standard_error() == Approx(std::sqrt(1.0 / 3)).epsilon(1e-6));
  RatioOfMeans none;
  REQUIRE(std::isnan(none.value()));
  REQUIRE(std::isnan(none.standard_error()));
  none.add(2, 4);
  REQUIRE(none.value() == 0.5);
  REQUIRE(std::isnan(none.standard_error()));
  none.add(std::nan(""), 1);
  REQUIRE(std::isnan(none.value()));
}

TEST_CASE("ratio of means: its z-scores are those of a standard normal") {
  double squares = 0;
  const int runs = 400;
  for (int k = 0; k < runs; ++k) {
    const Matrix<double> z = support::normal_matrix("run" + std::to_string(k), 2, 100);
    RatioOfMeans ratio;
    for (Index i = 0; i < 100; ++i) {
      const double b = 5 + z(0, i);
      ratio.add(2 * b + 3 * z(1, i), b); // a and b are correlated; the ratio of means is 2
    }
    squares += ratio.z_score(2) * ratio.z_score(2);
  }
  REQUIRE(squares / runs == Approx(1).margin(5 * std::sqrt(2.0 / runs)));
}
