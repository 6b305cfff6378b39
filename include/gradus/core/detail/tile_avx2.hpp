// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#if defined(__x86_64__) && defined(__GNUC__)

#include <immintrin.h>

#include <gradus/core/detail/tile.hpp>

/// The tile kernel for CPUs with AVX2 and FMA; compiled whatever the program's own flags are.
namespace gradus::detail {

#define GRADUS_INLINE_AVX2 __attribute__((target("avx2,fma"), always_inline)) static inline

template <class T>
struct Avx2;

template <>
struct Avx2<float> {
  using V = __m256;
  static constexpr int size = 8;
  GRADUS_INLINE_AVX2 V zero() { return _mm256_setzero_ps(); }
  GRADUS_INLINE_AVX2 V all(float x) { return _mm256_set1_ps(x); }
  GRADUS_INLINE_AVX2 V load(const float* x) { return _mm256_loadu_ps(x); }
  GRADUS_INLINE_AVX2 V load(const float* x, __m256i m) { return _mm256_maskload_ps(x, m); }
  GRADUS_INLINE_AVX2 void store(float* to, V x) { _mm256_storeu_ps(to, x); }
  GRADUS_INLINE_AVX2 void store(float* to, V x, __m256i m) { _mm256_maskstore_ps(to, m, x); }
  GRADUS_INLINE_AVX2 V mul(V x, V y) { return _mm256_mul_ps(x, y); }
  GRADUS_INLINE_AVX2 V fma(V x, V y, V z) { return _mm256_fmadd_ps(x, y, z); }
  GRADUS_INLINE_AVX2 __m256i first(Index n) {
    return _mm256_cmpgt_epi32(_mm256_set1_epi32(static_cast<int>(n)),
                              _mm256_setr_epi32(0, 1, 2, 3, 4, 5, 6, 7));
  }
};

template <>
struct Avx2<double> {
  using V = __m256d;
  static constexpr int size = 4;
  GRADUS_INLINE_AVX2 V zero() { return _mm256_setzero_pd(); }
  GRADUS_INLINE_AVX2 V all(double x) { return _mm256_set1_pd(x); }
  GRADUS_INLINE_AVX2 V load(const double* x) { return _mm256_loadu_pd(x); }
  GRADUS_INLINE_AVX2 V load(const double* x, __m256i m) { return _mm256_maskload_pd(x, m); }
  GRADUS_INLINE_AVX2 void store(double* to, V x) { _mm256_storeu_pd(to, x); }
  GRADUS_INLINE_AVX2 void store(double* to, V x, __m256i m) { _mm256_maskstore_pd(to, m, x); }
  GRADUS_INLINE_AVX2 V mul(V x, V y) { return _mm256_mul_pd(x, y); }
  GRADUS_INLINE_AVX2 V fma(V x, V y, V z) { return _mm256_fmadd_pd(x, y, z); }
  GRADUS_INLINE_AVX2 __m256i first(Index n) {
    return _mm256_cmpgt_epi64(_mm256_set1_epi64x(n), _mm256_setr_epi64x(0, 1, 2, 3));
  }
};

#undef GRADUS_INLINE_AVX2

/// A tile of so many vectors of rows, the last one masked unless it is full, times 4 columns: 12 of
/// the 16 registers hold c.
template <class T, int vectors, bool full>
__attribute__((target("avx2,fma"))) void tile_avx2(const Tile<T>& tile) {
  using S = Avx2<T>;
  using V = typename S::V;
  constexpr int columns = 4;
  constexpr int last = vectors - 1;
  const __m256i mask = S::first(tile.rows - last * S::size);
  V sum[columns][vectors];
  const T* b[columns]; // missing columns repeat the first; their results are dropped
#pragma GCC unroll 4
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
#pragma GCC unroll 4
    for (int j = 0; j < columns; ++j) {
      const V right = S::all(b[j][at]);
#pragma GCC unroll 3
      for (int r = 0; r < vectors; ++r) {
        sum[j][r] = S::fma(left[r], right, sum[j][r]);
      }
    }
  }
  const V scale = S::all(tile.scale);
#pragma GCC unroll 4
  for (int j = 0; j < columns; ++j) {
    if (j < tile.cols) {
      T* c = tile.c + j * tile.c_step;
#pragma GCC unroll 3
      for (int r = 0; r < vectors; ++r, c += S::size) {
        if (full || r < last) {
          S::store(c, tile.accumulate ? S::fma(scale, sum[j][r], S::load(c))
                                      : S::mul(scale, sum[j][r]));
        } else {
          S::store(c,
                   tile.accumulate ? S::fma(scale, sum[j][r], S::load(c, mask))
                                   : S::mul(scale, sum[j][r]),
                   mask);
        }
      }
    }
  }
}

template <class T>
void any_tile_avx2(const Tile<T>& tile) {
  constexpr Index size = Avx2<T>::size;
  if (tile.rows == 3 * size) {
    tile_avx2<T, 3, true>(tile);
  } else if (tile.rows > 2 * size) {
    tile_avx2<T, 3, false>(tile);
  } else if (tile.rows > size) {
    tile_avx2<T, 2, false>(tile);
  } else {
    tile_avx2<T, 1, false>(tile);
  }
}

template <class T>
inline constexpr TileKernel<T> avx2_kernel{"AVX2 tiles", 3 * Avx2<T>::size, 4, any_tile_avx2<T>};

} // namespace gradus::detail

#endif
