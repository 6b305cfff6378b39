// SPDX-License-Identifier: BSD-3-Clause
// Networks with kinks, whose gradients the complex step cannot check at any price, against
// forward-mode dual numbers: the very same network over another number type.
#include <algorithm>
#include <cmath>

#include "catch.hpp"
#include "support/derivatives.hpp"
#include "support/draws.hpp"
#include "tolerance.hpp"
#include <gradus/core/autodiff.hpp>
#include <gradus/nn/loss/margin.hpp>
#include <gradus/nn/mlp.hpp>
#include <gradus/objective/empirical_risk.hpp>

namespace {

using namespace gradus;
using boost::math::differentiation::make_fvar;
using Dual1 = Dual<double, 1>;

/// Entry j is the derivative of the loss when parameter j alone is the variable.
template <class Risk>
Vector<double> gradient_by_duals(Risk& risk, const Vector<double>& theta) {
  Vector<Dual1> point = theta.cast<Dual1>();
  Vector<double> gradient(theta.size());
  for (Index j = 0; j < theta.size(); ++j) {
    point(j) = make_fvar<double, 1>(theta(j));
    gradient(j) = risk.value(point).derivative(1);
    point(j) = Dual1(theta(j));
  }
  return gradient;
}

template <class A>
void check_against_duals(const A& activation) {
  for (const nn::MlpShape& shape :
       {nn::MlpShape{{3, 1, 1}, true}, {{3, 6, 1}, false}, {{3, 5, 4, 1}, true}}) {
    const nn::Mlp<double, A> net(shape, activation);
    const nn::Mlp<Dual1, A> dual_net(shape, activation);
    const Vector<double> theta = support::normal_vector("kinks", net.num_parameters());
    const Matrix<double> x = support::normal_matrix("x", 3, 6);
    const Matrix<Dual1> dual_x = x.cast<Dual1>();
    const Vector<double> y = support::alternating_labels(6);
    objective::EmpiricalRisk risk(net, nn::Logistic{}, x, y);
    objective::EmpiricalRisk dual_risk(dual_net, nn::Logistic{}, dual_x, y);
    const Vector<double> gradient = support::gradient_of(risk, theta);
    REQUIRE(support::worst_error(gradient, gradient_by_duals(dual_risk, theta)) <
            tol<double>::derivative);
    // The dual gradient carries the derivative of the gradient: a column of the Hessian.
    Vector<Dual1> point(theta.size());
    const Vector<double> v = support::normal_vector("v", theta.size());
    for (Index j = 0; j < theta.size(); ++j) {
      point(j) = theta(j) + v(j) * make_fvar<double, 1>(0.0);
    }
    const Vector<Dual1> dual_gradient = support::gradient_of(dual_risk, point);
    Vector<double> hv(theta.size());
    double worst = 0;
    for (Index j = 0; j < theta.size(); ++j) {
      worst = std::max(worst, std::abs(dual_gradient(j).derivative(0) - gradient(j)));
      hv(j) = dual_gradient(j).derivative(1);
    }
    REQUIRE(worst < tol<double>::derivative * gradient.cwiseAbs().maxCoeff());
    REQUIRE(support::worst_error(support::hvp_of(risk, theta, v), hv) < tol<double>::derivative);
  }
}

} // namespace

TEST_CASE("mlp: gradients and Hessian products of ReLU networks against dual numbers") {
  check_against_duals(nn::Relu{});
}

TEST_CASE("mlp: gradients and Hessian products of leaky ReLU networks against dual numbers") {
  check_against_duals(nn::LeakyRelu{.slope = 0.2});
}
