// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <algorithm>
#include <array>
#include <concepts>
#include <cstddef>

#include <gradus/core/detail/operand.hpp>
#include <gradus/core/detail/pack.hpp>
#include <gradus/core/detail/tile.hpp>
#include <gradus/core/detail/tile_avx2.hpp>
#include <gradus/core/detail/tile_avx512.hpp>
#include <gradus/core/types.hpp>

namespace gradus::detail {

/// The best tile kernel that this CPU has for T, found once.
template <class T>
[[nodiscard]] const TileKernel<T>& tile_kernel() {
  static const TileKernel<T> kernel = [] {
#if defined(__x86_64__) && defined(__GNUC__)
    if constexpr (std::same_as<T, float> || std::same_as<T, double>) {
      __builtin_cpu_init();
      if (__builtin_cpu_supports("avx512f") != 0) {
        return avx512_kernel<T>;
      }
      if (__builtin_cpu_supports("avx2") != 0 && __builtin_cpu_supports("fma") != 0) {
        return avx2_kernel<T>;
      }
    }
#endif
    return TileKernel<T>{};
  }();
  return kernel;
}

/// Most inner indices that a tile sums before c is updated. A result's bits depend on it.
inline constexpr Index tile_inner = 512;

// GCC drops the alignment attribute of a register type that is a template argument, and says so.
#if defined(__GNUC__)
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wignored-attributes"
#endif

/// to[i + l to_step] = a(i, l), so that the rows of a transposed operand become contiguous.
template <Vectorised T>
void copy_rows(const Operand<T, true>& a, T* to, Index to_step) {
  using Register = typename Pack<T>::Register;
  constexpr Index size = Pack<T>::size;
  Index done = 0; // rows
  if constexpr (size > 1) {
    for (; done + size <= a.rows; done += size) {
      Index l = 0;
      for (; l + size <= a.cols; l += size) {
        Eigen::internal::PacketBlock<Register, static_cast<int>(size)> block;
        for (Index r = 0; r < size; ++r) {
          block.packet[r] = Pack<T>::load(a.data + l + (done + r) * a.stride).v;
        }
        Eigen::internal::ptranspose(block);
        for (Index r = 0; r < size; ++r) {
          Pack<T>(block.packet[r]).store(to + done + (l + r) * to_step);
        }
      }
      for (; l < a.cols; ++l) {
        for (Index i = done; i < done + size; ++i) {
          to[i + l * to_step] = a.data[l + i * a.stride];
        }
      }
    }
  }
  for (Index l = 0; l < a.cols; ++l) {
    for (Index i = done; i < a.rows; ++i) {
      to[i + l * to_step] = a.data[l + i * a.stride];
    }
  }
}

#if defined(__GNUC__)
#pragma GCC diagnostic pop
#endif

/// The same for an operand that lies in memory as it is.
template <class T>
void copy_rows(const Operand<T, false>& a, T* to, Index to_step) {
  for (Index l = 0; l < a.cols; ++l) {
    std::copy_n(a.data + l * a.stride, a.rows, to + l * to_step);
  }
}

/// c (columns c_step apart) = or += scale a b by the tiles of the given kernel, on one core.
///
/// The inner dimension is cut into equal blocks of at most tile_inner, whose sums are added to c in
/// order. Operands are read where they are, unless the left one is transposed or its columns are
/// pages apart: that is copied, some rows at a time and onto the stack.
template <class T, bool LeftTransposed, bool RightTransposed>
void tile_product(const TileKernel<T>& kernel, T* c, Index c_step,
                  const Operand<T, LeftTransposed>& a, const Operand<T, RightTransposed>& b,
                  T scale, bool accumulate) {
  // A block of a and one of b lie in the second-level cache, a tile's columns of b in the first.
  constexpr Index most_rows = 336;
  constexpr Index most_cols = 256;
  constexpr Index copied_rows = 192 / static_cast<Index>(sizeof(T)); // as the largest kernel
  // Rows of b that are far apart are beyond the hardware's foresight: two cache lines ahead.
  constexpr Index ahead = RightTransposed ? 128 / static_cast<Index>(sizeof(T)) : 0;
  constexpr Index page = 4096 / static_cast<Index>(sizeof(T));
  const bool copies = LeftTransposed || (a.stride >= page && b.cols >= 32);
  const Index rows_at_once = copies ? std::min(kernel.rows, copied_rows) : most_rows;
  const Index blocks = std::max<Index>(1, (a.cols + tile_inner - 1) / tile_inner);
  const Index inner = (a.cols + blocks - 1) / blocks;

  Tile<T> tile{};
  tile.b_step = RightTransposed ? b.stride : 1;
  tile.b_apart = RightTransposed ? 1 : b.stride;
  tile.c_step = c_step;
  tile.scale = scale;
  for (Index j0 = 0; j0 < b.cols; j0 += most_cols) {
    const Index cols = std::min(most_cols, b.cols - j0);
    for (Index block = 0; block < blocks; ++block) {
      const Index l0 = block * inner;
      tile.k = std::min(inner, a.cols - l0);
      tile.accumulate = accumulate || block > 0;
      const auto right = b.block(l0, j0, tile.k, cols);
      for (Index i0 = 0; i0 < a.rows; i0 += rows_at_once) {
        const auto left = a.block(i0, l0, std::min(rows_at_once, a.rows - i0), tile.k);
        const auto run = [&](const T* data, Index step) {
          tile.a_step = step;
          for (Index j = 0; j < cols; j += kernel.cols) {
            tile.cols = std::min(kernel.cols, cols - j);
            tile.b = right.data + j * tile.b_apart;
            tile.ahead = tile.b + ahead;
            for (Index i = 0; i < left.rows; i += kernel.rows) {
              tile.rows = std::min(kernel.rows, left.rows - i);
              tile.a = data + i;
              tile.c = c + i0 + i + (j0 + j) * c_step;
              kernel.run(tile);
            }
          }
        };
        if (copies) {
          alignas(64) std::array<T, static_cast<std::size_t>(copied_rows * tile_inner)> copy;
          copy_rows(left, copy.data(), copied_rows);
          run(copy.data(), copied_rows);
        } else {
          run(left.data, left.stride);
        }
      }
    }
  }
}

} // namespace gradus::detail
