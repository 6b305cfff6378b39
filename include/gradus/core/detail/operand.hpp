// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <gradus/core/types.hpp>

namespace gradus::detail {

/// A column-major matrix somewhere in memory, or its transpose: what an operand boils down to, so
/// that each scalar type compiles four product kernels and no more.
template <class T, bool Transposed>
struct Operand {
  static constexpr bool is_transposed = Transposed;

  const T* data;
  Index rows; ///< after transposition
  Index cols;
  Index stride;

  [[nodiscard]] Operand middle_cols(Index start, Index count) const {
    return {data + start * (Transposed ? 1 : stride), rows, count, stride};
  }
  [[nodiscard]] Operand middle_rows(Index start, Index count) const {
    return {data + start * (Transposed ? stride : 1), count, cols, stride};
  }
  [[nodiscard]] Operand<T, !Transposed> transpose() const { return {data, cols, rows, stride}; }
  [[nodiscard]] Operand block(Index row, Index col, Index num_rows, Index num_cols) const {
    return middle_rows(row, num_rows).middle_cols(col, num_cols);
  }
  [[nodiscard]] auto view() const {
    using Map = Eigen::Map<const Matrix<T>, 0, Eigen::OuterStride<>>;
    if constexpr (Transposed) {
      return Map(data, cols, rows, Eigen::OuterStride<>(stride)).transpose();
    } else {
      return Map(data, rows, cols, Eigen::OuterStride<>(stride));
    }
  }
};

/// The operand behind an Eigen matrix, map, block or the transpose of one.
template <class Derived>
[[nodiscard]] auto operand(const Eigen::MatrixBase<Derived>& matrix) {
  using T = typename Derived::Scalar;
  constexpr bool transposed = Derived::IsRowMajor != 0;
  static_assert((Derived::Flags & Eigen::DirectAccessBit) != 0, "needs a matrix in memory");
  return Operand<T, transposed>{matrix.derived().data(), matrix.rows(), matrix.cols(),
                                matrix.derived().outerStride()};
}

} // namespace gradus::detail
