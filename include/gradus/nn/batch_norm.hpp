// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <algorithm>
#include <cmath>

#include <gradus/core/buffer.hpp>
#include <gradus/core/error.hpp>
#include <gradus/core/scalar.hpp>
#include <gradus/core/types.hpp>

namespace gradus::nn {

/// Memory of one normalisation: what forward() leaves for backward() and for the running
/// statistics. Kept by the caller, grown at the first call, reused after it.
template <Scalar T>
struct BatchNormWorkspace {
  Buffer<T> normalized; ///< (z - mean) / sqrt(variance + epsilon), (features, n)
  Buffer<T> mean;       ///< of every block, (features, blocks)
  Buffer<T> variance;   ///< of every block, divided by its size, (features, blocks)
  Buffer<T> inverse;    ///< 1 / sqrt(variance + epsilon), (features, blocks)
  Buffer<T> sums;       ///< of backward(), (features, 2)
  Index features = 0;   ///< of the last forward pass
  Index samples = 0;    ///< n of the last forward pass
  Index block = 1;      ///< samples of a block of the last forward pass; the last may be shorter
};

/// Mean and variance of every feature over the batches of the past: what a network is evaluated
/// with. Starts at mean 0, variance 1.
template <Scalar T>
struct RunningStatistics {
  Vector<T> mean;                      ///< (features)
  Vector<T> variance;                  ///< (features), unbiased
  RealOf<T> momentum = RealOf<T>(0.1); ///< share of the newest block, in [0, 1]

  /// @param features  >= 0
  explicit RunningStatistics(Index features = 0, RealOf<T> share = RealOf<T>(0.1))
      : mean(Vector<T>::Zero(features)), variance(Vector<T>::Ones(features)), momentum(share) {
    require(share >= RealOf<T>(0) && share <= RealOf<T>(1), "momentum", share, "in [0, 1]");
  }

  /// One step for each block of the last forward pass, in order:
  ///   mean += momentum (block mean - mean), and the variance with m / (m - 1) for a block of m.
  /// A block of one sample has no variance and is left out.
  /// @throws ShapeError for another number of features
  void absorb(BatchNormWorkspace<T>& ws) {
    require_size(mean, "running mean", ws.features);
    const Index blocks = (ws.samples + ws.block - 1) / ws.block;
    const auto means = ws.mean.matrix(ws.features, blocks);
    const auto variances = ws.variance.matrix(ws.features, blocks);
    const T share(momentum);
    for (Index b = 0; b < blocks; ++b) {
      const Index size = std::min(ws.block, ws.samples - b * ws.block);
      if (size < 2) {
        continue;
      }
      const T unbias(RealOf<T>(size) / RealOf<T>(size - 1));
      mean += share * (means.col(b) - mean);
      variance += share * (unbias * variances.col(b) - variance);
    }
  }
};

/// Batch normalisation over blocks of samples: in every block of m columns, for every feature,
///   y = gamma (z - mean) / sqrt(variance + epsilon) + beta,
/// with mean and variance (divided by m) of that block. One block is the whole batch, or a "ghost"
/// of `ghost` columns: the gradient is then the mean of those of the blocks, each with statistics
/// of its own, while the products around it are still those of the large batch.
///
/// A value without memory; the caller keeps a BatchNormWorkspace and, for evaluation,
/// RunningStatistics. Matrices are features x samples. Complex and autodiff numbers pass: nothing
/// is conjugated. Source: Ioffe and Szegedy 2015; ghost batches: Hoffer, Hubara and Soudry 2017.
struct BatchNorm {
  double epsilon = 1e-5; ///< added to the variance, > 0
  Index ghost = 0;       ///< columns of a block, >= 1; 0: all

  /// @throws ArgumentError that names the field outside its range
  void validate() const {
    require(epsilon > 0 && std::isfinite(epsilon), "epsilon", epsilon, "> 0, finite");
    require(ghost >= 0, "ghost", ghost, ">= 0");
  }

