// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <algorithm>

#include <gradus/core/buffer.hpp>
#include <gradus/core/error.hpp>
#include <gradus/core/parallel.hpp>
#include <gradus/core/types.hpp>

/// Matrix products over the cores whose bits do not depend on the number of threads: the product
/// is cut into panels fixed by its shape alone, each a serial Eigen product. (Eigen's own threaded
/// product changes its rounding with the thread count; programs call Eigen::setNbThreads(1).)

namespace gradus {

namespace detail {

/// A column-major matrix somewhere in memory, or its transpose: what an operand boils down to, so
/// that each scalar type compiles four product kernels and no more.
template <class T, bool Transposed>
struct Operand {
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

/// c (m x n, columns `stride` apart) = or += scale a b, by one serial Eigen product.
template <class T, bool LeftTransposed, bool RightTransposed>
void serial_product(T* c, Index stride, const Operand<T, LeftTransposed>& a,
                    const Operand<T, RightTransposed>& b, T scale, bool accumulate) {
  Eigen::Map<Matrix<T>, 0, Eigen::OuterStride<>> out(c, a.rows, b.cols,
                                                     Eigen::OuterStride<>(stride));
  if (!accumulate) {
    out.setZero();
  }
  out.noalias() += (scale * a.view()) * b.view();
}

/// A cut of [0, size) into `count` panels of `width` (the last one may be shorter).
struct Panels {
  Index width;
  Index count;
};

/// Cuts `size` into about `count` panels whose width is a multiple of `grain`.
inline Panels cut(Index size, Index count, Index grain) {
  const Index width = std::max(grain, ((size + count - 1) / count + grain - 1) / grain * grain);
  return {width, (size + width - 1) / width};
}

/// Below this many multiplications a product is not worth waking a second core for.
inline constexpr Index small_product = Index{1} << 20U;
/// Panels along a long inner dimension: enough to balance 16 cores, few enough that each one runs
/// at full speed.
inline constexpr Index inner_panels = 16;

/// c = or += scale a b with the inner dimension cut: partial results, summed in order.
template <class T, bool LeftTransposed, bool RightTransposed>
void inner_cut_product(MatrixRef<T> c, const Operand<T, LeftTransposed>& a,
                       const Operand<T, RightTransposed>& b, Buffer<T>& scratch, T scale,
                       bool accumulate) {
  const Index m = a.rows;
  const Index n = b.cols;
  const Panels panels = cut(a.cols, inner_panels, 64);
  auto partial = scratch.matrix(m, n * panels.count);
  parallel_for(panels.count, [&](Index p) {
    const Index start = p * panels.width;
    const Index width = std::min(panels.width, a.cols - start);
    serial_product(partial.data() + p * m * n, m, a.middle_cols(start, width),
                   b.middle_rows(start, width), scale, false);
  });
  const Panels sums = cut(n, 8, 16);
  parallel_for(sums.count, [&](Index s) {
    const Index start = s * sums.width;
    const Index width = std::min(sums.width, n - start);
    auto out = c.middleCols(start, width);
    for (Index p = 0; p < panels.count; ++p) {
      const ConstMatrixMap<T> part(partial.data() + (p * n + start) * m, m, width);
      if (p == 0 && !accumulate) {
        out = part;
      } else {
        out += part;
      }
    }
  });
}

} // namespace detail

/// c = scale a b, or c += scale a b.
///
/// How it is cut: along the inner dimension when that is far the longest (each panel has its own
/// partial result in `scratch`, summed in order), otherwise along the longer side of c. Small
/// products are one serial Eigen product.
/// @param c  m x n, written; must not overlap a or b
/// @param a  m x k   @param b  k x n; matrices, maps, blocks or transposes of these
/// @param scratch  memory for partial results, kept by the caller between calls
/// @throws ShapeError if the shapes do not fit
template <class T, class A, class B>
void multiply(MatrixRef<T> c, const Eigen::MatrixBase<A>& a, const Eigen::MatrixBase<B>& b,
              Buffer<T>& scratch, T scale = T(1), bool accumulate = false) {
  const auto left = detail::operand(a);
  const auto right = detail::operand(b);
  const Index m = left.rows;
  const Index n = right.cols;
  const Index k = left.cols;
  require_shape(b, "b", k, n);
  require_shape(c, "c", m, n);
  if (m * n * k <= detail::small_product) {
    detail::serial_product(c.data(), c.outerStride(), left, right, scale, accumulate);
    return;
  }
  if (k >= 4 * std::max(m, n)) {
    detail::inner_cut_product(c, left, right, scratch, scale, accumulate);
    return;
  }
  if (n >= m) {
    const auto panels = detail::cut(n, std::clamp(n / 64, Index{2}, Index{256}), 32);
    parallel_for(panels.count, [&](Index p) {
      const Index start = p * panels.width;
      detail::serial_product(c.data() + start * c.outerStride(), c.outerStride(), left,
                             right.middle_cols(start, std::min(panels.width, n - start)), scale,
                             accumulate);
    });
    return;
  }
  const auto panels = detail::cut(m, std::clamp(m / 96, Index{2}, Index{256}), 48);
  parallel_for(panels.count, [&](Index p) {
    const Index start = p * panels.width;
    detail::serial_product(c.data() + start, c.outerStride(),
                           left.middle_rows(start, std::min(panels.width, m - start)), right, scale,
                           accumulate);
  });
}

} // namespace gradus
