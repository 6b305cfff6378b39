// SPDX-License-Identifier: BSD-3-Clause
// The stability bound, term by term; mirrored networks, whose output is 0.
#include <cmath>

#include "catch.hpp"
#include "support/derivatives.hpp"
#include "support/draws.hpp"
#include <gradus/curvature/coherence_bound.hpp>
#include <gradus/nn/loss.hpp>
#include <gradus/nn/mirrored.hpp>
#include <gradus/nn/mlp.hpp>
#include <gradus/objective/empirical_risk.hpp>

using namespace gradus;

TEST_CASE("coherence bound: the sum by its definition, with and without growth") {
  const double rates[] = {0.5, 0.2, 0.1};
  const double alphas[] = {0, 0.3, 0.9};
  const double squares[] = {0.25, 0.16, 0.09};
  for (const double beta : {0.0, 2.0}) {
    curvature::CoherenceBound bound(50, 3, beta);
    double theorem = 0;
    double path = 0;
    for (int t = 0; t < 3; ++t) {
      bound.step(rates[t], alphas[t], squares[t]);
      double growth = rates[t];
      for (int s = t + 1; s < 3; ++s) {
        growth *= 1 + rates[s] * beta;
      }
      theorem += 9.0 / 50 * growth * std::sqrt(2 * (1 - alphas[t]));
      path += 3.0 / 50 * growth * std::sqrt(2 * (1 - alphas[t]) * squares[t]);
    }
    REQUIRE(bound.theorem_form() == Approx(theorem).epsilon(1e-14));
    REQUIRE(bound.path_form() == Approx(path).epsilon(1e-14));
  }
}

TEST_CASE("coherence bound: edges and mistakes") {
  curvature::CoherenceBound bound(1);
  REQUIRE(bound.theorem_form() == 0);
  bound.step(1, 1, 5); // all gradients alike: nothing depends on the sample
  bound.step(1, 1 + 1e-15, 5);
  REQUIRE(bound.theorem_form() == 0);
  bound.step(0, 0, 5);
  REQUIRE(bound.path_form() == 0);
  bound.step(1, std::nan(""), 1);
  REQUIRE(std::isnan(bound.theorem_form()));
  REQUIRE_THROWS_AS(curvature::CoherenceBound(0), ArgumentError);
  REQUIRE_THROWS_AS(curvature::CoherenceBound(1, -1), ArgumentError);
  REQUIRE_THROWS_AS(curvature::CoherenceBound(1, 1, std::nan("")), ArgumentError);
  REQUIRE_THROWS_AS(bound.step(-1, 0, 1), ArgumentError);
}

TEST_CASE("mirrored parameters: the output is 0, the gradients are not") {
  const Matrix<double> x = support::normal_matrix("x", 4, 7);
  for (const bool biases : {false, true}) {
    const nn::Mlp<double> net({.widths = {4, 10, 2}, .biases = biases});
    const Vector<double> theta = nn::mirrored_parameters(net, Stream(2));
    REQUIRE(theta == nn::mirrored_parameters(net, Stream(2)));
    objective::EmpiricalRisk risk(net, nn::Square{}, x, support::normal_matrix("y", 2, 7));
    REQUIRE(risk.outputs(theta).cwiseAbs().maxCoeff() < 1e-14);
    REQUIRE(support::gradient_of(risk, theta).norm() > 0.1);
    REQUIRE(net.weights(theta, 1).topRows(5) == net.weights(theta, 1).bottomRows(5));
    REQUIRE(net.weights(theta, 2).leftCols(5) == -net.weights(theta, 2).rightCols(5));
  }
  // Both layers have variance sqrt(2 / h).
  const nn::Mlp<double> wide({.widths = {50, 400, 1}, .biases = false});
  const Vector<double> theta = nn::mirrored_parameters(wide, Stream(3));
  REQUIRE(wide.weights(theta, 1).squaredNorm() / 20'000 ==
          Approx(std::sqrt(2.0 / 400)).epsilon(0.05));
  REQUIRE(wide.weights(theta, 2).squaredNorm() / 400 == Approx(std::sqrt(2.0 / 400)).epsilon(0.5));
  REQUIRE_THROWS_AS(nn::mirrored_parameters(nn::Mlp<double>({.widths = {4, 3, 1}}), Stream(1)),
                    ArgumentError);
  REQUIRE_THROWS_AS(nn::mirrored_parameters(nn::Mlp<double>({.widths = {4, 2}}), Stream(1)),
                    ArgumentError);
}
