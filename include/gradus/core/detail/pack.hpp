// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <array>
#include <concepts>
#include <cstddef>
#include <limits>

#include <Eigen/Core>

#include <gradus/core/types.hpp>

namespace gradus::detail {

/// Number types with vector kernels of their own.
template <class T>
concept Vectorised = std::same_as<T, float> || std::same_as<T, double>;

/// As many numbers as one vector register holds, with the arithmetic that the kernels need: a thin
/// dress over Eigen's packets, which are explicit SIMD at any optimisation level and a single
/// number where there is none. Comparisons give masks for select().
template <Vectorised T>
struct Pack {
  using Register = typename Eigen::internal::packet_traits<T>::type;
  static constexpr Index size = Eigen::internal::unpacket_traits<Register>::size;

  Register v;

  Pack() = default;
  explicit Pack(const Register& r) : v(r) {}
  explicit Pack(T x) requires(!std::same_as<T, Register>)
      : v(Eigen::internal::pset1<Register>(x)) {}

  static Pack load(const T* from) { return Pack(Eigen::internal::ploadu<Register>(from)); }
  void store(T* to) const { Eigen::internal::pstoreu(to, v); }

  friend Pack operator+(Pack a, Pack b) { return Pack(Eigen::internal::padd(a.v, b.v)); }
  friend Pack operator-(Pack a, Pack b) { return Pack(Eigen::internal::psub(a.v, b.v)); }
  friend Pack operator*(Pack a, Pack b) { return Pack(Eigen::internal::pmul(a.v, b.v)); }
  friend Pack operator/(Pack a, Pack b) { return Pack(Eigen::internal::pdiv(a.v, b.v)); }
  /// With the same number in every entry.
  friend Pack operator+(Pack a, T b) { return a + Pack(b); }
  friend Pack operator-(T a, Pack b) { return Pack(a) - b; }
  friend Pack operator*(T a, Pack b) { return Pack(a) * b; }
  friend Pack operator/(T a, Pack b) { return Pack(a) / b; }
  Pack operator-() const { return Pack(Eigen::internal::pxor(v, Pack(T(-0.0)).v)); }

  /// a b + c, fused where the machine can.
  friend Pack fma(Pack a, Pack b, Pack c) { return Pack(Eigen::internal::pmadd(a.v, b.v, c.v)); }
  friend Pack abs(Pack a) { return Pack(Eigen::internal::pabs(a.v)); }
  /// |a| with the sign of s; a >= 0.
  friend Pack with_sign(Pack a, Pack s) {
    return Pack(Eigen::internal::por(a.v, Eigen::internal::pand(s.v, Pack(T(-0.0)).v)));
  }
  /// Masks: false where one side is NaN.
  friend Pack operator<(Pack a, Pack b) { return Pack(Eigen::internal::pcmp_lt(a.v, b.v)); }
  friend Pack operator<=(Pack a, Pack b) { return Pack(Eigen::internal::pcmp_le(a.v, b.v)); }
  /// mask ? a : b, entry by entry.
  friend Pack select(Pack mask, Pack a, Pack b) {
    return Pack(Eigen::internal::pselect(mask.v, a.v, b.v));
  }
  friend Pack sqrt(Pack a) { return Pack(Eigen::internal::psqrt(a.v)); }
  friend Pack log(Pack a) { return Pack(Eigen::internal::plog(a.v)); }
  friend Pack exp(Pack a) { return Pack(Eigen::internal::pexp(a.v)); }
};

/// c[0] + c[1] x + ...: Horner's rule on the even and the odd coefficients apart, two chains that
/// the processor runs side by side.
template <class T, std::size_t N>
Pack<T> polynomial(Pack<T> x, const std::array<T, N>& c) {
  static_assert(N >= 2);
  constexpr std::size_t last_odd = N % 2 == 0 ? N - 1 : N - 2;
  constexpr std::size_t last_even = N % 2 == 0 ? N - 2 : N - 1;
  const Pack<T> square = x * x;
  Pack<T> odd(c[last_odd]);
  for (std::size_t i = last_odd; i >= 3; i -= 2) {
    odd = fma(odd, square, Pack<T>(c[i - 2]));
  }
  Pack<T> even(c[last_even]);
  for (std::size_t i = last_even; i >= 2; i -= 2) {
    even = fma(even, square, Pack<T>(c[i - 2]));
  }
  return fma(odd, x, even);
}

} // namespace gradus::detail
