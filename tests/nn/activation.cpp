// SPDX-License-Identifier: BSD-3-Clause
// Activations as scalar functions: derivatives, limits, number types.
#include <array>
#include <cmath>
#include <complex>
#include <limits>
#include <string>
#include <vector>

#include "catch.hpp"
#include "tolerance.hpp"
#include <gradus/core/autodiff.hpp>
#include <gradus/nn/activation.hpp>

namespace nn = gradus::nn;
using gradus::Index;

static_assert(nn::Activation<nn::Relu>);
static_assert(nn::Activation<nn::Gelu, std::complex<double>>);
static_assert(nn::Activation<nn::Tanh, Eigen::bfloat16>);
static_assert(!nn::Activation<double>);
static_assert(!nn::Activation<std::string>);
static_assert(nn::Erf::is_holomorphic && !nn::Relu::is_holomorphic &&
              !nn::LeakyRelu::is_holomorphic);

namespace {

template <class Body>
void for_each_activation(Body&& body) {
  body(nn::Relu{});
  body(nn::LeakyRelu{0.1});
  body(nn::Tanh{});
  body(nn::Sigmoid{});
  body(nn::Softplus{});
  body(nn::Gelu{});
  body(nn::Erf{});
  body(nn::Identity{});
}

const std::vector<double>& points() {
  static const std::vector<double> values{-30.0, -12.5, -6.1, -3.0, -1.7, -1.0, -0.6,  -0.3,
                                          -1e-3, -1e-9, 1e-9, 1e-3, 0.2,  0.54, 0.561, 0.9,
                                          1.0,   1.4,   2.2,  4.0,  7.5,  14.0, 25.0};
  return values;
}

/// A second derivative next to its own zero is only good to rounding of its size elsewhere.
constexpr long double second_floor = 1e-5L;

} // namespace

TEST_CASE("first and second derivatives against complex steps") {
  constexpr double h = 1e-40;
  for_each_activation([&](auto f) {
    INFO(f.name);
    double largest = 0.0;
    for (const double x : points()) {
      INFO("x = " << x);
      const std::complex<double> step(x, h);
      REQUIRE(relative_error(f.value(step).real(), f.value(x), 1e-12L) < tol<double>::rel);
      REQUIRE(relative_error(f.derivative(x), f.value(step).imag() / h) < tol<double>::derivative);
      REQUIRE(relative_error(f.second_derivative(x), f.derivative(step).imag() / h, second_floor) <
              tol<double>::derivative);
      largest = std::max(largest, std::abs(f.value(step).imag() / h));
    }
    REQUIRE(largest > 0.2); // the comparison was not of zeros
  });
}

TEST_CASE("value and derivatives against second-order dual numbers") {
  for_each_activation([&](auto f) {
    INFO(f.name);
    for (const double x : points()) {
      INFO("x = " << x);
      const auto dual = f.value(boost::math::differentiation::make_fvar<double, 2>(x));
      REQUIRE(relative_error(dual.derivative(0), f.value(x)) < tol<double>::rel);
      REQUIRE(relative_error(f.derivative(x), dual.derivative(1), 1e-10L) <
              tol<double>::derivative);
      REQUIRE(relative_error(f.second_derivative(x), dual.derivative(2), second_floor) <
              tol<double>::derivative);
      // The derivative as a function of a dual number, too.
      const auto slope = f.derivative(boost::math::differentiation::make_fvar<double, 1>(x));
      REQUIRE(relative_error(slope.derivative(0), f.derivative(x)) < 10 * tol<double>::rel);
      REQUIRE(relative_error(slope.derivative(1), f.second_derivative(x), second_floor) <
              tol<double>::derivative);
    }
  });
}

TEST_CASE("derivatives against central differences, off the kinks") {
  // Error h^2 / 6 |f'''| + eps / h with h = cbrt(eps): below 1e-9.
  for_each_activation([&](auto f) {
    INFO(f.name);
    for (const double x : {-2.3, -0.7, 0.4, 1.9}) {
      const double h = std::cbrt(0x1p-52);
      REQUIRE(std::abs((f.value(x + h) - f.value(x - h)) / (2 * h) - f.derivative(x)) < 1e-9);
      REQUIRE(std::abs((f.derivative(x + h) - f.derivative(x - h)) / (2 * h) -
                       f.second_derivative(x)) < 1e-9);
    }
  });
}

