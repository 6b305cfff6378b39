// SPDX-License-Identifier: BSD-3-Clause
// Conjugate gradients on least squares: finite termination, optimality in each Krylov space.
#include <cmath>
#include <limits>
#include <vector>

#include <Eigen/Cholesky>

#include "catch.hpp"
#include "support/derivatives.hpp"
#include "support/draws.hpp"
#include "support/errors.hpp"
#include <gradus/core/error.hpp>
#include <gradus/linear/conjugate_gradient.hpp>

using namespace gradus;
using namespace gradus::linear;

TEST_CASE("conjugate gradient: the least squares solution of smallest norm, any shape") {
  for (const auto& [d, n] : {std::pair<Index, Index>{5, 12}, {12, 5}, {8, 8}, {1, 1}}) {
    INFO(d << " x " << n);
    const Matrix<double> x = support::normal_matrix("x", d, n);
    const Vector<double> y = support::normal_vector("y", n);
    const auto end = conjugate_gradient<double>(x, y, {.steps = 200, .tolerance = 1e-12});
    REQUIRE(end.status == ConjugateGradientStatus::converged);
    REQUIRE(end.gradient_norm < 1e-11);
    REQUIRE(std::abs(end.residual_norm - (y - x.transpose() * end.weights).norm()) < 1e-14);
    Vector<double> expected;
    if (d <= n) {
      expected = (x * x.transpose()).ldlt().solve(x * y);
    } else {
      expected = x * (x.transpose() * x).ldlt().solve(y);
    }
    REQUIRE(support::worst_error(end.weights, expected) < 1e-9);
  }
}

TEST_CASE("conjugate gradient: ends after as many steps as there are distinct singular values") {
  Matrix<double> x = Matrix<double>::Zero(6, 6);
  x.diagonal() << 1, 1, 2, 2, 2, 5;
  const auto end = conjugate_gradient<double>(x, support::normal_vector("y", 6));
  REQUIRE(end.status == ConjugateGradientStatus::converged);
  REQUIRE(end.steps == 3);
}

TEST_CASE("conjugate gradient: step k is the best of the k-th Krylov space") {
  const Matrix<double> x = support::normal_matrix("x", 10, 14);
  const Vector<double> y = support::normal_vector("y", 14);
  std::vector<Vector<double>> path;
  const auto end =
      conjugate_gradient<double>(x, y, {.steps = 4}, [&](Index step, const Vector<double>& w) {
        REQUIRE(step == static_cast<Index>(path.size()) + 1);
        path.push_back(w);
      });
  REQUIRE(end.status == ConjugateGradientStatus::finished);
  REQUIRE(end.steps == 4);
  Matrix<double> krylov(10, 4);
  krylov.col(0) = x * y;
  for (Index k = 1; k < 4; ++k) {
    krylov.col(k) = (x * (x.transpose() * krylov.col(k - 1))).normalized();
  }
  for (Index k = 1; k <= 4; ++k) {
    const Matrix<double> image = x.transpose() * krylov.leftCols(k);
    const Vector<double> best =
        krylov.leftCols(k) * (image.transpose() * image).ldlt().solve(image.transpose() * y);
    REQUIRE(support::worst_error(path[static_cast<std::size_t>(k - 1)], best) < 1e-8);
  }
}

TEST_CASE("conjugate gradient: rank-deficient, zero and bad data") {
  Matrix<double> x = support::normal_matrix("x", 4, 6);
  x.row(3) = x.row(0);
  const Vector<double> y = support::normal_vector("y", 6);
  const auto end = conjugate_gradient<double>(x, y, {.tolerance = 1e-12});
  REQUIRE(end.status == ConjugateGradientStatus::converged);
  REQUIRE(std::abs(end.weights(0) - end.weights(3)) < 1e-12); // smallest norm shares
  const auto none = conjugate_gradient<double>(Matrix<double>::Zero(4, 6), y);
  REQUIRE(none.status == ConjugateGradientStatus::converged);
  REQUIRE(none.steps == 0);
  REQUIRE(none.weights.isZero(0.0));
  const auto huge = conjugate_gradient<double>(1e200 * x, y);
  REQUIRE(huge.status == ConjugateGradientStatus::diverged);
  const auto says = [](auto&& call) { return support::message_of<ArgumentError>(call); };
  REQUIRE(says([&] {
            (void)conjugate_gradient<double>(Matrix<double>(4, 0), Vector<double>(0));
          }) == "number of samples is 0; valid: >= 1");
  REQUIRE(says([&] { (void)conjugate_gradient<double>(x, y, {.steps = -1}); }) ==
          "steps is -1; valid: >= 0");
  REQUIRE(says([&] { (void)conjugate_gradient<double>(x, Vector<double>::Ones(5)); }) ==
          "y is of shape 5; valid: 6");
}
