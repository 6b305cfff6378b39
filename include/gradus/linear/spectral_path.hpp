// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <utility>

#include <gradus/core/error.hpp>
#include <gradus/core/scalar.hpp>
#include <gradus/core/types.hpp>
#include <gradus/linear/spectral_filter.hpp>
#include <gradus/linear/spectrum.hpp>

namespace gradus::linear {

/// All ways of training a linear model on least squares from one decomposition: with X = V diag(s)
/// U^T and a filter,
///   w = w_0 + V ( (left - 1) V^T w_0 + gain s U^T y ),   left and gain taken at lam = s^2.
/// What of w_0 lies outside the range of X stays as it is, exactly: frozen directions.
/// Weights at any time, step or penalty cost d rank; errors in the coordinates of V cost rank.
template <RealScalar T>
class SpectralPath {
public:
  /// @param spectrum  of the inputs (d, n): gram_spectrum() or refined_spectrum()
  /// @param y  targets (n), finite   @param start  w_0 (d), finite; without entries: 0
  /// @throws ArgumentError, ShapeError
  SpectralPath(Spectrum<T> spectrum, ConstVectorRef<T> y, Vector<T> start = {})
      : spectrum_(std::move(spectrum)), start_(std::move(start)) {
    const Index dim = spectrum_.left.rows();
    if (start_.size() == 0) {
      start_ = Vector<T>::Zero(dim);
    }
    require_size(y, "y", spectrum_.right.rows());
    require_size(start_, "start", dim);
    require_finite(y, "y");
    require_finite(start_, "start");
    begin_ = spectrum_.left.transpose() * start_;
    targets_ = spectrum_.right.transpose() * y;
    outside_ = (y - spectrum_.right * targets_).squaredNorm();
  }

  /// The decomposition; its columns `left` are the basis V of coordinates().
  [[nodiscard]] const Spectrum<T>& spectrum() const { return spectrum_; }
  /// w_0 (d).
  [[nodiscard]] const Vector<T>& start() const { return start_; }

  /// V^T w (rank). @throws ArgumentError on a filter out of range
  template <SpectralFilter<T> Filter>
  [[nodiscard]] Vector<T> coordinates(const Filter& filter) const {
    filter.validate();
    Vector<T> result(spectrum_.rank());
    for (Index k = 0; k < result.size(); ++k) {
      const T s = spectrum_.values(k);
      result(k) = filter.left(s * s) * begin_(k) + filter.gain(s * s) * s * targets_(k);
    }
    return result;
  }
  /// w (d).
  template <SpectralFilter<T> Filter>
  [[nodiscard]] Vector<T> weights(const Filter& filter) const {
    return start_ + spectrum_.left * (coordinates(filter) - begin_);
  }
  /// |X^T w - y|^2, the sum over the samples.
  template <SpectralFilter<T> Filter>
  [[nodiscard]] T training_error(const Filter& filter) const {
    filter.validate();
    T sum = outside_;
    for (Index k = 0; k < spectrum_.rank(); ++k) {
      const T s = spectrum_.values(k);
      const T residual = filter.left(s * s) * (targets_(k) - s * begin_(k));
      sum += residual * residual;
    }
    return sum;
  }

private:
  Spectrum<T> spectrum_;
  Vector<T> start_;   ///< w_0
  Vector<T> begin_;   ///< V^T w_0
  Vector<T> targets_; ///< U^T y
  T outside_ = T(0);  ///< squared length of what no weights can fit
};

} // namespace gradus::linear