TEST_CASE("the kinks: relu'(0) = 0, leaky relu'(0) = slope, in every way to compute them") {
  REQUIRE(nn::Relu{}.derivative(0.0) == 0.0);
  REQUIRE(nn::Relu{}.derivative(-0.0) == 0.0);
  REQUIRE(nn::Relu{}.derivative(5e-324) == 1.0);
  REQUIRE(nn::LeakyRelu{0.25}.derivative(0.0) == 0.25);
  REQUIRE(nn::LeakyRelu{0.25}.value(-2.0) == -0.5);
  REQUIRE(nn::Relu{}.value(boost::math::differentiation::make_fvar<double, 1>(0.0)).derivative(1) ==
          0.0);
  REQUIRE(nn::Relu{}.value(std::complex<double>(0.0, 1e-20)).imag() == 0.0);
  REQUIRE(nn::Relu{}.second_derivative(1.0) == 0.0);
}

TEST_CASE("known values") {
  // To 17 digits from closed forms and tables (Abramowitz and Stegun 7, 26).
  REQUIRE(relative_error(nn::Tanh{}.value(0.5), 0.46211715726000975850L) < tol<double>::rel);
  REQUIRE(relative_error(nn::Sigmoid{}.value(-2.0), 0.11920292202211755594L) < tol<double>::rel);
  REQUIRE(relative_error(nn::Softplus{}.value(0.0), 0.69314718055994530942L) < tol<double>::rel);
  REQUIRE(relative_error(nn::Gelu{}.value(1.0), 0.84134474606854294859L) < tol<double>::rel);
  REQUIRE(relative_error(nn::Erf{}.value(0.5), 0.52049987781304653768L) < tol<double>::rel);
  // Phi(-10), where 1 - erf would have lost everything.
  REQUIRE(relative_error(nn::Gelu{}.value(-10.0), -7.6198530241605260660e-23L) <
          10 * tol<double>::rel);
  REQUIRE(relative_error(nn::Sigmoid{}.derivative(40.0), 4.248354255291588994e-18L) <
          10 * tol<double>::rel);
}

TEMPLATE_TEST_CASE("limits at 1e4, infinity and NaN", "", float, double, long double) {
  using T = TestType;
  constexpr T inf = std::numeric_limits<T>::infinity();
  struct Row {
    T x;
    T relu, tanh, sigmoid, softplus, gelu, erf;             // values
    T d_relu, d_tanh, d_sigmoid, d_softplus, d_gelu, d_erf; // derivatives
  };
  const std::array<Row, 4> rows{{
      {T(-1e4), 0, -1, 0, 0, 0, -1, 0, 0, 0, 0, 0, 0},
      {T(1e4), T(1e4), 1, 1, T(1e4), T(1e4), 1, 1, 0, 0, 1, 1, 0},
      {-inf, 0, -1, 0, 0, 0, -1, 0, 0, 0, 0, 0, 0},
      {inf, inf, 1, 1, inf, inf, 1, 1, 0, 0, 1, 1, 0},
  }};
  // In long double exp(-1e4) is a number still; elsewhere it is exactly 0.
  const auto same = [](T a, T b) { return a == b || std::abs(a - b) < T(1e-4000L); };
  for (const Row& row : rows) {
    INFO("x = " << static_cast<double>(row.x));
    REQUIRE(nn::Relu{}.value(row.x) == row.relu);
    REQUIRE(nn::Tanh{}.value(row.x) == row.tanh);
    REQUIRE(same(nn::Sigmoid{}.value(row.x), row.sigmoid));
    REQUIRE(same(nn::Softplus{}.value(row.x), row.softplus));
    REQUIRE(same(nn::Gelu{}.value(row.x), row.gelu));
    REQUIRE(nn::Erf{}.value(row.x) == row.erf);
    REQUIRE(nn::Relu{}.derivative(row.x) == row.d_relu);
    REQUIRE(same(nn::Tanh{}.derivative(row.x), row.d_tanh));
    REQUIRE(same(nn::Sigmoid{}.derivative(row.x), row.d_sigmoid));
    REQUIRE(same(nn::Softplus{}.derivative(row.x), row.d_softplus));
    REQUIRE(same(nn::Gelu{}.derivative(row.x), row.d_gelu));
    REQUIRE(same(nn::Erf{}.derivative(row.x), row.d_erf));
    for_each_activation([&](auto f) { REQUIRE(same(f.second_derivative(row.x), T(0))); });
  }
  for_each_activation([](auto f) {
    INFO(f.name);
    REQUIRE(std::isnan(f.value(std::numeric_limits<T>::quiet_NaN())));
  });
}

