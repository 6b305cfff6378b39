// SPDX-License-Identifier: BSD-3-Clause
// Surrogates of the sign: values, derivatives by complex step, vector kernels, schedules.
#include <cmath>
#include <complex>
#include <limits>

#include "catch.hpp"
#include "support/draws.hpp"
#include "support/errors.hpp"
#include <gradus/core/error.hpp>
#include <gradus/nn/surrogate.hpp>
#include <gradus/nn/surrogate_schedule.hpp>

using namespace gradus;
using ReSte = nn::RectifiedStraightThrough;

static_assert(nn::Surrogate<nn::StraightThrough>);
static_assert(nn::Surrogate<ReSte, std::complex<double>>);
static_assert(nn::Surrogate<nn::ErrorDecay, float>);
static_assert(nn::Surrogate<nn::SoftQuantiser, long double>);
static_assert(nn::SurrogateSchedule<nn::CosineOrder>);
static_assert(nn::SurrogateSchedule<nn::GeometricSteepness>);
static_assert(nn::SurrogateSchedule<nn::GeometricGap>);
static_assert(nn::SurrogateSchedule<nn::ConstantSurrogate<nn::StraightThrough>>);

namespace {

/// Calls body with one surrogate of each kind, and more than one shape of those that have one.
template <class Body>
void for_every_surrogate(Body&& body) {
  body(nn::StraightThrough());
  for (const double order : {1.0, 1.5, 3.0, 10.0}) {
    body(ReSte(order));
    body(ReSte(order, 0.01, 1.0));
  }
  for (const double steepness : {0.1, 1.0, 10.0}) {
    body(nn::ErrorDecay(steepness));
  }
  for (const double gap : {0.4, 0.1}) {
    body(nn::SoftQuantiser(gap));
  }
}

/// f'(x) from f by complex step.
template <class S>
double surrogate_slope_by_complex_step(const S& f, double x) {
  return f.value(std::complex<double>(x, 1e-30)).imag() / 1e-30;
}

} // namespace

TEST_CASE("surrogate: f is odd, f' is even and not negative") {
  for_every_surrogate([](const auto& f) {
    INFO(f.name);
    for (const double x : {1e-8, 0.05, 0.3, 0.99, 1.0, 1.2, 1.5, 1.6, 7.0}) {
      CHECK(f.value(-x) == -f.value(x));
      CHECK(f.value(x) > 0);
      CHECK(f.derivative(-x) == f.derivative(x));
      CHECK(f.derivative(x) >= 0);
    }
  });
}

TEST_CASE("surrogate: f' is the derivative of f where it is meant to be") {
  const auto compare = [](const auto& f, double low, double high) {
    for (double x = low; x <= high; x += 0.0371) {
      for (const double z : {x, -x}) {
        const double slope = surrogate_slope_by_complex_step(f, z);
        CHECK(std::abs(f.derivative(z) - slope) <= 1e-13 * slope);
      }
    }
  };
  compare(nn::StraightThrough(), 0.01, 0.99);
  compare(ReSte(1), 0.01, 1.49);
  compare(ReSte(3), 0.101, 1.49); // between the flat middle and the clip
  compare(ReSte(10, 0.001, 5), 0.0011, 4.9);
  compare(nn::ErrorDecay(0.1), 0.01, 5);
  compare(nn::ErrorDecay(10), 0.01, 5);
  compare(nn::SoftQuantiser(0.4), 0.01, 0.99);
  compare(nn::SoftQuantiser(0.1), 0.01, 0.99);
}

TEST_CASE("surrogate: the rectified estimator is flat in the middle and clipped outside") {
  const ReSte f(4, 0.1, 1.5);
  const double flat = std::pow(0.1, 0.25) / 0.1;
  CHECK(f.derivative(0.0) == flat);
  CHECK(f.derivative(-0.1) == flat);
  CHECK(f.derivative(1.5) > 0);
  CHECK(f.derivative(1.5000001) == 0);
  // The jump at m is by the factor o.
  CHECK(std::abs(f.derivative(0.1) / f.derivative(std::nextafter(0.1, 1.0)) - 4) < 1e-12);
  CHECK(f.value(0.5) == std::pow(0.5, 0.25));
  CHECK(f.value(0.0) == 0);
  CHECK(ReSte(2, 0).derivative(0.0) == std::numeric_limits<double>::infinity());
}

TEST_CASE(
    "surrogate: order 1 without a flat middle, clipped at 1, is straight-through, bit for bit") {
  const ReSte f(1, 0, 1);
  const nn::StraightThrough ste;
  Matrix<double> z = support::normal_matrix("z", 7, 9);
  z(0, 0) = 0.0;
  z(1, 0) = -0.0;
  z(2, 0) = 1;
  z(3, 0) = -1;
  z(4, 0) = std::nextafter(1.0, 2.0);
  z(5, 0) = std::numeric_limits<double>::infinity();
  z(6, 0) = std::numeric_limits<double>::denorm_min();
  Matrix<double> a(7, 9);
  Matrix<double> b(7, 9);
  nn::surrogate_derivative<ReSte, double>(f, z, a);
  nn::surrogate_derivative<nn::StraightThrough, double>(ste, z, b);
  CHECK(a == b);
  CHECK(b(4, 0) == 0);
  for (Index i = 0; i < z.size(); ++i) {
    CHECK(f.derivative(z(i)) == ste.derivative(z(i)));
  }
}

