// SPDX-License-Identifier: BSD-3-Clause
// The steep sigmoid on real and complex numbers, and its continuation that is not holomorphic.
#include <algorithm>
#include <array>
#include <cmath>
#include <complex>
#include <cstddef>
#include <limits>
#include <numbers>

#include "catch.hpp"
#include "support/draws.hpp"
#include <gradus/nn/steep_sigmoid.hpp>

using namespace gradus;
using Complex = std::complex<double>;
using Pack = nn::detail::Pack<double>;

namespace {

constexpr nn::SteepSigmoid f;

template <class A>
Complex planar(const A& a, Complex z) {
  Pack re;
  Pack im;
  a.planar(Pack(z.real()), Pack(z.imag()), re, im);
  std::array<double, static_cast<std::size_t>(Pack::size)> x{};
  std::array<double, static_cast<std::size_t>(Pack::size)> y{};
  re.store(x.data());
  im.store(y.data());
  return {x.back(), y.back()};
}

/// In extended precision, from the tail that does not overflow.
std::complex<long double> reference(Complex z) {
  const std::complex<long double> w(4 * static_cast<long double>(z.real()) - 2,
                                    4 * static_cast<long double>(z.imag()));
  const bool negative = w.real() < 0;
  const auto e = std::exp(negative ? w : -w);
  return (negative ? e : std::complex<long double>(1)) / (1.0L + e);
}

} // namespace

TEST_CASE("steep sigmoid: values, slope 1 in the middle, f' = 4 f (1 - f)") {
  REQUIRE(f.value(0.5) == 0.5);
  REQUIRE(f.derivative(0.5) == 1.0);
  REQUIRE(f.second_derivative(0.5) == 0.0);
  for (const double x : {-3.0, 0.0, 0.4, 0.7, 2.0}) {
    const double y = f.value(x);
    CHECK(std::abs(y - 1 / (1 + std::exp(2 - 4 * x))) < 1e-15);
    CHECK(std::abs(f.derivative(x) - 4 * y * (1 - y)) < 1e-15);
    const double h = 1e-30;
    CHECK(std::abs(f.derivative(Complex(x, h)).imag() / h - f.second_derivative(x)) < 1e-14);
    CHECK(std::abs(f.value(Complex(x, h)).imag() / h - f.derivative(x)) < 1e-15);
  }
}

TEST_CASE("steep sigmoid: arrays agree with single numbers") {
  const Matrix<double> x = support::normal_matrix("x", 7, 9, 2.0);
  Matrix<double> a(7, 9);
  Matrix<double> d(7, 9);
  nn::apply_with_derivative(f, x, a, d);
  for (Index i = 0; i < x.size(); ++i) {
    CHECK(std::abs(a(i) - f.value(x(i))) < 4e-16);
    CHECK(std::abs(d(i) - f.derivative(x(i))) < 2e-15);
  }
}

TEST_CASE("steep sigmoid: real and imaginary parts apart, against extended precision") {
  Stream draw(3, "plane");
  double worst = 0;
  for (int k = 0; k < 20'000; ++k) {
    const double spread = k % 3 == 0 ? 0.3 : k % 3 == 1 ? 3 : 300;
    const Complex z(0.5 + normal(draw) * (k % 2 == 0 ? 0.3 : 3), spread * normal(draw));
    const Complex exact(reference(z));
    worst = std::max(worst, std::abs(planar(f, z) - exact) / std::max(1.0, std::abs(exact)));
  }
  CHECK(worst < 4e-15); // rounding of the argument near a pole, times the slope there
  // Right next to the pole the distance to it is what counts: 2 digits above its own rounding.
  for (const double gap : {1e-3, -1e-6}) {
    const Complex z(0.5 + gap, std::numbers::pi / 4);
    const Complex exact(reference(z));
    CHECK(std::abs(planar(f, z) - exact) < 1e-9 * std::abs(exact));
  }
  CHECK(std::abs(planar(f, {300, 0.1}) - 1.0) < 1e-15);
  CHECK(std::abs(planar(f, {-300, 0.1})) < 1e-300);
  CHECK(std::isnan(planar(f, {std::numeric_limits<double>::quiet_NaN(), 0}).real()));
}

TEST_CASE("sine and cosine in every quadrant") {
  Stream draw(4, "angles");
  for (int k = 0; k < 20'000; ++k) {
    const double x = normal(draw) * (k % 2 == 0 ? 3 : 1e4);
    const auto both = nn::detail::sine_cosine(Pack(x));
    std::array<double, static_cast<std::size_t>(Pack::size)> s{};
    std::array<double, static_cast<std::size_t>(Pack::size)> c{};
    both.sine.store(s.data());
    both.cosine.store(c.data());
    REQUIRE(std::abs(s.front() - std::sin(x)) < 4e-16);
    REQUIRE(std::abs(c.front() - std::cos(x)) < 4e-16);
  }
}

TEST_CASE("continuation by the tangent: the same on the real axis, not holomorphic off it") {
  constexpr nn::TangentContinuation<nn::SteepSigmoid> g;
  STATIC_REQUIRE_FALSE(decltype(g)::is_holomorphic);
  STATIC_REQUIRE(nn::Activation<nn::TangentContinuation<nn::SteepSigmoid>, Complex>);
  REQUIRE(g.value(0.3) == f.value(0.3));
  const Complex z(0.3, 0.2);
  REQUIRE(g.value(z) == Complex(f.value(0.3), 0.2 * f.derivative(0.3)));
  REQUIRE(std::abs(planar(g, z) - g.value(z)) < 1e-15);
  REQUIRE(std::abs(g.value(z) - f.value(z)) > 1e-2);
}
