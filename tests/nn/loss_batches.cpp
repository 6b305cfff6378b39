// SPDX-License-Identifier: BSD-3-Clause
// Losses over batches: limits, vector paths, number types, choice of samples.
#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <type_traits>
#include <vector>

#include "catch.hpp"
#include "loss_checks.hpp"
#include "tolerance.hpp"
#include <gradus/nn/loss.hpp>

namespace nn = gradus::nn;
using gradus::Index;
using gradus::Matrix;
using gradus::Vector;
using namespace loss_checks;

TEMPLATE_TEST_CASE("margin losses at |logit| = 1e4 and beyond", "", float, double) {
  using T = TestType;
  constexpr T inf = std::numeric_limits<T>::infinity();
  constexpr T nan = std::numeric_limits<T>::quiet_NaN();
  Matrix<T> z(1, 9);
  z << T(1e4), T(-1e4), inf, -inf, T(1e4), T(-1e4), T(0), nan, T(-1e4);
  Vector<T> y(9);
  y << 1, 1, 1, 1, -1, -1, 1, 1, 1;
  Vector<T> values(9);
  Matrix<T> dz(1, 9);
  nn::Logistic{}.value_and_gradient(z, y, values, dz);
  const std::array<T, 9> value{0, T(1e4), 0, inf, T(1e4), 0, std::log(T(2)), nan, T(1e4)};
  const std::array<T, 9> slope{0, -1, 0, -1, 1, 0, T(-0.5), nan, -1};
  for (std::size_t i = 0; i < 9; ++i) {
    INFO(i);
    expect_close(values(static_cast<Index>(i)), value[i], tol<T>::rel, 1e-300L);
    expect_close(dz(static_cast<Index>(i)), slope[i], tol<T>::rel, 1e-300L);
    const T margin = z(static_cast<Index>(i)) * y(static_cast<Index>(i));
    expect_close(nn::Logistic{}.value(margin), value[i], tol<T>::rel, 1e-300L);
    expect_close(nn::Logistic{}.derivative(margin) * y(static_cast<Index>(i)), slope[i],
                 tol<T>::rel, 1e-300L);
  }
  REQUIRE(nn::Logistic{}.second_derivative(T(1e4)) == T(0));
  REQUIRE(nn::Logistic{}.second_derivative(T(-1e4)) == T(0));
  REQUIRE(nn::Hinge{}.value(T(-1e4)) == T(10001));
  REQUIRE(std::isnan(nn::Hinge{}.value(nan)));
  REQUIRE(nn::Exponential{}.value(T(1e4)) == T(0));
  REQUIRE(nn::Exponential{}.value(T(-1e4)) == inf); // by definition
}

TEMPLATE_TEST_CASE("softmax at |logit| = 1e4 and beyond", "", float, double, long double) {
  using T = TestType;
  Matrix<T> z(3, 5);
  z.col(0) << T(1e4), T(-1e4), T(0);
  z.col(1) = z.col(0);
  z.col(2).setConstant(T(1e4));
  z.col(3) << T(0), std::numeric_limits<T>::quiet_NaN(), T(1);
  z.col(4) << T(0), -std::numeric_limits<T>::infinity(), T(0);
  Vector<Index> y(5);
  y << 0, 1, 2, 0, 0;
  Vector<T> values(5);
  Matrix<T> dz(3, 5);
  nn::SoftmaxCrossEntropy{}.value_and_gradient(z, y, values, dz);
  REQUIRE(values(0) == T(0));
  REQUIRE(std::abs(dz(0, 0)) <= T(0));
  REQUIRE(values(1) == T(2e4));
  REQUIRE(dz(0, 1) == T(1));
  REQUIRE(dz(1, 1) == T(-1));
  expect_close(values(2), std::log(T(3)), tol<T>::rel, 1e-300L);
  expect_close(dz(2, 2), T(-2) / T(3), tol<T>::rel, 1e-300L);
  REQUIRE(std::isnan(values(3)));
  REQUIRE(std::isnan(dz(0, 3)));
  expect_close(values(4), std::log(T(2)), tol<T>::rel, 1e-300L);
  REQUIRE(dz(1, 4) == T(0));
  Matrix<T> product(3, 5);
  nn::SoftmaxCrossEntropy{}.hessian_product(z, y, Matrix<T>::Ones(3, 5), product);
  REQUIRE(product.leftCols(3).cwiseAbs().maxCoeff() <= T(1e-4)); // constants are in the kernel
  Vector<T> alone(5);
  nn::SoftmaxCrossEntropy{}.values(z, y, alone);
  for (const Index i : {0, 1, 2, 4}) {
    expect_close(alone(i), values(i), tol<T>::rel, 1e-300L);
  }
  REQUIRE(std::isnan(alone(3)));
}

