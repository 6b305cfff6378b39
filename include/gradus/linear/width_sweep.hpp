// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <algorithm>
#include <cmath>
#include <limits>
#include <utility>
#include <vector>

#include <Eigen/Cholesky>
#include <Eigen/QR>

#include <gradus/core/buffer.hpp>
#include <gradus/core/error.hpp>
#include <gradus/core/product.hpp>
#include <gradus/core/scalar.hpp>
#include <gradus/core/types.hpp>

namespace gradus::linear {

/// The penalty g(N) = ridge + ridge_per_feature N of the fit with N features.
template <RealScalar T>
struct WidthSweepOptions {
  T ridge = T(0);             ///< >= 0; 0 for both: least squares of smallest norm
  T ridge_per_feature = T(0); ///< >= 0; of random-features theory, whose penalty is N lam / d
};

/// One least-squares fit of a sweep.
template <RealScalar T>
struct WidthFit {
  Index width = 0;         ///< N, the features used
  T ridge = T(0);          ///< g(N)
  Index rank = 0;          ///< numerical rank of the features; min(N, n) with a penalty
  Vector<T> weights;       ///< read-out w (N)
  T training_error = T(0); ///< |Z^T w - y|^2 / n
};

/// Fits read-outs w = argmin |Z_N^T w - y|^2 + g |w|^2 on the first N features Z_N for many widths
/// N in one pass.
///
/// Nested features share their work: one orthogonal factorisation of the first min(n, widest)
/// features serves every N <= n without a penalty, and the n x n Gram matrix of N > n grows by the
/// new features alone. Least squares of smallest norm in Gram form lose the square of the condition
/// number; a step of iterative refinement on the residual wins it back, and where that fails, or
/// features lack rank, the fit is made anew by a complete orthogonal decomposition that finds the
/// numerical rank.
template <RealScalar T>
class WidthSweep {
public:
  /// @param features  Z (widest, n), a row for each feature, finite; must outlive this
  /// @param targets   y (n), finite
  /// @throws ArgumentError (n = 0, no features), ShapeError
  WidthSweep(ConstMatrixRef<T> features, ConstVectorRef<T> targets)
      : features_(features), targets_(targets) {
    require(features.rows() >= 1, "number of features", features.rows(), ">= 1");
    require(features.cols() >= 1, "number of samples", features.cols(), ">= 1");
    require_size(targets, "targets", features.cols());
    require_finite(features, "features");
    require_finite(targets, "targets");
  }

  /// The fits, in the order of the widths, which must not fall.
  /// Cost without a penalty, for widths W_k up to W: 4/3 min(n, W)^3 + n min(W_k, n) each below n,
  /// n^2 W + n^3 / 3 + 6 n W_k each above.
  /// @param widths  each in [1, number of features], ascending
  /// @throws ArgumentError
  [[nodiscard]] std::vector<WidthFit<T>> fits(const std::vector<Index>& widths,
                                              const WidthSweepOptions<T>& options = {}) const {
    require_penalty(options.ridge, "ridge");
    require_penalty(options.ridge_per_feature, "ridge_per_feature");
    Index before = 1;
    for (const Index width : widths) {
      require(width >= before && width <= features_.rows(), "width", width,
              "in [1, number of features], ascending");
      before = width;
    }
    const Index n = features_.cols();
    const bool penalised = options.ridge > T(0) || options.ridge_per_feature > T(0);
    Factor narrow;
    if (!penalised) {
      narrow = factor(widths);
    }
    Gram gram{Matrix<T>::Zero(n, n), 0};
    std::vector<WidthFit<T>> result;
    for (const Index width : widths) {
      WidthFit<T> fit;
      fit.width = width;
      fit.ridge = options.ridge + options.ridge_per_feature * static_cast<T>(width);
      fit.rank = std::min(width, n);
      if (width > n) {
        wide(gram, fit);
      } else if (penalised) {
        narrow_ridge(fit);
      } else {
        narrow_least_squares(narrow, fit);
      }
      fit.training_error =
          (targets_ - features_.topRows(width).transpose() * fit.weights).squaredNorm() /
          static_cast<T>(n);
      result.push_back(std::move(fit));
    }
    return result;
  }

private:
  /// Householder factorisation of the narrow features' transpose: R and Q^T y.
  struct Factor {
    Matrix<T> r;
    Vector<T> projected;
  };
  /// Gram matrix of the first `width` features.
  struct Gram {
    Matrix<T> matrix;
    Index width;
  };

  static void require_penalty(T penalty, const char* name) {
    require(penalty >= T(0) && is_finite(penalty), name, penalty, ">= 0, finite");
  }

  /// Of the widest set of features that is no wider than there are samples.
  [[nodiscard]] Factor factor(const std::vector<Index>& widths) const {
    Index widest = 0;
    for (const Index width : widths) {
      widest = width <= features_.cols() ? std::max(widest, width) : widest;
    }
    if (widest == 0) {
      return {};
    }
    const Eigen::HouseholderQR<Matrix<T>> qr(features_.topRows(widest).transpose());
    Vector<T> projected = targets_;
    projected.applyOnTheLeft(qr.householderQ().adjoint());
    return {qr.matrixQR().topRows(widest), projected.head(widest)};
  }

