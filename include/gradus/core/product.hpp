// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <algorithm>
#include <type_traits>

#include <gradus/core/buffer.hpp>
#include <gradus/core/detail/operand.hpp>
#include <gradus/core/detail/tile_product.hpp>
#include <gradus/core/error.hpp>
#include <gradus/core/parallel.hpp>
#include <gradus/core/types.hpp>

/// Matrix products over the cores whose bits do not depend on the number of threads: the product
/// is cut into panels fixed by its shape alone, each a serial product. Those of float and double on
/// x86 CPUs with AVX2 or AVX-512 are our own tiles (detail/tile_product.hpp): 90 % and more of the
/// peak at any compiler flags, and the same bits on all these CPUs. All else is Eigen's. (Eigen's
/// threaded product changes its rounding with the thread count; programs call
/// Eigen::setNbThreads(1).)

namespace gradus {

namespace detail {

/// True if products of T are made of our own tiles here.
template <class T>
[[nodiscard]] bool has_tiles() {
  return Vectorised<T> && tile_kernel<T>().rows > 0;
}

/// c += scale a b by Eigen's blocked kernel. Its product operator would choose, when the program
/// runs, between this, two products with a vector and one entry by entry, and all four would be
/// compiled for every scalar type and transposition: half of what including a network cost to
/// compile.
template <class T, bool LeftTransposed, bool RightTransposed>
void add_blocked_product(T* c, Index stride, const Operand<T, LeftTransposed>& a,
                         const Operand<T, RightTransposed>& b, T scale) {
  if (a.rows == 0 || b.cols == 0 || a.cols == 0) {
    return;
  }
  constexpr int left_order = LeftTransposed ? Eigen::RowMajor : Eigen::ColMajor;
  constexpr int right_order = RightTransposed ? Eigen::RowMajor : Eigen::ColMajor;
  using Kernel =
      Eigen::internal::general_matrix_matrix_product<Index, T, left_order, false, T, right_order,
                                                     false, Eigen::ColMajor, 1>;
  Eigen::internal::gemm_blocking_space<Eigen::ColMajor, T, T, Eigen::Dynamic, Eigen::Dynamic,
                                       Eigen::Dynamic>
      blocking(a.rows, b.cols, a.cols, 1, true);
  Kernel::run(a.rows, b.cols, a.cols, a.data, a.stride, b.data, b.stride, c, 1, stride, scale,
              blocking, nullptr);
}

/// c (m x n, columns `stride` apart) = or += scale a b, on one core.
template <class T, bool LeftTransposed, bool RightTransposed>
void serial_product(T* c, Index stride, const Operand<T, LeftTransposed>& a,
                    const Operand<T, RightTransposed>& b, T scale, bool accumulate) {
  if constexpr (Vectorised<T>) {
    if (has_tiles<T>()) {
      if constexpr (RightTransposed) {
        if (a.rows == 1 && stride == 1) { // tiles are tall: a row is better done as a column
          tile_product(tile_kernel<T>(), c, b.cols, b.transpose(), a.transpose(), scale,
                       accumulate);
          return;
        }
      }
      tile_product(tile_kernel<T>(), c, stride, a, b, scale, accumulate);
      return;
    }
  }
  if (!accumulate) {
    Eigen::Map<Matrix<T>, 0, Eigen::OuterStride<>>(c, a.rows, b.cols, Eigen::OuterStride<>(stride))
        .setZero();
  }
  add_blocked_product(c, stride, a, b, scale);
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
/// Columns of up to so many entries in all are finished by the calling thread.
inline constexpr Index small_finish = Index{1} << 16U;
/// Panels along a long inner dimension: enough to balance 16 cores, few enough that each one runs
/// at full speed.
inline constexpr Index inner_panels = 16;

/// Partial results of more entries than this are not worth their memory.
inline constexpr Index largest_partial = Index{1} << 20U;

/// How c (m x n) is cut.
struct ResultCut {
  bool by_columns;
  Panels panels;
};

/// Tiles read the left operand in place, so narrow panels of columns cost nothing while it stays in
/// the cache; a transposed one is copied once for each of them. Eigen packs it for every panel.
template <class T, bool LeftTransposed>
[[nodiscard]] ResultCut cut_result(Index m, Index n, Index k) {
  if (!has_tiles<T>()) {
    return n >= m ? ResultCut{true, cut(n, std::clamp(n / 64, Index{2}, Index{256}), 32)}
                  : ResultCut{false, cut(m, std::clamp(m / 96, Index{2}, Index{256}), 48)};
  }
  constexpr Index most_panels = 32;
  const bool left_is_cached = m * k <= Index{1} << 18U;
  if (LeftTransposed ? n >= 8 * m : n >= m || (left_is_cached && n >= 64)) {
    return {true, cut(n, most_panels, left_is_cached ? 8 : 64)};
  }
  return {false, cut(m, most_panels, m < 768 ? 32 : 48)};
}

/// c = or += scale a b with the inner dimension cut: partial results, summed in order.
template <class T, bool LeftTransposed, bool RightTransposed, class Finish>
void inner_cut_product(MatrixRef<T> c, const Operand<T, LeftTransposed>& a,
                       const Operand<T, RightTransposed>& b, Buffer<T>& scratch,
                       const Finish& finish, T scale, bool accumulate) {
  const Index m = a.rows;
  const Index n = b.cols;
  const Panels panels = cut(a.cols, inner_panels, 64);
  auto partial = scratch.matrix(m, n * panels.count);
  parallel_panels(panels.count, [&](Index p) {
    const Index start = p * panels.width;
    const Index width = std::min(panels.width, a.cols - start);
    serial_product(partial.data() + p * m * n, m, a.middle_cols(start, width),
                   b.middle_rows(start, width), scale, false);
  });
  const Panels sums = cut(n, 16, 8);
  parallel_panels(sums.count, [&](Index s) {
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
    finish(start, width);
  });
}

/// Nothing is to follow a product.
struct Nothing {
  void operator()(Index /*start*/, Index /*count*/) const {}
};

} // namespace detail

/// c = scale a b, or c += scale a b, and then finish(j, count) for runs of columns that make up all
/// of c, each on the thread and while in the cache of the core that has just computed it: the place
/// for what follows a product entry by entry or column by column.
///
/// How it is cut: along the inner dimension when that is far the longest (each panel has its own
/// partial result in `scratch`, summed in order), otherwise along one side of c. Small products are
/// done by the calling thread alone.
/// @param c  m x n, written; must not overlap a or b
/// @param a  m x k   @param b  k x n; matrices, maps, blocks or transposes of these
/// @param scratch  memory for partial results, kept by the caller between calls
/// @param finish  callable with (first column, number of columns); calls may be concurrent, and
///                which columns they are given depends on the shapes alone
/// @throws ShapeError if the shapes do not fit
template <class T, class A, class B, class Finish>
void multiply_then(MatrixRef<T> c, const Eigen::MatrixBase<A>& a, const Eigen::MatrixBase<B>& b,
                   Buffer<T>& scratch, const Finish& finish, T scale = T(1),
                   bool accumulate = false) {
  const auto left = detail::operand(a);
  const auto right = detail::operand(b);
  const Index m = left.rows;
  const Index n = right.cols;
  const Index k = left.cols;
  require_shape(b, "b", k, n);
  require_shape(c, "c", m, n);
  if (m * n * k <= detail::small_product) {
    detail::serial_product(c.data(), c.outerStride(), left, right, scale, accumulate);
    finish(Index{0}, n);
    return;
  }
  if (k >= 4 * std::max(m, n) && m * n <= detail::largest_partial) {
    detail::inner_cut_product(c, left, right, scratch, finish, scale, accumulate);
    return;
  }
  const auto [by_columns, panels] = detail::cut_result<T, left.is_transposed>(m, n, k);
  if (by_columns) {
    parallel_panels(panels.count, [&, width = panels.width](Index p) {
      const Index start = p * width;
      const Index count = std::min(width, n - start);
      detail::serial_product(c.data() + start * c.outerStride(), c.outerStride(), left,
                             right.middle_cols(start, count), scale, accumulate);
      finish(start, count);
    });
    return;
  }
  parallel_panels(panels.count, [&, width = panels.width](Index p) {
    const Index start = p * width;
    detail::serial_product(c.data() + start, c.outerStride(),
                           left.middle_rows(start, std::min(width, m - start)), right, scale,
                           accumulate);
  });
  if constexpr (!std::is_same_v<Finish, detail::Nothing>) {
    const auto runs = detail::cut(n, m * n <= detail::small_finish ? 1 : 16, 8);
    parallel_panels(runs.count, [&](Index r) {
      const Index start = r * runs.width;
      finish(start, std::min(runs.width, n - start));
    });
  }
}

/// c = scale a b, or c += scale a b; see multiply_then().
/// @throws ShapeError if the shapes do not fit
template <class T, class A, class B>
void multiply(MatrixRef<T> c, const Eigen::MatrixBase<A>& a, const Eigen::MatrixBase<B>& b,
              Buffer<T>& scratch, T scale = T(1), bool accumulate = false) {
  multiply_then<T>(c, a, b, scratch, detail::Nothing{}, scale, accumulate);
}

} // namespace gradus
