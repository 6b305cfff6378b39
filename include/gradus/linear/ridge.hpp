// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <gradus/core/scalar.hpp>
#include <gradus/core/types.hpp>
#include <gradus/linear/refined_spectrum.hpp>
#include <gradus/linear/spectral_filter.hpp>
#include <gradus/linear/spectral_path.hpp>

namespace gradus::linear {

/// Ridge regression over the whole path of penalties from one decomposition:
///   w(g) = argmin |X^T w - y|^2 + g |w|^2 = (X X^T + g)^-1 X y,
/// and for g = 0 the least squares solution of smallest norm. Data that lack rank are handled by
/// definition: singular values below `tolerance` times the largest count as 0.
template <RealScalar T>
class RidgePath {
public:
  /// Cost: some 20 d n min(d, n).
  /// @param x  inputs (d, n), d and n >= 1, finite   @param y  targets (n), finite
  /// @param tolerance  see refined_spectrum()
  /// @throws ArgumentError, ShapeError
  RidgePath(ConstMatrixRef<T> x, ConstVectorRef<T> y, T tolerance = T(-1))
      : path_(refined_spectrum<T>(x, tolerance), y) {}

  /// The singular values that are not 0, the rank, condition number and effective rank.
  [[nodiscard]] const Spectrum<T>& spectrum() const { return path_.spectrum(); }

  /// w(g) (d). Cost: d rank.
  /// @param penalty  g >= 0   @throws ArgumentError
  [[nodiscard]] Vector<T> weights(T penalty) const {
    return path_.weights(RidgeFilter<T>{penalty});
  }
  /// |X^T w(g) - y|^2.
  [[nodiscard]] T training_error(T penalty) const {
    return path_.training_error(RidgeFilter<T>{penalty});
  }
  /// Effective degrees of freedom: sum of s^2 / (s^2 + g); the rank at g = 0.
  [[nodiscard]] T degrees_of_freedom(T penalty) const {
    const RidgeFilter<T> filter{penalty};
    filter.validate();
    T sum(0);
    for (const T s : spectrum().values) {
      sum += T(1) - filter.left(s * s);
    }
    return sum;
  }

private:
  SpectralPath<T> path_;
};

} // namespace gradus::linear