TEST_CASE("the complex error function against its power series and symmetries") {
  // erf(z) = 2 / sqrt(pi) sum_n (-1)^n z^(2n+1) / (n! (2n + 1)), in long double. Its largest term
  // is about exp(|z|^2), so |z| <= 2.5 keeps 16 digits.
  const auto series = [](std::complex<double> z0) {
    const std::complex<long double> z(z0.real(), z0.imag());
    std::complex<long double> term = z;
    std::complex<long double> sum = z;
    for (int n = 1; n < 120; ++n) {
      term *= -z * z / static_cast<long double>(n);
      sum += term / static_cast<long double>(2 * n + 1);
    }
    return sum * 2.0L * std::numbers::inv_sqrtpi_v<long double>;
  };
  double worst = 0.0;
  for (double r = 0.05; r < 2.5; r += 0.07) {
    for (double angle = 0.0; angle < 6.3; angle += 0.1) {
      const std::complex<double> z = std::polar(r, angle);
      const std::complex<long double> expected = series(z);
      const std::complex<double> value = nn::Erf{}.value(z);
      worst = std::max(worst,
                       static_cast<double>(std::abs(std::complex<long double>(value) - expected) /
                                           std::abs(expected)));
      REQUIRE(nn::Erf{}.value(std::conj(z)) == std::conj(value));
    }
  }
  // 16 units of rounding for a dozen complex operations; whether the compiler contracts them to
  // fused multiply-adds moves the worst case between 8 and 10.
  REQUIRE(worst < 16 * std::numeric_limits<double>::epsilon());
  // On the imaginary axis all terms have one sign, and any size will do.
  REQUIRE(relative_error(nn::Erf{}.value(std::complex<double>(0.0, 1.0)).imag(),
                         1.6504257587975428760L) < tol<double>::rel);
  REQUIRE(relative_error(nn::Erf{}.value(std::complex<double>(0.0, 5.0)).imag(),
                         series({0.0, 5.0}).imag()) < 1e-14);
  // Large real part: the tail only.
  REQUIRE(nn::Erf{}.value(std::complex<double>(40.0, 1.0)) == std::complex<double>(1.0, 0.0));
}

TEST_CASE("holomorphic activations satisfy Cauchy's formula on a circle") {
  // f'(x) = 1 / (N r) sum_k f(x + r e^(i t_k)) e^(-i t_k), exact to (r / R)^N with R >= 1.5 the
  // distance to the nearest pole (pi / 2 for tanh): 1e-16 at r = 0.4, N = 32.
  for_each_activation([&](auto f) {
    if constexpr (f.is_holomorphic) {
      INFO(f.name);
      for (const double x : {-1.2, -0.3, 0.0, 0.8}) {
        constexpr int n = 32;
        std::complex<double> sum = 0.0;
        for (int k = 0; k < n; ++k) {
          const auto turn = std::polar(1.0, 2 * std::numbers::pi * k / n);
          sum += f.value(std::complex<double>(x + 0.4 * turn)) / turn;
        }
        REQUIRE(std::abs(sum / (0.4 * n) - f.derivative(x)) < 1e-14);
      }
    }
  });
}

TEMPLATE_TEST_CASE("16-bit formats are computed in float and rounded once", "", Eigen::half,
                   Eigen::bfloat16) {
  using T = TestType;
  for_each_activation([](auto f) {
    INFO(f.name);
    for (const double x0 : points()) {
      const T x(static_cast<float>(x0));
      const auto wide = static_cast<float>(x);
      // LeakyRelu multiplies in the format itself.
      REQUIRE(relative_error(static_cast<float>(f.value(x)), f.value(wide), 1e-4L) <= tol<T>::rel);
      REQUIRE(relative_error(static_cast<float>(f.derivative(x)), f.derivative(wide), 1e-4L) <=
              tol<T>::rel);
      REQUIRE(relative_error(static_cast<float>(f.second_derivative(x)), f.second_derivative(wide),
                             1e-4L) <= tol<T>::rel);
    }
  });
}

TEST_CASE("a run-time name becomes a type") {
  for_each_activation([](auto f) {
    const std::string found =
        nn::with_activation(f.name, [](auto g) { return std::string(g.name); });
    REQUIRE(found == f.name);
  });
  std::string message;
  try {
    nn::with_activation("swish", [](auto) {});
  } catch (const gradus::ArgumentError& error) {
    message = error.what();
  }
  REQUIRE(message == "activation is \"swish\"; valid: one of relu, leaky-relu, tanh, sigmoid, "
                     "softplus, gelu, erf, identity");
}
