// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <algorithm>
#include <limits>

#include <Eigen/SVD>

#include <gradus/core/scalar.hpp>
#include <gradus/core/types.hpp>
#include <gradus/linear/spectrum.hpp>

namespace gradus::linear {

/// Singular triples of X to full precision, by divide and conquer; some 10 d n min(d, n)
/// operations. (The solver takes a compiler half a minute: include this where gram_spectrum() is
/// not exact enough.)
/// @param x  (d, n), d and n >= 1, finite
/// @param tolerance  relative size at which a singular value counts as 0, >= 0; if negative, the
///        rounding unit times the larger of d and n
/// @throws ArgumentError
template <RealScalar T>
[[nodiscard]] Spectrum<T> singular_spectrum(ConstMatrixRef<T> x, T tolerance = T(-1)) {
  detail::require_data<T>(x);
  const Eigen::BDCSVD<Matrix<T>> svd(Matrix<T>(x), Eigen::ComputeThinU | Eigen::ComputeThinV);
  const Vector<T>& values = svd.singularValues();
  const T relative = detail::cut_off(tolerance, T(static_cast<T>(std::max(x.rows(), x.cols())) *
                                                  std::numeric_limits<T>::epsilon()));
  const Index rank = (values.array() > relative * values(0)).count();
  return {svd.matrixU().leftCols(rank), values.head(rank), svd.matrixV().leftCols(rank)};
}

} // namespace gradus::linear