TEMPLATE_TEST_CASE("the vector paths agree with long double, for any shape and stride", "", float,
                   double) {
  using T = TestType;
  const auto check = [](auto loss, Index k, Index n) {
    INFO(loss.name << ", " << k << " x " << n);
    using L = decltype(loss);
    const auto y0 = some_targets(loss, k, n);
    typename L::template Targets<T> y = y0.template cast<typename L::template Targets<T>::Scalar>();
    typename L::template Targets<long double> yl =
        y.template cast<typename L::template Targets<long double>::Scalar>();
    const Matrix<T> z = some_outputs<T>(k, n, 4.0);
    const Matrix<long double> zl = z.template cast<long double>();
    Vector<T> values(n);
    Matrix<T> dz(k, n);
    Vector<long double> values_l(n);
    Matrix<long double> dz_l(k, n);
    loss.value_and_gradient(z, y, values, dz);
    loss.value_and_gradient(zl, yl, values_l, dz_l);
    double worst = 0.0;
    // Softmax takes the logarithm of a sum near 1: its values have an absolute precision.
    const long double floor = std::is_same_v<L, nn::SoftmaxCrossEntropy> ? 1.0L : 1e-2L;
    for (Index i = 0; i < n; ++i) {
      worst = std::max(worst, relative_error(values(i), values_l(i), floor));
    }
    for (Index i = 0; i < dz.size(); ++i) {
      worst = std::max(worst, relative_error(dz(i), dz_l(i), 1.0L));
    }
    // A sum of k rounded terms: a few more units for large k.
    REQUIRE(worst < tol<T>::rel * (k > 100 ? 4 : 1));
    // Rows of a larger matrix: columns are apart in memory.
    Matrix<T> tall(k + 3, n);
    tall.setConstant(T(9));
    tall.topRows(k) = z;
    Matrix<T> tall_dz = Matrix<T>::Constant(k + 3, n, T(5));
    Vector<T> again(n);
    loss.value_and_gradient(tall.topRows(k), y, again, tall_dz.topRows(k));
    for (Index i = 0; i < n; ++i) {
      expect_close(again(i), values(i), tol<T>::rel, floor);
    }
    REQUIRE((tall_dz.bottomRows(3).array() == T(5)).all());
    REQUIRE((n == 0 || (tall_dz.topRows(k) - dz).cwiseAbs().maxCoeff() < T(tol<T>::abs)));
    // Values alone.
    loss.values(z, y, again);
    for (Index i = 0; i < n; ++i) {
      expect_close(again(i), values(i), tol<T>::rel, floor);
    }
  };
  for (const Index n : {0, 1, 2, 3, 4, 7, 8, 9, 31}) {
    check(nn::Logistic{}, 1, n);
  }
  for (const Index k : {2, 3, 10, 100, 1500}) { // 1500 is past the scratch of values()
    for (const Index n : {0, 1, 5, 300}) {
      check(nn::SoftmaxCrossEntropy{}, k, k > 100 ? n / 10 : n);
    }
  }
  check(nn::Square{}, 3, 8);
}

