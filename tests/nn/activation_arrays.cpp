// SPDX-License-Identifier: BSD-3-Clause
// Activations over whole arrays: the vector kernels against the scalar functions.
#include <algorithm>
#include <cmath>
#include <complex>
#include <limits>

#include "catch.hpp"
#include "tolerance.hpp"
#include <gradus/core/autodiff.hpp>
#include <gradus/nn/activation.hpp>

namespace nn = gradus::nn;
using gradus::Index;
using gradus::Matrix;
using gradus::Vector;

namespace {

template <class Body>
void for_each_name(Body&& body) {
  for (const char* name :
       {"relu", "leaky-relu", "tanh", "sigmoid", "softplus", "gelu", "erf", "identity"}) {
    INFO(name);
    nn::with_activation(name, body);
  }
}

template <class T>
Matrix<T> ramp(Index rows, Index cols, double low, double high) {
  Matrix<T> z(rows, cols);
  for (Index i = 0; i < z.size(); ++i) {
    z(i) = T(gradus::RealOf<T>(low + (high - low) * (double(i) + 0.37) / double(z.size())));
  }
  return z;
}

template <class T>
struct Passes {
  explicit Passes(const Matrix<T>& z)
      : a(z.rows(), z.cols()), d(z.rows(), z.cols()), s(z.rows(), z.cols()) {}
  Matrix<T> a, d, s;
};

/// REQUIRE, compiled once.
void expect(bool holds) { REQUIRE(holds); }

template <class T>
[[gnu::noinline]] bool same(gradus::ConstMatrixRef<T> a, gradus::ConstMatrixRef<T> b) {
  return a == b;
}

// The library's functions, not inlined: each kernel is compiled once.
template <class A, class T>
[[gnu::noinline]] void one(const A& f, gradus::ConstMatrixRef<T> z, gradus::MatrixRef<T> a) {
  nn::apply(f, z, a);
}
template <class A, class T>
[[gnu::noinline]] void two(const A& f, gradus::ConstMatrixRef<T> z, gradus::MatrixRef<T> a,
                           gradus::MatrixRef<T> d) {
  nn::apply_with_derivative(f, z, a, d);
}
template <class A, class T>
[[gnu::noinline]] void three(const A& f, gradus::ConstMatrixRef<T> z, gradus::MatrixRef<T> a,
                             gradus::MatrixRef<T> d, gradus::MatrixRef<T> s) {
  nn::apply_with_derivatives(f, z, a, d, s);
}

} // namespace

TEMPLATE_TEST_CASE("vector kernels are within a few units in the last place", "", float, double) {
  using T = TestType;
  constexpr double eps = std::numeric_limits<T>::epsilon();
  for_each_name([&](auto f) {
    for (const double range : {0.01, 1.0, 8.0, 36.0}) {
      const Matrix<T> z = ramp<T>(4099, 1, -range, range);
      Passes<T> p(z);
      three<decltype(f), T>(f, z, p.a, p.d, p.s);
      double value = 0.0;
      double slope = 0.0;
      double second = 0.0;
      for (Index i = 0; i < z.size(); ++i) {
        const long double x = z(i);
        // Below the smallest normal number, times some room, kernels may give 0.
        constexpr long double tiny = 100 * std::numeric_limits<T>::min();
        if (std::abs(f.value(x)) > tiny) {
          value = std::max(value, relative_error(p.a(i), f.value(x)));
        }
        if (std::abs(f.derivative(x)) > tiny) {
          // GELU's slope passes through 0 at -0.75: measured there against 1/2.
          slope =
              std::max(slope, relative_error(p.d(i), f.derivative(x),
                                             std::is_same_v<decltype(f), nn::Gelu> ? 0.5L : tiny));
        }
        second = std::max(second, relative_error(p.s(i), f.second_derivative(x), 0.1L));
      }
      INFO("range " << range << ", in units of epsilon: " << value / eps << ' ' << slope / eps
                    << ' ' << second / eps);
      expect(value < 8 * eps); // 3 but for GELU's last decades before underflow
      expect(slope < 4 * eps);
      expect(second < 8 * eps);
    }
  });
}

TEMPLATE_TEST_CASE("the vector path keeps limits and NaN", "", float, double) {
  using T = TestType;
  constexpr T inf = std::numeric_limits<T>::infinity();
  constexpr T nan = std::numeric_limits<T>::quiet_NaN();
  Matrix<T> z(9, 1);
  z << -inf, T(-1e4), T(-0.0), T(0), T(1e4), inf, nan, std::numeric_limits<T>::max(),
      std::numeric_limits<T>::lowest();
  for_each_name([&](auto f) {
    Passes<T> p(z);
    three<decltype(f), T>(f, z, p.a, p.d, p.s);
    for (Index i = 0; i < z.size(); ++i) {
      INFO("x = " << double(z(i)));
      constexpr double few = 4 * std::numeric_limits<T>::epsilon();
      expect(relative_error(p.a(i), f.value(z(i))) < few);
      expect(relative_error(p.d(i), f.derivative(z(i))) < few);
      expect(relative_error(p.s(i), f.second_derivative(z(i))) < few);
    }
  });
}

