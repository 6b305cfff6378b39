// SPDX-License-Identifier: BSD-3-Clause
// Fixed points, free and nudged, against loops over single numbers.
#include <array>
#include <cmath>
#include <complex>
#include <limits>
#include <string>
#include <vector>

#include "catch.hpp"
#include "equilibrium/problem.hpp"
#include "support/errors.hpp"
#include <gradus/equilibrium/nudge.hpp>
#include <gradus/equilibrium/solver.hpp>
#include <gradus/metrics/trend.hpp>

using namespace gradus;
using equilibrium::Certificate;
using equilibrium::ConvergenceError;
using equilibrium::Nudge;
using equilibrium::Phase;
using equilibrium::RelaxStatus;

TEST_CASE("free fixed points, layered and fully connected") {
  for (const auto& layout : {support::small_layers(), support::small_mesh()}) {
    support::Relaxed at(layout);
    REQUIRE(at.reached.converged());
    REQUIRE(at.reached.residual <= 1e-14);
    const auto plain = support::plain_fixed_point(at, 3, 0);
    for (Index k = 0; k < layout.num_units(); ++k) {
      REQUIRE(std::abs(plain[static_cast<std::size_t>(k)] - at.solver.rates()(k, 3)) < 1e-13);
    }
  }
}

TEST_CASE("complex and real nudges of a batch are those of single samples") {
  for (const auto& layout : {support::small_layers(), support::small_mesh()}) {
    support::Relaxed at(layout);
    const std::vector<Phase> phases{
        {{0.1, 0.15}, 1.0}, {{-0.2, 0.05}, 1.0}, {{0.15, 0}, 1.0}, {{-0.1, 0}, 1.0}};
    Matrix<double> error(layout.num_units(), 5);
    const Certificate reached = at.solver.nudge(phases, at.classes, support::to_the_end, error);
    REQUIRE(reached.converged());
    for (const Index sample : {Index{0}, Index{4}}) {
      std::vector<double> sum(static_cast<std::size_t>(layout.num_units()), 0.0);
      for (std::size_t p = 0; p < phases.size(); ++p) {
        const auto plain = support::plain_fixed_point(at, sample, phases[p].beta);
        for (Index k = 0; k < layout.num_units(); ++k) {
          const auto unit = static_cast<std::size_t>(k);
          const auto found = at.solver.phase_rate(static_cast<Index>(p), k, sample);
          REQUIRE(std::abs(found - plain[unit]) < 1e-13);
          sum[unit] += plain[unit].real() - at.solver.rates()(k, sample);
        }
      }
      for (Index k = 0; k < layout.num_units(); ++k) {
        REQUIRE(std::abs(error(k, sample) - sum[static_cast<std::size_t>(k)]) < 1e-12);
      }
    }
  }
}

TEST_CASE("phases: one of each conjugate pair, weights of all points") {
  CHECK(equilibrium::phases_of(Nudge::of_points(1, 0.1)).size() == 1);
  for (const Index points : {2, 3, 4, 7, 8}) {
    const auto phases = equilibrium::phases_of(Nudge::of_points(points, 0.3));
    CHECK(static_cast<Index>(phases.size()) == points / 2 + 1);
    // Re sum weight beta^j is the mean of beta^(j-1) over the circle: 1 for j = 1, 0 for the next.
    for (int j = 1; j <= points; ++j) {
      double sum = 0;
      for (const Phase& phase : phases) {
        sum += (phase.weight * std::pow(phase.beta, j)).real();
      }
      CHECK(std::abs(sum - (j == 1 ? 1.0 : 0.0)) < 1e-14);
    }
  }
  const auto centred = equilibrium::phases_of({.kind = Nudge::Kind::centred, .beta = 0.3});
  const auto two = equilibrium::phases_of(Nudge::of_points(2, 0.3));
  for (std::size_t k = 0; k < 2; ++k) {
    CHECK(std::abs(centred[k].beta - two[k].beta) < 1e-16);
    CHECK(std::abs(centred[k].weight - two[k].weight) < 1e-15);
  }
}

TEST_CASE("the error of N nudges falls with the N-th power of their radius") {
  support::Relaxed at(support::small_layers());
  Matrix<double> exact(16, 5);
  REQUIRE(at.solver.tangent(support::to_the_end, exact).converged());
  for (const Index points : {1, 2, 3, 4}) {
    std::vector<double> x;
    std::vector<double> y;
    for (const double radius : {0.0125, 0.025, 0.05}) {
      Matrix<double> error(16, 5);
      const auto phases = equilibrium::phases_of(Nudge::of_points(points, radius));
      REQUIRE(at.solver.nudge(phases, at.classes, support::to_the_end, error).converged());
      x.push_back(std::log(radius));
      y.push_back(std::log((error - exact).norm()));
    }
    CHECK(std::abs(metrics::fit_line(x, y).slope - static_cast<double>(points)) < 0.1);
  }
}

