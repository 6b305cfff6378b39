// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#if defined(__x86_64__) && defined(__GNUC__)

#include <immintrin.h>

#include <gradus/core/detail/tile.hpp>

/// The tile kernel for CPUs with AVX-512; compiled whatever the program's own flags are.
namespace gradus::detail {

#define GRADUS_INLINE_AVX512 __attribute__((target("avx512f"), always_inline)) static inline

template <class T>
struct Avx512;

template <>
struct Avx512<float> {
  using V = __m512;
  using Mask = __mmask16;
  static constexpr int size = 16;
  GRADUS_INLINE_AVX512 V zero() { return _mm512_setzero_ps(); }
  GRADUS_INLINE_AVX512 V all(float x) { return _mm512_set1_ps(x); }
  GRADUS_INLINE_AVX512 V load(const float* x) { return _mm512_loadu_ps(x); }
  GRADUS_INLINE_AVX512 V load(const float* x, Mask m) { return _mm512_maskz_loadu_ps(m, x); }
  GRADUS_INLINE_AVX512 void store(float* to, V x, Mask m) { _mm512_mask_storeu_ps(to, m, x); }
  GRADUS_INLINE_AVX512 V mul(V x, V y) { return _mm512_mul_ps(x, y); }
  GRADUS_INLINE_AVX512 V fma(V x, V y, V z) { return _mm512_fmadd_ps(x, y, z); }
};

template <>
struct Avx512<double> {
  using V = __m512d;
  using Mask = __mmask8;
  static constexpr int size = 8;
  GRADUS_INLINE_AVX512 V zero() { return _mm512_setzero_pd(); }
  GRADUS_INLINE_AVX512 V all(double x) { return _mm512_set1_pd(x); }
  GRADUS_INLINE_AVX512 V load(const double* x) { return _mm512_loadu_pd(x); }
  GRADUS_INLINE_AVX512 V load(const double* x, Mask m) { return _mm512_maskz_loadu_pd(m, x); }
  GRADUS_INLINE_AVX512 void store(double* to, V x, Mask m) { _mm512_mask_storeu_pd(to, m, x); }
  GRADUS_INLINE_AVX512 V mul(V x, V y) { return _mm512_mul_pd(x, y); }
  GRADUS_INLINE_AVX512 V fma(V x, V y, V z) { return _mm512_fmadd_pd(x, y, z); }
};

#undef GRADUS_INLINE_AVX512

/// A tile of so many vectors of rows, the last one masked unless it is full, times 8 columns: 24 of
/// the 32 registers hold c.
template <class T, int vectors, bool full>
__attribute__((target("avx512f"))) void tile_avx512(const Tile<T>& tile) {
  using S = Avx512<T>;
  using V = typename S::V;
  constexpr int columns = 8;
  constexpr int last = vectors - 1;
  const auto rest = static_cast<unsigned>(tile.rows - last * S::size);
  const auto mask = static_cast<typename S::Mask>((1U << rest) - 1U);
  V sum[columns][vectors];
  const T* b[columns]; // missing columns repeat the first; their results are dropped
#pragma GCC unroll 8
  for (int j = 0; j < columns; ++j) {
    b[j] = tile.b + (j < tile.cols ? j : 0) * tile.b_apart;
#pragma GCC unroll 3
    for (int r = 0; r < vectors; ++r) {
      sum[j][r] = S::zero();
    }
  }
  const T* a = tile.a;
  const T* ahead = tile.ahead;
  const Index a_step = tile.a_step;
  const Index b_step = tile.b_step;
  Index at = 0;
  for (Index l = tile.k; l > 0; --l, a += a_step, at += b_step) {
    __builtin_prefetch(ahead + at);
    V left[vectors];
#pragma GCC unroll 3
    for (int r = 0; r < vectors; ++r) {
      left[r] = full || r < last ? S::load(a + r * S::size) : S::load(a + r * S::size, mask);
    }
#pragma GCC unroll 8
    for (int j = 0; j < columns; ++j) {
      const V right = S::all(b[j][at]);
#pragma GCC unroll 3
      for (int r = 0; r < vectors; ++r) {
        sum[j][r] = S::fma(left[r], right, sum[j][r]);
      }
    }
  }
  const V scale = S::all(tile.scale);
#pragma GCC unroll 8
  for (int j = 0; j < columns; ++j) {
    if (j < tile.cols) {
      T* c = tile.c + j * tile.c_step;
#pragma GCC unroll 3
      for (int r = 0; r < vectors; ++r, c += S::size) {
        const auto m = r < last ? static_cast<typename S::Mask>(-1) : mask;
        S::store(
            c, tile.accumulate ? S::fma(scale, sum[j][r], S::load(c, m)) : S::mul(scale, sum[j][r]),
            m);
      }
    }
  }
}

template <class T>
void any_tile_avx512(const Tile<T>& tile) {
  constexpr Index size = Avx512<T>::size;
  if (tile.rows == 3 * size) {
    tile_avx512<T, 3, true>(tile);
  } else if (tile.rows > 2 * size) {
    tile_avx512<T, 3, false>(tile);
  } else if (tile.rows > size) {
    tile_avx512<T, 2, false>(tile);
  } else {
    tile_avx512<T, 1, false>(tile);
  }
}

template <class T>
inline constexpr TileKernel<T> avx512_kernel{"AVX-512 tiles", 3 * Avx512<T>::size, 8,
                                             any_tile_avx512<T>};

} // namespace gradus::detail

#endif
