// SPDX-License-Identifier: BSD-3-Clause
// Dense matrices from products, and traces from random signs.
#include <cmath>

#include "catch.hpp"
#include "support/derivatives.hpp"
#include "support/draws.hpp"
#include "support/errors.hpp"
#include "tolerance.hpp"
#include <gradus/curvature/dense.hpp>
#include <gradus/curvature/trace.hpp>
#include <gradus/objective/quadratic.hpp>
#include <gradus/objective/test_functions.hpp>

using namespace gradus;
using namespace gradus::curvature;

TEST_CASE("dense matrix: that of the operator, for any block, exactly symmetric") {
  const Matrix<double> b = support::normal_matrix("b", 150, 150);
  const Matrix<double> a = b + b.transpose();
  DenseOperator<double> op(a);
  for (const Index block : {Index{1}, Index{7}, Index{64}, Index{150}, Index{1000}}) {
    const Matrix<double> h = dense_matrix(op, {.block = block});
    REQUIRE(h == h.transpose());
    REQUIRE(support::worst_error(h, a) < tol<double>::rel);
  }
  // The mirror images are averaged.
  Matrix<double> skew = a;
  skew(3, 140) += 1;
  DenseOperator<double> rounded(skew);
  REQUIRE(dense_matrix(rounded)(140, 3) == Approx(a(3, 140) + 0.5));
  Matrix<double> nothing(0, 0);
  DenseOperator<double> empty(nothing);
  REQUIRE(dense_matrix(empty).size() == 0);
}

TEST_CASE("dense matrix: the Hessian of an objective with hvp() alone") {
  objective::Quadratic<double> f(support::normal_vector("h", 5));
  const Matrix<double> h = dense_curvature(f, support::normal_vector("theta", 5));
  REQUIRE(h == Matrix<double>(f.curvatures().asDiagonal()));
  objective::Rosenbrock<double> valley;
  const Vector<double> theta = Vector<double>::Constant(valley.num_parameters(), 1.0);
  REQUIRE(dense_curvature(valley, theta).trace() > 0); // a minimum
}

TEST_CASE("dense matrix: one that does not fit is refused before it is allocated") {
  objective::Quadratic<float> f(Vector<float>::Ones(1000000)); // 4 TB
  try {
    (void)dense_curvature(f, f.curvatures());
    FAIL("no error");
  } catch (const BudgetError& error) {
    REQUIRE(error.needed() == Approx(4e12).epsilon(1e-3));
    const std::string text = error.what();
    REQUIRE(text.find("1000000 parameters") != std::string::npos);
    REQUIRE(text.find("Lanczos") != std::string::npos);
  }
  objective::Quadratic<double> small(Vector<double>::Ones(10));
  REQUIRE(dense_bytes<double>(10) == 1600);
  REQUIRE_NOTHROW(
      dense_curvature(small, small.curvatures(), Curvature::hessian, {.byte_budget = 1600}));
  REQUIRE_THROWS_AS(
      dense_curvature(small, small.curvatures(), Curvature::hessian, {.byte_budget = 1599}),
      BudgetError);
  REQUIRE_THROWS_AS(dense_curvature(small, small.curvatures(), Curvature::hessian, {.block = 0}),
                    ArgumentError);
}

TEST_CASE("trace estimate: unbiased, with the variance that theory gives") {
  const Matrix<double> b = support::normal_matrix("b", 60, 60);
  const Matrix<double> a = b + b.transpose();
  DenseOperator<double> op(a);
  const Index probes = 4000;
  const double deviation =
      std::sqrt(2 * (a.squaredNorm() - a.diagonal().squaredNorm()) / static_cast<double>(probes));
  for (const std::uint64_t seed : {1ULL, 2ULL, 3ULL}) {
    const TraceEstimate e = estimate_trace(op, Stream(seed, "trace"), {.probes = probes});
    // 4.5 standard errors: a false alarm in 1e5.
    REQUIRE(std::abs(e.trace.mean - a.trace()) < 4.5 * deviation);
    REQUIRE(e.trace.standard_error == Approx(deviation).epsilon(0.08)); // 7 of 1/sqrt(2 probes)
    REQUIRE(std::abs(e.squared_frobenius.mean - a.squaredNorm()) <
            4.5 * e.squared_frobenius.standard_error);
  }
  // Exact for a diagonal matrix; the block does not matter.
  objective::Quadratic<double> f(support::normal_vector("h", 9));
  CurvatureOperator hessian(f, f.curvatures());
  const TraceEstimate exact = estimate_trace(hessian, Stream(1), {.probes = 3, .block = 2});
  REQUIRE(exact.trace.mean == Approx(f.curvatures().sum()));
  REQUIRE(exact.trace.standard_error < 1e-14);
  const TraceEstimate one = estimate_trace(op, Stream(1), {.probes = 5, .block = 1});
  REQUIRE(one.trace.mean ==
          Approx(estimate_trace(op, Stream(1), {.probes = 5, .block = 5}).trace.mean));
  REQUIRE_THROWS_AS(estimate_trace(op, Stream(1), {.probes = 0}), ArgumentError);
}
