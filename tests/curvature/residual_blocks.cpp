// SPDX-License-Identifier: BSD-3-Clause
// Closed forms of the two parts of the Hessian of a two-layer ReLU network, against their dense
// matrices: the residual by its blocks, Gauss-Newton by the Gram matrix of its examples.
#include <algorithm>
#include <cmath>
#include <functional>
#include <limits>

#include "catch.hpp"
#include "support/draws.hpp"
#include <gradus/curvature/dense.hpp>
#include <gradus/curvature/gauss_newton_gram.hpp>
#include <gradus/curvature/outliers.hpp>
#include <gradus/curvature/residual_blocks.hpp>
#include <gradus/nn/loss/softmax.hpp>
#include <gradus/nn/mlp.hpp>
#include <gradus/objective/empirical_risk.hpp>

using namespace gradus;
using namespace gradus::curvature;
using ReluRisk = objective::EmpiricalRisk<nn::Mlp<double>, nn::SoftmaxCrossEntropy>;
using support::cyclic_classes;
using support::normal_matrix;
using support::normal_vector;

namespace {

struct Case {
  Index inputs, width, outputs, samples;
  bool biases;
};

} // namespace

TEST_CASE("residual: its blocks have the spectrum of the dense matrix") {
  for (const auto& [d, h, k, n, biases] :
       {Case{4, 5, 3, 12, false}, Case{4, 5, 3, 12, true}, Case{2, 3, 5, 7, true},
        Case{6, 8, 2, 1, false}, Case{3, 1, 2, 8, false}, Case{1, 2, 2, 9, true}}) {
    const Matrix<double> x = normal_matrix("x", d, n);
    ReluRisk risk(nn::Mlp<double>({{d, h, k}, biases}), {}, x, cyclic_classes(n, k));
    const Vector<double> theta = normal_vector("theta", risk.num_parameters());
    const Matrix<double> dense = dense_curvature(risk, theta, Curvature::residual);
    // Turning the signs of one layer turns that of R: its spectrum is symmetric, and |l| are the
    // singular values.
    const Index first = h * (d + (biases ? 1 : 0));
    Vector<double> signs = Vector<double>::Ones(theta.size());
    signs.tail(theta.size() - first).setConstant(-1);
    REQUIRE((signs.asDiagonal() * dense * signs.asDiagonal() + dense).isZero(0));
    const Vector<double> expected = singular_values(dense);
    const Vector<double> found = residual_spectrum(risk, theta);
    REQUIRE(found.size() == theta.size());
    REQUIRE(expected(0) > 0);
    Vector<double> sizes = found.cwiseAbs();
    std::sort(sizes.begin(), sizes.end(), std::greater<>());
    // Good to rounding of the largest, some ten roundings deep.
    REQUIRE((sizes - expected).cwiseAbs().maxCoeff() < 1e-14 * expected(0));
    REQUIRE((found + found.reverse()).isZero(0)); // symmetric to the bit
    // A softmax's slopes sum to 0 over the outputs: rank k - 1 a block.
    for (const Matrix<double>& block : residual_blocks(risk, theta)) {
      REQUIRE(block.rows() == d + (biases ? 1 : 0));
      REQUIRE(block.cols() == k);
      REQUIRE(block.rowwise().sum().cwiseAbs().maxCoeff() < 1e-14);
    }
    // Residual and Gauss-Newton matrix share the trace of the Hessian: it is all in the latter.
    const double trace = dense_curvature(risk, theta).trace();
    REQUIRE(trace ==
            Approx(dense_curvature(risk, theta, Curvature::gauss_newton).trace()).epsilon(1e-12));
  }
}

TEST_CASE("residual: what it refuses, and what is not finite") {
  const Matrix<double> x = normal_matrix("x", 3, 5);
  ReluRisk deep(nn::Mlp<double>({{3, 4, 4, 2}}), {}, x, cyclic_classes(5, 2));
  REQUIRE_THROWS_AS(residual_spectrum(deep, normal_vector("deep", deep.num_parameters())),
                    ArgumentError);
  ReluRisk risk(nn::Mlp<double>({{3, 4, 2}}), {}, x, cyclic_classes(5, 2));
  REQUIRE_THROWS_AS(residual_spectrum(risk, normal_vector("short", 3)), ShapeError);
  Vector<double> theta = normal_vector("theta", risk.num_parameters());
  theta(0) = std::numeric_limits<double>::quiet_NaN();
  REQUIRE(residual_spectrum(risk, theta).array().isNaN().all());
}

