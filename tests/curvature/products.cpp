// SPDX-License-Identifier: BSD-3-Clause
// Block products with the four curvature matrices: against complex steps, per-example gradients and
// finite differences; linear, symmetric.
#include <complex>
#include <limits>

#include "catch.hpp"
#include "curvature/products_of.hpp"
#include "support/derivatives.hpp"
#include "support/draws.hpp"
#include "support/errors.hpp"
#include "tolerance.hpp"
#include <gradus/curvature/operator.hpp>
#include <gradus/nn/loss.hpp>
#include <gradus/nn/mlp.hpp>
#include <gradus/objective/empirical_risk.hpp>
#include <gradus/objective/quadratic.hpp>

using namespace gradus;
using curvature::Curvature;
using curvature::CurvatureOperator;

namespace {

using support::products_of;

/// All four products of a network under softmax cross-entropy against references made of complex
/// steps (Hessian) and per-example gradients (moment); Gauss-Newton and residual add up. (That each
/// activation's second derivative is right is for tests/nn.)
void check_against_references(const nn::MlpShape& shape) {
  const Index n = 7;
  const Index k = shape.widths.back();
  const Matrix<double> x = support::normal_matrix("x", shape.widths.front(), n);
  const Vector<Index> classes = support::cyclic_classes(n, k);
  using Net = nn::Mlp<double, nn::Tanh>;
  using ComplexNet = nn::Mlp<std::complex<double>, nn::Tanh>;
  objective::EmpiricalRisk risk(Net(shape), nn::SoftmaxCrossEntropy{}, x, classes);
  const Matrix<std::complex<double>> cx = x.cast<std::complex<double>>();
  objective::EmpiricalRisk twin(ComplexNet(shape), nn::SoftmaxCrossEntropy{}, cx, classes);
  const Index size = risk.num_parameters();
  const Vector<double> theta = support::normal_vector("theta", size, 0.7);
  const Matrix<double> v = support::normal_matrix("v", size, 5);

  const Matrix<double> hessian = support::hessian_by_complex_step(twin, theta);
  const Matrix<double> hv = products_of(risk, theta, Curvature::hessian, v);
  REQUIRE(support::worst_error(hv, hessian * v) < tol<double>::derivative);
  for (Index j = 0; j < v.cols(); ++j) { // a block is its columns
    REQUIRE(support::worst_error(hv.col(j),
                                 support::hvp_of(risk, theta, Vector<double>(v.col(j)))) < 1e-13);
  }
  const Matrix<double> gv = products_of(risk, theta, Curvature::gauss_newton, v);
  const Matrix<double> rv = products_of(risk, theta, Curvature::residual, v);
  REQUIRE(support::worst_error(gv + rv, hv) < 1e-13);

  Matrix<double> g(size, n);
  risk.per_example_gradients(theta, g);
  const Matrix<double> moment = g * g.transpose() / static_cast<double>(n);
  REQUIRE(support::worst_error(products_of(risk, theta, Curvature::gradient_moment, v),
                               moment * v) < 1e-12);
}

} // namespace

TEST_CASE("curvature products: Hessian, Gauss-Newton, residual and gradient moment") {
  check_against_references({.widths = {3, 5, 4, 3}, .biases = true});
  check_against_references({.widths = {3, 4, 2}, .biases = false});
  check_against_references({.widths = {1, 1, 1, 2}, .biases = true});
  check_against_references({.widths = {4, 3}, .biases = true});
}

TEST_CASE("curvature products: linear and symmetric") {
  const Matrix<double> x = support::normal_matrix("x", 4, 20);
  objective::EmpiricalRisk risk(nn::Mlp<double, nn::Tanh>({{4, 6, 5, 3}, true}),
                                nn::SoftmaxCrossEntropy{}, x, support::cyclic_classes(20, 3));
  const Index size = risk.num_parameters();
  const Vector<double> theta = support::normal_vector("theta", size);
  const Matrix<double> v = support::normal_matrix("v", size, 6);
  for (const Curvature kind : {Curvature::hessian, Curvature::gauss_newton, Curvature::residual,
                               Curvature::gradient_moment}) {
    const Matrix<double> av = products_of(risk, theta, kind, v);
    const Matrix<double> forms = v.transpose() * av; // u . A w = w . A u
    REQUIRE(support::worst_error(forms, forms.transpose()) < 1e-13);
    const Matrix<double> mix = support::normal_matrix("mix", 6, 2);
    REQUIRE(support::worst_error(products_of(risk, theta, kind, v * mix), av * mix) < 1e-12);
    if (kind == Curvature::gauss_newton || kind == Curvature::gradient_moment) {
      REQUIRE(forms.diagonal().minCoeff() > 0); // positive semidefinite
    }
  }
}

