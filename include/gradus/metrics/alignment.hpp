// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <algorithm>
#include <cmath>

#include <gradus/core/error.hpp>
#include <gradus/core/scalar.hpp>
#include <gradus/core/types.hpp>

namespace gradus::metrics {

/// Cosine of the angle between two vectors, or two matrices read as vectors, in [-1, 1]. NaN if
/// either is 0 or not finite; squares neither under- nor overflow. @throws ShapeError if shapes
/// differ
template <class A, class B>
[[nodiscard]] double cosine(const Eigen::MatrixBase<A>& a, const Eigen::MatrixBase<B>& b) {
  static_assert(RealScalar<typename A::Scalar>, "alignment is that of real vectors");
  require_shape(b, "b", a.rows(), a.cols());
  const auto entry = [](const auto& m, Index i, Index j) {
    return static_cast<double>(m.coeff(i, j));
  };
  double largest_a = 0;
  double largest_b = 0;
  for (Index j = 0; j < a.cols(); ++j) {
    for (Index i = 0; i < a.rows(); ++i) {
      largest_a = std::max(largest_a, std::abs(entry(a, i, j)));
      largest_b = std::max(largest_b, std::abs(entry(b, i, j)));
    }
  }
  double inner = 0;
  double aa = 0;
  double bb = 0;
  for (Index j = 0; j < a.cols(); ++j) {
    for (Index i = 0; i < a.rows(); ++i) {
      const double x = entry(a, i, j) / largest_a;
      const double y = entry(b, i, j) / largest_b;
      inner += x * y;
      aa += x * x;
      bb += y * y;
    }
  }
  // std::clamp keeps NaN: no entry, only zeros (0 / 0), or an infinity (inf / inf).
  return std::clamp(inner / (std::sqrt(aa) * std::sqrt(bb)), -1.0, 1.0);
}

/// Symmetry of a square matrix, |S| / (|S| + |A|) with its symmetric and antisymmetric parts in the
/// Frobenius norm: 1 for M = M^T, 0 for M = -M^T, about 1/2 for independent entries; NaN for 0.
/// @throws ShapeError unless square
template <class M>
[[nodiscard]] double symmetry(const Eigen::MatrixBase<M>& m) {
  static_assert(RealScalar<typename M::Scalar>, "symmetry is that of a real matrix");
  require_shape(m, "m", m.rows(), m.rows());
  double even = 0;
  double odd = 0;
  for (Index j = 0; j < m.cols(); ++j) {
    for (Index i = 0; i < m.rows(); ++i) {
      const auto x = static_cast<double>(m.coeff(i, j));
      const auto y = static_cast<double>(m.coeff(j, i));
      even += (x + y) * (x + y);
      odd += (x - y) * (x - y);
    }
  }
  return std::sqrt(even) / (std::sqrt(even) + std::sqrt(odd));
}

} // namespace gradus::metrics
