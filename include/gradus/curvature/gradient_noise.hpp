// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <cmath>

#include <gradus/core/error.hpp>
#include <gradus/core/scalar.hpp>
#include <gradus/core/types.hpp>

/// Second moments of the gradients g_i of n examples from their inner products K_ij = g_i . g_j:
/// K / n has the non-zero eigenvalues of M = (1/n) sum g_i g_i^T, and K centred on both sides those
/// of the covariance S = M - g g^T, g being the mean gradient.

namespace gradus::curvature {

/// What M and S come to.
struct GradientNoise {
  double moment_trace = 0;         ///< Tr M = mean |g_i|^2
  double moment_frobenius = 0;     ///< |M|_F
  double squared_mean_norm = 0;    ///< |g|^2
  double covariance_trace = 0;     ///< Tr S = Tr M - |g|^2
  double covariance_frobenius = 0; ///< |S|_F

  /// Trace of the covariance of the mean over a mini-batch: Tr S / B for B draws with replacement,
  /// times (n - B) / (n - 1) without. @param batch  B, >= 1 (at most n without replacement)
  [[nodiscard]] double minibatch_trace(Index batch) const {
    require(batch >= 1, "batch", batch, ">= 1");
    return covariance_trace / static_cast<double>(batch);
  }
  /// The same without replacement. @param examples  n, >= 2
  [[nodiscard]] double minibatch_trace(Index batch, Index examples) const {
    require(examples >= 2, "examples", examples, ">= 2");
    require(batch >= 1 && batch <= examples, "batch", batch, "in [1, examples]");
    return minibatch_trace(batch) * static_cast<double>(examples - batch) /
           static_cast<double>(examples - 1);
  }
};

/// K with row and column means taken out: the inner products of g_i - g.
template <class Gram>
[[nodiscard]] Matrix<typename Gram::Scalar> centred_gram(const Eigen::MatrixBase<Gram>& gram) {
  using T = typename Gram::Scalar;
  const Index n = gram.cols();
  require_shape(gram, "gram", n, n);
  require(n >= 1, "number of examples", n, ">= 1");
  const Vector<T> means = gram.colwise().mean().transpose();
  const T mean = means.mean();
  Matrix<T> result(n, n);
  for (Index j = 0; j < n; ++j) {
    for (Index i = 0; i < n; ++i) {
      result(i, j) = gram(i, j) - means(i) - means(j) + mean;
    }
  }
  return result;
}

/// Traces and norms of M and S. @param gram  K (n, n), n >= 1   @throws ShapeError, ArgumentError
template <class Gram>
[[nodiscard]] GradientNoise gradient_noise(const Eigen::MatrixBase<Gram>& gram) {
  using T = typename Gram::Scalar;
  const Matrix<T> centred = centred_gram(gram);
  const auto n = static_cast<double>(gram.cols());
  GradientNoise result;
  result.moment_trace = static_cast<double>(gram.trace()) / n;
  result.moment_frobenius = static_cast<double>(gram.norm()) / n;
  result.squared_mean_norm = static_cast<double>(gram.sum()) / (n * n);
  result.covariance_trace = static_cast<double>(centred.trace()) / n;
  result.covariance_frobenius = static_cast<double>(centred.norm()) / n;
  return result;
}

/// Alignment of gradient noise with curvature for a squared loss L = |e|^2 / (2 n):
///   mu = Tr(G S) / (2 L |G|_F^2),  G = (1/n) sum j_i j_i^T,  S = covariance of e_i j_i,
/// with j_i the gradients of the n outputs. In sample space, with K_ij = j_i . j_j:
///   mu = ((1/n^2) sum e_i^2 (K^2)_ii - e'K^2 e / n^3) / ((|e|^2 / n) |K|_F^2 / n^2).
/// About 1 for noise shaped like the curvature; NaN where the loss is 0.
/// Source: Wu and Su 2023 (arXiv 2305.17490), in sample space.
/// @param output_gram  K (n, n)   @param residuals  e (n)   @throws ShapeError
template <class Gram, class Residuals>
[[nodiscard]] double noise_alignment(const Eigen::MatrixBase<Gram>& output_gram,
                                     const Eigen::MatrixBase<Residuals>& residuals) {
  using T = typename Gram::Scalar;
  const Index size = output_gram.cols();
  require_shape(output_gram, "output_gram", size, size);
  require_size(residuals, "residuals", size);
  const auto n = static_cast<double>(size);
  const Vector<T> rows = output_gram.colwise().squaredNorm().transpose(); // (K^2)_ii
  const auto weighted =
      static_cast<double>(residuals.derived().array().square().matrix().dot(rows));
  const auto common = static_cast<double>((output_gram * residuals).squaredNorm());
  const auto squares = static_cast<double>(residuals.squaredNorm());
  return (weighted / (n * n) - common / (n * n * n)) /
         (squares / n * static_cast<double>(rows.sum()) / (n * n));
}

} // namespace gradus::curvature
