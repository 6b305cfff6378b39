// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <cmath>
#include <string>

#include <gradus/core/error.hpp>
#include <gradus/core/scalar.hpp>
#include <gradus/core/types.hpp>

/// Where a linear boundary {x : <w, x> = 0} lies with respect to two classes: its angle to the
/// nearest-centroid classifier, images mirrored at it, and how far it is.
/// Source: Tanay and Griffin 2016 (arXiv 1608.07690).

namespace gradus::metrics {

namespace detail {

/// w / |w|. @throws ArgumentError if w has no direction
template <RealScalar T>
[[nodiscard]] Vector<T> unit_normal(ConstVectorRef<T> w, const char* name) {
  const T norm = w.stableNorm();
  require(norm > T(0) && is_finite(norm), std::string("|") + name + "|", norm, "> 0, finite");
  return w / norm;
}

} // namespace detail

/// Angle between two directions, radians in [0, pi], exact to rounding at small angles too:
/// atan2(|w^ - <w^, z^> z^|, <w^, z^>). With z the difference of the class centroids it is the
/// deviation angle of a classifier with normal w.
/// @param w, z  (d), neither 0   @throws ArgumentError, ShapeError
template <RealScalar T>
[[nodiscard]] T deviation_angle(ConstVectorRef<T> w, ConstVectorRef<T> z) {
  using std::atan2;
  require_size(z, "z", w.size());
  const Vector<T> normal = detail::unit_normal<T>(w, "w");
  const Vector<T> reference = detail::unit_normal<T>(z, "z");
  const T along = normal.dot(reference);
  return atan2(T((normal - along * reference).norm()), along);
}

/// Signed distances of the columns of x from the boundary, <w^, x> (n), > 0 on the side of w.
/// @param x  (d, n)   @param w  (d), not 0   @throws ArgumentError, ShapeError
template <RealScalar T>
[[nodiscard]] Vector<T> signed_distances(ConstMatrixRef<T> x, ConstVectorRef<T> w) {
  require_size(w, "w", x.rows());
  return x.transpose() * detail::unit_normal<T>(w, "w");
}

/// Mirror images of the columns of x at the boundary, x - 2 <w^, x> w^ (d, n): the same but for one
/// step, with the opposite score. @param x  (d, n)   @param w  (d), not 0
/// @throws ArgumentError, ShapeError
template <RealScalar T>
[[nodiscard]] Matrix<T> mirror_images(ConstMatrixRef<T> x, ConstVectorRef<T> w) {
  const Vector<T> distances = signed_distances<T>(x, w);
  return x - T(2) * detail::unit_normal<T>(w, "w") * distances.transpose();
}

/// The columns of x projected onto the boundary, x - <w^, x> w^ (d, n).
/// @param x  (d, n)   @param w  (d), not 0   @throws ArgumentError, ShapeError
template <RealScalar T>
[[nodiscard]] Matrix<T> projected_images(ConstMatrixRef<T> x, ConstVectorRef<T> w) {
  const Vector<T> distances = signed_distances<T>(x, w);
  return x - detail::unit_normal<T>(w, "w") * distances.transpose();
}

/// Mean distance of the samples on the right side of the boundary minus that of those on the wrong
/// one, (1/n) sum_i y_i <w^, x_i>. With balanced classes it is |z| cos(deviation angle) / 2
/// exactly.
/// @param x  (d, n), n >= 1   @param labels  -1 or +1 (n)   @param w  (d), not 0
/// @throws ArgumentError, ShapeError
template <RealScalar T>
[[nodiscard]] T adversarial_distance(ConstMatrixRef<T> x, ConstVectorRef<T> labels,
                                     ConstVectorRef<T> w) {
  require(x.cols() >= 1, "number of samples", x.cols(), ">= 1");
  require_size(labels, "labels", x.cols());
  return signed_distances<T>(x, w).dot(labels) / static_cast<T>(x.cols());
}

/// Mean distance by which samples lie on the wrong side, (1/n) sum_i max(0, -y_i <w^, x_i>).
/// @param x  (d, n), n >= 1   @param labels  -1 or +1 (n)   @param w  (d), not 0
/// @throws ArgumentError, ShapeError
template <RealScalar T>
[[nodiscard]] T error_distance(ConstMatrixRef<T> x, ConstVectorRef<T> labels, ConstVectorRef<T> w) {
  require(x.cols() >= 1, "number of samples", x.cols(), ">= 1");
  require_size(labels, "labels", x.cols());
  const Vector<T> distances = signed_distances<T>(x, w);
  return -(distances.cwiseProduct(labels)).cwiseMin(T(0)).sum() / static_cast<T>(x.cols());
}

/// Strength of the adversarial images of a classifier: the distance of the nearest-centroid
/// boundary, |z| / 2, over the adversarial distance. 1 / cos(deviation angle) for balanced classes;
/// 1 for the nearest-centroid classifier itself. Infinite or negative where the distance is 0 or
/// negative. @param z  difference of the centroids (d)
template <RealScalar T>
[[nodiscard]] T adversarial_strength(ConstVectorRef<T> z, T distance) {
  return z.norm() / T(2) / distance;
}

} // namespace gradus::metrics
