// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <cmath>
#include <utility>

#include <gradus/core/error.hpp>
#include <gradus/core/scalar.hpp>
#include <gradus/core/types.hpp>
#include <gradus/linear/refined_spectrum.hpp>
#include <gradus/linear/spectrum.hpp>

namespace gradus::linear {

/// A few samples that stand for many in least squares; see compress_samples().
template <RealScalar T>
struct CompressedSamples {
  Matrix<T> x; ///< inputs (d, r), r the rank of the data
  Vector<T> y; ///< targets (r)
  T floor;     ///< the least mean loss that a linear model can have on the data
};

/// Least squares sees second moments alone, so n samples may be replaced by as many as their rank:
/// with X = V diag(s) U^T, the inputs sqrt(r/n) V diag(s) and targets sqrt(r/n) U^T y have, for
/// every linear model f, however deep,
///   (1/n) sum_i (f(x_i) - y_i)^2 / 2 = floor + (1/r) sum_k (f(x'_k) - y'_k)^2 / 2.
/// What is trained on them has the same gradients and Hessians at r/n of the cost, and its loss is
/// the excess over the floor itself, with no difference of large numbers.
/// @param x  inputs (d, n), d and n >= 1, finite, not all 0   @param y  targets (n), finite
/// @param tolerance  see refined_spectrum()   @throws ArgumentError, ShapeError
template <RealScalar T>
[[nodiscard]] CompressedSamples<T> compress_samples(ConstMatrixRef<T> x, ConstVectorRef<T> y,
                                                    T tolerance = T(-1)) {
  using std::sqrt;
  require_size(y, "y", x.cols());
  require_finite(y, "y");
  const Spectrum<T> spectrum = refined_spectrum<T>(x, tolerance);
  require(spectrum.rank() >= 1, "rank of x", spectrum.rank(), ">= 1");
  const auto n = static_cast<T>(x.cols());
  const T scale = sqrt(static_cast<T>(spectrum.rank()) / n);
  Vector<T> targets = spectrum.right.transpose() * y;
  const T floor = (y - spectrum.right * targets).squaredNorm() / (T(2) * n);
  targets *= scale;
  return {spectrum.left * (scale * spectrum.values).asDiagonal(), std::move(targets), floor};
}

} // namespace gradus::linear
