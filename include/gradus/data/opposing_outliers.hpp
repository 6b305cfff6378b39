// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <cmath>
#include <vector>

#include <gradus/core/distributions.hpp>
#include <gradus/core/error.hpp>
#include <gradus/core/random.hpp>
#include <gradus/core/scalar.hpp>
#include <gradus/core/types.hpp>

namespace gradus::data {

/// A linear regression with two small groups of samples in which one large feature says opposite
/// things: x = (x_b, x_o), x_b ~ N(0, I_dim), x_o = +size in one group, -size in the other, 0 in
/// the bulk, and targets
///   y = <beta, x_b> + outlier_weight |x_o|.
/// A linear model learns beta; of x_o, which has no linear correlation with y, it should learn
/// nothing, and the outliers keep a loss of (outlier_weight size)^2 / 2.
/// Source: Rosenfeld and Risteski 2023 (arXiv 2311.04163), the form of section 3.
struct OpposingOutliers {
  Index dim = 20;              ///< features of the bulk, >= 1; inputs have one more, x_o, the last
  double beta_norm = 4;        ///< |beta|, >= 0; its direction is uniform
  Index positive = 10;         ///< samples of the first group, x_o = +size, >= 0
  Index negative = 10;         ///< samples of the second group, x_o = -size, >= 0
  double size = 10;            ///< of the outliers' feature, any sign; 0: no outliers but in name
  double outlier_weight = 0.3; ///< what |x_o| adds to a target
  bool opposed = true;         ///< false: x_o = +size in the second group too, a plain signal

  /// @throws ArgumentError that names the field outside its range
  void validate() const {
    require(dim >= 1, "dim", dim, ">= 1");
    require(beta_norm >= 0 && std::isfinite(beta_norm), "beta_norm", beta_norm, ">= 0, finite");
    require(positive >= 0, "positive", positive, ">= 0");
    require(negative >= 0, "negative", negative, ">= 0");
    require(std::isfinite(size), "size", size, "finite");
    require(std::isfinite(outlier_weight), "outlier_weight", outlier_weight, "finite");
  }
};

/// Samples with the group each belongs to.
template <Scalar T>
struct OutlierSamples {
  Matrix<T> x;            ///< inputs (dim + 1, n), the outliers' feature last
  Vector<T> y;            ///< targets (n)
  std::vector<int> group; ///< +1 and -1: the outliers; 0: the bulk (n)
  Vector<T> beta;         ///< weights of the bulk's features in the targets (dim)
};

/// n samples, those of the first group first, then the second, then the bulk. Settings that differ
/// in the outliers' feature, weight or sign alone share all other numbers.
/// @param n  >= positive + negative   @throws ArgumentError
template <RealScalar T>
[[nodiscard]] OutlierSamples<T> draw_opposing_outliers(const OpposingOutliers& setting, Index n,
                                                       const Stream& stream) {
  setting.validate();
  const Index outliers = setting.positive + setting.negative;
  require(n >= outliers, "num_samples", n, "at least the number of outliers");
  OutlierSamples<T> samples{Matrix<T>(setting.dim + 1, n), Vector<T>(n), {}, {}};
  Stream direction = stream.child("beta");
  Matrix<T> beta(setting.dim, 1);
  fill_sphere(direction, beta, setting.beta_norm);
  samples.beta = beta.col(0);
  Stream inputs = stream.child("inputs");
  Matrix<T> bulk(setting.dim, n);
  fill_normal(inputs, bulk);
  samples.x.topRows(setting.dim) = bulk;
  samples.y.noalias() = bulk.transpose() * samples.beta;
  for (Index i = 0; i < n; ++i) {
    const int group = i < setting.positive ? 1 : i < outliers ? -1 : 0;
    const double sign = setting.opposed ? group : std::abs(group);
    samples.group.push_back(group);
    samples.x(setting.dim, i) = static_cast<T>(sign * setting.size);
    samples.y(i) += static_cast<T>(std::abs(sign * setting.size) * setting.outlier_weight);
  }
  return samples;
}

} // namespace gradus::data
