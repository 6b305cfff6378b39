// SPDX-License-Identifier: BSD-3-Clause
// The population loss on opposing outliers: derivatives, the depth-2 Hessian written out, and the
// same loss as a mean over samples.
#include <cmath>

#include "catch.hpp"
#include "support/derivatives.hpp"
#include "support/draws.hpp"
#include "support/errors.hpp"
#include "tolerance.hpp"
#include <gradus/core/error.hpp>
#include <gradus/objective/concepts.hpp>
#include <gradus/objective/opposing_outliers.hpp>

using namespace gradus;
using OutliersRisk = objective::OpposingOutliersRisk<double>;
using ComplexRisk = objective::OpposingOutliersRisk<support::Complex>;

static_assert(objective::HasHvp<OutliersRisk>);
static_assert(objective::HasHvp<ComplexRisk>);
static_assert(objective::HasHvp<objective::OpposingOutliersRisk<float>>);

TEST_CASE("opposing outliers' risk: gradient and Hessian by complex step, at any depth") {
  for (const Index depth : {1, 2, 3, 4, 6}) {
    for (const Index dim : {1, 5}) {
      const Vector<double> beta = support::normal_vector("beta", dim);
      OutliersRisk f(beta, 50, depth);
      const ComplexRisk g(beta, 50, depth);
      REQUIRE(f.num_parameters() == dim + depth);
      const Vector<double> theta = support::normal_vector("theta", dim + depth);
      Vector<double> gradient(theta.size());
      REQUIRE(std::abs(f.value_and_gradient(theta, gradient) / f.value(theta) - 1) < 1e-14);
      REQUIRE(support::worst_error(gradient, support::gradient_by_complex_step(g, theta)) <
              tol<double>::derivative);
      const Matrix<double> hessian = support::hessian_by_complex_step(g, theta);
      Matrix<double> products(theta.size(), theta.size());
      for (Index j = 0; j < theta.size(); ++j) {
        products.col(j) = support::hvp_of(f, theta, Vector<double>::Unit(theta.size(), j).eval());
      }
      REQUIRE(support::worst_error(products, hessian) < tol<double>::derivative);
      REQUIRE((products - products.transpose()).cwiseAbs().maxCoeff() <
              1e-12 * products.cwiseAbs().maxCoeff());
    }
  }
}

TEST_CASE("opposing outliers' risk: a factor of 0 is no trouble") {
  const OutliersRisk f(support::normal_vector("beta", 3), 2, 4);
  const ComplexRisk g(f.beta(), 2, 4);
  Vector<double> theta = support::normal_vector("theta", 7);
  f.factors(theta)(1) = 0;
  Vector<double> gradient(7);
  f.value_and_gradient(theta, gradient);
  REQUIRE(support::worst_error(gradient, support::gradient_by_complex_step(g, theta)) < 1e-12);
  REQUIRE(gradient(5) != 0);
}

TEST_CASE("opposing outliers' risk: the Hessian of depth 2 written out") {
  const Vector<double> beta = support::normal_vector("beta", 4);
  const double alpha = 7;
  const OutliersRisk f(beta, alpha);
  const Vector<double> theta = support::normal_vector("theta", 6);
  const Vector<double> b = theta.head(4);
  const double b_o = theta(4);
  const double c = theta(5);
  Matrix<double> h = Matrix<double>::Zero(6, 6);
  h.topLeftCorner(4, 4).diagonal().setConstant(c * c);
  h(4, 4) = alpha * c * c;
  h(5, 5) = b.squaredNorm() + alpha * b_o * b_o;
  h.block(0, 5, 4, 1) = 2 * c * b - beta;
  h.block(5, 0, 1, 4) = (2 * c * b - beta).transpose();
  h(4, 5) = h(5, 4) = 2 * alpha * c * b_o;
  const Vector<double> v = support::normal_vector("v", 6);
  REQUIRE(support::worst_error(support::hvp_of(f, theta, v), Vector<double>(h * v)) < 1e-13);
  REQUIRE(f.outlier_curvature(theta) == alpha * c * c);
  REQUIRE(f.product(theta) == c);
}

TEST_CASE("opposing outliers' risk: the mean over samples with these moments, less its floor") {
  // 2 d + 4 inputs whose second moments are exactly those asked for: +- axes, +- outliers.
  const Index d = 3;
  const double k = 5;
  const double w = 0.3;
  const Index n = 2 * d + 4;
  const Vector<double> beta = support::normal_vector("beta", d);
  Matrix<double> x = Matrix<double>::Zero(d + 1, n);
  for (Index j = 0; j < d; ++j) {
    x(j, 2 * j) = std::sqrt(n / 2.0);
    x(j, 2 * j + 1) = -std::sqrt(n / 2.0);
  }
  x.row(d).tail(4) << k, k, -k, -k;
  const double alpha = 4 * k * k / static_cast<double>(n);
  const Vector<double> y =
      x.topRows(d).transpose() * beta + w * x.row(d).transpose().cwiseAbs().eval();
  for (const Index depth : {1, 2, 3}) {
    const OutliersRisk f(beta, alpha, depth);
    const Vector<double> theta = support::normal_vector("theta", d + depth);
    const Vector<double> outputs = f.product(theta) * x.transpose() * theta.head(d + 1);
    const double mean = (outputs - y).squaredNorm() / 2 / static_cast<double>(n);
    REQUIRE(std::abs(f.value(theta) + w * w * alpha / 2 - mean) < 1e-13 * mean);
  }
}

TEST_CASE("opposing outliers' risk: minimum, views and errors") {
  const Vector<double> beta{{3, -4}};
  OutliersRisk f(beta, 50, 3);
  Vector<double> theta = Vector<double>::Zero(5);
  f.factors(theta) << 2, 0.5;
  f.bulk_weights(theta) = beta;
  REQUIRE(f.value(theta) == 0);
  f.outlier_weight(theta) = 0.1;
  REQUIRE(std::abs(f.value(theta) - 0.25) < 1e-15);
  REQUIRE(theta(2) == 0.1);
  REQUIRE(OutliersRisk(beta, 0, 1).product(Vector<double>::Zero(3)) == 1);
  const auto says = [](auto call) { return support::message_of<ArgumentError>(call); };
  using support::starts_with;
  REQUIRE(says([] { OutliersRisk(Vector<double>(0), 1); }) == "dim is 0; valid: >= 1");
  REQUIRE(starts_with(says([&] { OutliersRisk(beta, -1); }), "alpha is -1"));
  REQUIRE(starts_with(says([&] { OutliersRisk(beta, std::nan("")); }), "alpha is nan"));
  REQUIRE(starts_with(says([&] { OutliersRisk(beta, 1, 0); }), "depth is 0"));
  REQUIRE(starts_with(says([&] { OutliersRisk(Vector<double>{{std::nan("")}}, 1); }),
                      "beta(0, 0) is nan"));
  Vector<double> short_one(4);
  REQUIRE_THROWS_AS(f.value(short_one), ShapeError);
  REQUIRE_THROWS_AS(f.value_and_gradient(theta, short_one), ShapeError);
  REQUIRE_THROWS_AS(f.hvp(theta, short_one, theta), ShapeError);
}