  /// The leading columns of R are those of fewer features. A small entry of the diagonal means a
  /// feature that the earlier ones nearly span.
  void narrow_least_squares(const Factor& factor, WidthFit<T>& fit) const {
    const Index width = fit.width;
    const auto diagonal = factor.r.diagonal().head(width).cwiseAbs();
    if (!(diagonal.minCoeff() > distrust() * diagonal.maxCoeff())) {
      decompose(fit);
      return;
    }
    fit.weights = factor.r.topLeftCorner(width, width)
                      .template triangularView<Eigen::Upper>()
                      .solve(factor.projected.head(width));
  }

  void narrow_ridge(WidthFit<T>& fit) const {
    const auto z = features_.topRows(fit.width);
    Matrix<T> normal(fit.width, fit.width);
    multiply<T>(normal, z, z.transpose(), scratch_);
    normal.diagonal().array() += fit.ridge;
    fit.weights = solve_ridge(Eigen::LLT<Matrix<T>>(normal), z * targets_, fit);
  }

  /// More features than samples: w = Z (Z^T Z + g)^-1 y.
  void wide(Gram& gram, WidthFit<T>& fit) const {
    const Index added = fit.width - gram.width;
    const auto fresh = features_.middleRows(gram.width, added);
    multiply<T>(gram.matrix, fresh.transpose(), fresh, scratch_, T(1), gram.width > 0);
    gram.width = fit.width;
    const auto z = features_.topRows(fit.width);
    Matrix<T> kernel = gram.matrix;
    kernel.diagonal().array() += fit.ridge;
    const Eigen::LLT<Matrix<T>> cholesky(kernel);
    if (fit.ridge > T(0)) {
      fit.weights = z * solve_ridge(cholesky, targets_, fit);
      return;
    }
    if (cholesky.info() != Eigen::Success) {
      decompose(fit);
      return;
    }
    Vector<T> dual = cholesky.solve(targets_);
    fit.weights = z * dual;
    const T small = static_cast<T>(fit.width) * std::numeric_limits<T>::epsilon();
    for (int refinement = 0;; ++refinement) {
      const Vector<T> residual = targets_ - z.transpose() * fit.weights;
      // What rounding leaves of an exact fit, weighed against the terms it is a sum of.
      const T scale =
          targets_.norm() + gram.matrix.diagonal().cwiseSqrt().norm() * fit.weights.norm();
      if (residual.norm() <= small * scale) {
        return;
      }
      if (refinement == 3) {
        decompose(fit);
        return;
      }
      dual += cholesky.solve(residual);
      fit.weights = z * dual;
    }
  }

  /// A penalty so small that it vanishes beside the features' rounding is as good as none.
  Vector<T> solve_ridge(const Eigen::LLT<Matrix<T>>& cholesky, const Vector<T>& right,
                        const WidthFit<T>& fit) const {
    require(cholesky.info() == Eigen::Success, "ridge", fit.ridge,
            "0, or large enough to make the normal equations definite");
    return cholesky.solve(right);
  }

  /// By definition: the least squares solution of smallest norm at the numerical rank.
  void decompose(WidthFit<T>& fit) const {
    const Eigen::CompleteOrthogonalDecomposition<Matrix<T>> decomposition(
        features_.topRows(fit.width).transpose());
    fit.rank = decomposition.rank();
    fit.weights = decomposition.solve(targets_);
  }

  /// Below this share of the largest, a diagonal entry of R puts its rank in question.
  static T distrust() { return std::sqrt(std::numeric_limits<T>::epsilon()); }

  ConstMatrixRef<T> features_;
  Vector<T> targets_;
  mutable Buffer<T> scratch_;
};

/// Outputs of all fits on other inputs, a column each (samples, fits), in one product.
/// @param features  of those inputs (at least the widest fit's width, samples)
/// @throws ArgumentError if there are too few features
template <RealScalar T>
[[nodiscard]] Matrix<T> predictions(const std::vector<WidthFit<T>>& fits,
                                    ConstMatrixRef<T> features) {
  Index widest = 0;
  for (const WidthFit<T>& fit : fits) {
    widest = std::max(widest, fit.width);
  }
  require(features.rows() >= widest, "number of features", features.rows(),
          "at least that of the widest fit");
  Matrix<T> weights = Matrix<T>::Zero(widest, static_cast<Index>(fits.size()));
  for (std::size_t k = 0; k < fits.size(); ++k) {
    weights.col(static_cast<Index>(k)).head(fits[k].width) = fits[k].weights;
  }
  Matrix<T> out(features.cols(), weights.cols());
  Buffer<T> scratch;
  multiply<T>(out, features.topRows(widest).transpose(), weights, scratch);
  return out;
}

} // namespace gradus::linear
