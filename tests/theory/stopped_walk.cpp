// SPDX-License-Identifier: BSD-3-Clause
// Stopped walks: elimination against a dense solve, closed forms, simulation; valleys against the
// definition.
#include <algorithm>
#include <cmath>
#include <limits>
#include <vector>

#include "catch.hpp"
#include "support/draws.hpp"
#include <gradus/core/error.hpp>
#include <gradus/data/heat_bath_walk.hpp>
#include <gradus/theory/dense_stopped_law.hpp>
#include <gradus/theory/stopped_walk.hpp>

using namespace gradus;

namespace {

/// Walks downhill over barriers by looking at every lower site: the definition, slowly.
Index plain_valley(const Vector<double>& v, double depth) {
  Index m = v.size() / 2;
  while (true) {
    double best = std::numeric_limits<double>::infinity();
    Index to = m;
    for (const Index step : {1, -1}) {
      double barrier = v(m);
      for (Index j = m + step; j >= 0 && j < v.size(); j += step) {
        if (v(j) < v(m)) {
          if (barrier < best) {
            best = barrier;
            to = j;
          }
          break;
        }
        barrier = std::max(barrier, v(j));
      }
    }
    if (!(best <= v(m) + depth)) {
      return m - v.size() / 2;
    }
    m = to;
  }
}

} // namespace

TEST_CASE("stopped walk: moments and law are those of a dense solve") {
  const std::vector<double> taus{0.5, 1, std::exp(2.0), std::exp(5.0), std::exp(8.0)};
  theory::StoppedWalk walk(taus);
  for (const Index reach : {Index{1}, Index{2}, Index{12}}) {
    const Vector<double> v = support::normal_vector("v", 2 * reach + 1, 1.5);
    const Index count = static_cast<Index>(taus.size());
    Vector<double> distance(count);
    Vector<double> square(count);
    walk.moments(v, distance, square);
    for (Index t = 0; t < count; ++t) {
      const Vector<double> dense = theory::dense_stopped_law(v, taus[static_cast<std::size_t>(t)]);
      Vector<double> law(v.size());
      walk.law(v, t, law);
      CHECK(((law - dense).array() / dense.array()).abs().maxCoeff() < 1e-11);
      const Eigen::ArrayXd x = Eigen::ArrayXd::LinSpaced(v.size(), -static_cast<double>(reach),
                                                         static_cast<double>(reach));
      CHECK(std::abs(law.sum() - 1) < 1e-14);
      CHECK(std::abs(law.dot(x.abs().matrix()) / distance(t) - 1) < 1e-13);
      CHECK(std::abs(law.dot(x.square().matrix()) / square(t) - 1) < 1e-13);
    }
  }
}

TEST_CASE("stopped walk: exact where a dense solve has no digits, and in steep potentials") {
  theory::StoppedWalk walk({std::exp(200.0)});
  const Vector<double> v = support::normal_vector("v", 25, 1.3);
  Vector<double> distance(1);
  Vector<double> square(1);
  walk.moments(v, distance, square);
  const Eigen::ArrayXd weights = (v.minCoeff() - v.array()).exp();
  const Eigen::ArrayXd x = Eigen::ArrayXd::LinSpaced(25, -12, 12);
  CHECK(std::abs(distance(0) / ((weights * x.abs()).sum() / weights.sum()) - 1) < 1e-14);

  theory::StoppedWalk short_walk({10.0});
  const Vector<double> wall{{0.0, 1e4, 0.0, 1e4, 0.0}}; // as good as no way over
  short_walk.moments(wall, distance, square);
  CHECK(distance(0) < 1e-300);
  const Vector<double> slide{{0.0, 0.0, 0.0, -1e4, -2e4}}; // a step up at rate 1
  short_walk.moments(slide, distance, square);
  CHECK(std::isfinite(distance(0)));
  CHECK(distance(0) > 1);
}

TEST_CASE("dense stopped law: where it stays, what it refuses") {
  const Vector<double> near = theory::dense_stopped_law(Vector<double>::Zero(5), 1e-12);
  CHECK(std::abs(near(2) - 1) < 1e-11); // no time to leave
  const Vector<double> one = theory::dense_stopped_law(Vector<double>::Zero(1), 3);
  CHECK(one(0) == Approx(1)); // nowhere to go
  CHECK_THROWS_AS(theory::dense_stopped_law(Vector<double>::Zero(4), 1), ArgumentError);
  CHECK_THROWS_AS(theory::dense_stopped_law(Vector<double>::Zero(0), 1), ArgumentError);
  CHECK_THROWS_AS(theory::dense_stopped_law(Vector<double>::Zero(3), 0), ArgumentError);
}

