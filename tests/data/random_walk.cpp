// SPDX-License-Identifier: BSD-3-Clause
// Rough random potentials and walks in them.
#include <algorithm>
#include <cmath>
#include <limits>
#include <vector>

#include "catch.hpp"
#include <gradus/core/error.hpp>
#include <gradus/data/fractional_brownian.hpp>
#include <gradus/data/heat_bath_walk.hpp>

using namespace gradus;

TEST_CASE("fractional Brownian potential: squared differences grow as the power of the distance") {
  const Index reach = 100;
  const Index draws = 4000;
  for (const double alpha : {0.3, 0.8, 1.0, 1.5, 1.9}) {
    data::FractionalBrownian field(alpha, 1.7, reach);
    Stream stream(3, "field");
    Matrix<double> v(2 * reach + 1, draws);
    field.fill(stream, v);
    CHECK(v.row(reach).isZero(0));
    for (const auto& [i, j] : {std::pair<Index, Index>{0, 200}, {99, 101}, {3, 4}, {50, 170}}) {
      const double expected = 1.7 * 1.7 * std::pow(std::abs(static_cast<double>(i - j)), alpha);
      const double ratio = (v.row(i) - v.row(j)).squaredNorm() / draws / expected;
      CHECK(std::abs(ratio - 1) < 5 * std::sqrt(2.0 / draws));
    }
    // Both halves of a transform are independent.
    const double cross =
        v.row(0).reshaped(2, draws / 2).row(0).dot(v.row(0).reshaped(2, draws / 2).row(1)) /
        (draws / 2) / (1.7 * 1.7 * std::pow(100.0, alpha));
    CHECK(std::abs(cross) < 5 / std::sqrt(draws / 2.0));
  }
}

TEST_CASE("fractional Brownian potential: increments have the covariance of their distance") {
  const Index reach = 40;
  const Index draws = 20000;
  data::FractionalBrownian field(1.6, 1.0, reach);
  Stream stream(4, "field");
  Matrix<double> v(2 * reach + 1, draws);
  field.fill(stream, v);
  const auto increment = [&](Index i) { return (v.row(i + 1) - v.row(i)).eval(); };
  for (const Index k : {Index{0}, Index{1}, Index{7}, Index{60}}) {
    const double measured = increment(5).dot(increment(5 + k)) / draws;
    CHECK(std::abs(measured - field.covariance(k)) < 5 * std::sqrt(2.0 / draws));
  }
}

TEST_CASE("fractional Brownian potential: edges") {
  data::FractionalBrownian smallest(0.5, 1, 1);
  Stream stream(5);
  Matrix<double> v(3, 3); // an odd number of columns
  smallest.fill(stream, v);
  CHECK(v.row(1).isZero(0));
  CHECK(v.allFinite());
  data::FractionalBrownian flat(1.5, 0, 4);
  Matrix<double> zero(9, 2);
  flat.fill(stream, zero);
  CHECK(zero.isZero(0));
  Stream again(5);
  Matrix<double> same(3, 3);
  smallest.fill(again, same);
  CHECK(same == v);
  CHECK_THROWS_AS(data::FractionalBrownian(2.0, 1, 4), ArgumentError);
  CHECK_THROWS_AS(data::FractionalBrownian(0.0, 1, 4), ArgumentError);
  CHECK_THROWS_AS(data::FractionalBrownian(1.0, -1, 4), ArgumentError);
  CHECK_THROWS_AS(data::FractionalBrownian(1.0, 1, 0), ArgumentError);
  CHECK_THROWS_AS(smallest.fill(stream, zero), ShapeError);
}

TEST_CASE("heat bath: rates of a rise and a fall sum to 1, without overflow") {
  CHECK(data::heat_bath_rate(0) == 0.5);
  CHECK(std::abs(data::heat_bath_rate(1.3) - 1 / (1 + std::exp(1.3))) < 1e-16);
  CHECK(std::abs(data::heat_bath_rate(1.3) + data::heat_bath_rate(-1.3) - 1) < 1e-15);
  CHECK(data::heat_bath_rate(1e6) == 0);
  CHECK(data::heat_bath_rate(-1e6) == 1);
  CHECK(std::abs(data::heat_bath_rate(600) / std::exp(-600) - 1) < 1e-14);
}

TEST_CASE("heat-bath walk: after long it is where Boltzmann's law says, and inside its ends") {
  const Vector<double> v{{0.5, -0.7, 0.0, 1.0, -0.2}};
  data::HeatBathWalk walk(v);
  Stream stream(6);
  Vector<double> visits = Vector<double>::Zero(5);
  walk.walk(stream, 100);
  const Index count = 200'000;
  for (Index k = 0; k < count; ++k) {
    walk.walk(stream, 1);
    REQUIRE(std::abs(walk.position()) <= 2);
    visits(walk.position() + 2) += 1.0 / count;
  }
  const Eigen::ArrayXd weights = (-v.array()).exp();
  CHECK((visits.array() - weights / weights.sum()).abs().maxCoeff() < 0.01);
  CHECK(stream.position() == 100 + count);
  walk.restart();
  CHECK(walk.position() == 0);
}

TEST_CASE("heat-bath walk: steep walls hold it, one site is all there is") {
  const double inf = std::numeric_limits<double>::infinity();
  data::HeatBathWalk well(Vector<double>{{1e5, 0.0, 1e5}});
  Stream stream(7);
  well.walk(stream, 1000);
  CHECK(well.position() == 0);
  data::HeatBathWalk hill(Vector<double>{{-1e5, 0.0, -1e5}});
  hill.walk(stream, 100); // each step moves with probability 1 until it lies at an end
  CHECK(std::abs(hill.position()) == 1);
  data::HeatBathWalk point(Vector<double>{{3.0}});
  point.walk(stream, 100);
  CHECK(point.position() == 0);
  CHECK_THROWS_AS(data::HeatBathWalk(Vector<double>(2)), ArgumentError);
  CHECK_THROWS_AS(data::HeatBathWalk(Vector<double>{{inf, 0.0, 0.0}}), ArgumentError);
  CHECK_THROWS_AS(point.walk(stream, -1), ArgumentError);
}

TEST_CASE("steps before a stop are geometric") {
  Stream stream(8);
  double mean = 0;
  double zeros = 0;
  const int count = 100'000;
  for (int k = 0; k < count; ++k) {
    const Index steps = data::steps_before_stop(stream, 0.2);
    mean += static_cast<double>(steps) / count;
    zeros += steps == 0 ? 1.0 / count : 0.0;
  }
  CHECK(std::abs(mean - 4) < 0.08);
  CHECK(std::abs(zeros - 0.2) < 0.008);
  CHECK(data::steps_before_stop(stream, 1) == 0);
  CHECK(std::abs(2 * data::stop_probability(50) / (1 - data::stop_probability(50)) - 0.02) < 1e-16);
  CHECK_THROWS_AS(data::steps_before_stop(stream, 0), ArgumentError);
  CHECK_THROWS_AS(data::stop_probability(0), ArgumentError);
}
