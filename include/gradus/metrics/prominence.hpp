// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <algorithm>
#include <cmath>
#include <limits>
#include <utility>
#include <vector>

#include <gradus/core/error.hpp>

namespace gradus::metrics {

/// By what factor a curve stands out where a peak is expected: its largest value at the coordinates
/// `near` over the larger of its values at the two `sides`. Above 1 there is a peak; a curve that
/// only falls or rises has less.
///
/// Of a double descent: near = the sizes around as many parameters as samples, sides = one size
/// well below and one well above. A ratio, so it is the same for errors in any unit; for values of
/// both signs it means nothing.
/// @param at  coordinates   @param values  >= 0; an infinite one (a divergence) counts as such
/// @param near  coordinates of the peak, at least one   @param sides  coordinates on either side
/// @return  NaN if any of the values used is; infinite if the peak is infinite or the sides are 0
/// @throws ArgumentError if the lists differ in size, `near` is empty, or a coordinate is not in
///         `at` (to 1e-9 relative)
[[nodiscard]] inline double prominence(const std::vector<double>& at,
                                       const std::vector<double>& values,
                                       const std::vector<double>& near,
                                       std::pair<double, double> sides) {
  require(at.size() == values.size(), "size of values", values.size(), "that of the coordinates");
  require(!near.empty(), "number of coordinates of the peak", near.size(), ">= 1");
  const auto value_at = [&](double coordinate) {
    for (std::size_t i = 0; i < at.size(); ++i) {
      if (std::abs(at[i] - coordinate) <= 1e-9 * std::abs(coordinate)) {
        return values[i];
      }
    }
    throw ArgumentError("coordinate", gradus::detail::to_text(coordinate), "one of the curve's");
  };
  const double left = value_at(sides.first);
  const double right = value_at(sides.second);
  double peak = -std::numeric_limits<double>::infinity();
  for (const double coordinate : near) {
    const double value = value_at(coordinate);
    peak = std::isnan(value) || value > peak ? value : peak;
    if (std::isnan(peak)) {
      break;
    }
  }
  if (std::isnan(left) || std::isnan(right) || std::isnan(peak)) {
    return std::numeric_limits<double>::quiet_NaN();
  }
  return peak / std::max(left, right);
}

} // namespace gradus::metrics
