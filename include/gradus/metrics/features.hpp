// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <cmath>

#include <gradus/core/error.hpp>
#include <gradus/core/types.hpp>

/// What the neurons of a two-layer network have learned, seen through two orthogonal feature
/// directions mu_1 and mu_2 (one for each sign of the second layer).

namespace gradus::metrics {

/// Mean absolute cosine of the neurons' weights with their own feature and with the other one.
struct Alignment {
  /// With the own feature.
  double own = 0;
  /// With the other feature.
  double other = 0;
  /// own / other: 1 without preference.
  [[nodiscard]] double ratio() const { return own / other; }
};

/// @param along  <w_j, mu_c / |mu_c|>, shape (width, 2)   @param norms_squared  |w_j|^2 (width)
/// @param second_layer  a_j (width): neurons with a_j > 0 own feature 1, the others feature 2
/// Neurons of norm 0 have no direction and are left out.
[[nodiscard]] inline Alignment alignment(ConstMatrixRef<double> along,
                                         ConstVectorRef<double> norms_squared,
                                         ConstVectorRef<double> second_layer) {
  require_shape(along, "along", norms_squared.size(), 2);
  require_size(second_layer, "second_layer", norms_squared.size());
  Alignment result;
  double count = 0;
  for (Index j = 0; j < along.rows(); ++j) {
    if (norms_squared(j) > 0) {
      const double norm = std::sqrt(norms_squared(j));
      const Index own = second_layer(j) > 0 ? 0 : 1;
      result.own += std::abs(along(j, own)) / norm;
      result.other += std::abs(along(j, 1 - own)) / norm;
      count += 1;
    }
  }
  result.own /= count;
  result.other /= count;
  return result;
}

/// Share of the neurons of one sign whose weight along their own feature is positive.
/// @param axis  0 for neurons with a_j > 0, 1 for the others
[[nodiscard]] inline double positive_share(ConstMatrixRef<double> along,
                                           ConstVectorRef<double> second_layer, Index axis) {
  require(axis == 0 || axis == 1, "axis", axis, "0 or 1");
  require_shape(along, "along", second_layer.size(), 2);
  double positive = 0;
  double count = 0;
  for (Index j = 0; j < along.rows(); ++j) {
    if ((second_layer(j) > 0) == (axis == 0)) {
      count += 1;
      positive += along(j, axis) > 0 ? 1 : 0;
    }
  }
  return positive / count;
}

/// How much of a function is explained by another one: 1 - sum (f - g)^2 / sum f^2. With g the
/// linear part of a ReLU network, g(x) = 1/2 sum_j a_j <w_j, x>, it is 1 for a net that is linear
/// on the given points.
template <class F, class G>
[[nodiscard]] double explained_share(const Eigen::MatrixBase<F>& f, const Eigen::MatrixBase<G>& g) {
  return 1.0 - (f - g).squaredNorm() / f.squaredNorm();
}

} // namespace gradus::metrics
