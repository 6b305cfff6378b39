// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <cmath>
#include <cstddef>
#include <limits>
#include <optional>
#include <vector>

#include <gradus/core/error.hpp>
#include <gradus/core/types.hpp>

namespace gradus::metrics {

/// The first place at which values reach the level from below, as a coordinate; none if they never
/// do. NaN values count as below. @throws ArgumentError if the lists differ in size
[[nodiscard]] inline std::optional<double>
first_at_least(const std::vector<double>& at, const std::vector<double>& values, double level) {
  require(at.size() == values.size(), "size of values", values.size(), "that of the coordinates");
  for (std::size_t i = 0; i < values.size(); ++i) {
    if (values[i] >= level) {
      return at[i];
    }
  }
  return std::nullopt;
}

/// The first place at which values are below the level; none if they never are.
/// @throws ArgumentError if the lists differ in size
[[nodiscard]] inline std::optional<double>
first_below(const std::vector<double>& at, const std::vector<double>& values, double level) {
  require(at.size() == values.size(), "size of values", values.size(), "that of the coordinates");
  for (std::size_t i = 0; i < values.size(); ++i) {
    if (values[i] < level) {
      return at[i];
    }
  }
  return std::nullopt;
}

/// A straight line through points.
struct LineFit {
  double slope = std::numeric_limits<double>::quiet_NaN();     ///< units of y over units of x
  double intercept = std::numeric_limits<double>::quiet_NaN(); ///< at x = 0
  double r_squared = std::numeric_limits<double>::quiet_NaN(); ///< share of the variance explained
};

/// The line through points by least squares; NaN in all parts for fewer than two points, for points
/// above each other, or where a number is not finite.
/// @throws ArgumentError if the lists differ in size
[[nodiscard]] inline LineFit fit_line(const std::vector<double>& x, const std::vector<double>& y) {
  require(x.size() == y.size(), "size of y", y.size(), "that of x");
  const auto n = static_cast<double>(x.size());
  double mean_x = 0;
  double mean_y = 0;
  for (std::size_t i = 0; i < x.size(); ++i) {
    mean_x += x[i] / n;
    mean_y += y[i] / n;
  }
  double xx = 0;
  double xy = 0;
  double yy = 0;
  for (std::size_t i = 0; i < x.size(); ++i) {
    xx += (x[i] - mean_x) * (x[i] - mean_x);
    xy += (x[i] - mean_x) * (y[i] - mean_y);
    yy += (y[i] - mean_y) * (y[i] - mean_y);
  }
  if (!(xx > 0) || !std::isfinite(xy) || !std::isfinite(yy)) {
    return {};
  }
  const double slope = xy / xx;
  return {slope, mean_y - slope * mean_x, yy > 0 ? slope * xy / yy : 1.0};
}

} // namespace gradus::metrics
