// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>
#include <vector>

namespace gradus::study::detail {

/// Points of a layer in panel coordinates; a row that starts with NaN is a gap.
using Rows = std::vector<std::array<double, 4>>;

/// The rows that are no gaps.
inline Rows without_gaps(Rows rows) {
  std::erase_if(rows, [](const auto& row) { return std::isnan(row[0]); });
  return rows;
}

/// Rows without the gaps, cut at them.
inline std::vector<Rows> pieces(const Rows& rows) {
  std::vector<Rows> out(1);
  for (const auto& row : rows) {
    if (!std::isnan(row[0])) {
      out.back().push_back(row);
    } else if (!out.back().empty()) {
      out.emplace_back();
    }
  }
  if (out.back().empty()) {
    out.pop_back();
  }
  return out;
}

/// A long line from left to right, reduced to what can be seen: of each strip of a quarter pixel
/// the first, the lowest, the highest and the last point (of a band, its widest).
inline Rows thinned(const Rows& rows, bool band) {
  const auto before = [](const auto& a, const auto& b) { return a[0] < b[0]; };
  if (rows.size() < 4000 || !std::is_sorted(rows.begin(), rows.end(), before)) {
    return rows;
  }
  const auto strip = [](const auto& row) { return std::floor(row[0] * 1400); };
  Rows out;
  for (std::size_t first = 0; first < rows.size();) {
    std::size_t end = first;
    std::size_t low = first;
    std::size_t high = first;
    std::array<double, 4> widest = rows[first];
    for (; end < rows.size() && strip(rows[end]) == strip(rows[first]); ++end) {
      low = rows[end][1] < rows[low][1] ? end : low;
      high = rows[end][1] > rows[high][1] ? end : high;
      widest[1] = std::min(widest[1], rows[end][1]);
      widest[2] = std::max(widest[2], rows[end][2]);
    }
    if (band) {
      out.push_back(widest);
    } else {
      std::vector<std::size_t> kept{first, std::min(low, high), std::max(low, high), end - 1};
      kept.erase(std::unique(kept.begin(), kept.end()), kept.end());
      for (const std::size_t i : kept) {
        out.push_back(rows[i]);
      }
    }
    first = end;
  }
  return out;
}

} // namespace gradus::study::detail