TEST_CASE("two softmax outputs are the logistic loss of their difference") {
  const Matrix<double> z = some_outputs<double>(2, 20);
  Vector<Index> classes(20);
  Vector<double> signs(20);
  for (Index i = 0; i < 20; ++i) {
    classes(i) = i % 2;
    signs(i) = i % 2 == 0 ? 1.0 : -1.0;
  }
  const Matrix<double> difference = z.row(0) - z.row(1);
  Vector<double> a(20);
  Vector<double> b(20);
  nn::SoftmaxCrossEntropy{}.values(z, classes, a);
  nn::Logistic{}.values(difference, signs, b);
  for (Index i = 0; i < 20; ++i) {
    expect_close(a(i), b(i), 10 * tol<double>::rel, 1e-2L);
  }
}

TEST_CASE("square has its half, and any number of outputs") {
  Matrix<double> z(2, 1);
  z << 3.0, -1.0;
  Matrix<double> y(2, 1);
  y << 1.0, 1.0;
  Vector<double> values(1);
  Matrix<double> dz(2, 1);
  nn::Square{}.value_and_gradient(z, y, values, dz);
  REQUIRE(values(0) == 4.0);
  REQUIRE(dz(0, 0) == 2.0);
  REQUIRE(dz(1, 0) == -2.0);
}

TEMPLATE_TEST_CASE("16-bit formats give sane losses", "", Eigen::half, Eigen::bfloat16) {
  using T = TestType;
  for_each_loss([](auto loss) {
    using L = decltype(loss);
    const Index k = many_outputs<L> ? 3 : 1;
    const auto y0 = some_targets(loss, k, 4);
    typename L::template Targets<T> y = y0.template cast<typename L::template Targets<T>::Scalar>();
    const Matrix<double> z0 = some_outputs<T>(k, 4, 1.0).template cast<double>();
    const Matrix<T> z = z0.template cast<T>();
    Vector<T> values(4);
    Matrix<T> dz(k, 4);
    loss.value_and_gradient(z, y, values, dz);
    Vector<double> reference(4);
    Matrix<double> dz0(k, 4);
    typename L::template Targets<double> yr =
        y.template cast<typename L::template Targets<double>::Scalar>();
    loss.value_and_gradient(z0, yr, reference, dz0);
    for (Index i = 0; i < 4; ++i) {
      // Some six roundings to the format, of numbers up to 3 or so.
      expect_close(static_cast<float>(values(i)), reference(i), 3 * tol<T>::rel, 1.0L);
      expect_close(static_cast<float>(dz(0, i)), dz0(0, i), 3 * tol<T>::rel, 1.0L);
    }
  });
}

TEST_CASE("samples are picked and sliced") {
  const std::vector<Index> picked{4, 0, 4};
  for_each_loss([&](auto loss) {
    using L = decltype(loss);
    const Index k = many_outputs<L> ? 3 : 1;
    const auto y = some_targets(loss, k, 6);
    REQUIRE(L::num_samples(y) == 6);
    typename L::template Targets<double> some;
    L::gather(y, picked, some);
    REQUIRE(L::num_samples(some) == 3);
    const auto* const where = some.data();
    L::gather(y, picked, some);
    REQUIRE(some.data() == where);
    const auto part = L::slice(y, 1, 4);
    REQUIRE(L::num_samples(part) == 4);
    if constexpr (std::is_same_v<L, nn::Square>) {
      REQUIRE(some.col(0) == y.col(4));
      REQUIRE(some.col(1) == y.col(0));
      REQUIRE(part == y.middleCols(1, 4));
    } else {
      REQUIRE(some(0) == y(4));
      REQUIRE(some(1) == y(0));
      REQUIRE(part == y.segment(1, 4));
    }
    const std::vector<Index> bad{0, 6};
    REQUIRE(message_of([&] { L::gather(y, bad, some); }) == "indices(1) is 6; valid: 0 .. 5");
    // A slice is as good as targets.
    const Matrix<double> z = some_outputs<double>(k, 6);
    Vector<double> all(6);
    Vector<double> four(4);
    loss.values(z, y, all);
    loss.values(z.middleCols(1, 4), part, four);
    for (Index i = 0; i < 4; ++i) {
      expect_close(four(i), all(i + 1), tol<double>::rel, 1e-300L);
    }
  });
}
