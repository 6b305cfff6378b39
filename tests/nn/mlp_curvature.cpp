// SPDX-License-Identifier: BSD-3-Clause
// What Hessian and Gauss-Newton products must satisfy, whatever their numbers are.
#include <cmath>

#include "catch.hpp"
#include "support/derivatives.hpp"
#include "support/draws.hpp"
#include "tolerance.hpp"
#include <gradus/nn/loss/softmax.hpp>
#include <gradus/nn/loss/square.hpp>
#include <gradus/nn/mlp.hpp>
#include <gradus/objective/empirical_risk.hpp>

namespace {

using namespace gradus;

template <class Risk>
Vector<double> gauss_newton(Risk& risk, const Vector<double>& theta, const Vector<double>& v) {
  Vector<double> product(theta.size());
  risk.gauss_newton_product(theta, v, product);
  return product;
}

} // namespace

TEST_CASE("mlp: Hessian and Gauss-Newton products are symmetric and linear") {
  const nn::Mlp<double, nn::Tanh> net({{3, 4, 5, 3}, true});
  const Index size = net.num_parameters();
  const Matrix<double> x = support::normal_matrix("x", 3, 8);
  objective::EmpiricalRisk risk(net, nn::SoftmaxCrossEntropy{}, x, support::cyclic_classes(8, 3));
  const Vector<double> theta = support::normal_vector("theta", size, 0.7);
  const Vector<double> u = support::normal_vector("u", size);
  const Vector<double> v = support::normal_vector("v", size);
  const Vector<double> w = 2.0 * u - 0.5 * v;
  const Vector<double> hu = support::hvp_of(risk, theta, u);
  const Vector<double> hv = support::hvp_of(risk, theta, v);
  REQUIRE(std::abs(u.dot(hv) - v.dot(hu)) < 1e-12 * u.norm() * hv.norm());
  REQUIRE(support::worst_error(support::hvp_of(risk, theta, w), 2.0 * hu - 0.5 * hv) < 1e-12);
  REQUIRE(support::hvp_of(risk, theta, Vector<double>(Vector<double>::Zero(size))).isZero(0.0));

  const Vector<double> gu = gauss_newton(risk, theta, u);
  const Vector<double> gv = gauss_newton(risk, theta, v);
  REQUIRE(std::abs(u.dot(gv) - v.dot(gu)) < 1e-12 * u.norm() * gv.norm());
  REQUIRE(support::worst_error(gauss_newton(risk, theta, w), 2.0 * gu - 0.5 * gv) < 1e-12);
  REQUIRE(support::worst_error(gu, hu) > 1e-3); // and it is another matrix
}

TEST_CASE("mlp: the Gauss-Newton matrix has no negative eigenvalue, the Hessian has") {
  const nn::Mlp<double, nn::Tanh> net({{2, 4, 3}, true});
  const Index size = net.num_parameters();
  const Matrix<double> x = support::normal_matrix("x", 2, 6);
  objective::EmpiricalRisk risk(net, nn::SoftmaxCrossEntropy{}, x, support::cyclic_classes(6, 3));
  const Vector<double> theta = support::normal_vector("theta", size, 0.7);
  double lowest = 0;
  double lowest_hessian = 0;
  for (Index k = 0; k < 200; ++k) {
    gradus::Stream stream(20, "direction", static_cast<std::uint64_t>(k));
    Vector<double> v(size);
    fill_normal(stream, v);
    v.normalize();
    lowest = std::min(lowest, v.dot(gauss_newton(risk, theta, v)));
    lowest_hessian = std::min(lowest_hessian, v.dot(support::hvp_of(risk, theta, v)));
  }
  REQUIRE(lowest >= -1e-15); // rounding of a sum of squares of order 1
  REQUIRE(lowest_hessian < -1e-3);
}

