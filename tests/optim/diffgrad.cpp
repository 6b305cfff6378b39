// SPDX-License-Identifier: BSD-3-Clause
// diffGrad between Adam at half and at full learning rate, and its friction coefficients.
#include <cmath>

#include "catch.hpp"
#include "support/draws.hpp"
#include "tolerance.hpp"
#include <gradus/optim/adam.hpp>
#include <gradus/optim/amsgrad.hpp>
#include <gradus/optim/diffgrad.hpp>

using namespace gradus;
using namespace gradus::optim;

namespace {

template <class Friction>
double friction(double previous, double gradient, double mean = 0, bool first = false) {
  return Friction{}(FrictionInput<double>{previous, gradient, mean, first});
}

double sigmoid(double x) { return 1 / (1 + std::exp(-x)); }

template <class Rule>
Vector<double> run(const Rule& rule, const Matrix<double>& g) {
  Vector<double> theta = Vector<double>::Zero(g.rows());
  auto state = rule.make_state(g.rows());
  for (Index k = 0; k < g.cols(); ++k) {
    rule.update(theta, g.col(k), state);
  }
  return theta;
}

} // namespace

TEST_CASE("friction: every variant by its formula") {
  REQUIRE(friction<GradientChange>(1, 1) == 0.5);
  REQUIRE(relative_error(friction<GradientChange>(1, 3), sigmoid(2)) < tol<double>::rel);
  REQUIRE(relative_error(friction<GradientChange>(3, 1), sigmoid(2)) < tol<double>::rel);
  REQUIRE(friction<GradientChange>(0, 1e4) == 1);
  REQUIRE(relative_error(friction<SignedGradientChange>(1, 3), sigmoid(-2)) < tol<double>::rel);
  REQUIRE(friction<SignedGradientChange>(-1e4, 1e4) == 0);
  REQUIRE(friction<WideGradientChange>(2, 2) == 0.5);
  REQUIRE(relative_error(friction<WideGradientChange>(1, 3), 9 * sigmoid(1) - 4) <
          tol<double>::rel);
  REQUIRE(relative_error(friction<MeanDistance>(9, 1, 4), sigmoid(3)) < tol<double>::rel);
  REQUIRE(friction<AliasedGradientChange>(1, 5) == 0.5);
  REQUIRE(relative_error(friction<AliasedGradientChange>(0, 5, 0, true), sigmoid(5)) <
          tol<double>::rel);
  REQUIRE(friction<ConstantFriction>(1, 5) == 0.5);
}

TEST_CASE("diffgrad: constant friction is Adam at that share of the learning rate") {
  const Matrix<double> g = support::normal_matrix("g", 9, 30);
  const Vector<double> half = run(DiffGrad<double, ConstantFriction>{.learning_rate = 0.1}, g);
  REQUIRE((half - run(Adam<double>{.learning_rate = 0.05}, g)).norm() < 1e-14);
  const DiffGrad<double, ConstantFriction> full{.learning_rate = 0.1, .friction = {.value = 1}};
  REQUIRE((run(full, g) - run(Adam<double>{.learning_rate = 0.1}, g)).norm() < 1e-14);
  DiffGrad<double, ConstantFriction> capped = full;
  capped.amsgrad = true;
  REQUIRE((run(capped, g) - run(Amsgrad<double>{.learning_rate = 0.1}, g)).norm() < 1e-14);
}

TEST_CASE("diffgrad: steady gradients halve Adam's step, wild ones leave it whole") {
  const Matrix<double> steady = Matrix<double>::Constant(1, 50, 1e-3);
  const double slow = run(DiffGrad<double>{.learning_rate = 0.1}, steady)(0);
  // The first step alone sees a change, from 0 to 1e-3.
  REQUIRE(relative_error(slow, run(Adam<double>{.learning_rate = 0.05}, steady)(0)) < 1e-4);
  Matrix<double> wild(1, 50);
  for (Index k = 0; k < 50; ++k) {
    wild(0, k) = k % 2 == 0 ? 300 : -100;
  }
  REQUIRE(run(DiffGrad<double>{.learning_rate = 0.1}, wild) ==
          run(Adam<double>{.learning_rate = 0.1}, wild));
}

TEST_CASE("diffgrad: coefficients that an observer sees are those of the step") {
  // One coordinate, one step from 0: theta = -rate xi sign(g) up to epsilon.
  const DiffGrad<double> rule{.learning_rate = 0.1, .epsilon = 0};
  Vector<double> theta = Vector<double>::Zero(3);
  const Vector<double> g = (Vector<double>(3) << 0.5, -2, 30).finished();
  auto state = rule.make_state(3);
  const Vector<double> xi = friction_coefficients(rule, state, theta, g);
  REQUIRE(state.step == 0);
  rule.update(theta, g, state);
  for (Index i = 0; i < 3; ++i) {
    REQUIRE(std::abs(std::abs(theta(i)) - 0.1 * xi(i)) < 1e-15);
  }
  // With the same gradient again nothing changes: 1/2 everywhere.
  REQUIRE((friction_coefficients(rule, state, theta, g).array() == 0.5).all());
}
