// SPDX-License-Identifier: BSD-3-Clause
// Ridge regression and minimum-norm least squares against their normal equations.
#include <cmath>

#include <Eigen/Cholesky>
#include <Eigen/LU>

#include "catch.hpp"
#include "support/derivatives.hpp"
#include "support/draws.hpp"
#include "support/errors.hpp"
#include <gradus/core/error.hpp>
#include <gradus/linear/ridge.hpp>

using namespace gradus;
using Path = linear::RidgePath<double>;

TEST_CASE("ridge: every penalty solves its normal equations, wide or tall") {
  for (const auto& [d, n] : {std::pair<Index, Index>{4, 30}, {30, 4}, {7, 7}, {1, 1}}) {
    INFO(d << " x " << n);
    const Matrix<double> x = support::normal_matrix("x", d, n);
    const Vector<double> y = support::normal_vector("y", n);
    const Path path(x, y);
    REQUIRE(path.spectrum().rank() == std::min(d, n));
    for (const double g : {1e-3, 1.0, 1e3}) {
      const Matrix<double> gram = x * x.transpose() + g * Matrix<double>::Identity(d, d);
      REQUIRE(support::worst_error(path.weights(g), Vector<double>(gram.ldlt().solve(x * y))) <
              1e-10);
      REQUIRE(std::abs(path.degrees_of_freedom(g) -
                       (gram.inverse() * (x * x.transpose())).trace()) < 1e-9);
    }
    // Without a penalty: the residual sees no data, and w lies in the span of the data.
    const Vector<double> w = path.weights(0);
    REQUIRE((x * (x.transpose() * w - y)).norm() < 1e-9);
    if (d > n) {
      const Vector<double> coefficients = (x.transpose() * x).ldlt().solve(x.transpose() * w);
      REQUIRE((x * coefficients - w).norm() < 1e-9);
    }
    REQUIRE(path.degrees_of_freedom(0) == static_cast<double>(path.spectrum().rank()));
  }
}

TEST_CASE("ridge: data without full rank") {
  Matrix<double> x = support::normal_matrix("x", 6, 10);
  x.row(3) = x.row(1) + 2 * x.row(2);
  const Vector<double> y = support::normal_vector("y", 10);
  const Path path(x, y);
  REQUIRE(path.spectrum().rank() == 5);
  const Vector<double> w = path.weights(0);
  REQUIRE(w.allFinite());
  REQUIRE((x * (x.transpose() * w - y)).norm() < 1e-9);
  // Smallest norm: nothing along the direction that no sample has.
  Vector<double> hidden = Vector<double>::Zero(6);
  hidden(3) = -1;
  hidden(1) = 1;
  hidden(2) = 2;
  REQUIRE(std::abs(w.dot(hidden)) < 1e-10);
  REQUIRE(std::isfinite(path.spectrum().condition_number()));
  const Path none(Matrix<double>::Zero(3, 4), Vector<double>::Ones(4));
  REQUIRE(none.spectrum().rank() == 0);
  REQUIRE(none.weights(0).isZero(0.0));
  REQUIRE(none.weights(1).isZero(0.0));
  REQUIRE(std::isnan(none.spectrum().condition_number()));
}

TEST_CASE("ridge: condition number and effective rank") {
  Matrix<double> x = Matrix<double>::Zero(3, 3);
  x.diagonal() << 2, 1, 0.5;
  const Path path(x, Vector<double>::Ones(3));
  REQUIRE(std::abs(path.spectrum().condition_number() - 4) < 1e-14);
  REQUIRE(std::abs(path.spectrum().effective_rank() - (4 + 1 + 0.25) / 4) < 1e-14);
}

TEST_CASE("ridge: bad arguments are named") {
  const auto says = [](auto&& call) { return support::message_of<ArgumentError>(call); };
  const Matrix<double> x = Matrix<double>::Ones(2, 3);
  const Vector<double> y = Vector<double>::Ones(3);
  REQUIRE(says([&] { (void)Path(x, y).weights(-1); }) == "penalty is -1; valid: >= 0, finite");
  REQUIRE(says([&] { Path(x, Vector<double>::Ones(2)); }) == "y is of shape 2; valid: 3");
  REQUIRE(says([&] { Path(Matrix<double>(2, 0), Vector<double>(0)); }) ==
          "number of samples is 0; valid: >= 1");
  REQUIRE(says([&] { Path(Matrix<double>(0, 2), Vector<double>::Ones(2)); }) ==
          "dim is 0; valid: >= 1");
  Vector<double> bad = y;
  bad(1) = std::nan("");
  REQUIRE(support::starts_with(says([&] { Path(x, bad); }), "y(1, 0) is"));
}
