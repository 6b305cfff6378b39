// SPDX-License-Identifier: BSD-3-Clause
// Curvature products of two-layer networks with a frozen second layer.
#include <complex>

#include "catch.hpp"
#include "curvature/products_of.hpp"
#include "support/derivatives.hpp"
#include "support/draws.hpp"
#include "tolerance.hpp"
#include <gradus/nn/loss.hpp>
#include <gradus/nn/two_layer.hpp>
#include <gradus/objective/empirical_risk.hpp>

using namespace gradus;
using curvature::Curvature;
using support::products_of;

TEST_CASE("curvature products: two-layer networks, smooth and kinked") {
  const Matrix<double> x = support::normal_matrix("x", 5, 8);
  const auto check = [&](auto act) {
    using Act = decltype(act);
    using Complex = std::complex<double>;
    const Matrix<double> top = support::normal_matrix("top", 2, 6);
    const Matrix<double> y = support::normal_matrix("y", 2, 8);
    objective::EmpiricalRisk risk(
        nn::TwoLayer<double, Act>(5, nn::FrozenSecondLayer<double, Act>(top)), nn::Square{}, x, y);
    const Matrix<Complex> cx = x.cast<Complex>();
    objective::EmpiricalRisk twin(
        nn::TwoLayer<Complex, Act>(5, nn::FrozenSecondLayer<Complex, Act>(top.cast<Complex>())),
        nn::Square{}, cx, y);
    const Vector<double> theta = support::normal_vector("theta", risk.num_parameters());
    const Matrix<double> v = support::normal_matrix("v", theta.size(), 4);
    const Matrix<double> hv = products_of(risk, theta, Curvature::hessian, v);
    REQUIRE(support::worst_error(hv, support::hessian_by_complex_step(twin, theta) * v) <
            tol<double>::derivative);
    REQUIRE(support::worst_error(products_of(risk, theta, Curvature::gauss_newton, v) +
                                     products_of(risk, theta, Curvature::residual, v),
                                 hv) < 1e-13);
  };
  check(nn::Tanh{});
  check(nn::Relu{});
}
