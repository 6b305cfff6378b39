// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <cmath>
#include <limits>
#include <vector>

#include <gradus/core/types.hpp>

namespace gradus::metrics {

/// Standard error by leaving one out: sqrt((n - 1) / n sum_i (t_i - mean)^2) with t_i the statistic
/// without sample i, such as a slope fitted to means over samples. NaN for fewer than two samples.
/// @param num_samples  n   @param statistic_without  i -> t_i, a number
/// Source: Quenouille 1956, Tukey 1958.
template <class StatisticWithout>
[[nodiscard]] double jackknife_error(Index num_samples, StatisticWithout&& statistic_without) {
  if (num_samples < 2) {
    return std::numeric_limits<double>::quiet_NaN();
  }
  const auto n = static_cast<double>(num_samples);
  std::vector<double> values;
  double mean = 0;
  for (Index i = 0; i < num_samples; ++i) {
    values.push_back(statistic_without(i));
    mean += values.back() / n;
  }
  double sum = 0;
  for (const double t : values) {
    sum += (t - mean) * (t - mean);
  }
  return std::sqrt((n - 1) / n * sum);
}

} // namespace gradus::metrics
