// SPDX-License-Identifier: BSD-3-Clause
// Curvature products in float, double and long double.

#include "catch.hpp"
#include "curvature/products_of.hpp"
#include "support/derivatives.hpp"
#include "support/draws.hpp"
#include "tolerance.hpp"
#include <gradus/nn/loss.hpp>
#include <gradus/nn/mlp.hpp>
#include <gradus/objective/empirical_risk.hpp>

using namespace gradus;
using curvature::Curvature;
using support::products_of;

TEST_CASE("curvature products: float, double and long double agree to their precision") {
  const Matrix<double> x = support::normal_matrix("x", 4, 12);
  const auto in_type = [&](auto zero) {
    using T = decltype(zero);
    const Matrix<T> inputs = x.cast<T>();
    objective::EmpiricalRisk risk(nn::Mlp<T, nn::Relu>({{4, 6, 3}, true}),
                                  nn::SoftmaxCrossEntropy{}, inputs,
                                  support::cyclic_classes(12, 3));
    const Index size = risk.num_parameters();
    const Vector<T> theta = support::normal_vector("theta", size).cast<T>();
    const Matrix<T> v = support::normal_matrix("v", size, 3).cast<T>();
    return Matrix<double>(products_of(risk, theta, Curvature::hessian, v).template cast<double>());
  };
  const Matrix<double> exact = in_type(0.0L);
  REQUIRE(support::worst_error(in_type(0.0), exact) < 1e-14);
  REQUIRE(support::worst_error(in_type(0.0F), exact) < 1e-5);
}
