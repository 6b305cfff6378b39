// SPDX-License-Identifier: BSD-3-Clause
// Diagonal linear networks: layout, derivatives, Gram matrices, and what gradient steps conserve.
#include <algorithm>
#include <complex>
#include <span>
#include <vector>

#include "catch.hpp"
#include "curvature/products_of.hpp"
#include "support/derivatives.hpp"
#include "support/draws.hpp"
#include "support/errors.hpp"
#include "tolerance.hpp"
#include <gradus/core/error.hpp>
#include <gradus/nn/diagonal_linear.hpp>
#include <gradus/nn/initialization.hpp>
#include <gradus/nn/loss/square.hpp>
#include <gradus/objective/empirical_risk.hpp>

namespace {

using namespace gradus;
using curvature::Curvature;
using support::Complex;
using DiagonalNet = nn::DiagonalLinear<double>;
static_assert(nn::TwiceDifferentiableModel<DiagonalNet> && nn::PerExampleModel<DiagonalNet> &&
              nn::PerExampleGramModel<DiagonalNet>);

} // namespace

TEST_CASE("diagonal linear: f = <a o b, x>; no samples give none") {
  const DiagonalNet net(3);
  REQUIRE(net.num_parameters() == 6);
  REQUIRE(net.num_outputs() == 1);
  Vector<double> theta{{1.0, 2.0, -1.0, 0.5, 3.0, 4.0}};
  CHECK(net.coefficients(theta) == Vector<double>{{0.5, 6.0, -4.0}});
  DiagonalNet::Workspace workspace;
  for (const Index n : {1, 5, 0, 1}) {
    const Matrix<double> x = support::normal_matrix("x", 3, n);
    const auto f = net.forward(theta, x, workspace);
    REQUIRE(f.rows() == 1);
    REQUIRE(f.cols() == n);
    const Matrix<double> expected = net.coefficients(theta).transpose() * x;
    CHECK((f - expected).cwiseAbs().sum() < 1e-13);
  }
  net.second(theta)(0) = 7;
  CHECK(theta(3) == 7);
  const Vector<double> drawn = net.initial_parameters(nn::Gaussian{1.0}, Stream(1));
  CHECK(drawn == net.initial_parameters(nn::Gaussian{1.0}, Stream(1)));
  CHECK((net.first(drawn) - net.second(drawn)).cwiseAbs().minCoeff() > 0);
  CHECK(support::message_of<ArgumentError>([] { DiagonalNet(0); }) ==
        "num_inputs is 0; valid: >= 1");
  CHECK_THROWS_AS(net.coefficients(Vector<double>::Ones(5)), ShapeError);
}

TEST_CASE("diagonal linear: gradients and Hessians are those of the complex step") {
  for (const Index inputs : {1, 4}) {
    for (const Index n : {1, 7}) {
      const Matrix<double> x = support::normal_matrix("x", inputs, n);
      const Matrix<double> y = support::normal_matrix("y", 1, n);
      const Matrix<Complex> complex_x = x.cast<Complex>();
      objective::EmpiricalRisk risk(DiagonalNet(inputs), nn::Square{}, x, y);
      objective::EmpiricalRisk twin(nn::DiagonalLinear<Complex>(inputs), nn::Square{}, complex_x,
                                    y);
      const Vector<double> theta = support::normal_vector("theta", 2 * inputs);
      CHECK(support::worst_error(support::gradient_of(risk, theta),
                                 support::gradient_by_complex_step(twin, theta)) <
            tol<double>::derivative);
      const Matrix<double> v = support::normal_matrix("v", theta.size(), 3);
      const Matrix<double> hv = support::products_of(risk, theta, Curvature::hessian, v);
      CHECK(support::worst_error(hv, support::hessian_by_complex_step(twin, theta) * v) <
            tol<double>::derivative);
      const Matrix<double> gauss_newton =
          support::products_of(risk, theta, Curvature::gauss_newton, v);
      CHECK(support::worst_error(
                gauss_newton + support::products_of(risk, theta, Curvature::residual, v), hv) <
            1e-13);
      // Gauss-Newton is the second moment of the output gradients.
      Matrix<double> j(theta.size(), n);
      DiagonalNet::Workspace workspace;
      risk.model().per_example_backward(theta, x, Matrix<double>::Ones(1, n), workspace, j);
      CHECK(support::worst_error(gauss_newton, j * (j.transpose() * v) / double(n)) < 1e-13);
    }
  }
}

TEST_CASE("diagonal linear: gradients of single samples and their inner products") {
  const Matrix<double> x = support::normal_matrix("x", 4, 6);
  const Matrix<double> y = support::normal_matrix("y", 1, 6);
  objective::EmpiricalRisk risk(DiagonalNet(4), nn::Square{}, x, y);
  const Vector<double> theta = support::normal_vector("theta", 8);
  Matrix<double> gradients(8, 6);
  Matrix<double> gram(6, 6);
  Vector<double> norms(6);
  risk.per_example_gradients(theta, gradients);
  risk.per_example_gram(theta, gram);
  risk.per_example_squared_norms(theta, norms);
  CHECK(support::worst_error(gram, gradients.transpose() * gradients) < 1e-13);
  CHECK(support::worst_error(norms, gram.diagonal()) < 1e-13);
  CHECK(support::worst_error(gradients.rowwise().mean(), support::gradient_of(risk, theta)) <
        1e-13);
  // Mini-batches, repeats counted twice.
  const std::vector<Index> batch{4, 1, 4};
  Vector<double> gradient(8);
  risk.value_and_gradient(theta, std::span<const Index>(batch), gradient);
  CHECK(support::worst_error(gradient, (2 * gradients.col(4) + gradients.col(1)) / 3) < 1e-13);
  // Tr G = sum_k mean(x_k^2) (a_k^2 + b_k^2), which is at least 2 min(mean x_k^2) |beta|_1.
  risk.output_gram(theta, Matrix<double>::Ones(1, 6), gram);
  const Vector<double> squares = theta.head(4).cwiseAbs2() + theta.tail(4).cwiseAbs2();
  const Vector<double> means = x.cwiseAbs2().rowwise().mean();
  CHECK_THAT(gram.trace() / 6, Catch::Matchers::WithinRel(means.dot(squares), 1e-13));
  CHECK(gram.trace() / 6 >= 2 * means.minCoeff() * risk.model().coefficients(theta).lpNorm<1>());
}

TEST_CASE("diagonal linear: a step multiplies a^2 - b^2 by 1 - rate^2 s^2") {
  const Matrix<double> x = support::normal_matrix("x", 4, 6);
  const Matrix<double> y = support::normal_matrix("y", 1, 6);
  objective::EmpiricalRisk risk(DiagonalNet(4), nn::Square{}, x, y);
  Vector<double> theta = support::normal_vector("theta", 8);
  const auto difference = [&] { return (theta.head(4).cwiseAbs2() - theta.tail(4).cwiseAbs2()); };
  const Vector<double> before = difference();
  const Vector<double> errors = risk.outputs(theta).transpose() - y.transpose();
  const Vector<double> s = x * errors / 6;
  theta -= 0.1 * support::gradient_of(risk, theta);
  const Vector<double> factor = Vector<double>::Ones(4) - 0.01 * s.cwiseAbs2();
  CHECK(support::worst_error(difference(), before.cwiseProduct(factor)) < 1e-13);
}
