// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <array>
#include <cmath>
#include <cstddef>
#include <vector>

#include <gradus/study/figure_geometry.hpp>

namespace gradus::study {

/// A stretch of hatching between two places of a panel, every coordinate in [0, 1].
struct HatchLine {
  std::array<double, 2> from; ///< x, y
  std::array<double, 2> to;   ///< x, y
};

/// Slanted lines over the pixels of a heat map that have no value; lines of neighbouring cells
/// meet.
/// @param width, height  of the panel in pixels
[[nodiscard]] inline std::vector<HatchLine> hatching(const Raster& raster, double width,
                                                     double height) {
  constexpr double apart = 9.0; // pixels between lines, along x
  constexpr double step = 0.25; // pixels along a line, along x
  std::vector<HatchLine> lines;
  const auto hole = [&](double x, double y) {
    if (!(x >= 0.0 && y >= 0.0 && x < width && y < height)) {
      return false;
    }
    const auto c = static_cast<std::size_t>(x / width * static_cast<double>(raster.columns));
    const auto r = static_cast<std::size_t>(y / height * static_cast<double>(raster.rows));
    return std::isnan(raster.values[r * raster.columns + c]);
  };
  if (raster.columns == 0 || raster.rows == 0) {
    return lines;
  }
  for (double start = apart / 2 - height; start < width; start += apart) { // x where y is 0
    bool inside = false;
    for (double y = step / 2; y < height + step; y += step) {
      const double x = start + y;
      const std::array<double, 2> here{(x - step / 2) / width, (y - step / 2) / height};
      if (hole(x, y) != inside) {
        inside = !inside;
        if (inside) {
          lines.push_back({here, here});
        } else {
          lines.back().to = here;
        }
      }
    }
  }
  return lines;
}

} // namespace gradus::study
