// SPDX-License-Identifier: BSD-3-Clause
// Losses: derivatives, names, errors.
#include <cmath>
#include <complex>
#include <limits>
#include <type_traits>

#include "catch.hpp"
#include "loss_checks.hpp"
#include "tolerance.hpp"
#include <gradus/core/autodiff.hpp>
#include <gradus/core/distributions.hpp>
#include <gradus/nn/loss.hpp>

namespace nn = gradus::nn;
using gradus::Index;
using gradus::Matrix;
using gradus::Vector;
using namespace loss_checks;

static_assert(nn::Loss<nn::Logistic>);
static_assert(nn::Loss<nn::Hinge, float>);
static_assert(nn::Loss<nn::Exponential, std::complex<double>>);
static_assert(nn::Loss<nn::SoftmaxCrossEntropy, long double>);
static_assert(nn::Loss<nn::Square, gradus::Dual<double, 1>>);
static_assert(!nn::Loss<double>);

TEST_CASE("margin functions: derivatives against complex steps and dual numbers") {
  const auto check = [](auto phi) {
    INFO(phi.name);
    for (const double m : {-40.0, -7.5, -1.2, -0.3, 1e-8, 0.4, 0.99, 1.01, 2.6, 11.0, 35.0}) {
      INFO("m = " << m);
      constexpr double h = 1e-40;
      const std::complex<double> step(m, h);
      const auto dual = phi.value(boost::math::differentiation::make_fvar<double, 2>(m));
      expect_close(phi.derivative(m), phi.value(step).imag() / h, tol<double>::derivative, 1e-300L);
      expect_close(phi.second_derivative(m), phi.derivative(step).imag() / h,
                   tol<double>::derivative, 1e-300L);
      expect_close(dual.derivative(0), phi.value(m), tol<double>::rel, 1e-300L);
      expect_close(phi.derivative(m), dual.derivative(1), tol<double>::derivative, 1e-15L);
      expect_close(phi.second_derivative(m), dual.derivative(2), tol<double>::derivative, 1e-15L);
    }
  };
  check(nn::Logistic{});
  check(nn::Hinge{});
  check(nn::Exponential{});
  REQUIRE(nn::Logistic{}.value(0.0) == std::log(2.0));
  REQUIRE(nn::Logistic{}.derivative(0.0) == -0.5);
  REQUIRE(nn::Logistic{}.second_derivative(0.0) == 0.25);
  REQUIRE(nn::Hinge{}.value(0.25) == 0.75);
  // The kink of the hinge belongs to the flat side.
  REQUIRE(nn::Hinge{}.derivative(1.0) == 0.0);
  REQUIRE(nn::Hinge{}.derivative(std::nextafter(1.0, 0.0)) == -1.0);
}

TEST_CASE("output gradients against complex steps, sample by sample") {
  for_each_loss([](auto loss) {
    const Index k = many_outputs<decltype(loss)> ? 4 : 1;
    constexpr Index n = 11;
    constexpr double h = 1e-40;
    const auto y = some_targets(loss, k, n);
    const Matrix<double> z = some_outputs<double>(k, n);
    Vector<double> values(n);
    Matrix<double> dz(k, n);
    loss.value_and_gradient(z, y, values, dz);
    Vector<double> alone(n);
    loss.values(z, y, alone);
    double norm = 0.0;
    for (Index i = 0; i < n; ++i) {
      expect_close(values(i), alone(i), tol<double>::rel, 1e-300L);
      for (Index o = 0; o < k; ++o) {
        Matrix<std::complex<double>> step = z.cast<std::complex<double>>();
        step(o, i) += std::complex<double>(0.0, h);
        Vector<std::complex<double>> out(n);
        loss.values(step, y, out);
        expect_close(dz(o, i), out(i).imag() / h, tol<double>::derivative, 1e-6L);
        out(i) = 0.0; // no other sample feels it
        REQUIRE(out.imag().cwiseAbs().maxCoeff() == 0.0);
        norm += dz(o, i) * dz(o, i);
      }
    }
    REQUIRE(norm > 0.1);
  });
}