TEMPLATE_TEST_CASE("a result does not depend on the position, the shape or the stride", "", float,
                   double) {
  using T = TestType;
  const Matrix<T> z = ramp<T>(67, 1, -4.0, 4.0);
  for_each_name([&](auto f) {
    Passes<T> whole(z);
    two<decltype(f), T>(f, z, whole.a, whole.d);
    for (Index size = 0; size <= 20; ++size) {
      for (Index start = 0; start < 3; ++start) {
        Matrix<T> a(size, 1);
        Matrix<T> d(size, 1);
        two<decltype(f), T>(f, z.middleRows(start, size), a, d);
        expect(same<T>(a, whole.a.middleRows(start, size)));
        expect(same<T>(d, whole.d.middleRows(start, size)));
      }
    }
    // Columns apart in memory: the top rows of larger matrices. What lies below stays.
    const Matrix<T> wide = ramp<T>(13, 5, -4.0, 4.0);
    Passes<T> block(wide);
    block.a.setConstant(T(77));
    one<decltype(f), T>(f, wide.topRows(9), block.a.topRows(9));
    Passes<T> plain(wide);
    one<decltype(f), T>(f, wide, plain.a);
    expect(same<T>(block.a.topRows(9), plain.a.topRows(9)));
    expect((block.a.bottomRows(4).array() == T(77)).all());
    // In place.
    Matrix<T> z2 = wide;
    one<decltype(f), T>(f, z2, z2);
    expect(same<T>(z2, plain.a));
    z2 = wide;
    two<decltype(f), T>(f, z2, plain.a, z2);
    two<decltype(f), T>(f, wide, plain.a, plain.d);
    expect(same<T>(z2, plain.d));
  });
}

TEST_CASE("one, two and three results agree") {
  using T = double;
  const Matrix<T> z = ramp<T>(203, 2, -6.0, 6.0);
  for_each_name([&](auto f) {
    Passes<T> first(z);
    Passes<T> second(z);
    Passes<T> third(z);
    one<decltype(f), T>(f, z, first.a);
    two<decltype(f), T>(f, z, second.a, second.d);
    three<decltype(f), T>(f, z, third.a, third.d, third.s);
    for (Index i = 0; i < z.size(); ++i) {
      // Compilers may fuse multiplications and additions differently in each.
      expect(relative_error(first.a(i), third.a(i)) <= tol<T>::rel);
      expect(relative_error(second.a(i), third.a(i)) <= tol<T>::rel);
      expect(relative_error(second.d(i), third.d(i)) <= tol<T>::rel);
    }
  });
}

TEST_CASE("other number types go through the scalar functions") {
  const auto check = [](auto zero) {
    using T = decltype(zero);
    const Matrix<T> z = ramp<T>(5, 2, -2.0, 2.0);
    for_each_name([&](auto f) {
      Passes<T> p(z);
      three<decltype(f), T>(f, z, p.a, p.d, p.s);
      for (Index i = 0; i < z.size(); ++i) {
        expect(p.a(i) == f.value(z(i)));
        expect(p.d(i) == f.derivative(z(i)));
        expect(p.s(i) == f.second_derivative(z(i)));
      }
    });
  };
  check(static_cast<long double>(0));
  check(std::complex<double>());
  check(Eigen::half());
  check(gradus::Dual<double, 1>());
}

TEST_CASE("bias, activation and slope in one pass") {
  const auto check = [](auto zero, Index rows, Index cols) {
    using T = decltype(zero);
    const Matrix<T> product = ramp<T>(rows, cols, -3.0, 3.0);
    const Vector<T> bias = ramp<T>(rows, 1, -1.0, 1.0);
    const Matrix<T> shifted = product.colwise() + bias;
    Passes<T> apart(product);
    nn::apply_with_derivative(nn::Tanh{}, shifted, apart.a, apart.d);
    Matrix<T> z = product;
    Passes<T> fused(product);
    nn::add_bias_and_apply(nn::Tanh{}, bias, z, fused.a, fused.d);
    REQUIRE(z == shifted);
    REQUIRE(fused.a == apart.a);
    REQUIRE(fused.d == apart.d);
  };
  check(double(), 10, 500); // several panels
  check(float(), 64, 32);
  check(double(), 3000, 2); // a column larger than a panel
  check(float(), 0, 3);
  check(float(), 3, 0);
  check(std::complex<double>(), 3, 4);
}

TEST_CASE("arrays whose shapes do not fit are named") {
  const Matrix<double> z(3, 4);
  Matrix<double> good(3, 4);
  Matrix<double> bad(4, 3);
  Vector<double> bias(2);
  REQUIRE_THROWS_AS(nn::apply(nn::Relu{}, z, bad), gradus::ShapeError);
  REQUIRE_THROWS_AS(nn::apply_with_derivative(nn::Relu{}, z, good, bad), gradus::ShapeError);
  REQUIRE_THROWS_AS(nn::apply_with_derivatives(nn::Relu{}, z, good, good, bad), gradus::ShapeError);
  REQUIRE_THROWS_AS(nn::add_bias_and_apply(nn::Relu{}, bias, good, good, good), gradus::ShapeError);
  const Matrix<double> empty(0, 0);
  Matrix<double> none(0, 0);
  nn::apply(nn::Tanh{}, empty, none);
  REQUIRE(none.size() == 0);
}
