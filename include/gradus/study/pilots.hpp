// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <algorithm>
#include <cstddef>
#include <functional>
#include <numeric>
#include <set>
#include <string>
#include <utility>
#include <vector>

/// Which cells tell how long the others will take, and what they tell.

namespace gradus::study {

namespace detail {

/// Takes the pilots out of the work, which is sorted by cost: the last of each arm and the middle.
/// @param work  places with a member `job`   @param cell_at  place -> its cell
template <class Place, class CellAt>
std::vector<Place> take_pilots(std::vector<Place>& work, const CellAt& cell_at) {
  std::vector<std::size_t> chosen;
  if (!work.empty()) {
    chosen.push_back(work.size() / 2);
  }
  std::set<std::pair<std::size_t, std::string>> met;
  for (std::size_t i = work.size(); i-- > 0;) {
    if (met.emplace(work[i].job, cell_at(work[i]).point.arm()).second) {
      chosen.push_back(i);
    }
  }
  std::sort(chosen.begin(), chosen.end(), std::greater<>());
  chosen.erase(std::unique(chosen.begin(), chosen.end()), chosen.end());
  std::vector<Place> pilots;
  for (const std::size_t i : chosen) {
    pilots.push_back(work[i]);
    work.erase(work.begin() + static_cast<std::ptrdiff_t>(i));
  }
  return pilots;
}

/// Takes cells of middling cost out of the work, which is sorted by cost and has more.
template <class Place>
std::vector<Place> take_middle(std::vector<Place>& work, std::size_t count) {
  const auto first = work.begin() + static_cast<std::ptrdiff_t>((work.size() - count) / 2);
  std::vector<Place> taken(first, first + static_cast<std::ptrdiff_t>(count));
  work.erase(first, first + static_cast<std::ptrdiff_t>(count));
  return taken;
}

/// Seconds that cells will take, as measured ones tell: a fixed time a cell and one in proportion
/// to its cost, by least squares; in proportion alone where that would make one of them negative.
/// @param measured  cost and seconds of a cell   @param costs  of the cells to come
inline double predicted_seconds(const std::vector<std::pair<double, double>>& measured,
                                const std::vector<double>& costs) {
  const auto n = static_cast<double>(measured.size());
  double cost = 0.0;
  double seconds = 0.0;
  for (const auto& [c, t] : measured) {
    cost += c;
    seconds += t;
  }
  double squares = 0.0;
  double products = 0.0;
  for (const auto& [c, t] : measured) {
    squares += (c - cost / n) * (c - cost / n);
    products += (c - cost / n) * (t - seconds / n);
  }
  const double left = std::accumulate(costs.begin(), costs.end(), 0.0);
  double slope = squares > 0.0 ? products / squares : -1.0;
  double fixed = (seconds - slope * cost) / n;
  if (!(slope >= 0.0 && fixed >= 0.0)) {
    slope = cost > 0.0 ? seconds / cost : 0.0;
    fixed = 0.0;
  }
  return fixed * static_cast<double>(costs.size()) + slope * left;
}

} // namespace detail

} // namespace gradus::study