TEST_CASE("mlp: for one linear layer and the square loss Gauss-Newton is the Hessian") {
  const nn::Mlp<double, nn::Identity> net({{3, 2}, true});
  const Index size = net.num_parameters();
  const Matrix<double> x = support::normal_matrix("x", 3, 5);
  objective::EmpiricalRisk risk(net, nn::Square{}, x, support::normal_matrix("y", 2, 5));
  const Vector<double> theta = support::normal_vector("theta", size);
  const Vector<double> v = support::normal_vector("v", size);
  const Vector<double> hv = support::hvp_of(risk, theta, v);
  REQUIRE(support::worst_error(gauss_newton(risk, theta, v), hv) < tol<double>::rel);
  // ... and both are (1/n) X~ X~^T for each output, X~ = (X; 1).
  Matrix<double> extended(4, 5);
  extended.topRows(3) = x;
  extended.row(3).setOnes();
  Matrix<double> directions(2, 4);
  directions.leftCols(3) = net.weights(v, 1);
  directions.col(3) = net.bias(v, 1);
  const Matrix<double> expected = directions * extended * extended.transpose() / 5.0;
  REQUIRE(support::worst_error(net.weights(hv, 1), expected.leftCols(3)) < tol<double>::rel);
  REQUIRE(support::worst_error(net.bias(hv, 1), expected.col(3)) < tol<double>::rel);
}

TEST_CASE("mlp: a linear network of two layers has more curvature than Gauss-Newton sees") {
  // f = b a x, loss (f - y)^2 / 2: d2 / da db = residual x + (b x)(a x).
  const nn::Mlp<double, nn::Identity> net({{1, 1, 1}, false});
  const Matrix<double> x = Matrix<double>::Constant(1, 1, 2.0);
  const Matrix<double> y = Matrix<double>::Constant(1, 1, 5.0);
  objective::EmpiricalRisk risk(net, nn::Square{}, x, y);
  const Vector<double> theta = (Vector<double>(2) << 3.0, 0.5).finished(); // a, b
  const Vector<double> v = (Vector<double>(2) << 1.0, 0.0).finished();
  // residual = 0.5 * 3 * 2 - 5 = -2; J = (b x, a x) = (1, 6).
  const Vector<double> hv = support::hvp_of(risk, theta, v);
  REQUIRE(hv(0) == 1.0);
  REQUIRE(hv(1) == 6.0 - 2.0 * 2.0);
  const Vector<double> gv = gauss_newton(risk, theta, v);
  REQUIRE(gv(0) == 1.0);
  REQUIRE(gv(1) == 6.0);
}

TEST_CASE("mlp: Taylor's remainders fall with the order that gradient and Hessian promise") {
  const nn::Mlp<double, nn::Tanh> net({{3, 6, 4, 3}, true});
  const Matrix<double> x = support::normal_matrix("x", 3, 9);
  objective::EmpiricalRisk risk(net, nn::SoftmaxCrossEntropy{}, x, support::cyclic_classes(9, 3));
  const Vector<double> theta = support::normal_vector("theta", net.num_parameters(), 0.7);
  const Vector<double> v = support::normal_vector("v", net.num_parameters()).normalized();
  const double value = risk.value(theta);
  const double slope = support::gradient_of(risk, theta).dot(v);
  const double bend = v.dot(support::hvp_of(risk, theta, v));
  const auto first_order = [&](double h) {
    return std::abs(risk.value(theta + h * v) - value - h * slope);
  };
  const auto second_order = [&](double h) {
    return std::abs(risk.value(theta + h * v) - value - h * slope - h * h / 2 * bend);
  };
  // Halving h divides the remainders by 4 and 8, up to terms of relative order h. The smallest
  // remainders, 1e-6 and 1e-9, are far above the rounding of the loss, 1e-16.
  for (const double h : {0.02, 0.01, 0.005}) {
    REQUIRE(relative_error(first_order(h) / first_order(h / 2), 4.0) < 0.05);
    REQUIRE(relative_error(second_order(h) / second_order(h / 2), 8.0) < 0.1);
  }
}
