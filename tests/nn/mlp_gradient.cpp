// SPDX-License-Identifier: BSD-3-Clause
// Gradients of a network of any shape under three losses, against the complex step of a network
// written in plain loops.
#include <algorithm>
#include <vector>

#include "catch.hpp"
#include "support/derivatives.hpp"
#include "support/draws.hpp"
#include "support/plain_network.hpp"
#include "tolerance.hpp"
#include <gradus/nn/loss.hpp>
#include <gradus/nn/mlp.hpp>
#include <gradus/objective/empirical_risk.hpp>

namespace {

using namespace gradus;
using support::Complex;

/// Networks at the edges of what there is: no hidden layer, width 1, wide, deep, with and without
/// biases.
std::vector<nn::MlpShape> shapes_with(Index outputs) {
  return {{{3, outputs}, true},
          {{3, outputs}, false},
          {{2, 1, outputs}, true},
          {{1, 1, 1, outputs}, false},
          {{4, 7, outputs}, false},
          {{3, 5, 4, outputs}, true},
          {{2, 3, 4, 3, 2, outputs}, true}};
}

struct Errors {
  double value = 0;
  double gradient = 0;
};

/// Worst error of value and gradient over all shapes, with many samples and with one.
template <class L, class MakeTargets>
Errors worst_errors(Index outputs, const MakeTargets& targets) {
  Errors worst;
  for (const nn::MlpShape& shape : shapes_with(outputs)) {
    const nn::Mlp<double, nn::Tanh> net(shape);
    const Vector<double> theta = support::normal_vector("theta", net.num_parameters(), 0.7);
    for (const Index n : {Index{6}, Index{1}}) {
      const Matrix<double> x = support::normal_matrix("x", net.num_inputs(), n);
      objective::EmpiricalRisk risk(net, L{}, x, targets(n));
      const support::PlainRisk<Complex, nn::Tanh, L> plain(shape, {}, {}, x, targets(n));
      Vector<double> gradient = Vector<double>::Constant(theta.size(), 7.0); // to be overwritten
      const double loss = risk.value_and_gradient(theta, gradient);
      const double reference = plain.value(theta.cast<Complex>()).real();
      worst.value = std::max({worst.value, relative_error(loss, reference),
                              relative_error(risk.value(theta), reference)});
      worst.gradient =
          std::max(worst.gradient,
                   support::worst_error(gradient, support::gradient_by_complex_step(plain, theta)));
    }
  }
  return worst;
}

} // namespace

TEST_CASE("mlp: value and gradient of the square loss") {
  const auto worst =
      worst_errors<nn::Square>(2, [](Index n) { return support::normal_matrix("y", 2, n); });
  REQUIRE(worst.value < 10 * tol<double>::rel);
  REQUIRE(worst.gradient < tol<double>::derivative);
}

TEST_CASE("mlp: value and gradient of the softmax cross-entropy") {
  const auto worst = worst_errors<nn::SoftmaxCrossEntropy>(
      3, [](Index n) { return support::cyclic_classes(n, 3); });
  REQUIRE(worst.value < 10 * tol<double>::rel);
  REQUIRE(worst.gradient < tol<double>::derivative);
}

TEST_CASE("mlp: value and gradient of the logistic loss") {
  const auto worst =
      worst_errors<nn::Logistic>(1, [](Index n) { return support::alternating_labels(n); });
  REQUIRE(worst.value < 10 * tol<double>::rel);
  REQUIRE(worst.gradient < tol<double>::derivative);
}
