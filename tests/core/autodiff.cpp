// SPDX-License-Identifier: BSD-3-Clause
#include <cmath>

#include "catch.hpp"
#include "tolerance.hpp"
#include <gradus/core/autodiff.hpp>
#include <gradus/core/types.hpp>

using boost::math::differentiation::make_fvar;

TEST_CASE("a dual number carries the derivatives of an expression") {
  const auto x = make_fvar<double, 3>(0.7);
  const auto y = exp(x * x) / x;
  // f = exp(x^2) / x, f' = exp(x^2) (2 - 1/x^2), f'' = exp(x^2) (4x - 2/x + 2/x^3).
  const double e = std::exp(0.49);
  REQUIRE(relative_error(y.derivative(0), e / 0.7) < tol<double>::rel);
  REQUIRE(relative_error(y.derivative(1), e * (2 - 1 / 0.49)) < 10 * tol<double>::rel);
  REQUIRE(relative_error(y.derivative(2), e * (2.8 - 2 / 0.7 + 2 / 0.343)) < tol<double>::rel);
}

TEST_CASE("dual numbers go through Eigen's products") {
  using Dual = gradus::Dual<double, 1>;
  gradus::Matrix<Dual> a(3, 2);
  gradus::Matrix<Dual> b(2, 4);
  for (gradus::Index i = 0; i < a.size(); ++i) {
    a(i) = Dual(0.3 * static_cast<double>(i) - 1.0);
  }
  for (gradus::Index i = 0; i < b.size(); ++i) {
    b(i) = Dual(0.2 * static_cast<double>(i) + 0.5);
  }
  a(1, 0) = make_fvar<double, 1>(0.25); // d / d a(1, 0)
  const gradus::Matrix<Dual> c = a * b;
  REQUIRE(c.rows() == 3);
  for (gradus::Index j = 0; j < 4; ++j) {
    for (gradus::Index i = 0; i < 3; ++i) {
      const double derivative = i == 1 ? static_cast<double>(b(0, j)) : 0.0;
      REQUIRE(c(i, j).derivative(1) == derivative);
    }
  }
  REQUIRE(Eigen::NumTraits<Dual>::epsilon() == Eigen::NumTraits<double>::epsilon());
}
