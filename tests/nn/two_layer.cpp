// SPDX-License-Identifier: BSD-3-Clause
// Two-layer networks with a frozen second layer: layout, gradients, symmetries.
#include <algorithm>
#include <array>

#include "catch.hpp"
#include "support/derivatives.hpp"
#include "support/draws.hpp"
#include "support/errors.hpp"
#include "support/plain_network.hpp"
#include "tolerance.hpp"
#include <gradus/core/error.hpp>
#include <gradus/nn/initialization.hpp>
#include <gradus/nn/loss.hpp>
#include <gradus/nn/two_layer.hpp>
#include <gradus/objective/empirical_risk.hpp>

namespace {

using namespace gradus;
using support::Complex;

/// The risk of a fully connected network in plain loops whose last layer is held at A.
template <class A, class L>
struct HeldRisk {
  support::PlainRisk<Complex, A, L> full;
  Matrix<double> second_layer;

  [[nodiscard]] Complex value(const Vector<Complex>& theta) const {
    Vector<Complex> both(theta.size() + second_layer.size());
    both.head(theta.size()) = theta;
    for (Index i = 0; i < second_layer.size(); ++i) {
      both(theta.size() + i) = second_layer.data()[i];
    }
    return full.value(both);
  }
};

/// Worst error of gradients over widths and numbers of samples, some of them 1.
template <class L, class MakeTargets>
double worst_gradient_error(Index outputs, const MakeTargets& targets) {
  double worst = 0;
  for (const Index width : {1, 6}) {
    const Matrix<double> a = support::normal_matrix("A", outputs, width);
    const nn::TwoLayer<double, nn::Tanh> net(3, nn::FrozenSecondLayer<double, nn::Tanh>(a));
    const Vector<double> theta = support::normal_vector("theta", net.num_parameters(), 0.7);
    for (const Index n : {1, 8}) {
      const Matrix<double> x = support::normal_matrix("x", 3, n);
      objective::EmpiricalRisk risk(net, L{}, x, targets(n));
      const HeldRisk<nn::Tanh, L> held{{{{3, width, outputs}, false}, {}, {}, x, targets(n)}, a};
      worst = std::max(worst, support::worst_error(support::gradient_of(risk, theta),
                                                   support::gradient_by_complex_step(held, theta)));
    }
  }
  return worst;
}

using Relu = nn::TwoLayer<double, nn::Relu>;

Relu relu_network(Index outputs) {
  return {3, nn::FrozenSecondLayer<double>(support::normal_matrix("A", outputs, 5))};
}

} // namespace

TEST_CASE("two-layer: the parameters are the first layer, column by column") {
  const Relu net = relu_network(2);
  REQUIRE(net.num_inputs() == 3);
  REQUIRE(net.width() == 5);
  REQUIRE(net.num_outputs() == 2);
  REQUIRE(net.num_parameters() == 15);
  Vector<double> theta = Vector<double>::LinSpaced(15, 0, 14);
  REQUIRE(net.weights(theta)(1, 0) == 1);
  REQUIRE(net.weights(theta)(0, 1) == 5);
  net.weights(theta)(4, 2) = -1;
  REQUIRE(theta(14) == -1);
  const Stream stream(1, "init");
  const Vector<double> drawn = net.initial_parameters(nn::Gaussian{0.5}, stream);
  REQUIRE(drawn == net.initial_parameters(nn::Gaussian{0.5}, stream));
  REQUIRE(drawn.cwiseAbs().minCoeff() > 0);
  REQUIRE(support::message_of<ArgumentError>([&] { Relu(0, net.second_layer()); }) ==
          "num_inputs is 0; valid: >= 1");
}

TEST_CASE("two-layer: gradients against the complex step, one output and three") {
  REQUIRE(worst_gradient_error<nn::Logistic>(
              1, [](Index n) { return support::alternating_labels(n); }) < tol<double>::derivative);
  REQUIRE(worst_gradient_error<nn::SoftmaxCrossEntropy>(
              3, [](Index n) { return support::cyclic_classes(n, 3); }) < tol<double>::derivative);
}

TEST_CASE("two-layer: outputs are A activation(W x); no samples give none") {
  for (const Index outputs : {1, 3}) {
    const Relu net = relu_network(outputs);
    const Vector<double> theta = support::normal_vector("theta", 15);
    Relu::Workspace workspace;
    for (const Index n : {6, 0, 1}) {
      const Matrix<double> x = support::normal_matrix("x", 3, n);
      const auto f = net.forward(theta, x, workspace);
      REQUIRE(f.rows() == outputs);
      REQUIRE(f.cols() == n);
      const Matrix<double> expected =
          net.second_layer().weights() * (net.weights(theta) * x).cwiseMax(0.0);
      REQUIRE((f - expected).cwiseAbs().sum() <= tol<double>::abs * static_cast<double>(10 * n));
    }
  }
}

TEST_CASE("two-layer: a ReLU network is homogeneous, units with equal signs change places") {
  const Relu net(3, nn::FrozenSecondLayer<double>(nn::balanced_signs<double>(6)));
  const Matrix<double> x = support::normal_matrix("x", 3, 7);
  const Vector<double> theta = support::normal_vector("theta", net.num_parameters());
  Relu::Workspace workspace;
  const Matrix<double> f = net.forward(theta, x, workspace);
  REQUIRE(Matrix<double>(net.forward(4.0 * theta, x, workspace)) == 4.0 * f); // no rounding
  Vector<double> moved = theta;
  net.weights(moved).row(0).swap(net.weights(moved).row(2));
  net.weights(moved).row(3).swap(net.weights(moved).row(5));
  REQUIRE(support::worst_error(net.forward(moved, x, workspace), f) < tol<double>::rel);
  net.weights(moved).row(0).swap(net.weights(moved).row(5)); // of other signs
  REQUIRE(support::worst_error(net.forward(moved, x, workspace), f) > 0.01);
}

TEST_CASE("two-layer: gradients of the samples are single-sample gradients and sum to the whole") {
  const Relu net = relu_network(3);
  const Index n = 7;
  const Matrix<double> x = support::normal_matrix("x", 3, n);
  const Vector<double> theta = support::normal_vector("theta", 15);
  objective::EmpiricalRisk risk(net, nn::SoftmaxCrossEntropy{}, x, support::cyclic_classes(n, 3));
  Matrix<double> gradients = Matrix<double>::Constant(15, n, 9.0);
  risk.per_example_gradients(theta, gradients);
  REQUIRE(support::worst_error(gradients.rowwise().mean(), support::gradient_of(risk, theta)) <
          4 * tol<double>::rel);
  Vector<double> one(15);
  for (Index i = 0; i < n; ++i) {
    risk.value_and_gradient(theta, std::array{i}, one);
    REQUIRE(support::worst_error(gradients.col(i), one) < 4 * tol<double>::rel);
  }
}
