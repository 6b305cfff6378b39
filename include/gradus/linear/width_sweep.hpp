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
#include <gradus/linear/refined_spectrum.hpp>

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

namespace detail {

/// The work that fits on nested features share; see sweep_widths().
template <RealScalar T>
class WidthSweep {
public:
  WidthSweep(ConstMatrixRef<T> features, ConstVectorRef<T> targets)
      : features_(features), targets_(targets) {}

  [[nodiscard]] std::vector<WidthFit<T>> fits(const std::vector<Index>& widths,
                                              const WidthSweepOptions<T>& options) {
    const Index n = features_.cols();
    const bool penalised = options.ridge > T(0) || options.ridge_per_feature > T(0);
    if (!penalised) {
      factor(widths);
    }
    std::vector<WidthFit<T>> result;
    for (const Index width : widths) {
      WidthFit<T> fit;
      fit.width = width;
      fit.ridge = options.ridge + options.ridge_per_feature * static_cast<T>(width);
      fit.rank = std::min(width, n);
      if (width > n) {
        wide(fit);
      } else if (penalised) {
        narrow_ridge(fit);
      } else {
        narrow_least_squares(fit);
      }
      fit.training_error =
          (targets_ - features_.topRows(width).transpose() * fit.weights).squaredNorm() /
          static_cast<T>(n);
      result.push_back(std::move(fit));
    }
    return result;
  }

private:
  /// Householder factorisation of the widest set of features that is no wider than there are
  /// samples, transposed.
  void factor(const std::vector<Index>& widths) {
    Index widest = 0;
    for (const Index width : widths) {
      widest = width <= features_.cols() ? std::max(widest, width) : widest;
    }
    if (widest == 0) {
      return;
    }
    const Eigen::HouseholderQR<Matrix<T>> qr(features_.topRows(widest).transpose());
    projected_ = targets_;
    projected_.applyOnTheLeft(qr.householderQ().adjoint());
    r_ = qr.matrixQR().topRows(widest);
  }

  /// The leading columns of R are those of fewer features. A small entry of the diagonal means a
  /// feature that the earlier ones nearly span.
  void narrow_least_squares(WidthFit<T>& fit) const {
    const Index width = fit.width;
    const auto diagonal = r_.diagonal().head(width).cwiseAbs();
    if (!(diagonal.minCoeff() > distrust() * diagonal.maxCoeff())) {
      decompose(fit);
      return;
    }
    fit.weights = projected_.head(width);
    r_.topLeftCorner(width, width)
        .template triangularView<Eigen::Upper>()
        .solveInPlace(fit.weights);
  }

  void narrow_ridge(WidthFit<T>& fit) {
    const auto z = features_.topRows(fit.width);
    Matrix<T> normal(fit.width, fit.width);
    multiply<T>(normal, z, z.transpose(), scratch_);
    normal.diagonal().array() += fit.ridge;
    fit.weights = solve_ridge(Eigen::LLT<Matrix<T>>(normal), z * targets_, fit);
  }

  /// More features than samples: w = Z (Z^T Z + g)^-1 y.
  void wide(WidthFit<T>& fit) {
    const auto fresh = features_.middleRows(gram_width_, fit.width - gram_width_);
    gram_.resize(features_.cols(), features_.cols());
    multiply<T>(gram_, fresh.transpose(), fresh, scratch_, T(1), gram_width_ > 0);
    gram_width_ = fit.width;
    const auto z = features_.topRows(fit.width);
    Matrix<T> kernel = gram_;
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
      const T scale = targets_.norm() + gram_.diagonal().cwiseSqrt().norm() * fit.weights.norm();
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
    const Spectrum<T> spectrum = refined_spectrum<T>(features_.topRows(fit.width));
    fit.rank = spectrum.rank();
    fit.weights =
        spectrum.left * (spectrum.right.transpose() * targets_).cwiseQuotient(spectrum.values);
  }

  /// Below this share of the largest, a diagonal entry of R puts its rank in question.
  static T distrust() { return std::sqrt(std::numeric_limits<T>::epsilon()); }

  ConstMatrixRef<T> features_;
  Vector<T> targets_;
  Matrix<T> r_;         ///< R of the narrow features
  Vector<T> projected_; ///< Q^T y of theirs
  Matrix<T> gram_;      ///< Z^T Z of the first gram_width_ features
  Index gram_width_ = 0;
  Buffer<T> scratch_;
};

} // namespace detail

/// Fits read-outs w = argmin |Z_N^T w - y|^2 + g |w|^2 on the first N features Z_N for many widths
/// N in one pass; without a penalty the least squares solution of smallest norm.
///
/// Nested features share their work: one orthogonal factorisation of the first min(n, widest)
/// features serves every N <= n without a penalty, and the n x n Gram matrix of N > n grows by the
/// new features alone. Least squares of smallest norm in Gram form lose the square of the condition
/// number; steps of iterative refinement on the residual win it back, and where these fail, or
/// features lack rank, the fit is made anew from singular values, at the numerical rank.
///
/// Cost for widths W_k up to W: without a penalty 4/3 n min(n, W)^2 + W_k^2 each up to n, with one
/// n W_k^2 each; above, n^2 W in all and n^3 / 3 + 6 n W_k each.
/// @param features  Z (widest, n), a row for each feature, finite, n >= 1
/// @param targets   y (n), finite
/// @param widths    each in [1, number of features], ascending
/// @return  a fit for each width   @throws ArgumentError, ShapeError
template <RealScalar T>
[[nodiscard]] std::vector<WidthFit<T>>
sweep_widths(ConstMatrixRef<T> features, ConstVectorRef<T> targets,
             const std::vector<Index>& widths, const WidthSweepOptions<T>& options = {}) {
  require(features.rows() >= 1, "number of features", features.rows(), ">= 1");
  require(features.cols() >= 1, "number of samples", features.cols(), ">= 1");
  require_size(targets, "targets", features.cols());
  require_finite(features, "features");
  require_finite(targets, "targets");
  require(options.ridge >= T(0) && is_finite(options.ridge), "ridge", options.ridge,
          ">= 0, finite");
  require(options.ridge_per_feature >= T(0) && is_finite(options.ridge_per_feature),
          "ridge_per_feature", options.ridge_per_feature, ">= 0, finite");
  Index before = 1;
  for (const Index width : widths) {
    require(width >= before && width <= features.rows(), "width", width,
            "in [1, number of features], ascending");
    before = width;
  }
  return detail::WidthSweep<T>(features, targets).fits(widths, options);
}

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