TEST_CASE("Hessian action against the dense Hessian of each sample") {
  for_each_loss([](auto loss) {
    using Dual = gradus::Dual<double, 1>;
    const Index k = many_outputs<decltype(loss)> ? 4 : 1;
    constexpr Index n = 6;
    const auto y = some_targets(loss, k, n);
    const Matrix<double> z = some_outputs<double>(k, n, 1.0);
    Matrix<double> v(k, n);
    gradus::Stream stream(8, "directions");
    gradus::fill_normal(stream, v);
    // Column p of every sample's Hessian: the gradient's derivative along output p.
    Matrix<double> expected = Matrix<double>::Zero(k, n);
    for (Index p = 0; p < k; ++p) {
      Matrix<Dual> zd(k, n);
      for (Index i = 0; i < z.size(); ++i) {
        zd(i) = Dual(z(i));
      }
      for (Index i = 0; i < n; ++i) {
        zd(p, i) = boost::math::differentiation::make_fvar<double, 1>(z(p, i));
      }
      Vector<Dual> values(n);
      Matrix<Dual> dz(k, n);
      loss.value_and_gradient(zd, y, values, dz);
      for (Index i = 0; i < n; ++i) {
        for (Index o = 0; o < k; ++o) {
          expected(o, i) += dz(o, i).derivative(1) * v(p, i);
        }
      }
    }
    Matrix<double> product(k, n);
    loss.hessian_product(z, y, v, product);
    for (Index i = 0; i < product.size(); ++i) {
      expect_close(product(i), expected(i), tol<double>::derivative, 1e-4L);
    }
    if constexpr (!std::is_same_v<decltype(loss), nn::Hinge>) {
      REQUIRE(expected.norm() > 0.1);
    }
    // Taylor: gradient(z + h v) - gradient(z) - h H v falls by 4 when h halves (2 % of room for
    // the next order).
    if constexpr (!std::is_same_v<decltype(loss), nn::Hinge> &&
                  !std::is_same_v<decltype(loss), nn::Square>) {
      const auto remainder = [&](double h) {
        Vector<double> values(n);
        Matrix<double> at(k, n);
        Matrix<double> ahead(k, n);
        loss.value_and_gradient(z, y, values, at);
        const Matrix<double> moved = z + h * v;
        loss.value_and_gradient(moved, y, values, ahead);
        return (ahead - at - h * product).norm();
      };
      REQUIRE(std::abs(remainder(2e-3) / remainder(1e-3) - 4.0) < 0.08);
    }
  });
}

TEST_CASE("bad targets are named") {
  Vector<double> labels(3);
  labels << 1.0, -1.0, 0.0;
  REQUIRE(message_of([&] { nn::Logistic::validate(labels, 1); }) ==
          "labels(2) is 0; valid: -1 or +1");
  labels(2) = std::numeric_limits<double>::quiet_NaN();
  REQUIRE(message_of([&] { nn::Hinge::validate(labels, 1); }) ==
          "labels(2) is nan; valid: -1 or +1");
  labels(2) = 1.0;
  REQUIRE(message_of([&] { nn::Exponential::validate(labels, 1); }).empty());
  REQUIRE(message_of([&] { nn::Logistic::validate(labels, 2); }) ==
          "num_outputs is 2; valid: 1 for a loss of the margin");
  Vector<Index> classes(3);
  classes << 0, 2, 3;
  REQUIRE(message_of([&] { nn::SoftmaxCrossEntropy::validate(classes, 3); }) ==
          "labels(2) is 3; valid: 0 .. 2");
  classes(2) = -1;
  REQUIRE(message_of([&] { nn::SoftmaxCrossEntropy::validate(classes, 3); }) ==
          "labels(2) is -1; valid: 0 .. 2");
  REQUIRE(message_of([&] { nn::SoftmaxCrossEntropy::validate(classes, 1); }) ==
          "num_outputs is 1; valid: >= 2 for a softmax");
  Matrix<double> targets = Matrix<double>::Zero(2, 2);
  targets(1, 1) = std::numeric_limits<double>::infinity();
  REQUIRE(message_of([&] { nn::Square::validate(targets, 2); }) ==
          "targets(1, 1) is inf; valid: a finite number");
  REQUIRE(message_of([&] { nn::Square::validate(targets, 3); }) ==
          "targets is of shape 2 x 2; valid: 3 x 2");
  REQUIRE(message_of([] { nn::with_loss("focal", [](auto) {}); }) ==
          "loss is \"focal\"; valid: one of logistic, hinge, exponential, "
          "softmax-cross-entropy, square");
}

TEST_CASE("losses name shapes that do not fit") {
  Vector<double> values(3);
  Matrix<double> dz(1, 3);
  const Vector<double> labels = Vector<double>::Ones(3);
  REQUIRE_THROWS_AS(nn::Logistic{}.values(Matrix<double>(2, 3), labels, values),
                    gradus::ShapeError);
  REQUIRE_THROWS_AS(nn::Logistic{}.values(Matrix<double>(1, 4), labels, values),
                    gradus::ShapeError);
  REQUIRE_THROWS_AS(
      nn::Logistic{}.value_and_gradient(Matrix<double>(1, 3), labels, values.head(2), dz),
      gradus::ShapeError);
  const Vector<Index> classes = Vector<Index>::Zero(3);
  REQUIRE_THROWS_AS(nn::SoftmaxCrossEntropy{}.values(Matrix<double>(1, 3), classes, values),
                    gradus::ArgumentError);
  REQUIRE_THROWS_AS(nn::SoftmaxCrossEntropy{}.values(Matrix<double>(4, 2), classes, values),
                    gradus::ShapeError);
  REQUIRE_THROWS_AS(nn::Square{}.values(Matrix<double>(2, 3), Matrix<double>(3, 3), values),
                    gradus::ShapeError);
}
