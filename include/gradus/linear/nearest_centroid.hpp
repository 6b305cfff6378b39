// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <gradus/core/error.hpp>
#include <gradus/core/scalar.hpp>
#include <gradus/core/types.hpp>
#include <gradus/linear/detail/labels.hpp>

namespace gradus::linear {

/// Means of the two classes, and the classifier that assigns a sample to the nearer one: the
/// hyperplane through their midpoint with normal direction().
template <RealScalar T>
struct NearestCentroid {
  Vector<T> negative; ///< mean of the samples of class -1 (d)
  Vector<T> positive; ///< mean of the samples of class +1 (d)

  /// z = positive - negative, the normal (d).
  [[nodiscard]] Vector<T> direction() const { return positive - negative; }
  /// Middle between the two means (d).
  [[nodiscard]] Vector<T> midpoint() const { return (positive + negative) / T(2); }
  /// Scores of the columns of x, > 0 where the mean of class +1 is nearer. @param x  (d, n)
  [[nodiscard]] Vector<T> scores(ConstMatrixRef<T> x) const {
    require(x.rows() == negative.size(), "dim of x", x.rows(), "that of the centroids");
    const Vector<T> z = direction();
    return ((x.transpose() * z).array() - z.dot(midpoint())).matrix();
  }
};

/// The nearest-centroid classifier of a training set.
/// @param x  inputs (d, n), d and n >= 1, finite   @param labels  -1 or +1 (n), both present
/// @throws ArgumentError, ShapeError
template <RealScalar T>
[[nodiscard]] NearestCentroid<T> fit_nearest_centroid(ConstMatrixRef<T> x,
                                                      ConstVectorRef<T> labels) {
  detail::require_training_set<T>(x, labels);
  NearestCentroid<T> result{Vector<T>::Zero(x.rows()), Vector<T>::Zero(x.rows())};
  Index positives = 0;
  for (Index i = 0; i < x.cols(); ++i) {
    if (labels(i) > T(0)) {
      result.positive += x.col(i);
      ++positives;
    } else {
      result.negative += x.col(i);
    }
  }
  require(positives > 0, "number of samples of class +1", positives, ">= 1");
  require(positives < x.cols(), "number of samples of class -1", x.cols() - positives, ">= 1");
  result.positive /= static_cast<T>(positives);
  result.negative /= static_cast<T>(x.cols() - positives);
  return result;
}

/// The samples with the mean of their class taken off: what varies within the classes, (d, n).
/// @throws ArgumentError, ShapeError as fit_nearest_centroid
template <RealScalar T>
[[nodiscard]] Matrix<T> centred_by_class(ConstMatrixRef<T> x, ConstVectorRef<T> labels) {
  const NearestCentroid<T> centroids = fit_nearest_centroid<T>(x, labels);
  Matrix<T> result(x.rows(), x.cols());
  for (Index i = 0; i < x.cols(); ++i) {
    result.col(i) = x.col(i) - (labels(i) > T(0) ? centroids.positive : centroids.negative);
  }
  return result;
}

} // namespace gradus::linear
