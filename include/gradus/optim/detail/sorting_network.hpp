// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <algorithm>
#include <cstddef>
#include <utility>
#include <vector>

#include <gradus/core/types.hpp>

namespace gradus::optim::detail {

/// Exchanges (i, j), i < j, that put n numbers in ascending order whatever they are, or as much of
/// it as the two order statistics `low` and `high` (0-based) need: the rest is left out.
/// Source: Batcher's odd-even merge sort (Knuth, The Art of Computer Programming 3, 5.2.2 M).
[[nodiscard]] inline std::vector<std::pair<Index, Index>> selection_network(Index n, Index low,
                                                                            Index high) {
  std::vector<std::pair<Index, Index>> all;
  for (Index p = 1; p < n; p *= 2) {
    for (Index k = p; k >= 1; k /= 2) {
      for (Index j = k % p; j + k < n; j += 2 * k) {
        for (Index i = j; i < std::min(j + k, n - k); ++i) {
          if (i / (2 * p) == (i + k) / (2 * p)) {
            all.emplace_back(i, i + k);
          }
        }
      }
    }
  }
  // Backwards: an exchange matters if one of its places does, and then both do.
  std::vector<char> matters(static_cast<std::size_t>(n), 0);
  const auto at = [&](Index i) -> char& { return matters[static_cast<std::size_t>(i)]; };
  if (n > 0) {
    at(low) = at(high) = 1;
  }
  std::vector<std::pair<Index, Index>> needed;
  for (auto exchange = all.rbegin(); exchange != all.rend(); ++exchange) {
    if (at(exchange->first) != 0 || at(exchange->second) != 0) {
      at(exchange->first) = at(exchange->second) = 1;
      needed.push_back(*exchange);
    }
  }
  std::reverse(needed.begin(), needed.end());
  return needed;
}

} // namespace gradus::optim::detail