  /// Training pass. @param gamma, beta  (features)   @param z  (features, n), n >= 1
  /// @param y  (features, n), written; may be z itself
  /// @throws ShapeError, ArgumentError for no samples   Cost: three passes over z
  template <class T>
  void forward(ConstVectorRef<T> gamma, ConstVectorRef<T> beta, ConstMatrixRef<T> z,
               BatchNormWorkspace<T>& ws, MatrixRef<T> y) const {
    const Index features = z.rows();
    const Index n = z.cols();
    require(n >= 1, "number of samples", n, ">= 1");
    require_size(gamma, "gamma", features);
    require_size(beta, "beta", features);
    require_shape(y, "y", features, n);
    ws.features = features;
    ws.samples = n;
    ws.block = ghost > 0 ? std::min(ghost, n) : n;
    const Index blocks = (n + ws.block - 1) / ws.block;
    auto normalized = ws.normalized.matrix(features, n);
    auto means = ws.mean.matrix(features, blocks);
    auto variances = ws.variance.matrix(features, blocks);
    auto inverses = ws.inverse.matrix(features, blocks);
    for (Index b = 0; b < blocks; ++b) {
      const Index start = b * ws.block;
      const Index size = std::min(ws.block, n - start);
      auto mean = means.col(b);
      auto variance = variances.col(b);
      auto inverse = inverses.col(b);
      const T share(RealOf<T>(1) / RealOf<T>(size));
      mean.setZero();
      for (Index j = start; j < start + size; ++j) {
        mean += z.col(j);
      }
      mean *= share;
      variance.setZero();
      for (Index j = start; j < start + size; ++j) {
        normalized.col(j) = z.col(j) - mean;
        variance += normalized.col(j).cwiseProduct(normalized.col(j));
      }
      variance *= share;
      for (Index i = 0; i < features; ++i) {
        using std::sqrt;
        inverse(i) = T(1) / sqrt(T(variance(i) + T(RealOf<T>(epsilon))));
      }
      for (Index j = start; j < start + size; ++j) {
        normalized.col(j).array() *= inverse.array();
        y.col(j).array() = gamma.array() * normalized.col(j).array() + beta.array();
      }
    }
  }

  /// Backward pass of the last forward(): exact, through mean and variance.
  /// @param dy  derivative of a summed loss by y, (features, n)
  /// @param d_gamma, d_beta  (features), overwritten   @param dz  (features, n); may be dy itself
  /// @throws ShapeError if the shapes are not those of the forward pass
  template <class T>
  void backward(ConstVectorRef<T> gamma, ConstMatrixRef<T> dy, BatchNormWorkspace<T>& ws,
                VectorRef<T> d_gamma, VectorRef<T> d_beta, MatrixRef<T> dz) const {
    const Index features = ws.features;
    const Index n = ws.samples;
    require_shape(dy, "dy", features, n);
    require_shape(dz, "dz", features, n);
    require_size(gamma, "gamma", features);
    require_size(d_gamma, "d_gamma", features);
    require_size(d_beta, "d_beta", features);
    const Index blocks = (n + ws.block - 1) / ws.block;
    const auto normalized = ws.normalized.matrix(features, n);
    const auto inverses = ws.inverse.matrix(features, blocks);
    auto sums = ws.sums.matrix(features, 2);
    auto along = sums.col(0); // sum of dy * normalized over the block
    auto plain = sums.col(1); // sum of dy
    d_gamma.setZero();
    d_beta.setZero();
    for (Index b = 0; b < blocks; ++b) {
      const Index start = b * ws.block;
      const Index size = std::min(ws.block, n - start);
      sums.setZero();
      for (Index j = start; j < start + size; ++j) {
        along += dy.col(j).cwiseProduct(normalized.col(j));
        plain += dy.col(j);
      }
      d_gamma += along;
      d_beta += plain;
      const T share(RealOf<T>(1) / RealOf<T>(size));
      sums *= share;
      for (Index j = start; j < start + size; ++j) {
        dz.col(j).array() =
            gamma.array() * inverses.col(b).array() *
            (dy.col(j).array() - plain.array() - normalized.col(j).array() * along.array());
      }
    }
  }

  /// Evaluation with running statistics: an affine map of each feature.
  /// @param y  (features, n), written; may be z itself   @throws ShapeError
  template <class T>
  void evaluate(ConstVectorRef<T> gamma, ConstVectorRef<T> beta,
                const RunningStatistics<T>& running, ConstMatrixRef<T> z, MatrixRef<T> y) const {
    const Index features = z.rows();
    require_size(gamma, "gamma", features);
    require_size(beta, "beta", features);
    require_size(running.mean, "running mean", features);
    require_shape(y, "y", features, z.cols());
    Vector<T> scale(features);
    for (Index i = 0; i < features; ++i) {
      using std::sqrt;
      scale(i) = gamma(i) / sqrt(T(running.variance(i) + T(RealOf<T>(epsilon))));
    }
    const Vector<T> shift = beta - running.mean.cwiseProduct(scale);
    for (Index j = 0; j < z.cols(); ++j) {
      y.col(j) = z.col(j).cwiseProduct(scale) + shift;
    }
  }
};

} // namespace gradus::nn
