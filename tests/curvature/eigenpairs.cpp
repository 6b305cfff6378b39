// SPDX-License-Identifier: BSD-3-Clause
// A few eigenpairs from products: against a full decomposition and power iteration.
#include <cmath>
#include <limits>

#include "catch.hpp"
#include "support/derivatives.hpp"
#include "support/draws.hpp"
#include <gradus/curvature/eigenpairs.hpp>
#include <gradus/objective/quadratic.hpp>

using namespace gradus;
using namespace gradus::curvature;

namespace {

/// A symmetric matrix with a few large eigenvalues of either sign over a bulk.
Matrix<double> planted(Index size) {
  const Matrix<double> b = support::normal_matrix("b", size, size, 0.5);
  Matrix<double> a = (b + b.transpose()) / std::sqrt(2.0 * static_cast<double>(size));
  const Matrix<double> u = support::normal_matrix("u", size, 4) / std::sqrt(double(size));
  for (Index j = 0; j < 4; ++j) {
    a += (j % 2 == 0 ? 10.0 - double(j) : -6.0 - double(j)) * u.col(j) * u.col(j).transpose();
  }
  return a;
}

/// Largest eigenvalues by power iteration with deflation, for a matrix whose largest ones are also
/// largest in magnitude.
Vector<double> by_power_iteration(Matrix<double> a, Index count) {
  Vector<double> values(count);
  for (Index j = 0; j < count; ++j) {
    Vector<double> v = support::normal_vector("power", a.rows()).normalized();
    for (int k = 0; k < 3000; ++k) {
      v = (a * v).normalized();
    }
    values(j) = v.dot(a * v);
    a -= values(j) * v * v.transpose();
  }
  return values;
}

} // namespace

TEST_CASE("eigenpairs: both ends and the largest magnitudes of a spectrum") {
  const Matrix<double> a = planted(120);
  DenseOperator<double> op(a);
  const Vector<double> all = Eigen::SelfAdjointEigenSolver<Matrix<double>>(a).eigenvalues();
  const auto check = [&](SpectrumEnd end, const Vector<double>& expected) {
    const auto found = eigenpairs(op, Stream(1), {.count = expected.size(), .end = end});
    REQUIRE(found.converged);
    REQUIRE(found.finite);
    REQUIRE(support::worst_error(found.values, expected) < 1e-9);
    const Matrix<double> residual = a * found.vectors - found.vectors * found.values.asDiagonal();
    REQUIRE(residual.colwise().norm().maxCoeff() < 1e-8);
    const Matrix<double> gram = found.vectors.transpose() * found.vectors;
    REQUIRE((gram - Matrix<double>::Identity(gram.rows(), gram.cols())).norm() < 1e-12);
    REQUIRE(found.products > 0);
  };
  check(SpectrumEnd::largest, all.reverse().head(5));
  check(SpectrumEnd::smallest, all.head(3));
  Vector<double> magnitudes(4);
  magnitudes << all(119), all(0), all(1), all(118);
  std::sort(magnitudes.begin(), magnitudes.end(),
            [](double x, double y) { return std::abs(x) > std::abs(y); });
  check(SpectrumEnd::magnitude, magnitudes);
  check(SpectrumEnd::largest, all.reverse()); // all of them: the dense route
}

TEST_CASE("eigenpairs: power iteration agrees") {
  const Matrix<double> b = planted(80);
  const Matrix<double> a = b * b; // no negative ones
  DenseOperator<double> op(a);
  const auto found = eigenpairs(op, Stream(2), {.count = 3});
  REQUIRE(support::worst_error(found.values, by_power_iteration(a, 3)) < 1e-8);
}

TEST_CASE("eigenpairs: a start of one's own; float works") {
  const Matrix<double> a = planted(300);
  DenseOperator<double> op(a);
  const auto cold = eigenpairs(op, Stream(3), {.count = 1});
  const auto warm =
      eigenpairs(op, Stream(3), {.count = 1, .start = Vector<double>(cold.vectors.col(0))});
  REQUIRE(warm.converged);
  REQUIRE(warm.values(0) == Approx(cold.values(0)));
  const Matrix<float> single = a.cast<float>();
  DenseOperator<float> float_op(single);
  const auto rough = eigenpairs(float_op, Stream(3), {.count = 2});
  REQUIRE(rough.converged);
  REQUIRE(rough.values(0) == Approx(cold.values(0)).epsilon(1e-5));
}

TEST_CASE("eigenpairs: edges") {
  objective::Quadratic<double> one(Vector<double>::Constant(1, 3.0));
  REQUIRE(top_eigenpairs(one, one.curvatures(), Stream(1)).values(0) == 3.0);
  objective::Quadratic<double> flat(Vector<double>::Constant(60, 1.0)); // any vector will do
  const auto found = top_eigenpairs(flat, flat.curvatures(), Stream(1), {.count = 2});
  REQUIRE(found.values.size() == 2);
  REQUIRE(found.values.isApprox(Vector<double>::Ones(2)));
  objective::Quadratic<double> zero(Vector<double>::Zero(60));
  const auto none = top_eigenpairs(zero, zero.curvatures(), Stream(1));
  REQUIRE(none.finite);
  REQUIRE(none.values.isZero(1e-14));

  Matrix<double> broken = planted(90);
  broken(4, 7) = std::numeric_limits<double>::quiet_NaN();
  DenseOperator<double> op(broken);
  const auto nothing = eigenpairs(op, Stream(1));
  REQUIRE_FALSE(nothing.finite);
  REQUIRE_FALSE(nothing.converged);
  REQUIRE(nothing.values.size() == 0);
  REQUIRE_THROWS_AS(eigenpairs(op, Stream(1), {.count = 91}), ArgumentError);
  REQUIRE_THROWS_AS(eigenpairs(op, Stream(1), {.count = 0}), ArgumentError);
  REQUIRE_THROWS_AS(eigenpairs(op, Stream(1), {.tolerance = 0}), ArgumentError);
  REQUIRE_THROWS_AS(eigenpairs(op, Stream(1), {.start = Vector<double>::Ones(3)}), ShapeError);
}
