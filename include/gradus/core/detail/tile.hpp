// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <gradus/core/types.hpp>

namespace gradus::detail {

/// One tile of a product, c = or += scale a b, small enough for c to be held in registers, over k
/// inner indices: a(i, l) = a[i + l a_step], b(l, j) = b[l b_step + j b_apart],
/// c(i, j) = c[i + j c_step].
///
/// Every entry is one chain of fused multiply-adds in the order of l, then c = scale sum or
/// c = fma(scale, sum, c): its bits depend neither on where in a tile it lies nor on the width of
/// the vectors.
template <class T>
struct Tile {
  const T* a;
  Index a_step;
  const T* b;
  Index b_step;
  Index b_apart;
  const T* ahead; ///< what will be read next, in steps as b: a hint, never an access
  T* c;
  Index c_step;
  Index rows; ///< 1 up to the kernel's
  Index cols;
  Index k;
  T scale;
  bool accumulate;
};

/// A function that does one tile, and the largest tile it can do.
template <class T>
struct TileKernel {
  const char* name = "none";
  Index rows = 0; ///< 0: there is none
  Index cols = 0;
  void (*run)(const Tile<T>&) = nullptr;
};

} // namespace gradus::detail