TEST_CASE("curvature products: finite differences of the gradient, falling by four") {
  const Matrix<double> x = support::normal_matrix("x", 3, 9);
  objective::EmpiricalRisk risk(nn::Mlp<double, nn::Tanh>({{3, 5, 2}, true}),
                                nn::SoftmaxCrossEntropy{}, x, support::cyclic_classes(9, 2));
  const Vector<double> theta = support::normal_vector("theta", risk.num_parameters());
  const Vector<double> v = support::normal_vector("v", risk.num_parameters());
  const Vector<double> hv = support::hvp_of(risk, theta, v);
  const auto error = [&](double h) {
    const Vector<double> up = support::gradient_of(risk, theta + h * v);
    const Vector<double> down = support::gradient_of(risk, theta - h * v);
    return support::worst_error((up - down) / (2 * h), hv);
  };
  REQUIRE(error(1e-5) < 1e-7);
  REQUIRE(error(2e-3) / error(1e-3) == Approx(4).epsilon(0.02));
}

TEST_CASE("curvature products: objectives with hvp() alone, and operators that share one") {
  const Vector<double> h = support::normal_vector("h", 6);
  objective::Quadratic<double> f(h);
  const Matrix<double> v = support::normal_matrix("v", 6, 3);
  const Vector<double> theta = support::normal_vector("theta", 6);
  REQUIRE(products_of(f, theta, Curvature::hessian, v) == h.asDiagonal() * v);
  using support::message_of;
  using support::starts_with;
  REQUIRE(starts_with(message_of<ArgumentError>([&] {
                        CurvatureOperator<objective::Quadratic<double>>(f, theta,
                                                                        Curvature::residual);
                      }),
                      "kind is 2"));

  const Matrix<double> x = support::normal_matrix("x", 3, 5);
  objective::EmpiricalRisk risk(nn::Mlp<double, nn::Tanh>({{3, 2, 2}, false}),
                                nn::SoftmaxCrossEntropy{}, x, support::cyclic_classes(5, 2));
  Matrix<double> out(10, 1);
  REQUIRE(starts_with(
      message_of<ArgumentError>([&] { risk.curvature_products(Curvature::hessian, out, out); }),
      "linearisation is 0"));
  const Vector<double> a = support::normal_vector("a", 10);
  const Vector<double> b = support::normal_vector("b", 10);
  const Matrix<double> w = support::normal_matrix("w", 10, 1);
  CurvatureOperator at_a(risk, a);
  CurvatureOperator at_b(risk, b);
  Matrix<double> again(10, 1);
  at_a.apply(w, out);
  at_b.apply(w, again);
  REQUIRE((out - again).norm() > 0);
  risk.value(b); // evaluations do not disturb the point
  at_a.apply(w, again);
  REQUIRE(out == again);
  at_a.move_to(b);
  at_a.apply(w, out);
  at_b.apply(w, again);
  REQUIRE(out == again);
  Matrix<double> none(10, 0);
  at_a.apply(none, none); // no directions
  REQUIRE_THROWS_AS(at_a.apply(w, none), ShapeError);
  REQUIRE_THROWS_AS((CurvatureOperator(risk, Vector<double>(3))), ShapeError);
}

TEST_CASE("curvature products: what is not a number stays none") {
  const Matrix<double> x = support::normal_matrix("x", 3, 1); // one sample
  objective::EmpiricalRisk risk(nn::Mlp<double, nn::Tanh>({{3, 1, 2}, true}),
                                nn::SoftmaxCrossEntropy{}, x, support::cyclic_classes(1, 2));
  Vector<double> theta = support::normal_vector("theta", risk.num_parameters());
  const Matrix<double> v = support::normal_matrix("v", theta.size(), 2);
  REQUIRE(products_of(risk, theta, Curvature::hessian, v).allFinite());
  theta(1) = std::numeric_limits<double>::quiet_NaN();
  REQUIRE_FALSE(products_of(risk, theta, Curvature::hessian, v).allFinite());
}
