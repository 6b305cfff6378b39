// SPDX-License-Identifier: BSD-3-Clause
// Inner products of the gradients of single examples, and the measures made of them, against the
// gradients themselves.
#include <cmath>
#include <limits>
#include <vector>

#include <Eigen/Eigenvalues>

#include "catch.hpp"
#include "curvature/products_of.hpp"
#include "support/derivatives.hpp"
#include "support/draws.hpp"
#include <gradus/curvature/coherence.hpp>
#include <gradus/curvature/gradient_noise.hpp>
#include <gradus/metrics/alignment.hpp>
#include <gradus/nn/loss.hpp>
#include <gradus/nn/mlp.hpp>
#include <gradus/objective/empirical_risk.hpp>

using namespace gradus;
using namespace gradus::curvature;

namespace {

using TanhRisk = objective::EmpiricalRisk<nn::Mlp<double, nn::Tanh>, nn::SoftmaxCrossEntropy>;

struct Gradients {
  Matrix<double> g;    ///< gradients (P, n)
  Matrix<double> gram; ///< as the risk gives it
  Vector<double> norms;
  Vector<double> mean;
};

Gradients gradients_of(const nn::MlpShape& shape, Index n, double scale = 0.6) {
  const Matrix<double> x = support::normal_matrix("x", shape.widths.front(), n);
  TanhRisk risk(nn::Mlp<double, nn::Tanh>(shape), {}, x,
                support::cyclic_classes(n, shape.widths.back()));
  const Vector<double> theta = support::normal_vector("theta", risk.num_parameters(), scale);
  Gradients result{Matrix<double>(theta.size(), n), Matrix<double>(n, n), Vector<double>(n),
                   support::gradient_of(risk, theta)};
  risk.per_example_gradients(theta, result.g);
  risk.per_example_gram(theta, result.gram);
  risk.per_example_squared_norms(theta, result.norms);
  // Any combination of the gradients by one backward pass.
  const Vector<double> w = support::normal_vector("w", n);
  Vector<double> combination(theta.size());
  risk.weighted_gradient(theta, w, combination);
  REQUIRE(support::worst_error(combination, result.g * w) < 1e-12);
  // Output gradients: the loss's own directions give the same matrix.
  Matrix<double> again(n, n);
  risk.value_and_gradient(theta, combination);
  risk.output_gram(theta, Matrix<double>(risk.latest_output_gradients() * double(n)), again);
  REQUIRE(support::worst_error(again, result.gram) < 1e-13);
  return result;
}

} // namespace

TEST_CASE("per-example gradients: their inner products without them") {
  const nn::MlpShape shapes[] = {{.widths = {4, 6, 5, 3}, .biases = true},
                                 {.widths = {4, 3, 2}, .biases = false},
                                 {.widths = {1, 1, 2}, .biases = true},
                                 {.widths = {3, 2}, .biases = true}};
  for (const auto& shape : shapes) {
    for (const Index n : {Index{1}, Index{12}}) {
      const Gradients s = gradients_of(shape, n);
      REQUIRE(support::worst_error(s.gram, s.g.transpose() * s.g) < 1e-13);
      REQUIRE(support::worst_error(s.norms, s.gram.diagonal()) < 1e-13);
    }
  }
}

TEST_CASE("coherence: from norms, from the Gram matrix and from the gradients") {
  const Index n = 20;
  const Gradients s = gradients_of({.widths = {5, 7, 4}, .biases = true}, n);
  const Coherence direct = coherence(s.norms, s.mean.squaredNorm());
  const double alpha = s.g.rowwise().mean().squaredNorm() /
                       (s.g.colwise().squaredNorm().sum() / static_cast<double>(n));
  REQUIRE(direct.alpha == Approx(alpha).epsilon(1e-12));
  REQUIRE(direct.m_coherence == Approx(20 * alpha).epsilon(1e-12));
  const Coherence by_gram = coherence_of(s.gram);
  REQUIRE(by_gram.alpha == Approx(alpha).epsilon(1e-12));
  REQUIRE(by_gram.mean_square == Approx(direct.mean_square).epsilon(1e-12));
  // Without bias: the mean of g_i . g_j over different i, j, over the mean of |g_i|^2.
  const double pairs = (s.gram.sum() - s.gram.trace()) / (20.0 * 19.0);
  REQUIRE(by_gram.unbiased_alpha() == Approx(pairs / direct.mean_square).epsilon(1e-10));
  // |g - g'|^2 = 2 (1 - alpha) q over independent pairs (an example meets itself, too).
  double squares = 0;
  for (Index i = 0; i < n; ++i) {
    squares += (s.g.colwise() - s.g.col(i)).squaredNorm() / static_cast<double>(n * n);
  }
  REQUIRE(squares == Approx(2 * (1 - alpha) * direct.mean_square).epsilon(1e-10));
  const std::vector<Index> some{3, 7, 11};
  Matrix<double> part(s.g.rows(), 3);
  part << s.g.col(3), s.g.col(7), s.g.col(11);
  REQUIRE(coherence_of(s.gram, some).m_coherence ==
          Approx(part.rowwise().sum().squaredNorm() / part.squaredNorm()).epsilon(1e-11));
  REQUIRE(metrics::cosine(s.g.col(0), s.g.col(1)) ==
          Approx(s.gram(0, 1) / std::sqrt(s.gram(0, 0) * s.gram(1, 1))));
}

