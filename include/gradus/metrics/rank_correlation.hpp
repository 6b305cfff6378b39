// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <limits>
#include <numeric>
#include <vector>

#include <gradus/core/error.hpp>

/// How far two lists rise together, whatever the shape of the relation: correlations of ranks,
/// which no increasing change of scale (a logarithm, say) alters.

namespace gradus::metrics {

/// Ranks 1, ..., n of the values, ascending; equal values share the mean of their ranks.
/// @throws ArgumentError if a value is NaN   Cost: n log n
[[nodiscard]] inline std::vector<double> ranks(const std::vector<double>& values) {
  for (const double x : values) {
    require(!std::isnan(x), "value", x, "a number, to have a rank");
  }
  std::vector<std::size_t> order(values.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::stable_sort(order.begin(), order.end(),
                   [&](std::size_t a, std::size_t b) { return values[a] < values[b]; });
  std::vector<double> result(values.size());
  for (std::size_t first = 0; first < order.size();) {
    std::size_t end = first + 1;
    while (end < order.size() && values[order[end]] == values[order[first]]) {
      ++end;
    }
    const double shared = (static_cast<double>(first + 1) + static_cast<double>(end)) / 2;
    for (; first < end; ++first) {
      result[order[first]] = shared;
    }
  }
  return result;
}

/// Spearman's rank correlation in [-1, 1]: Pearson's correlation of the ranks, ties sharing theirs.
/// NaN for fewer than two values or if all of a list are equal.
/// @throws ArgumentError if the lists differ in size or hold a NaN
[[nodiscard]] inline double spearman(const std::vector<double>& x, const std::vector<double>& y) {
  require(x.size() == y.size(), "size of y", y.size(), "that of x");
  const std::vector<double> a = ranks(x);
  const std::vector<double> b = ranks(y);
  const double mean = (static_cast<double>(x.size()) + 1) / 2;
  double aa = 0;
  double bb = 0;
  double ab = 0;
  for (std::size_t i = 0; i < a.size(); ++i) {
    aa += (a[i] - mean) * (a[i] - mean);
    bb += (b[i] - mean) * (b[i] - mean);
    ab += (a[i] - mean) * (b[i] - mean);
  }
  if (!(aa > 0) || !(bb > 0)) {
    return std::numeric_limits<double>::quiet_NaN();
  }
  return std::clamp(ab / std::sqrt(aa * bb), -1.0, 1.0);
}

/// Kendall's tau-b in [-1, 1]: pairs in the same order minus pairs in opposite order, over the
/// geometric mean of the numbers of pairs untied in x and in y. NaN as for spearman().
/// @throws ArgumentError if the lists differ in size or hold a NaN   Cost: n^2
[[nodiscard]] inline double kendall(const std::vector<double>& x, const std::vector<double>& y) {
  require(x.size() == y.size(), "size of y", y.size(), "that of x");
  const std::vector<double> a = ranks(x);
  const std::vector<double> b = ranks(y);
  double balance = 0;
  double untied_a = 0;
  double untied_b = 0;
  for (std::size_t i = 0; i < a.size(); ++i) {
    for (std::size_t j = 0; j < i; ++j) {
      const double sign_a = a[i] > a[j] ? 1 : a[i] < a[j] ? -1 : 0;
      const double sign_b = b[i] > b[j] ? 1 : b[i] < b[j] ? -1 : 0;
      balance += sign_a * sign_b;
      untied_a += sign_a * sign_a;
      untied_b += sign_b * sign_b;
    }
  }
  if (!(untied_a > 0) || !(untied_b > 0)) {
    return std::numeric_limits<double>::quiet_NaN();
  }
  return balance / std::sqrt(untied_a * untied_b);
}

} // namespace gradus::metrics
