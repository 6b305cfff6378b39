// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <utility>

#include <gradus/core/error.hpp>
#include <gradus/core/scalar.hpp>
#include <gradus/core/types.hpp>
#include <gradus/linear/spectrum.hpp>

namespace gradus::linear {

/// Principal axes of data that are centred already: orthonormal directions by falling variance
/// X X^T / n, from the d x d matrix or the n x n one of inner products, whichever is smaller.
template <RealScalar T>
class PrincipalAxes {
public:
  /// @param x  centred samples (d, n), d and n >= 1, finite; see centred_by_class()
  /// @throws ArgumentError   Cost: d n m + 9 m^3 with m = min(d, n)
  explicit PrincipalAxes(ConstMatrixRef<T> x) {
    Spectrum<T> spectrum = gram_spectrum<T>(x);
    variances_ = spectrum.values.array().square() / static_cast<T>(x.cols());
    axes_ = std::move(spectrum.left);
  }

  /// Variances along the axes, falling, those that are 0 to rounding left out (r).
  [[nodiscard]] const Vector<T>& variances() const { return variances_; }
  /// The axes, a column each (d, r).
  [[nodiscard]] const Matrix<T>& axes() const { return axes_; }

  /// Fewest leading axes that hold the given share of the variance; 0 where nothing varies.
  /// @param share  in [0, 1]   @throws ArgumentError
  [[nodiscard]] Index count_holding(T share) const {
    require(share >= T(0) && share <= T(1), "share", share, "in [0, 1]");
    const T total = variances_.sum();
    T held(0);
    for (Index k = 0; k < variances_.size(); ++k) {
      if (held >= share * total) {
        return k;
      }
      held += variances_(k);
    }
    return variances_.size();
  }

  /// Share of |w|^2 that lies in the span of the first `count` axes: the in-manifold part of a step
  /// along w. @param w  (d), not 0   @param count  in [0, r]   @throws ArgumentError, ShapeError
  [[nodiscard]] T share_within(ConstVectorRef<T> w, Index count) const {
    require_size(w, "w", axes_.rows());
    require(count >= 0 && count <= axes_.cols(), "count", count, "at most the number of axes");
    const T square = w.squaredNorm();
    require(square > T(0) && is_finite(square), "|w|^2", square, "> 0, finite");
    return (axes_.leftCols(count).transpose() * w).squaredNorm() / square;
  }

private:
  Vector<T> variances_;
  Matrix<T> axes_;
};

} // namespace gradus::linear