TEST_CASE("bad nudges are named") {
  const auto says = [](Nudge nudge) {
    return support::message_of<ArgumentError>([&] { (void)equilibrium::phases_of(nudge); });
  };
  CHECK(says({.beta = 0}).find("beta is 0") == 0);
  CHECK(says({.beta = std::numeric_limits<double>::quiet_NaN()}).find("beta") == 0);
  CHECK(says({.kind = Nudge::Kind::cauchy, .beta = -0.1}).find("beta") == 0);
  CHECK(says({.kind = Nudge::Kind::cauchy, .beta = 0.1, .points = 1}).find("points is 1") == 0);
  support::Relaxed at(support::small_layers());
  Matrix<double> error(16, 5);
  const std::vector<Phase> mixed{{{0.1, 0}, 1.0}, {{0.1, 0.1}, 1.0}};
  CHECK(support::message_of<ArgumentError>([&] {
          (void)at.solver.nudge(mixed, at.classes, support::to_the_end, error);
        }).find("phases") == 0);
}

TEST_CASE("certificates: steps that run out, states that are not finite, typed errors") {
  support::Relaxed at(support::small_layers());
  const equilibrium::RelaxOptions few{.max_steps = 3, .tolerance = 1e-14};
  const Certificate early = at.solver.relax(at.x, few);
  CHECK(early.status == RelaxStatus::exhausted);
  CHECK(early.steps == 3);
  CHECK(early.residual > 1e-4);
  const std::string message = support::message_of<ConvergenceError>(
      [&] { equilibrium::require_converged(early, few, "free phase"); });
  CHECK(message.find("free phase did not converge: residual 0.") == 0);
  CHECK(message.find("after 3 steps") != std::string::npos);
  try {
    equilibrium::require_converged(early, few, "free phase");
  } catch (const ConvergenceError& error) {
    CHECK(error.reached().residual == early.residual);
  }
  // The same number of steps without a tolerance: the same state, and nothing to complain of.
  const Certificate fixed = at.solver.relax(at.x, {.max_steps = 3});
  CHECK(fixed.converged());
  CHECK(fixed.residual == early.residual);
  // Weights that are not finite.
  Vector<double> broken = at.theta;
  broken(0) = std::numeric_limits<double>::infinity();
  at.solver.assign(broken);
  const Certificate lost = at.solver.relax(at.x, few);
  CHECK(lost.status == RelaxStatus::diverged);
  CHECK(std::isnan(lost.residual));
  CHECK(support::message_of<ConvergenceError>([&] {
          equilibrium::require_converged(lost, few, "free phase");
        }).find("free phase diverged") == 0);
  const auto says = [&](equilibrium::RelaxOptions options) {
    return support::message_of<ArgumentError>([&] { (void)at.solver.relax(at.x, options); });
  };
  CHECK(says({.max_steps = -1}).find("max_steps") == 0);
  CHECK(says({.dt = 0}).find("dt") == 0);
  CHECK(says({.tolerance = -1}).find("tolerance") == 0);
}

TEST_CASE("strong couplings: with dt = 1 they oscillate, with dt = 1/2 they settle") {
  support::Relaxed at(support::small_layers(), 0);
  const auto& layout = at.network.layout();
  Vector<double> strong = at.theta;
  for (const auto& block : layout.blocks()) {
    layout.coupling(strong, block) *= -6;
  }
  for (const auto& block : layout.blocks()) { // units start near their steepest point
    layout.bias(strong).segment(block.row, block.rows) -=
        0.5 * layout.coupling(strong, block).rowwise().sum();
  }
  at.solver.assign(strong);
  const Certificate whole = at.solver.relax(at.x, {.max_steps = 500, .tolerance = 1e-10, .dt = 1});
  const Certificate half = at.solver.relax(at.x, {.max_steps = 4000, .tolerance = 1e-10});
  CHECK(half.converged());
  CHECK(whole.steps >= half.steps);
}

TEST_CASE("no samples, one sample, many panels") {
  support::Relaxed none(support::small_layers(), 1.2, 0);
  CHECK(none.reached.steps == 0);
  support::Relaxed one(support::small_layers(), 1.2, 1);
  support::Relaxed many(support::small_layers(), 1.2, 150);
  CHECK((many.solver.rates().col(0) - one.solver.rates().col(0)).norm() < 1e-13);
  Matrix<double> few(16, 1);
  Matrix<double> lots(16, 150);
  const auto phases = equilibrium::phases_of(Nudge::of_points(5, 0.1));
  REQUIRE(one.solver.nudge(phases, one.classes, support::to_the_end, few).converged());
  REQUIRE(many.solver.nudge(phases, many.classes, support::to_the_end, lots).converged());
  CHECK((few.col(0) - lots.col(0)).norm() < 1e-11);
}
