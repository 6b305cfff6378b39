// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <algorithm>
#include <cmath>
#include <limits>

#include <Eigen/Eigenvalues>

#include <gradus/core/buffer.hpp>
#include <gradus/core/error.hpp>
#include <gradus/core/product.hpp>
#include <gradus/core/scalar.hpp>
#include <gradus/core/types.hpp>
#include <gradus/linear/detail/data.hpp>

namespace gradus::linear {

/// The singular triples of a matrix whose value counts as not 0: X = left diag(values) right^T.
/// Their number is the numerical rank, possibly 0.
template <RealScalar T>
struct Spectrum {
  Matrix<T> left;   ///< orthonormal columns (d, rank), a basis of the range of X
  Vector<T> values; ///< singular values, descending (rank)
  Matrix<T> right;  ///< orthonormal columns (n, rank)

  /// How many singular values count as not 0.
  [[nodiscard]] Index rank() const { return values.size(); }
  /// Largest over smallest singular value that is not 0; NaN for rank 0.
  [[nodiscard]] T condition_number() const {
    return rank() > 0 ? T(values(0) / values(rank() - 1)) : std::numeric_limits<T>::quiet_NaN();
  }
  /// Sum of the squared singular values over the largest of them; NaN for rank 0.
  [[nodiscard]] T effective_rank() const {
    return rank() > 0 ? T(values.squaredNorm() / (values(0) * values(0)))
                      : std::numeric_limits<T>::quiet_NaN();
  }
};

namespace detail {
/// The relative size below which a singular value counts as 0; see gram_spectrum().
template <RealScalar T>
T cut_off(T tolerance, T standard) {
  return tolerance >= T(0) ? tolerance : standard;
}
} // namespace detail

/// Singular triples through the eigenvectors of the smaller Gram matrix, X X^T or X^T X: fast
/// (about n^2 d + 9 min(n, d)^3), but squaring loses half the digits. A singular value s has the
/// relative error eps (s_max / s)^2, so values below about 1e-8 of the largest (double) cannot be
/// told from 0; refined_spectrum() can.
/// @param x  (d, n), d and n >= 1, finite
/// @param tolerance  relative size at which a singular value counts as 0, >= 0; if negative, the
///        root of (rounding unit times the larger of d and n)
/// @throws ArgumentError
template <RealScalar T>
[[nodiscard]] Spectrum<T> gram_spectrum(ConstMatrixRef<T> x, T tolerance = T(-1)) {
  using std::sqrt;
  detail::require_data<T>(x);
  const Index d = x.rows();
  const Index n = x.cols();
  const bool wide = n >= d; // more samples than inputs: X X^T is the smaller one
  const Index size = std::min(d, n);
  Matrix<T> gram(size, size);
  Buffer<T> scratch;
  if (wide) {
    multiply<T>(gram, x, x.transpose(), scratch);
  } else {
    multiply<T>(gram, x.transpose(), x, scratch);
  }
  const Eigen::SelfAdjointEigenSolver<Matrix<T>> solver(gram);
  const Vector<T> squares = solver.eigenvalues().reverse().cwiseMax(T(0));
  const T unit = static_cast<T>(std::max(d, n)) * std::numeric_limits<T>::epsilon();
  const T relative = detail::cut_off(tolerance, T(sqrt(unit)));
  const T smallest = relative * relative * squares(0);
  Index rank = 0;
  while (rank < size && squares(rank) > smallest) {
    ++rank;
  }
  Spectrum<T> result;
  result.values = squares.head(rank).cwiseSqrt();
  Matrix<T> known = solver.eigenvectors().rowwise().reverse().leftCols(rank);
  Matrix<T> other(wide ? n : d, rank);
  if (rank > 0) {
    if (wide) {
      multiply<T>(other, x.transpose(), known, scratch);
    } else {
      multiply<T>(other, x, known, scratch);
    }
    other.array().rowwise() /= result.values.transpose().array();
  }
  (wide ? result.left : result.right) = std::move(known);
  (wide ? result.right : result.left) = std::move(other);
  return result;
}

} // namespace gradus::linear
