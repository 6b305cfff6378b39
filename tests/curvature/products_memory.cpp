// SPDX-License-Identifier: BSD-3-Clause
// Products with a curvature matrix allocate nothing after the first, and have the same bits for any
// number of threads.

#ifdef _OPENMP
#include <omp.h>
#endif

#include "catch.hpp"
#include "curvature/products_of.hpp"
#include "support/allocations.hpp"
#include "support/draws.hpp"
#include <gradus/nn/loss.hpp>
#include <gradus/nn/mlp.hpp>
#include <gradus/objective/empirical_risk.hpp>

using namespace gradus;
using curvature::Curvature;

namespace {

using Net = nn::Mlp<double, nn::Tanh>;
using Risk = objective::EmpiricalRisk<Net, nn::SoftmaxCrossEntropy>;

constexpr Curvature all_kinds[] = {Curvature::hessian, Curvature::gauss_newton, Curvature::residual,
                                   Curvature::gradient_moment};

[[maybe_unused]] void use_threads([[maybe_unused]] int count) {
#ifdef _OPENMP
  omp_set_num_threads(count);
#endif
}

} // namespace

TEST_CASE("curvature products: the same bits for 1, 2 and 3 threads") {
  const auto check = [](const nn::MlpShape& shape, Index n, Index k) {
    const Matrix<double> x = support::normal_matrix("x", shape.widths.front(), n);
    Risk risk(Net(shape), {}, x, support::cyclic_classes(n, shape.widths.back()));
    const Vector<double> theta = support::normal_vector("theta", risk.num_parameters(), 0.2);
    const Matrix<double> v = support::normal_matrix("v", theta.size(), k);
    for (const Curvature kind : all_kinds) {
      use_threads(1);
      const Matrix<double> serial = support::products_of(risk, theta, kind, v);
      REQUIRE(serial.norm() > 0);
      for (const int threads : {2, 3}) {
        use_threads(threads);
        REQUIRE(support::products_of(risk, theta, kind, v) == serial);
      }
    }
    use_threads(2);
  };
  check({.widths = {20, 32, 3}, .biases = true}, 100, 40);   // directions over the cores
  check({.widths = {120, 130, 4}, .biases = false}, 200, 2); // each product over the cores
  check({.widths = {2, 3, 2}, .biases = true}, 5, 3);        // one thread does all
}

#ifdef GRADUS_TESTS_COUNT_ALLOCATIONS

TEST_CASE("curvature products: no allocation after the first") {
  const Matrix<double> x = support::normal_matrix("x", 6, 30);
  Risk risk(Net({{6, 8, 7, 3}, true}), {}, x, support::cyclic_classes(30, 3));
  const Vector<double> theta = support::normal_vector("theta", risk.num_parameters());
  const Matrix<double> v = support::normal_matrix("v", theta.size(), 4);
  Matrix<double> out(v.rows(), v.cols());
  Vector<double> product(theta.size());
  const Vector<double> one = v.col(0);
  curvature::CurvatureOperator hessian(risk, theta);
  curvature::CurvatureOperator moment(risk, theta, Curvature::gradient_moment);
  const auto all = [&] {
    hessian.apply(v, out);
    moment.apply(v, out);
    hessian.apply(v.leftCols(2), out.leftCols(2));
    risk.hvp(theta, one, product);
    hessian.move_to(theta);
  };
  all();
  const long before = support::allocations;
  for (int repeat = 0; repeat < 5; ++repeat) {
    all();
  }
  REQUIRE(support::allocations == before);
  REQUIRE(before > 0);
}

#endif
