// SPDX-License-Identifier: BSD-3-Clause
// The law of Marchenko and Pastur: moments, edges, a drawn spectrum; and what linear grokking makes
// of it.
#include <cmath>

#include <Eigen/Eigenvalues>

#include "catch.hpp"
#include "support/draws.hpp"
#include "support/errors.hpp"
#include "tolerance.hpp"
#include <gradus/core/error.hpp>
#include <gradus/theory/linear_grokking.hpp>
#include <gradus/theory/marchenko_pastur.hpp>

using namespace gradus;
using theory::MarchenkoPastur;

TEST_CASE("marchenko-pastur: moments, at any ratio") {
  for (const double r : {0.01, 0.5, 0.95, 1.0, 1.5, 20.0}) {
    INFO(r);
    const MarchenkoPastur law(r);
    // E x^k = 1, 1, 1 + r, 1 + 3 r + r^2.
    const auto moment = [&](int k) { return law.mean([k](double x) { return std::pow(x, k); }); };
    REQUIRE(relative_error(moment(0).value, 1.0) < 1e-10);
    REQUIRE(relative_error(moment(1).value, 1.0) < 1e-10);
    REQUIRE(relative_error(moment(2).value, 1 + r) < 1e-10);
    REQUIRE(relative_error(moment(3).value, 1 + 3 * r + r * r) < 1e-10);
    REQUIRE(moment(2).error <= 1e-9 * moment(2).value);
    // The resolvent at -1 against its quadratic equation r g^2 (1) + (2 - r) g ... : with
    // g = E 1 / (x + 1), r g^2 + (2 - r) g - 1 = 0.
    const double g = law.mean([](double x) { return 1 / (x + 1); }).value;
    REQUIRE(std::abs(r * g * g + (2 - r) * g - 1) < 1e-9);
  }
}

TEST_CASE("marchenko-pastur: density and edges") {
  const MarchenkoPastur law(0.25);
  REQUIRE(law.low() == 0.25);
  REQUIRE(law.high() == 2.25);
  REQUIRE(law.density(0.2) == 0);
  REQUIRE(law.density(2.3) == 0);
  double integral = 0;
  constexpr int nodes = 200'000;
  for (int i = 0; i < nodes; ++i) {
    integral += law.density(0.25 + 2.0 * (i + 0.5) / nodes) * 2.0 / nodes;
  }
  REQUIRE(std::abs(integral - 1) < 1e-6);
  REQUIRE(MarchenkoPastur(1).low() == 0);
  REQUIRE(MarchenkoPastur(4).share_at_zero() == 0.75);
  REQUIRE(MarchenkoPastur(0.5).share_at_zero() == 0);
  REQUIRE(support::message_of<ArgumentError>([] { MarchenkoPastur(0); }) ==
          "ratio is 0; valid: > 0, finite");
}

TEST_CASE("marchenko-pastur: a drawn spectrum follows it") {
  const Index d = 150;
  const Index n = 300;
  const Matrix<double> x = support::normal_matrix("x", d, n);
  const Eigen::SelfAdjointEigenSolver<Matrix<double>> solver(
      Matrix<double>(x * x.transpose() / static_cast<double>(n)), Eigen::EigenvaluesOnly);
  const MarchenkoPastur law(0.5);
  const auto f = [](double v) { return std::exp(-v); };
  const double measured = solver.eigenvalues().unaryExpr(f).mean();
  // Linear statistics fluctuate by about 1 / d.
  REQUIRE(std::abs(measured - law.mean(f).value) < 5.0 / d);
}

TEST_CASE("linear grokking: start, decay, and the level of an accuracy") {
  const theory::LinearGrokking law{.ratio = 0.5, .learning_rate = 0.05, .start = 2};
  REQUIRE(relative_error(law.training_loss(0).value, 2.0) < 1e-9);
  REQUIRE(relative_error(law.generalization_loss(0).value, 2.0) < 1e-9);
  // One step: E x (1 - 2 eta x)^2 = 1 - 4 eta (1 + r) + 4 eta^2 (1 + 3 r + r^2).
  REQUIRE(relative_error(law.training_loss(1).value,
                         2 * (1 - 0.2 * 1.5 + 0.01 * (1 + 1.5 + 0.25))) < 1e-9);
  double before = 2.1;
  for (const double t : {0.0, 1.5, 10.0, 1e3, 1e4}) {
    const double now = law.generalization_loss(t).value;
    REQUIRE(now < before);
    before = now;
  }
  REQUIRE(relative_error(theory::residual_accuracy(theory::loss_at_accuracy(0.95, 1e-3), 1e-3),
                         0.95) < 1e-12);
  REQUIRE(relative_error(theory::loss_at_accuracy(0.95, 1e-3), 1e-3 / 3.8414588) < 1e-6);
  REQUIRE(theory::residual_accuracy(0, 1e-3) == 1);
  REQUIRE_THROWS_AS(
      (void)(theory::LinearGrokking{.ratio = 1, .learning_rate = 0.3}.training_loss(1)),
      ArgumentError);
}
