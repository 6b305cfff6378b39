// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <array>
#include <concepts>

#include <gradus/core/detail/pack.hpp>

/// Special functions on packs of numbers: the pieces of the vector kernels.
namespace gradus::nn::detail {

using gradus::detail::Pack;
using gradus::detail::polynomial;
using gradus::detail::Vectorised;

/// exp(-y) for y >= 0; 0 where it would fall below the smallest normal number.
template <class T>
Pack<T> exp_negative(Pack<T> y) {
  constexpr T limit = std::same_as<T, float> ? T(87.3) : T(708.3);
  return select(Pack<T>(limit) < y, Pack<T>(T(0)), exp(-y));
}

/// exp(-c y^2) for y >= 0, with the square's rounding error put back in, which would otherwise cost
/// c y^2 units in the last place. @param c  1 or 1/2
template <class T>
Pack<T> exp_minus_square(Pack<T> y, T c) {
  // Past this the result is 0 for either c; a clamped y keeps infinity out of the differences.
  const Pack<T> far(std::same_as<T, float> ? T(15) : T(40));
  y = select(far < y, far, y);
  // Adding and taking off this number rounds y to a multiple of 2^-8 or 2^-20, whose square is
  // exact wherever the exponential is not 0.
  constexpr T shift = std::same_as<T, float> ? T(0x1.8p15) : T(0x1.8p32);
  const Pack<T> head = (y + Pack<T>(shift)) - Pack<T>(shift);
  const Pack<T> rest = (head - y) * (head + y) * Pack<T>(c);
  const Pack<T> square = head * head * Pack<T>(c);
  return exp_negative(square) *
         polynomial(rest, std::array<T, 5>{T(1), T(1), T(1) / 2, T(1) / 6, T(1) / 24});
}

/// log(1 + e) for 0 <= e <= 1: log 2 is taken off above sqrt(2) - 1, then 2 atanh(w), w^2 < 0.0295,
/// by our own minimax fit (error 2^-56 in double, 2^-33 in float).
template <class T>
Pack<T> log1p_unit(Pack<T> e) {
  constexpr auto coefficients = [] {
    if constexpr (std::same_as<T, float>) {
      return std::array{0.66666754328748712f, 0.39979720926180834f, 0.29821865893711103f};
    } else {
      return std::array{0.66666666666638041, 0.40000000030719124, 0.28571420220362276,
                        0.22223173788057898, 0.18129479096592549, 0.16755149759007951};
    }
  }();
  const Pack<T> low = e < Pack<T>(T(0.41421356));
  const Pack<T> numerator = select(low, e, e - Pack<T>(T(1)));
  const Pack<T> denominator = e + select(low, Pack<T>(T(2)), Pack<T>(T(3)));
  const Pack<T> w = numerator / denominator;
  const Pack<T> s = w * w;
  const Pack<T> series = fma(w * s, polynomial(s, coefficients), w + w);
  return select(low, series, series + Pack<T>(T(0.693147180559945309417)));
}

/// exp(t^2) erfc(t) for 0 <= t, up to where exp(-t^2) vanishes: our own minimax fit of
/// (t + k) exp(t^2) erfc(t) in u = (t - k) / (t + k), relative error 2^-53 in double, 2^-29 in
/// float.
template <class T>
Pack<T> scaled_erfc(Pack<T> t) {
  constexpr T k = std::same_as<T, float> ? T(3) : T(4);
  constexpr auto coefficients = [] {
    if constexpr (std::same_as<T, float>) {
      return std::array{1.0740069076384726f,     -0.88339448384999641f, 0.59022831036294365f,
                        -0.31046608381979329f,   0.11952886760372693f,  -0.026839347687174542f,
                        -0.0012252121290597846f, 0.003079790897581606f, -0.00048558102262611898f,
                        -0.00032657751399790412f};
    } else {
      return std::array{1.0959956610004913,      -0.97654872908088464,    0.77320870226521798,
                        -0.54085383131295905,    0.33085158787891755,     -0.17401093724831415,
                        0.076381514891833105,    -0.026370053225789815,   0.0061120558367303065,
                        -0.00028095971041803641, -0.00045505382122600969, 0.0001768164826253967,
                        -3.6306132374717415e-06, -1.8870530490730836e-05, 4.6826629464946767e-06,
                        1.4393890882289669e-06,  -8.2723145930389263e-07, -8.8790268249141899e-08,
                        1.0635641807251713e-07,  5.9101372596162703e-09,  -7.3439062122370024e-09};
    }
  }();
  const Pack<T> r = Pack<T>(T(1)) / (t + Pack<T>(k));
  const Pack<T> u = (t - Pack<T>(k)) * r;
  return polynomial(u, coefficients) * r;
}

} // namespace gradus::nn::detail
