// SPDX-License-Identifier: BSD-3-Clause
// Inner products of per-example gradients of first layers that gather, and of two-layer networks.
#include "catch.hpp"
#include "support/derivatives.hpp"
#include "support/draws.hpp"
#include <gradus/nn/input.hpp>
#include <gradus/nn/loss.hpp>
#include <gradus/nn/mlp.hpp>
#include <gradus/nn/two_layer.hpp>
#include <gradus/objective/empirical_risk.hpp>

using namespace gradus;

namespace {

template <class Risk>
void check_gram(Risk& risk) {
  const Index n = risk.num_examples();
  const Vector<double> theta = support::normal_vector("theta", risk.num_parameters());
  Matrix<double> g(theta.size(), n);
  Matrix<double> gram(n, n);
  Vector<double> norms(n);
  risk.per_example_gradients(theta, g);
  risk.per_example_gram(theta, gram);
  risk.per_example_squared_norms(theta, norms);
  REQUIRE(support::worst_error(gram, g.transpose() * g) < 1e-13);
  REQUIRE(support::worst_error(norms, gram.diagonal()) < 1e-13);
}

} // namespace

TEST_CASE("per-example gram: one-hot inputs, positions that repeat included") {
  Matrix<double> x(3, 5);
  x << 0, 1, 2, 6, 0, // position 0 of each sample
      1, 1, 3, 6, 1,  // samples 1, 3: the same position twice
      5, 0, 4, 2, 5;  // sample 4 equals sample 0
  objective::EmpiricalRisk risk(
      nn::Mlp<double, nn::Relu, nn::OneHotInput>({{7, 6, 3}, true}, {}, {.positions = 3}),
      nn::SoftmaxCrossEntropy{}, x, support::cyclic_classes(5, 3));
  check_gram(risk);
}

TEST_CASE("per-example gram: two-layer networks") {
  const Matrix<double> x = support::normal_matrix("x", 4, 9);
  objective::EmpiricalRisk risk(
      nn::TwoLayer<double>(4, nn::FrozenSecondLayer<double>(support::normal_matrix("top", 2, 5))),
      nn::Square{}, x, support::normal_matrix("y", 2, 9));
  check_gram(risk);
}
