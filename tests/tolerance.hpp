// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <algorithm>
#include <cmath>
#include <limits>

#include <Eigen/Core>

/// How closely numbers of a type must agree, with the reason. `rel` and `abs` are for results of
/// short calculations with values of order 1: an elementary function within 4 units in the last
/// place and some ten roundings after it. `derivative` is for a derivative against another exact
/// way to it (complex step, dual number), where a difference of two near-equal terms may cost some
/// digits more.
template <class T>
struct tol;

/// 16 units in the last place of 2^-23.
template <>
struct tol<float> {
  static constexpr double rel = 16 * 0x1p-23;
  static constexpr double abs = rel;
  static constexpr double derivative = 1e-5;
};

/// 16 units in the last place of 2^-52; the derivative bound is the one the library promises.
template <>
struct tol<double> {
  static constexpr double rel = 16 * 0x1p-52;
  static constexpr double abs = rel;
  static constexpr double derivative = 1e-10;
};

/// References are given in double at best, so double's table holds.
template <>
struct tol<long double> : tol<double> {};

/// Eleven significant bits: computed in float and rounded once, so 1 unit in the last place, and
/// the same again for the rounded argument.
template <>
struct tol<Eigen::half> {
  static constexpr double rel = 2 * 0x1p-10;
  static constexpr double abs = rel;
  static constexpr double derivative = 4 * 0x1p-10;
};

/// Eight significant bits, otherwise as half.
template <>
struct tol<Eigen::bfloat16> {
  static constexpr double rel = 2 * 0x1p-7;
  static constexpr double abs = rel;
  static constexpr double derivative = 4 * 0x1p-7;
};

/// |x - reference| in units of the reference, or of `floor` where the reference is smaller still:
/// a relative error that stays meaningful next to a zero. Infinite if just one is NaN; equal
/// infinities agree.
inline double relative_error(long double x, long double reference, long double floor = 1e-300L) {
  if (x == reference || (std::isnan(x) && std::isnan(reference))) {
    return 0.0;
  }
  if (!std::isfinite(x) || !std::isfinite(reference)) {
    return std::numeric_limits<double>::infinity();
  }
  return static_cast<double>(std::abs(x - reference) / std::max(std::abs(reference), floor));
}
