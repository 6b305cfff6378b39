// SPDX-License-Identifier: BSD-3-Clause
#include <array>
#include <complex>
#include <limits>
#include <vector>

#include <gradus/core/product.hpp>

#ifdef _OPENMP
#include <omp.h>
#endif

#include "catch.hpp"
#include "support/derivatives.hpp"
#include "support/draws.hpp"

using namespace gradus;
using support::normal_matrix;

namespace {

/// m, k, n: one shape for each way to cut (none, inner, columns, rows), and odd sizes.
constexpr std::array<std::array<Index, 3>, 7> shapes{{{7, 5, 9},
                                                      {1, 300, 1},
                                                      {20, 5000, 33},
                                                      {64, 100, 701},
                                                      {515, 90, 70},
                                                      {129, 130, 131},
                                                      {3, 200'000, 5}}};

void set_threads([[maybe_unused]] int threads) {
#ifdef _OPENMP
  omp_set_num_threads(threads);
#endif
}

} // namespace

TEST_CASE("multiply is the matrix product, however it is cut") {
  Buffer<double> scratch;
  for (const auto& [m, k, n] : shapes) {
    INFO(m << " x " << k << " x " << n);
    const Matrix<double> a = normal_matrix("a", m, k);
    const Matrix<double> b = normal_matrix("b", k, n);
    const Matrix<double> at = a.transpose();
    const Matrix<double> bt = b.transpose();
    const Matrix<double> expected = a.lazyProduct(b);
    Matrix<double> c(m, n);
    multiply<double>(c, a, b, scratch);
    REQUIRE(support::worst_error(c, expected) < 1e-12);
    multiply<double>(c, at.transpose(), b, scratch);
    REQUIRE(support::worst_error(c, expected) < 1e-12);
    multiply<double>(c, a, bt.transpose(), scratch);
    REQUIRE(support::worst_error(c, expected) < 1e-12);
    multiply<double>(c, at.transpose(), bt.transpose(), scratch, 2.0, true);
    REQUIRE(support::worst_error(c, Matrix<double>(3 * expected)) < 1e-12);
  }
}

TEMPLATE_TEST_CASE("multiply: scalars without tiles of their own", "", long double,
                   std::complex<double>, std::complex<float>, Eigen::half) {
  using T = TestType;
  using Real = typename Eigen::NumTraits<T>::Real;
  Buffer<T> scratch;
  const std::array<std::array<Index, 3>, 6> few{
      {{1, 1, 1}, {7, 5, 9}, {1, 60, 20}, {20, 60, 1}, {70, 1, 40}, {65, 130, 34}}};
  for (const auto& [m, k, n] : few) {
    INFO(m << " x " << k << " x " << n);
    Matrix<T> a = normal_matrix("a", m, k).template cast<T>();
    Matrix<T> b = normal_matrix("b", k, n).template cast<T>();
    if constexpr (Eigen::NumTraits<T>::IsComplex) {
      a.imag() = normal_matrix("a imaginary", m, k).template cast<Real>();
      b.imag() = normal_matrix("b imaginary", k, n).template cast<Real>();
    }
    const Matrix<T> at = a.transpose();
    const Matrix<T> bt = b.transpose();
    const Matrix<T> expected = a.lazyProduct(b);
    const auto worst = [&](const Matrix<T>& c, T factor) {
      return static_cast<double>((c - factor * expected).cwiseAbs().maxCoeff());
    };
    const double bound =
        8 * static_cast<double>(k) * static_cast<double>(Eigen::NumTraits<Real>::epsilon()) * 10;
    Matrix<T> c = Matrix<T>::Constant(m, n, T(std::numeric_limits<float>::quiet_NaN()));
    multiply<T>(c, a, b, scratch); // what stood in c, even NaN, is gone
    REQUIRE(worst(c, T(1)) < bound);
    multiply<T>(c, at.transpose(), b, scratch);
    REQUIRE(worst(c, T(1)) < bound);
    multiply<T>(c, a, bt.transpose(), scratch, T(1), true);
    REQUIRE(worst(c, T(2)) < bound);
    multiply<T>(c, at.transpose(), bt.transpose(), scratch, T(2), true);
    REQUIRE(worst(c, T(4)) < bound);
  }
}

TEST_CASE("multiply writes into and reads from blocks") {
  Buffer<float> scratch;
  const Matrix<float> a = normal_matrix("a", 90, 80).cast<float>();
  const Matrix<float> b = normal_matrix("b", 80, 300).cast<float>();
  Matrix<float> c = Matrix<float>::Constant(100, 310, 7);
  multiply<float>(c.block(5, 3, 60, 280), a.middleRows(10, 60), b.leftCols(280), scratch);
  const Matrix<float> expected = a.middleRows(10, 60) * b.leftCols(280);
  REQUIRE((c.block(5, 3, 60, 280) - expected).cwiseAbs().maxCoeff() < 1e-4F);
  c.block(5, 3, 60, 280).setConstant(7);
  REQUIRE((c.array() == 7).all()); // nothing outside the block was touched
}

TEST_CASE("multiply gives the same bits for 1, 2 and 3 threads") {
  Buffer<double> scratch;
  for (const auto& [m, k, n] : shapes) {
    const Matrix<double> a = normal_matrix("a", m, k);
    const Matrix<double> b = normal_matrix("b", k, n);
    std::vector<Matrix<double>> results;
    for (const int threads : {1, 2, 3}) {
      set_threads(threads);
      Matrix<double> c(m, n);
      multiply<double>(c, a, b, scratch);
      results.push_back(c);
    }
    set_threads(2);
    REQUIRE(results[0] == results[1]);
    REQUIRE(results[0] == results[2]);
  }
}

TEST_CASE("multiply: empty sides and shapes that do not fit") {
  Buffer<double> scratch;
  Matrix<double> c = Matrix<double>::Ones(2, 3);
  multiply<double>(c, Matrix<double>(2, 0), Matrix<double>(0, 3), scratch);
  REQUIRE(c.isZero());
  const Matrix<double> four_by_three = Matrix<double>::Ones(4, 3);
  const Matrix<double> two_by_four = Matrix<double>::Ones(2, 4);
  Matrix<double> none(0, 3);
  multiply<double>(none, Matrix<double>(0, 4), four_by_three, scratch);
  const Matrix<double> five_by_three = Matrix<double>::Ones(5, 3);
  const Matrix<double> four_by_two = Matrix<double>::Ones(4, 2);
  REQUIRE_THROWS_AS(multiply<double>(c, two_by_four, five_by_three, scratch), ShapeError);
  REQUIRE_THROWS_AS(multiply<double>(c, two_by_four, four_by_two, scratch), ShapeError);
}