TEST_CASE("stopped walk: closed forms of the flat and the sloping lattice") {
  const std::vector<double> taus{1, 10, 100, 1000};
  theory::StoppedWalk walk(taus);
  Vector<double> distance(4);
  Vector<double> square(4);
  const Index reach = 1500;
  walk.moments(Vector<double>::Zero(2 * reach + 1), distance, square);
  for (Index t = 0; t < 4; ++t) {
    const double tau = taus[static_cast<std::size_t>(t)];
    CHECK(std::abs(distance(t) / theory::flat_walk_distance(tau) - 1) < 1e-12);
    CHECK(std::abs(square(t) / tau - 1) < 1e-12); // x^2 grows by 1 in unit time
  }
  CHECK(std::abs(theory::flat_walk_distance(1e12) / std::sqrt(0.5e12) - 1) < 1e-6);
  const Vector<double> slope =
      -0.5 * Vector<double>::LinSpaced(2 * reach + 1, -static_cast<double>(reach),
                                       static_cast<double>(reach));
  walk.moments(slope, distance, square);
  CHECK(std::abs(distance(3) / (1000 * theory::drift_velocity(0.5)) - 1) < 0.01);
}

TEST_CASE("stopped walk: walkers in discrete time stop by the same law") {
  const Vector<double> v = support::normal_vector("walkers", 41);
  const double tau = 60;
  theory::StoppedWalk exact({tau});
  Vector<double> law(41);
  exact.law(v, 0, law);
  data::HeatBathWalk walk(v);
  Stream stream(4);
  Vector<double> seen = Vector<double>::Zero(41);
  const Index count = 20'000;
  for (Index k = 0; k < count; ++k) {
    walk.restart();
    walk.walk(stream, data::steps_before_stop(stream, data::stop_probability(tau)));
    seen(walk.position() + 20) += 1.0 / count;
  }
  const Eigen::ArrayXd error = (law.array() * (1 - law.array()) / count).sqrt() + 1e-5;
  CHECK(((seen - law).array() / error).abs().maxCoeff() < 4.5);
}

TEST_CASE("stopped walk: bad arguments") {
  CHECK_THROWS_AS(theory::StoppedWalk({}), ArgumentError);
  CHECK_THROWS_AS(theory::StoppedWalk({1, 0}), ArgumentError);
  theory::StoppedWalk walk({1.0});
  Vector<double> one(1);
  Vector<double> law(3);
  CHECK_THROWS_AS(walk.moments(Vector<double>::Zero(4), one, one), ArgumentError);
  CHECK_THROWS_AS(walk.moments(Vector<double>::Zero(1), one, one), ArgumentError);
  CHECK_THROWS_AS(walk.moments(Vector<double>{{0.0, std::nan(""), 0.0}}, one, one), ArgumentError);
  CHECK_THROWS_AS(walk.law(Vector<double>::Zero(3), 1, law), ArgumentError);
  CHECK_THROWS_AS(walk.law(Vector<double>::Zero(5), 0, law), ShapeError);
  CHECK_THROWS_AS(theory::flat_walk_distance(0), ArgumentError);
}

TEST_CASE("valley: as its definition has it, at every depth") {
  for (Index k = 0; k < 40; ++k) {
    Vector<double> v = support::normal_vector("valley" + std::to_string(k), 201);
    for (Index i = 1; i < v.size(); ++i) {
      v(i) += v(i - 1);
    }
    Index last = 0;
    for (const double depth : {0.0, 0.5, 2.0, 5.0, 20.0, 1e3}) {
      const Index bottom = theory::valley_bottom(v, depth);
      CHECK(bottom == plain_valley(v, depth));
      CHECK(v(bottom + 100) <= v(last + 100)); // deeper walks end lower
      last = bottom;
    }
    CHECK(v(last + 100) == v.minCoeff());
  }
  CHECK(theory::valley_bottom(Vector<double>{{3.0}}, 1) == 0);
  CHECK(theory::valley_bottom(Vector<double>::Zero(9), 5) == 0);
  CHECK_THROWS_AS(theory::valley_bottom(Vector<double>::Zero(4), 1), ArgumentError);
  CHECK_THROWS_AS(theory::valley_bottom(Vector<double>::Zero(3), -1), ArgumentError);
}
