// SPDX-License-Identifier: BSD-3-Clause
// Singular triples by Jacobi rotations: exact where the Gram matrix alone is not.
#include <cmath>
#include <limits>

#include "catch.hpp"
#include "support/derivatives.hpp"
#include "support/draws.hpp"
#include "support/errors.hpp"
#include <gradus/core/error.hpp>
#include <gradus/linear/condition_number.hpp>
#include <gradus/linear/refined_spectrum.hpp>

using namespace gradus;
using namespace gradus::linear;

namespace {

/// Orthonormal columns of a normal matrix, by Gram-Schmidt twice over.
Matrix<double> orthonormal(const char* name, Index rows, Index cols) {
  Matrix<double> q = support::normal_matrix(name, rows, cols);
  for (Index j = 0; j < cols; ++j) {
    for (int twice = 0; twice < 2; ++twice) {
      q.col(j) -= q.leftCols(j) * (q.leftCols(j).transpose() * q.col(j));
    }
    q.col(j).normalize();
  }
  return q;
}

double off_identity(const Matrix<double>& q) {
  return (q.transpose() * q - Matrix<double>::Identity(q.cols(), q.cols())).cwiseAbs().maxCoeff();
}

} // namespace

TEST_CASE("refined spectrum: orthonormal factors that give the matrix back, any shape") {
  for (const auto& [d, n] : {std::pair<Index, Index>{7, 12}, {12, 7}, {9, 9}, {1, 1}, {1, 5}}) {
    INFO(d << " x " << n);
    const Matrix<double> x = support::normal_matrix("x", d, n);
    const auto spectrum = refined_spectrum<double>(x);
    REQUIRE(spectrum.rank() == std::min(d, n));
    REQUIRE(off_identity(spectrum.left) < 1e-14);
    REQUIRE(off_identity(spectrum.right) < 1e-14);
    REQUIRE((spectrum.left * spectrum.values.asDiagonal() * spectrum.right.transpose() - x)
                .cwiseAbs()
                .maxCoeff() < 1e-14);
    for (Index k = 1; k < spectrum.rank(); ++k) {
      REQUIRE(spectrum.values(k) <= spectrum.values(k - 1));
    }
  }
}

TEST_CASE("refined spectrum: small singular values, which squaring would lose") {
  constexpr Index size = 40;
  Vector<double> values(size);
  for (Index i = 0; i < size; ++i) {
    values(i) = std::pow(10.0, -12.0 * static_cast<double>(i) / (size - 1));
  }
  const Matrix<double> u = orthonormal("u", 60, size);
  const Matrix<double> v = orthonormal("v", size, size);
  const Matrix<double> x = u * values.asDiagonal() * v.transpose();
  const auto spectrum = refined_spectrum<double>(x);
  REQUIRE(spectrum.rank() == size);
  REQUIRE((spectrum.values - values).cwiseAbs().maxCoeff() < 1e-14);
  REQUIRE(std::abs(spectrum.condition_number() / 1e12 - 1) < 1e-2);
  REQUIRE(off_identity(spectrum.left) < 1e-13);
  REQUIRE(gram_spectrum<double>(x).rank() < size);
}

TEST_CASE("refined spectrum: numerical rank by definition") {
  Matrix<double> x = support::normal_matrix("x", 8, 20);
  x.row(5) = x.row(0) + x.row(1);
  x.row(6).setZero();
  const auto spectrum = refined_spectrum<double>(x);
  REQUIRE(spectrum.rank() == 6);
  REQUIRE((spectrum.left * spectrum.values.asDiagonal() * spectrum.right.transpose() - x)
              .cwiseAbs()
              .maxCoeff() < 1e-13);
  REQUIRE(refined_spectrum<double>(x, 0.99).rank() == 1);
  REQUIRE(refined_spectrum<double>(Matrix<double>::Zero(3, 2)).rank() == 0);
  const auto says = [](auto&& call) { return support::message_of<ArgumentError>(call); };
  REQUIRE(says([&] { (void)refined_spectrum<double>(Matrix<double>(2, 0)); }) ==
          "number of samples is 0; valid: >= 1");
  x(1, 2) = std::numeric_limits<double>::infinity();
  REQUIRE(says([&] { (void)refined_spectrum<double>(x); }) ==
          "x(1, 2) is inf; valid: a finite number");
}

TEST_CASE("condition number: well and badly conditioned, singular, zero") {
  Matrix<double> x = support::normal_matrix("x", 6, 9);
  const auto by_triples = [](const Matrix<double>& m) {
    return refined_spectrum<double>(m, 0).condition_number();
  };
  REQUIRE(std::abs(condition_number<double>(x) / by_triples(x) - 1) < 1e-12);
  REQUIRE(condition_number<double>(x) == condition_number<double>(Matrix<double>(x.transpose())));
  const Vector<double> values = (Vector<double>(3) << 1, 1e-3, 1e-7).finished();
  const Matrix<double> bad = orthonormal("u", 5, 3) * values.asDiagonal();
  REQUIRE(std::abs(condition_number<double>(bad) / 1e7 - 1) < 1e-8);
  x.row(2) = x.row(1);
  REQUIRE(condition_number<double>(x) > 1e15);
  x.row(2).setZero();
  REQUIRE(condition_number<double>(x) > 1e15);
  REQUIRE(std::isnan(condition_number<double>(Matrix<double>::Zero(2, 2))));
  REQUIRE(condition_number<double>(Matrix<double>::Constant(1, 1, -3)) == 1);
}
