// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <cmath>

#include <gradus/core/distributions.hpp>
#include <gradus/core/error.hpp>
#include <gradus/core/random.hpp>
#include <gradus/core/scalar.hpp>
#include <gradus/core/types.hpp>
#include <gradus/data/labelled.hpp>

namespace gradus::data {

/// Two balanced Gaussian classes with one covariance, N(-mean, Sigma) and N(+mean, Sigma), given in
/// the axes of Sigma = diag(variances).
struct GaussianClasses {
  Vector<double> mean = {};      ///< of the class +1 (d), d >= 1, finite
  Vector<double> variances = {}; ///< (d), >= 0, finite; 0 for a coordinate that never varies

  /// @throws ArgumentError, ShapeError that name what is wrong
  void validate() const {
    require(mean.size() >= 1, "dim", mean.size(), ">= 1");
    require_size(variances, "variances", mean.size());
    require_finite(mean, "mean");
    require_finite(variances, "variances");
    require(variances.minCoeff() >= 0, "least variance", variances.minCoeff(), ">= 0");
  }
};

/// Variances k^-exponent for k = 1, ..., dim. @throws ArgumentError unless dim >= 1
[[nodiscard]] inline Vector<double> power_law_variances(Index dim, double exponent) {
  require(dim >= 1, "dim", dim, ">= 1");
  require(std::isfinite(exponent), "exponent", exponent, "finite");
  Vector<double> variances(dim);
  for (Index k = 0; k < dim; ++k) {
    variances(k) = std::pow(static_cast<double>(k + 1), -exponent);
  }
  return variances;
}

/// Draws `count` samples of each class, those of class -1 first. Settings that differ in mean and
/// variances share their standard normal numbers.
/// @throws ArgumentError, ShapeError for a bad setting; ArgumentError if count < 0
template <RealScalar T>
[[nodiscard]] LabelledSamples<T> draw_gaussian_classes(const GaussianClasses& setting, Index count,
                                                       const Stream& stream) {
  setting.validate();
  require(count >= 0, "count", count, ">= 0");
  Stream draws = stream.child("gaussian classes");
  Matrix<double> x(setting.mean.size(), 2 * count);
  fill_normal(draws, x);
  x.array().colwise() *= setting.variances.array().sqrt();
  x.leftCols(count).colwise() -= setting.mean;
  x.rightCols(count).colwise() += setting.mean;
  return {x.template cast<T>(), balanced_labels<T>(count)};
}

} // namespace gradus::data
