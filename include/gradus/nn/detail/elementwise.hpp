// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <algorithm>
#include <array>
#include <cstddef>

#include <gradus/core/types.hpp>
#include <gradus/nn/detail/pack.hpp>

namespace gradus::nn::detail {

/// Calls body(n, pointers...) on runs of memory that are contiguous in all matrices: the whole of
/// them, or one column at a time.
template <class Body, class First, class... Rest>
void for_contiguous(Body&& body, First&& first, Rest&&... rest) {
  const Index rows = first.rows();
  const Index cols = first.cols();
  if (rows == 0 || cols == 0) {
    return;
  }
  const auto whole = [&](const auto& m) { return m.outerStride() == rows || cols == 1; };
  if (whole(first) && (whole(rest) && ...)) {
    body(rows * cols, first.data(), rest.data()...);
    return;
  }
  for (Index j = 0; j < cols; ++j) {
    body(rows, first.data() + j * first.outerStride(), rest.data() + j * rest.outerStride()...);
  }
}

/// An activation with a vector kernel: f.pack<Order>(x, a, d, s) on Pack<T>.
template <class A, class T>
concept HasKernel = Vectorised<T> && requires(const A& f, Pack<T> x, Pack<T>& a) {
  f.template pack<2>(x, a, a, a);
};

/// a = f(z), d = f'(z) if Order >= 1, s = f''(z) if Order >= 2, over n contiguous entries.
template <int Order, class A, class T>
void evaluate(const A& f, Index n, const T* z, T* a, T* d, T* s) {
  if constexpr (HasKernel<A, T>) {
    constexpr Index width = Pack<T>::size;
    Pack<T> value;
    Pack<T> first;
    Pack<T> second;
    Index i = 0;
    for (; i + width <= n; i += width) {
      f.template pack<Order>(Pack<T>::load(z + i), value, first, second);
      value.store(a + i);
      if constexpr (Order >= 1) {
        first.store(d + i);
      }
      if constexpr (Order >= 2) {
        second.store(s + i);
      }
    }
    if (i < n) { // the rest through the same kernel: a result does not depend on its position
      std::array<T, static_cast<std::size_t>(width)> padded{};
      std::copy(z + i, z + n, padded.begin());
      f.template pack<Order>(Pack<T>::load(padded.data()), value, first, second);
      const auto put = [&](const Pack<T>& from, T* to) {
        from.store(padded.data());
        std::copy_n(padded.begin(), n - i, to + i);
      };
      put(value, a);
      if constexpr (Order >= 1) {
        put(first, d);
      }
      if constexpr (Order >= 2) {
        put(second, s);
      }
    }
  } else {
    for (Index i = 0; i < n; ++i) {
      const T x = z[i];
      a[i] = f.value(x);
      if constexpr (Order >= 1) {
        d[i] = f.derivative(x);
      }
      if constexpr (Order >= 2) {
        s[i] = f.second_derivative(x);
      }
    }
  }
}

} // namespace gradus::nn::detail
