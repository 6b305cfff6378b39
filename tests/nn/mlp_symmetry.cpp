// SPDX-License-Identifier: BSD-3-Clause
// Symmetries of ReLU networks, and gradients of single samples.
#include <array>

#include "catch.hpp"
#include "support/derivatives.hpp"
#include "support/draws.hpp"
#include "tolerance.hpp"
#include <gradus/nn/loss/margin.hpp>
#include <gradus/nn/mlp.hpp>
#include <gradus/objective/empirical_risk.hpp>

namespace {

using namespace gradus;
using Net = nn::Mlp<double, nn::Relu>;
using Risk = objective::EmpiricalRisk<Net, nn::Logistic>;

} // namespace

TEST_CASE("mlp: a ReLU network without biases is homogeneous of its depth") {
  for (const nn::MlpShape& shape :
       {nn::MlpShape{{3, 1}, false}, {{3, 6, 1}, false}, {{3, 6, 5, 4, 1}, false}}) {
    const Net net(shape);
    const Vector<double> theta = support::normal_vector("theta", net.num_parameters());
    const Matrix<double> x = support::normal_matrix("x", 3, 8);
    Net::Workspace workspace;
    const Matrix<double> f = net.forward(theta, x, workspace);
    const auto power = static_cast<int>(net.depth());
    const Matrix<double> scaled = net.forward(2.0 * theta, x, workspace);
    REQUIRE(scaled == f * (1 << power)); // a power of two: no rounding at all
    const Matrix<double> stretched = net.forward(theta, 1.7 * x, workspace);
    REQUIRE(support::worst_error(stretched, 1.7 * f) < tol<double>::rel);
    // Euler: <theta, J^T d> = L <f, d>.
    const Matrix<double> d = support::normal_matrix("d", 1, 8);
    Vector<double> gradient(theta.size());
    net.forward(theta, x, workspace);
    net.backward(theta, x, d, workspace, gradient);
    REQUIRE(relative_error(theta.dot(gradient), power * f.cwiseProduct(d).sum()) <
            10 * tol<double>::rel);
  }
}

TEST_CASE("mlp: units of a hidden layer can change places") {
  const Net net({{3, 4, 5, 1}, true});
  const Vector<double> theta = support::normal_vector("theta", net.num_parameters());
  const Matrix<double> x = support::normal_matrix("x", 3, 6);
  const Eigen::PermutationMatrix<Eigen::Dynamic> swap(
      (Eigen::VectorXi(5) << 3, 0, 4, 1, 2).finished());
  Vector<double> moved = theta;
  net.weights(moved, 2) = swap * net.weights(theta, 2);
  net.bias(moved, 2) = swap * net.bias(theta, 2);
  net.weights(moved, 3) = net.weights(theta, 3) * swap.transpose();
  Risk risk(net, {}, x, support::alternating_labels(6));
  const Matrix<double> f = risk.outputs(theta);
  REQUIRE(support::worst_error(risk.outputs(moved), f) < tol<double>::rel);
  // The gradient moves along.
  const Vector<double> gradient = support::gradient_of(risk, theta);
  const Vector<double> moved_gradient = support::gradient_of(risk, moved);
  REQUIRE(support::worst_error(net.weights(moved_gradient, 2),
                               Matrix<double>(swap * net.weights(gradient, 2))) <
          4 * tol<double>::rel);
  REQUIRE(support::worst_error(net.weights(moved_gradient, 1), net.weights(gradient, 1)) <
          4 * tol<double>::rel);
}

TEST_CASE("mlp: gradients of the samples are single-sample gradients and sum to the whole") {
  for (const nn::MlpShape& shape :
       {nn::MlpShape{{3, 1}, true}, {{3, 1, 1}, true}, {{3, 5, 4, 1}, true}, {{3, 5, 1}, false}}) {
    const Net net(shape);
    const Index n = 7;
    const Vector<double> theta = support::normal_vector("theta", net.num_parameters());
    const Matrix<double> x = support::normal_matrix("x", 3, n);
    const Vector<double> y = support::alternating_labels(n);
    Risk risk(net, {}, x, y);
    Matrix<double> gradients = Matrix<double>::Constant(theta.size(), n, 9.0);
    risk.per_example_gradients(theta, gradients);
    REQUIRE(support::worst_error(gradients.rowwise().mean(), support::gradient_of(risk, theta)) <
            4 * tol<double>::rel);
    Vector<double> one(theta.size());
    for (Index i = 0; i < n; ++i) {
      const Matrix<double> xi = x.col(i);
      Risk single(net, {}, xi, y.segment(i, 1));
      one = support::gradient_of(single, theta);
      REQUIRE(support::worst_error(gradients.col(i), one) < 4 * tol<double>::rel);
      const std::array batch{i};
      risk.value_and_gradient(theta, batch, one);
      REQUIRE(support::worst_error(gradients.col(i), one) < 4 * tol<double>::rel);
    }
  }
}

TEST_CASE("mlp: Jacobian and its transpose belong together") {
  // <d, J v> = <J^T d, v> for any v in parameter space and d in output space.
  const Net net({{3, 5, 4, 2}, true});
  const Matrix<double> x = support::normal_matrix("x", 3, 6);
  const Vector<double> theta = support::normal_vector("theta", net.num_parameters());
  const Vector<double> v = support::normal_vector("v", net.num_parameters());
  const Matrix<double> d = support::normal_matrix("d", 2, 6);
  Net::Workspace workspace;
  net.forward(theta, x, workspace);
  const Matrix<double> jv = net.forward_derivatives(theta, v, x, workspace);
  Vector<double> jtd(theta.size());
  net.backward(theta, x, d, workspace, jtd);
  REQUIRE(relative_error(jv.cwiseProduct(d).sum(), jtd.dot(v)) < 100 * tol<double>::rel);
}
