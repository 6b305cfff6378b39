// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <utility>

#include <gradus/core/detail/pack.hpp>
#include <gradus/core/error.hpp>
#include <gradus/core/parallel.hpp>
#include <gradus/core/scalar.hpp>
#include <gradus/core/types.hpp>

/// The one loop of all update rules: parameters, gradient and state go through the processor once.
namespace gradus::optim::detail {

using gradus::detail::Pack;
using gradus::detail::Vectorised;

/// The larger of two numbers; of complex ones that with the larger real part.
template <Scalar T>
[[nodiscard]] T larger(const T& a, const T& b) {
  return primal(a) < primal(b) ? b : a;
}
template <class T>
[[nodiscard]] Pack<T> larger(Pack<T> a, Pack<T> b) {
  return select(a < b, b, a);
}

/// |x|, continued analytically to complex numbers: -x where the real part is negative.
template <Scalar T>
[[nodiscard]] T magnitude(const T& x) {
  return primal(x) < RealOf<T>(0) ? T(-x) : x;
}
template <class T>
[[nodiscard]] Pack<T> magnitude(Pack<T> x) {
  return abs(x);
}

/// The coordinates [begin, end) of fused_pass, vectorised.
/// @return false if a gradient was not finite
template <Vectorised T, class Kernel, std::size_t... K>
bool pass_over(T* theta, const T* gradient, const Kernel& kernel,
               const std::array<T*, sizeof...(K)>& states, Index begin, Index end,
               std::index_sequence<K...> /*unused*/) {
  constexpr Index size = Pack<T>::size;
  Pack<T> bad(T(0)); // g - g is 0 for a finite g and NaN otherwise
  const auto step = [&](T* x_at, const T* g_at, const std::array<T*, sizeof...(K)>& s_at) {
    Pack<T> x = Pack<T>::load(x_at);
    const Pack<T> g = Pack<T>::load(g_at);
    [[maybe_unused]] std::array<Pack<T>, sizeof...(K)> s{Pack<T>::load(s_at[K])...};
    bad = bad + (g - g);
    kernel(x, g, s[K]...);
    x.store(x_at);
    (s[K].store(s_at[K]), ...);
  };
  Index i = begin;
  for (; i + size <= end; i += size) {
    step(theta + i, gradient + i, {states[K] + i...});
  }
  if (i < end) { // the same arithmetic for what is left, on copies filled up with zeros
    using Buffer = std::array<T, static_cast<std::size_t>(size)>;
    Buffer x{};
    Buffer g{};
    [[maybe_unused]] std::array<Buffer, sizeof...(K)> s{};
    std::copy(theta + i, theta + end, x.begin());
    std::copy(gradient + i, gradient + end, g.begin());
    (std::copy(states[K] + i, states[K] + end, s[K].begin()), ...);
    step(x.data(), g.data(), {s[K].data()...});
    std::copy_n(x.begin(), end - i, theta + i);
    (std::copy_n(s[K].begin(), end - i, states[K] + i), ...);
  }
  std::array<T, static_cast<std::size_t>(size)> sum{};
  bad.store(sum.data());
  return std::all_of(sum.begin(), sum.end(), [](T entry) { return entry == T(0); });
}

/// The same for any other number type, one coordinate at a time.
template <Scalar T, class Kernel, std::size_t... K>
requires(!Vectorised<T>) bool pass_over(T* theta, const T* gradient, const Kernel& kernel,
                                        const std::array<T*, sizeof...(K)>& states, Index begin,
                                        Index end, std::index_sequence<K...> /*unused*/) {
  bool finite = true;
  for (Index i = begin; i < end; ++i) {
    finite = finite && is_finite(gradient[i]);
    kernel(theta[i], gradient[i], states[K][i]...);
  }
  return finite;
}

/// Calls kernel(x, g, s...) for every coordinate: parameter x and the entries s of the states by
/// reference, gradient g by value. For float and double these are Pack<T>, as many coordinates as a
/// register holds; bits depend neither on a coordinate's position nor on the number of threads.
///
/// That all gradients are finite is checked on the way, which costs two instructions beside some
/// ten; theta and states of a step that fails are spoilt. (descend() looks before it steps.)
/// @throws ShapeError if sizes differ; ArgumentError naming the first gradient that is not finite
template <Scalar T, class Kernel, class... States>
void fused_pass(VectorRef<T> theta, ConstVectorRef<T> gradient, const Kernel& kernel,
                States&... states) {
  require_size(gradient, "gradient", theta.size());
  (require_size(states, "state", theta.size()), ...);
  T* const x = theta.data();
  const T* const g = gradient.data();
  const std::array<T*, sizeof...(States)> s{states.data()...};
  const Index size = theta.size();
  const auto run = [&](Index begin, Index end) {
    if (!pass_over(x, g, kernel, s, begin, end, std::index_sequence_for<States...>{}))
        [[unlikely]] {
      require_finite(gradient, "gradient");
    }
  };
  // One core takes some 10 us for so many coordinates, as long as a second one takes to wake up.
  constexpr Index serial_below = Index{1} << 16U;
  constexpr Index chunk = Index{1} << 14U;
  if (size < serial_below) {
    run(0, size);
    return;
  }
  parallel_panels((size + chunk - 1) / chunk,
                  [&](Index k) { run(k * chunk, std::min(size, (k + 1) * chunk)); });
}

} // namespace gradus::optim::detail
