// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <cmath>

#include <gradus/core/distributions.hpp>
#include <gradus/core/error.hpp>
#include <gradus/core/product.hpp>
#include <gradus/core/random.hpp>
#include <gradus/core/types.hpp>
#include <gradus/data/xor_clusters.hpp>

namespace gradus::data {

/// All that full-batch training of a first layer can see of data in p dimensions: inner products.
/// The first `num_train` of N samples are the training set, the rest is for testing.
struct FeatureGram {
  /// n, the first n of the N samples are for training.
  Index num_train = 0;
  Matrix<double> gram;           ///< K, (n, N): inner products of training with all samples
  Matrix<double> initial;        ///< F = W_0 X, (width, N): initial pre-activations
  Matrix<double> signal;         ///< (2, N): coordinates of the samples along mu_1, mu_2
  Matrix<double> initial_signal; ///< (width, 2): W_0 along mu_1, mu_2
  double initial_norm_squared;   ///< mean |w_0j|^2 to leading order, omega^2 p
};

/// Draws XOR cluster data and a Gaussian first layer W_0 ~ N(0, omega^2) in Gram form, exactly in
/// law, at a cost free of p: the p - 2 noise coordinates enter through the Bartlett factor L of a
/// Wishart matrix, K_noise = L L^T and F_noise = omega xi L^T with xi standard normal; the two
/// signal coordinates are drawn as they are.
///
/// Holds for any p with p - 2 >= N, p = 1e13 included. Double precision throughout: the signal is
/// a part 1/sqrt(p) of K's diagonal.
/// @param samples  clusters and labels of all N samples   @param num_train  n, the first n of them
/// @param width  neurons of the first layer   @param omega  standard deviation of its weights
/// @throws ArgumentError if p - 2 < N
/// Cost: N^2 (n + width) multiplications. Source: Bartlett 1933.
[[nodiscard]] inline FeatureGram draw_xor_gram(const XorClusters& setting,
                                               const ClusterSamples& samples, Index num_train,
                                               Index width, double omega, const Stream& stream) {
  setting.validate();
  const Index all = samples.size();
  require(num_train >= 0 && num_train <= all, "num_train", num_train,
          "between 0 and the number of samples");
  require(setting.dim - 2 >= all, "dim", setting.dim, "at least the number of samples + 2");
  require(omega >= 0 && std::isfinite(omega), "omega", omega, ">= 0, finite");

  // L, row by row: each row's own stream keeps it independent of how many rows there are.
  Matrix<double> factor = Matrix<double>::Zero(all, all); // holds L^T: column i is row i of L
  parallel_for(all, [&](Index i) {
    Stream row = stream.child("bartlett row", static_cast<std::uint64_t>(i));
    factor(i, i) = std::sqrt(chi_squared(row, static_cast<double>(setting.dim - 2 - i)));
    fill_normal(row, std::span(factor.col(i).data(), static_cast<std::size_t>(i)));
  });

  FeatureGram result;
  result.num_train = num_train;
  result.signal.resize(2, all);
  Stream signal = stream.child("signal");
  fill_normal(signal, result.signal);
  add_centres<double>(setting, samples, result.signal);
  result.initial_signal.resize(width, 2);
  Stream weights_signal = stream.child("initial signal");
  fill_normal(weights_signal, result.initial_signal, omega);
  Matrix<double> xi(width, all);
  Stream weights = stream.child("initial weights");
  fill_normal(weights, xi, omega);

  // Both products skip the zeros of L: panel by panel of columns, only the rows above its end.
  constexpr Index panel = 64;
  result.gram.resize(num_train, all);
  result.initial.resize(width, all);
  parallel_for((all + panel - 1) / panel, [&](Index p) {
    const Index start = p * panel;
    const Index count = std::min(panel, all - start);
    const Index end = start + count;
    const auto columns = factor.block(0, start, end, count);
    const Index inner = std::min(end, num_train);
    result.gram.middleCols(start, count).noalias() =
        result.signal.leftCols(num_train).transpose() * result.signal.middleCols(start, count);
    result.gram.middleCols(start, count).noalias() +=
        factor.topLeftCorner(inner, num_train).transpose() * columns.topRows(inner);
    result.initial.middleCols(start, count).noalias() =
        result.initial_signal * result.signal.middleCols(start, count);
    result.initial.middleCols(start, count).noalias() += xi.leftCols(end) * columns;
  });
  // L L^T is symmetric; the panels computed both halves with different cuts, so mirror one.
  for (Index j = 0; j < num_train; ++j) {
    for (Index i = j + 1; i < num_train; ++i) {
      result.gram(i, j) = result.gram(j, i);
    }
  }
  result.initial_norm_squared = omega * omega * static_cast<double>(setting.dim);
  return result;
}

/// The same from data and weights in full, for dimensions where they fit.
/// @param x  (p, N), the first num_train columns for training   @param w0  (width, p)
[[nodiscard]] inline FeatureGram gram_of(ConstMatrixRef<double> x, Index num_train,
                                         ConstMatrixRef<double> w0) {
  require(num_train >= 0 && num_train <= x.cols(), "num_train", num_train,
          "between 0 and the number of samples");
  require(x.rows() >= 2, "dim", x.rows(), ">= 2");
  require_shape(w0, "w0", w0.rows(), x.rows());
  FeatureGram result;
  result.num_train = num_train;
  Buffer<double> scratch;
  result.gram.resize(num_train, x.cols());
  result.initial.resize(w0.rows(), x.cols());
  multiply<double>(result.gram, x.leftCols(num_train).transpose(), x, scratch);
  multiply<double>(result.initial, w0, x, scratch);
  result.signal = x.topRows(2);
  result.initial_signal = w0.leftCols(2);
  result.initial_norm_squared = w0.rowwise().squaredNorm().mean();
  return result;
}

} // namespace gradus::data
