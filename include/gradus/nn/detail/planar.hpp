// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <array>
#include <concepts>

#include <gradus/nn/detail/pack.hpp>

/// Complex functions on packs of real and imaginary parts that lie apart: no shuffling, and each
/// built from real exponentials and sines.
namespace gradus::nn::detail {

/// Sine and cosine of one argument.
template <class T>
struct SineCosine {
  Pack<T> sine, cosine;
};

/// x = r + k pi / 2 with |r| <= pi / 4: sine and cosine of r, and whether k is odd and where k lies
/// modulo 4 (as a number in -2 ... 2).
template <class T>
struct Quadrant {
  SineCosine<T> inner;
  Pack<T> odd;     ///< mask
  Pack<T> quarter; ///< k - 4 round(k / 4)

  explicit Quadrant(Pack<T> x) {
    // Adding and taking off this number rounds to a whole one.
    constexpr T shift = std::same_as<T, float> ? T(0x1.8p23) : T(0x1.8p52);
    const auto round = [](Pack<T> a) { return (a + Pack<T>(shift)) - Pack<T>(shift); };
    constexpr T two_over_pi = T(0.63661977236758134308);
    const Pack<T> k = round(two_over_pi * x);
    quarter = k - T(4) * round(T(0.25) * k);
    const Pack<T> off = abs(quarter) - Pack<T>(T(1));
    odd = abs(off) < Pack<T>(T(0.5));
    // pi / 2 in three parts, the first two short enough that their products with k are exact.
    constexpr auto parts = [] {
      if constexpr (std::same_as<T, float>) {
        return std::array{0x1.92p+0F, 0x1.fbp-12F, 0x1.5110b4p-22F};
      } else {
        return std::array{0x1.921fb544p+0, 0x1.0b4611a6p-34, 0x1.3198a2e037073p-69};
      }
    }();
    Pack<T> r = fma(k, Pack<T>(-parts[0]), x);
    r = fma(k, Pack<T>(-parts[1]), r);
    r = fma(k, Pack<T>(-parts[2]), r);
    inner = taylor(r);
  }

private:
  /// Taylor's series on |r| <= pi / 4, remainder below 2^-53 (and far below 2^-24 in float).
  static SineCosine<T> taylor(Pack<T> r) {
    constexpr std::array sine{
        T(-1.0 / 6),        T(1.0 / 120),          T(-1.0 / 5040),           T(1.0 / 362880),
        T(-1.0 / 39916800), T(1.0 / 6227020800.0), T(-1.0 / 1307674368000.0)};
    constexpr std::array cosine{
        T(1.0 / 24),        T(-1.0 / 720),           T(1.0 / 40320),           T(-1.0 / 3628800),
        T(1.0 / 479001600), T(-1.0 / 87178291200.0), T(1.0 / 20922789888000.0)};
    const Pack<T> s = r * r;
    return {fma(r * s, polynomial(s, sine), r),
            fma(s * s, polynomial(s, cosine), fma(s, Pack<T>(T(-0.5)), Pack<T>(T(1))))};
  }
};

/// Sine and cosine. Absolute error about a unit in the last place of 1 for |x| < 1e6 (float: 1e3);
/// beyond that the argument loses digits. NaN for NaN and infinity.
template <class T>
SineCosine<T> sine_cosine(Pack<T> x) {
  const Quadrant<T> q(x);
  const Pack<T> s = select(q.odd, q.inner.cosine, q.inner.sine);
  const Pack<T> c = select(q.odd, q.inner.sine, q.inner.cosine);
  const Pack<T> half(T(0.5));
  const Pack<T> back(T(1.5));
  const Pack<T> flip_s = select(q.quarter < -half, -s, select(back < q.quarter, -s, s));
  const Pack<T> flip_c =
      select(half < q.quarter, -c, select(q.quarter < -half, select(q.quarter < -back, -c, c), c));
  return {flip_s, flip_c};
}

/// 1 / (1 + exp(-z)) at z = x + i y. With e = exp(-|x|) everything is a quotient by
///   |1 + e exp(i y)|^2 = (1 - e)^2 + 4 e cos(y / 2)^2,
/// written with the half angle so that no digits are lost next to the poles x = 0, cos y = -1.
template <class T>
void complex_sigmoid(Pack<T> x, Pack<T> y, Pack<T>& re, Pack<T>& im) {
  const Pack<T> one(T(1));
  const Quadrant<T> half(T(0.5) * y); // products of two need to know no more than whether k is odd
  const Pack<T> s = half.inner.sine;
  const Pack<T> c = half.inner.cosine;
  const Pack<T> square = select(half.odd, s * s, c * c); // cos(y / 2)^2
  const Pack<T> cross = s * c;
  const Pack<T> sine = T(2) * select(half.odd, -cross, cross); // sin y
  const Pack<T> e = exp_negative(abs(x));
  const Pack<T> gap = one - e;
  const Pack<T> lift = (e + e) * square;
  const Pack<T> r = one / fma(gap, gap, lift + lift);
  re = select(x < Pack<T>(T(0)), lift - e * gap, lift + gap) * r;
  im = e * sine * r;
}

/// exp(x + i y) for x <= 0.
template <class T>
void complex_exp_negative(Pack<T> x, Pack<T> y, Pack<T>& re, Pack<T>& im) {
  const Pack<T> size = exp_negative(-x);
  const auto [s, c] = sine_cosine(y);
  re = size * c;
  im = size * s;
}

} // namespace gradus::nn::detail
