// SPDX-License-Identifier: BSD-3-Clause
// The dense matrices of a network, unit by unit, are those that products give.
#ifdef _OPENMP
#include <omp.h>
#endif

#include "catch.hpp"
#include "support/derivatives.hpp"
#include "support/draws.hpp"
#include <gradus/curvature/dense.hpp>
#include <gradus/nn/loss.hpp>
#include <gradus/nn/mlp.hpp>
#include <gradus/objective/empirical_risk.hpp>

using namespace gradus;
using namespace gradus::curvature;

namespace {

constexpr Curvature kinds[] = {Curvature::hessian, Curvature::gauss_newton, Curvature::residual,
                               Curvature::gradient_moment};

template <class Act>
void check(const nn::MlpShape& shape, Index n) {
  CAPTURE(Act::name, shape.widths.size(), shape.biases, n);
  const Matrix<double> x = support::normal_matrix("x", shape.widths.front(), n);
  objective::EmpiricalRisk risk(nn::Mlp<double, Act>(shape), nn::SoftmaxCrossEntropy{}, x,
                                support::cyclic_classes(n, shape.widths.back()));
  const Vector<double> theta = support::normal_vector("theta", risk.num_parameters(), 0.6);
  for (const Curvature kind : kinds) {
    const Matrix<double> h = dense_curvature(risk, theta, kind);
    REQUIRE(h == h.transpose());
    CurvatureOperator a(risk, theta, kind);
    const Matrix<double> by_products = dense_matrix(a);
    if (by_products.isZero(0)) { // the residual of one layer
      REQUIRE(h.isZero(0));
    } else {
      REQUIRE(support::worst_error(h, by_products) < 1e-13);
    }
  }
}

} // namespace

TEST_CASE("dense curvature of a network: unit by unit as by products") {
  check<nn::Tanh>({.widths = {3, 5, 4, 3, 2}, .biases = true}, 70); // more than one run of samples
  check<nn::Tanh>({.widths = {3, 4, 2}, .biases = false}, 9);
  check<nn::Tanh>({.widths = {4, 3}, .biases = true}, 6);
  check<nn::Tanh>({.widths = {1, 1, 2}, .biases = true}, 1);
  check<nn::Relu>({.widths = {3, 6, 5, 3}, .biases = true}, 12);
  check<nn::Relu>({.widths = {3, 6, 5, 3}, .biases = false}, 12);
  check<nn::Relu>({.widths = {2, 90, 3}, .biases = true}, 130); // more than one block of units
}

TEST_CASE("dense curvature of a network: the same bits for 1, 2 and 3 threads; budget") {
  const Matrix<double> x = support::normal_matrix("x", 6, 100);
  objective::EmpiricalRisk risk(nn::Mlp<double, nn::Tanh>({{6, 12, 9, 3}, true}),
                                nn::SoftmaxCrossEntropy{}, x, support::cyclic_classes(100, 3));
  const Vector<double> theta = support::normal_vector("theta", risk.num_parameters());
#ifdef _OPENMP
  omp_set_num_threads(1);
  const Matrix<double> serial = dense_curvature(risk, theta);
  for (const int threads : {3, 2}) {
    omp_set_num_threads(threads);
    REQUIRE(dense_curvature(risk, theta) == serial);
  }
#endif
  REQUIRE_THROWS_AS(dense_curvature(risk, theta, Curvature::hessian, {.byte_budget = 1000}),
                    BudgetError);
}
