// SPDX-License-Identifier: BSD-3-Clause
// Objectives with robust gradients: what they hand to a rule, and per-example gradients of batches.
#include <vector>

#include "catch.hpp"
#include "support/derivatives.hpp"
#include "support/draws.hpp"
#include <gradus/nn/loss.hpp>
#include <gradus/nn/mlp.hpp>
#include <gradus/objective/empirical_risk.hpp>
#include <gradus/optim/descend.hpp>
#include <gradus/optim/minibatches.hpp>
#include <gradus/optim/robust_gradient.hpp>
#include <gradus/optim/sgd.hpp>

using namespace gradus;

namespace {

using Risk = objective::EmpiricalRisk<nn::Mlp<double>, nn::SoftmaxCrossEntropy>;
const Matrix<double> x = support::normal_matrix("x", 5, 12);
Risk risk_of(const Matrix<double>& inputs) {
  return Risk(nn::Mlp<double>({.widths = {5, 6, 3}, .biases = true}), {}, inputs,
              support::cyclic_classes(inputs.cols(), 3));
}

} // namespace

TEST_CASE("per-example gradients of a mini-batch are columns of those of all examples") {
  static_assert(objective::HasPerExampleMinibatches<Risk>);
  Risk risk = risk_of(x);
  const Vector<double> theta = support::normal_vector("theta", risk.num_parameters(), 0.5);
  Matrix<double> all(theta.size(), 12);
  risk.per_example_gradients(theta, all);
  const std::vector<Index> batch{7, 2, 7, 0};
  Matrix<double> some(theta.size(), 4);
  const double loss = risk.per_example_gradients(theta, batch, some);
  for (std::size_t k = 0; k < batch.size(); ++k) {
    REQUIRE(support::worst_error(some.col(static_cast<Index>(k)), all.col(batch[k])) < 1e-14);
  }
  Vector<double> mean(theta.size());
  REQUIRE(risk.value_and_gradient(theta, batch, mean) == Approx(loss).epsilon(1e-14));
  REQUIRE(support::worst_error(some.rowwise().mean(), mean) < 1e-13);
  REQUIRE_THROWS_AS(risk.per_example_gradients(theta, std::vector<Index>{}, some), ShapeError);
  REQUIRE_THROWS_AS(risk.per_example_gradients(theta, std::vector<Index>{0, 1, 2, 12}, some),
                    ArgumentError);
}

TEST_CASE("winsorised gradient: what WinsorisedMean makes of the batch; share 0 is the objective") {
  Risk risk = risk_of(x);
  const Vector<double> theta = support::normal_vector("theta", risk.num_parameters(), 0.5);
  const std::vector<Index> batch{0, 3, 5, 8, 9, 11};
  optim::WinsorisedGradient robust(risk, 0.25);
  Matrix<double> each(theta.size(), 6);
  const double loss = risk.per_example_gradients(theta, batch, each);
  Vector<double> expected(theta.size()), got(theta.size());
  optim::WinsorisedMean<double> mean(0.25);
  mean(each, expected);
  REQUIRE(robust.value_and_gradient(theta, batch, got) == loss);
  REQUIRE(got == expected);
  optim::WinsorisedGradient plain(risk, 0);
  const double value = risk.value_and_gradient(theta, expected);
  REQUIRE(plain.value_and_gradient(theta, got) == Approx(value).epsilon(1e-14));
  REQUIRE(support::worst_error(got, expected) < 1e-13);
  REQUIRE(plain.value(theta) == Approx(value).epsilon(1e-14));
}

TEST_CASE("median of thirds: three micro-batches, in order, as even as it goes") {
  Risk risk = risk_of(x);
  const Vector<double> theta = support::normal_vector("theta", risk.num_parameters(), 0.5);
  optim::MedianOfThirds robust(risk);
  const std::vector<Index> batch{4, 1, 0, 9, 3, 10, 2};
  const std::vector<Index> parts[] = {{4, 1}, {0, 9}, {3, 10, 2}};
  Matrix<double> g(theta.size(), 3);
  double loss = 0;
  for (Index k = 0; k < 3; ++k) {
    Vector<double> part(theta.size());
    const auto& members = parts[static_cast<std::size_t>(k)];
    loss += risk.value_and_gradient(theta, members, part) * double(members.size()) / 7;
    g.col(k) = part;
  }
  Vector<double> expected(theta.size()), got(theta.size());
  optim::median_of_three<double>(g.col(0), g.col(1), g.col(2), expected);
  REQUIRE(robust.value_and_gradient(theta, batch, got) == Approx(loss).epsilon(1e-14));
  REQUIRE(got == expected);
  REQUIRE(robust.value_and_gradient(theta, got) == Approx(risk.value(theta)).epsilon(1e-14));
  // Two are no majority.
  const std::vector<Index> pair{1, 2};
  REQUIRE(robust.value_and_gradient(theta, pair, got) ==
          risk.value_and_gradient(theta, pair, expected));
  REQUIRE(got.isZero(0));
  REQUIRE_THROWS_AS(robust.value_and_gradient(theta, std::vector<Index>{}, got), ArgumentError);
  const Matrix<double> two = x.leftCols(2);
  Risk small = risk_of(two);
  REQUIRE_THROWS_AS(optim::MedianOfThirds(small), ArgumentError);
}

TEST_CASE("robust gradients descend like any objective") {
  Risk risk = risk_of(x);
  const Vector<double> start = support::normal_vector("theta", risk.num_parameters(), 0.5);
  const double before = risk.value(start);
  Vector<double> theta = start;
  optim::WinsorisedGradient winsorised(risk, 0.2);
  optim::Minibatches batches(12, 6, Stream(3));
  const optim::Sgd<double> rule{.learning_rate = 0.1};
  REQUIRE(optim::descend(winsorised, theta, rule, batches, {.steps = 200}).status ==
          optim::Status::finished);
  REQUIRE(risk.value(theta) < before);
  optim::MedianOfThirds thirds(risk);
  theta = start;
  REQUIRE(optim::descend(thirds, theta, rule, batches, {.steps = 200}).status ==
          optim::Status::finished);
  REQUIRE(risk.value(theta) < before);
}
