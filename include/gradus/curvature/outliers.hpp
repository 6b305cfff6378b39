// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <algorithm>
#include <cmath>
#include <functional>
#include <limits>

#include <gradus/core/error.hpp>
#include <gradus/core/scalar.hpp>
#include <gradus/core/types.hpp>

/// What stands out of a spectrum: eigenvalues above the bulk, those that are zero, and how the
/// eigenspaces of two matrices lie to each other. Source of the counting rule and the shares:
/// reproduction of Sagun et al. 2017 (arXiv 1706.04454), who count up to the largest gap.

namespace gradus::curvature {

/// Eigenvalues above the bulk.
template <RealScalar T>
struct Outliers {
  Index count = 0; ///< i* = argmax l_i / l_(i+1), i from 1 to the window; 0 if no ratio exists
  T ratio = T(0);  ///< l_i* / l_(i*+1), infinite if the one below is 0
  T second = T(0); ///< the second largest ratio in the window; 0 if there is none
  T edge = T(0);   ///< l_(i*+1), upper edge of the bulk

  /// Whether the largest gap stands clear of the second. @param factor  by how much
  [[nodiscard]] bool clean(T factor = T(1.2)) const {
    return count > 0 && ratio >= factor * second;
  }
};

/// Counts the eigenvalues above the largest relative gap at the top of a spectrum. Only positive
/// eigenvalues take part, the last of them over what is left of 0. The window must not depend on
/// the number that is expected, or the answer is given away.
/// @param eigenvalues  in any order, finite   @param window  largest count possible, >= 1
/// @throws ArgumentError for a value that is not finite, a window below 1
template <class Derived>
[[nodiscard]] Outliers<typename Derived::Scalar>
count_outliers(const Eigen::MatrixBase<Derived>& eigenvalues, Index window = 24) {
  using T = typename Derived::Scalar;
  require(window >= 1, "window", window, ">= 1");
  require_finite(eigenvalues, "eigenvalues");
  Vector<T> l = eigenvalues;
  std::sort(l.begin(), l.end(), std::greater<>());
  Outliers<T> result;
  for (Index i = 0; i < std::min(window, l.size() - 1) && l(i) > T(0); ++i) {
    const T ratio = l(i + 1) > T(0) ? T(l(i) / l(i + 1)) : std::numeric_limits<T>::infinity();
    if (ratio > result.ratio) {
      result.second = result.ratio;
      result = {i + 1, ratio, result.second, l(i + 1)};
    } else if (ratio > result.second) {
      result.second = ratio;
    }
  }
  return result;
}

/// Share of the eigenvalues with |l| < threshold l_1, l_1 being the largest; 0 for no eigenvalues.
/// @param threshold  1e-3: near zero, 1e-12: zero to rounding (in double); > 0
template <class Derived>
[[nodiscard]] double near_zero_share(const Eigen::MatrixBase<Derived>& eigenvalues,
                                     double threshold = 1e-3) {
  using T = typename Derived::Scalar;
  require(threshold > 0, "threshold", threshold, "> 0");
  if (eigenvalues.size() == 0) {
    return 0;
  }
  const T bound = static_cast<T>(threshold) * eigenvalues.maxCoeff();
  return static_cast<double>((eigenvalues.array().abs() < bound).count()) /
         static_cast<double>(eigenvalues.size());
}
/// Number of eigenvalues with |l| < threshold l_1.
template <class Derived>
[[nodiscard]] Index count_zeros(const Eigen::MatrixBase<Derived>& eigenvalues,
                                double threshold = 1e-12) {
  return static_cast<Index>(std::llround(near_zero_share(eigenvalues, threshold) *
                                         static_cast<double>(eigenvalues.size())));
}

/// Orthonormal basis of the space that the columns span, by Gram and Schmidt, each column twice.
/// @param tolerance  a column of which less than this share is new adds nothing
/// @return (P, rank)
template <class Derived>
[[nodiscard]] Matrix<typename Derived::Scalar>
orthonormal_basis(const Eigen::MatrixBase<Derived>& columns, double tolerance = 1e-10) {
  using T = typename Derived::Scalar;
  Matrix<T> basis(columns.rows(), columns.cols());
  Index rank = 0;
  for (Index j = 0; j < columns.cols(); ++j) {
    Vector<T> v = columns.col(j);
    const T size = v.norm();
    for (int pass = 0; pass < 2; ++pass) {
      for (Index i = 0; i < rank; ++i) {
        v -= basis.col(i).dot(v) * basis.col(i);
      }
    }
    const T rest = v.norm();
    if (size > T(0) && rest > static_cast<T>(tolerance) * size) {
      basis.col(rank++) = v / rest;
    }
  }
  return basis.leftCols(rank);
}

/// How much of one space lies in another: |U^T V|_F^2 over the smaller dimension, 1 if it lies in
/// it, dim / P for a random space of P dimensions.
/// @param u, v  orthonormal columns, (P, k) and (P, m), k and m >= 1   @throws ShapeError
template <class U, class V>
[[nodiscard]] double subspace_overlap(const Eigen::MatrixBase<U>& u,
                                      const Eigen::MatrixBase<V>& v) {
  require_shape(v, "v", u.rows(), v.cols());
  require(u.cols() >= 1, "columns of u", u.cols(), ">= 1");
  require(v.cols() >= 1, "columns of v", v.cols(), ">= 1");
  return static_cast<double>((u.transpose() * v).squaredNorm()) /
         static_cast<double>(std::min(u.cols(), v.cols()));
}

/// Means of the columns of each class: for the overlap of eigenvectors with the class means of
/// gradients. Zero for a class without samples.
/// @param columns  (P, n)   @param classes  of each column, in [0, num_classes)
/// @return (P, num_classes)   @throws ArgumentError, ShapeError
template <class Derived>
[[nodiscard]] Matrix<typename Derived::Scalar>
class_means(const Eigen::MatrixBase<Derived>& columns, ConstVectorRef<Index> classes,
            Index num_classes) {
  using T = typename Derived::Scalar;
  require_size(classes, "classes", columns.cols());
  require(num_classes >= 1, "num_classes", num_classes, ">= 1");
  Matrix<T> means = Matrix<T>::Zero(columns.rows(), num_classes);
  Vector<T> counts = Vector<T>::Zero(num_classes);
  for (Index i = 0; i < columns.cols(); ++i) {
    require(classes(i) >= 0 && classes(i) < num_classes, "class", classes(i),
            "in [0, num_classes)");
    means.col(classes(i)) += columns.col(i);
    counts(classes(i)) += T(1);
  }
  for (Index c = 0; c < num_classes; ++c) {
    means.col(c) /= std::max(counts(c), T(1));
  }
  return means;
}

} // namespace gradus::curvature