TEST_CASE("surrogate: arrays give what the scalar functions give, in any shape") {
  const Matrix<double> wide = support::normal_matrix("wide", 8, 13, 1.2);
  for_every_surrogate([&](const auto& f) {
    INFO(f.name);
    using S = std::decay_t<decltype(f)>;
    const auto z = wide.block(1, 2, 5, 7); // columns are apart
    Matrix<double> d(5, 7);
    nn::surrogate_derivative<S, double>(f, z, d);
    const Matrix<float> z_float = wide.cast<float>();
    Matrix<float> d_float(8, 13);
    nn::surrogate_derivative<S, float>(f, z_float, d_float);
    for (Index j = 0; j < 7; ++j) {
      for (Index i = 0; i < 5; ++i) {
        CHECK(std::abs(d(i, j) - f.derivative(z(i, j))) <= 1e-14 * d(i, j));
        CHECK(std::abs(d_float(i + 1, j + 2) - f.derivative(z_float(i + 1, j + 2))) <=
              4e-6F * d_float(i + 1, j + 2));
      }
    }
    Matrix<double> own = z; // in place
    nn::surrogate_derivative<S, double>(f, own, own);
    CHECK(own == d);
    Matrix<double> empty(0, 3);
    nn::surrogate_derivative<S, double>(f, empty, empty);
    CHECK_THROWS_AS((nn::surrogate_derivative<S, double>(f, z, empty)), ShapeError);
  });
}

TEST_CASE("surrogate: shapes go from near the identity to near the sign") {
  for (const double x : {0.2, 0.5, 0.9}) {
    CHECK(std::abs(nn::ErrorDecay(1e-3).value(x) - x) < 1e-6);
    CHECK(nn::ErrorDecay(1e3).value(x) > 1 - 1e-9);
    CHECK(ReSte(1).value(x) == x);
    CHECK(ReSte(1e6).value(x) > 1 - 1e-5);
    CHECK(std::abs(nn::SoftQuantiser(1 - 1e-3).value(x) - x) < 1e-6);
    CHECK(nn::SoftQuantiser(1e-15).value(x) > 0.99);
  }
  CHECK(nn::SoftQuantiser(0.3).value(1.0) == Approx(1));
  CHECK(std::tanh(nn::SoftQuantiser(0.3).steepness()) == Approx(0.7));
}

TEST_CASE("binary sign: that of zero is +1, NaN stays NaN") {
  const double nan = std::numeric_limits<double>::quiet_NaN();
  Matrix<double> z(3, 3);
  z << 0.0, -0.0, 3, -2, -1e-310, 1e-310, nan, -std::numeric_limits<double>::infinity(), 1;
  Matrix<double> signs(3, 3);
  nn::binary_signs<double>(z, signs);
  for (Index i = 0; i < 9; ++i) {
    if (std::isnan(z(i))) {
      CHECK(std::isnan(signs(i)));
      CHECK(std::isnan(nn::binary_sign(z(i))));
    } else {
      CHECK(signs(i) == (z(i) >= 0 ? 1 : -1));
      CHECK(nn::binary_sign(z(i)) == signs(i));
    }
  }
  CHECK(nn::binary_sign(std::complex<double>(-2, 5)) == std::complex<double>(-1));
}

TEST_CASE("surrogate schedules: ends, middle and what is asked of them") {
  const nn::CosineOrder order{.final_order = 5, .flat = 0.2, .clip = 2};
  CHECK(order.at(0).order() == 1);
  CHECK(order.at(1).order() == Approx(5));
  CHECK(order.at(0.5).order() == Approx(1 + 4 * (1 - std::sqrt(0.5))));
  CHECK(order.at(0.5).flat() == 0.2);
  CHECK(order.at(0.5).clip() == 2);
  const nn::GeometricSteepness steepness;
  CHECK(steepness.at(0).steepness() == Approx(0.1));
  CHECK(steepness.at(0.5).steepness() == Approx(1));
  CHECK(steepness.at(1).steepness() == Approx(10));
  const nn::GeometricGap gap;
  CHECK(gap.at(0).gap() == Approx(0.4));
  CHECK(gap.at(0.5).gap() == Approx(0.2));
  CHECK(gap.at(1).gap() == Approx(0.1));
  CHECK(nn::ConstantSurrogate<ReSte>{ReSte(3)}.at(0.7).order() == 3);
  CHECK_THROWS_AS(order.at(1.1), ArgumentError);
  CHECK_THROWS_AS(gap.at(-0.1), ArgumentError);
  CHECK_THROWS_AS(nn::CosineOrder{.final_order = 0.5}.validate(), ArgumentError);
  CHECK_THROWS_AS(nn::GeometricSteepness{.first = 0}.validate(), ArgumentError);
  CHECK_THROWS_AS(nn::GeometricGap{.last = 1}.validate(), ArgumentError);
}

TEST_CASE("surrogate: bad shapes are named") {
  CHECK(support::message_of<ArgumentError>([] { ReSte(0.5); }) ==
        "order is 0.5; valid: >= 1, finite");
  CHECK_THROWS_AS(ReSte(2, -1), ArgumentError);
  CHECK_THROWS_AS(ReSte(2, 0.5, 0.4), ArgumentError);
  CHECK_THROWS_AS(ReSte(std::numeric_limits<double>::quiet_NaN()), ArgumentError);
  CHECK_THROWS_AS(nn::ErrorDecay(0), ArgumentError);
  CHECK_THROWS_AS(nn::SoftQuantiser(0), ArgumentError);
  CHECK_THROWS_AS(nn::SoftQuantiser(1), ArgumentError);
}
