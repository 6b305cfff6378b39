// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <limits>
#include <utility>
#include <vector>

#include <gradus/core/error.hpp>

namespace gradus::metrics {

/// Kolmogorov-Smirnov distance of a discrete law from a distribution function: the largest distance
/// of both distribution functions, on either side of each step. NaN for no points, a weight or a
/// value of the function that is not finite.
/// @param points  ascending   @param weights  >= 0, one a point; normalised here, sum > 0
/// @param cdf  x -> P(X <= x)
/// @throws ArgumentError if the lists differ in size or the points do not ascend
template <class Cdf>
[[nodiscard]] double ks_distance(const std::vector<double>& points,
                                 const std::vector<double>& weights, Cdf&& cdf) {
  require(points.size() == weights.size(), "size of weights", weights.size(), "that of the points");
  double total = 0;
  for (std::size_t i = 0; i < points.size(); ++i) {
    require(i == 0 || points[i] >= points[i - 1], "point", points[i], "ascending");
    total += weights[i];
  }
  if (!(total > 0) || !std::isfinite(total)) {
    return std::numeric_limits<double>::quiet_NaN();
  }
  double worst = 0;
  double sum = 0;
  for (std::size_t i = 0; i < points.size(); ++i) {
    const double at = cdf(points[i]);
    if (!std::isfinite(at)) {
      return std::numeric_limits<double>::quiet_NaN();
    }
    worst = std::max(worst, std::abs(at - sum / total));
    sum += weights[i];
    worst = std::max(worst, std::abs(at - sum / total));
  }
  return worst;
}

/// The same for a sample of equal weights, in any order.
template <class Cdf>
[[nodiscard]] double ks_distance(std::vector<double> sample, Cdf&& cdf) {
  if (std::any_of(sample.begin(), sample.end(), [](double x) { return std::isnan(x); })) {
    return std::numeric_limits<double>::quiet_NaN();
  }
  std::sort(sample.begin(), sample.end());
  return ks_distance(sample, std::vector<double>(sample.size(), 1.0), std::forward<Cdf>(cdf));
}

} // namespace gradus::metrics