TEST_CASE("coherence: its extremes, and mini-batches of k draws") {
  REQUIRE(coherence_of(Matrix<double>::Identity(7, 7)).m_coherence == Approx(1)); // orthogonal
  REQUIRE(coherence_of(Matrix<double>::Ones(7, 7)).m_coherence == Approx(7));     // equal
  REQUIRE(coherence_of(Matrix<double>::Ones(1, 1)).alpha == 1);
  REQUIRE(std::isnan(coherence_of(Matrix<double>::Ones(1, 1)).unbiased_alpha()));
  REQUIRE(std::isnan(coherence_of(Matrix<double>::Zero(3, 3)).alpha));
  // All pairs of two draws with replacement, by enumeration.
  const Matrix<double> g = support::normal_matrix("g", 5, 6);
  const double alpha = coherence_of(Matrix<double>(g.transpose() * g)).alpha;
  Matrix<double> means(5, 36);
  for (Index i = 0; i < 36; ++i) {
    means.col(i) = (g.col(i / 6) + g.col(i % 6)) / 2;
  }
  REQUIRE(coherence_of(Matrix<double>(means.transpose() * means)).alpha ==
          Approx(amplified_alpha(alpha, 2)).epsilon(1e-12));
  REQUIRE_THROWS_AS(coherence_of(Matrix<double>(0, 0)), ArgumentError);
  REQUIRE_THROWS_AS(coherence_of(Matrix<double>(2, 3)), ShapeError);
  const std::vector<Index> bad{5};
  REQUIRE_THROWS_AS(coherence_of(Matrix<double>::Ones(5, 5), bad), ArgumentError);
  const Matrix<double> nan =
      Matrix<double>::Constant(2, 2, std::numeric_limits<double>::quiet_NaN());
  REQUIRE(std::isnan(coherence_of(nan).alpha));
}

TEST_CASE("gradient noise: traces and norms of the second moment and the covariance") {
  const Index n = 15;
  const Gradients s = gradients_of({.widths = {4, 5, 3}, .biases = true}, n);
  const Matrix<double> moment = s.g * s.g.transpose() / double(n);
  const Matrix<double> covariance = moment - s.mean * s.mean.transpose();
  const GradientNoise noise = gradient_noise(s.gram);
  REQUIRE(noise.moment_trace == Approx(moment.trace()).epsilon(1e-12));
  REQUIRE(noise.moment_frobenius == Approx(moment.norm()).epsilon(1e-12));
  REQUIRE(noise.squared_mean_norm == Approx(s.mean.squaredNorm()).epsilon(1e-10));
  REQUIRE(noise.covariance_trace == Approx(covariance.trace()).epsilon(1e-11));
  REQUIRE(noise.covariance_frobenius == Approx(covariance.norm()).epsilon(1e-11));
  // Two draws: the covariance of their mean by enumeration, with and without replacement.
  double with = 0;
  double without = 0;
  for (Index i = 0; i < n; ++i) {
    for (Index j = 0; j < n; ++j) {
      const double square = ((s.g.col(i) + s.g.col(j)) / 2 - s.mean).squaredNorm();
      with += square / double(n * n);
      without += i == j ? 0 : square / double(n * (n - 1));
    }
  }
  REQUIRE(noise.minibatch_trace(2) == Approx(with).epsilon(1e-11));
  REQUIRE(noise.minibatch_trace(2, n) == Approx(without).epsilon(1e-11));
  REQUIRE(noise.minibatch_trace(n, n) == 0);
  REQUIRE_THROWS_AS(noise.minibatch_trace(0), ArgumentError);
}

TEST_CASE("gradient noise: alignment in sample space is that in parameter space") {
  const Matrix<double> j = support::normal_matrix("j", 9, 14); // output gradients in columns
  const Vector<double> e = support::normal_vector("e", 14);
  const Matrix<double> curvature = j * j.transpose() / 14.0;
  const Matrix<double> g = j * e.asDiagonal();
  const Vector<double> mean = g.rowwise().mean();
  const Matrix<double> noise = g * g.transpose() / 14.0 - mean * mean.transpose();
  const double loss = e.squaredNorm() / 28;
  REQUIRE(
      noise_alignment(Matrix<double>(j.transpose() * j), e) ==
      Approx((curvature * noise).trace() / (2 * loss * curvature.squaredNorm())).epsilon(1e-12));
}
