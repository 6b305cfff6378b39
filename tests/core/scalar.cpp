// SPDX-License-Identifier: BSD-3-Clause
#include <complex>
#include <limits>

#include "catch.hpp"
#include <gradus/core/autodiff.hpp>
#include <gradus/core/scalar.hpp>

using gradus::is_finite;
using gradus::primal;

TEST_CASE("primal: the real part decides") {
  REQUIRE(primal(2.5F) == 2.5F);
  REQUIRE(primal(std::complex<double>(-1.5, 7.0)) == -1.5);
  REQUIRE(static_cast<float>(primal(Eigen::half(0.5F))) == 0.5F);
  REQUIRE(primal(boost::math::differentiation::make_fvar<double, 2>(3.0)) == 3.0);
  // A dual number over dual numbers: down to the plain real.
  const gradus::Dual<gradus::Dual<double, 1>, 1> nested(4.0);
  REQUIRE(primal(nested) == 4.0);
}

TEST_CASE("is_finite: NaN and infinity, in either part of a complex number") {
  constexpr double inf = std::numeric_limits<double>::infinity();
  constexpr double nan = std::numeric_limits<double>::quiet_NaN();
  REQUIRE(is_finite(1.0));
  REQUIRE(is_finite(std::numeric_limits<long double>::max()));
  REQUIRE_FALSE(is_finite(inf));
  REQUIRE_FALSE(is_finite(static_cast<float>(nan)));
  REQUIRE_FALSE(is_finite(Eigen::half(static_cast<float>(inf))));
  REQUIRE_FALSE(is_finite(Eigen::bfloat16(static_cast<float>(nan))));
  REQUIRE(is_finite(std::complex<double>(1.0, -1.0)));
  REQUIRE_FALSE(is_finite(std::complex<double>(nan, 0.0)));
  REQUIRE_FALSE(is_finite(std::complex<double>(0.0, inf)));
  REQUIRE_FALSE(is_finite(boost::math::differentiation::make_fvar<double, 1>(nan)));
}