TEST_CASE("singular values: planted, deficient and empty matrices") {
  const Matrix<double> q = orthonormal_basis(normal_matrix("q", 5, 3));
  const Matrix<double> w = orthonormal_basis(normal_matrix("w", 3, 3));
  const Vector<double> s{{7, 0.5, 1e-9}};
  const Vector<double> found = singular_values<double>(q * s.asDiagonal() * w.transpose());
  REQUIRE((found - s).cwiseAbs().maxCoeff() < 1e-14); // absolute: rounding of the largest
  REQUIRE(singular_values<double>(Matrix<double>::Zero(4, 2)).isZero(0));
  REQUIRE(singular_values<double>(Matrix<double>(4, 0)).size() == 0);
  REQUIRE(singular_values<double>(Vector<double>{{3, 4}})(0) == Approx(5));
  Matrix<double> bad = Matrix<double>::Ones(2, 2);
  bad(1, 1) = std::numeric_limits<double>::infinity();
  REQUIRE(singular_values<double>(bad).array().isNaN().all());
}

TEST_CASE("gauss-newton: the Gram matrix of two outputs has its non-zero eigenvalues") {
  for (const Index n : {Index{1}, Index{9}, Index{30}}) {
    for (const double scale : {1.0, 20.0}) { // the larger saturates some samples
      const Matrix<double> x = normal_matrix("x", 4, n);
      ReluRisk risk(nn::Mlp<double>({{4, 6, 2}}), {}, x, cyclic_classes(n, 2));
      const Vector<double> theta = normal_vector("theta", risk.num_parameters(), scale);
      Matrix<double> gram(n, n);
      gauss_newton_gram(risk, theta, gram);
      const Vector<double> found = singular_values(gram);
      const Vector<double> expected =
          singular_values(dense_curvature(risk, theta, Curvature::gauss_newton));
      const Index rank = std::min(n, expected.size());
      REQUIRE((scale > 1 || expected(0) > 0)); // saturated to the last bit, the dense one is 0
      // Rounding of the largest, and that of p_0 - p_0^2 in the dense matrix's own products.
      Matrix<double> unweighted(n, n);
      Matrix<double> directions(2, n);
      directions.row(0).setConstant(-1);
      directions.row(1).setConstant(1);
      risk.output_gram(theta, directions, unweighted);
      const double rounding = 1e-15 * unweighted.trace() / static_cast<double>(n);
      REQUIRE((found.head(rank) - expected.head(rank)).cwiseAbs().maxCoeff() <=
              1e-13 * expected(0) + rounding);
      REQUIRE(std::abs(gram.trace() - expected.sum()) <= 1e-12 * expected.sum() + 2 * rounding);
    }
  }
  const Matrix<double> x = normal_matrix("x", 4, 5);
  ReluRisk three(nn::Mlp<double>({{4, 6, 3}}), {}, x, cyclic_classes(5, 3));
  Matrix<double> gram(5, 5);
  const Vector<double> theta = normal_vector("three", three.num_parameters());
  REQUIRE_THROWS_AS(gauss_newton_gram(three, theta, gram), ArgumentError);
}

TEST_CASE("empirical risk: gradients of outputs are those that its Gram matrix is made of") {
  const Matrix<double> x = normal_matrix("x", 4, 6);
  ReluRisk risk(nn::Mlp<double>({{4, 3, 3}}), {}, x, cyclic_classes(6, 3));
  const Vector<double> theta = normal_vector("theta", risk.num_parameters());
  const Matrix<double> directions = normal_matrix("directions", 3, 6);
  Matrix<double> gradients(theta.size(), 6);
  Matrix<double> gram(6, 6);
  risk.output_gradients(theta, directions, gradients);
  risk.output_gram(theta, directions, gram);
  REQUIRE(gram.isApprox(gradients.transpose() * gradients, 1e-12));
  // Directions that are the loss's own slopes give the loss gradients.
  Vector<double> gradient(theta.size());
  risk.value_and_gradient(theta, gradient);
  const Matrix<double> slopes = 6 * risk.latest_output_gradients();
  risk.output_gradients(theta, slopes, gradients);
  REQUIRE(gradients.rowwise().mean().isApprox(gradient, 1e-12));
  REQUIRE_THROWS_AS(risk.output_gradients(theta, slopes.topRows(2), gradients), ShapeError);
}
