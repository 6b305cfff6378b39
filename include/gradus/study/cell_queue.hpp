// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <algorithm>
#include <cstddef>
#include <numeric>
#include <utility>
#include <vector>

#include <gradus/core/error.hpp>
#include <gradus/core/types.hpp>

namespace gradus::study {

/// Which cells whoever is free computes next: the longest first, one at a time where a cell takes
/// long, and so many at once that asking is cheap where it does not. How long cells take is learned
/// from those that are finished.
class CellQueue {
public:
  static constexpr double portion_seconds = 0.05; ///< what a portion of many cells shall take
  static constexpr std::size_t most_cells = 256;  ///< of a portion

  /// @param costs  of the cells, in any unit, > 0   @param slots  how many cells are computed at
  ///               once, >= 1
  CellQueue(std::vector<double> costs, Index slots)
      : costs_(std::move(costs)), slots_(static_cast<std::size_t>(slots)), order_(costs_.size()) {
    require(slots >= 1, "slots", slots, ">= 1");
    std::iota(order_.begin(), order_.end(), std::size_t{0});
    std::stable_sort(order_.begin(), order_.end(),
                     [&](std::size_t a, std::size_t b) { return costs_[a] > costs_[b]; });
  }

  /// Positions of the cells that whoever asks is to compute, the longest first; none if all are
  /// handed out. A portion is never more than half of what would be this slot's share of the rest.
  [[nodiscard]] std::vector<std::size_t> next() {
    std::vector<std::size_t> portion;
    const std::size_t left = order_.size() - handed_out_;
    const std::size_t most = std::min(most_cells, std::max<std::size_t>(1, left / (2 * slots_)));
    double seconds = 0.0;
    while (portion.size() < std::min(most, left)) {
      const std::size_t cell = order_[handed_out_];
      seconds += expected(cell);
      if (!portion.empty() && seconds > portion_seconds) {
        break;
      }
      portion.push_back(cell);
      ++handed_out_;
    }
    return portion;
  }

  /// Learns what a cell took.
  void finished(std::size_t cell, double seconds) {
    cost_finished_ += costs_[cell];
    seconds_finished_ += seconds;
  }

private:
  /// Seconds that a cell will take; as long as nothing is known, a portion's.
  [[nodiscard]] double expected(std::size_t cell) const {
    return cost_finished_ > 0.0 ? costs_[cell] * seconds_finished_ / cost_finished_
                                : portion_seconds;
  }

  std::vector<double> costs_;
  std::size_t slots_;
  std::vector<std::size_t> order_; ///< positions, the longest first
  std::size_t handed_out_ = 0;
  double cost_finished_ = 0.0;
  double seconds_finished_ = 0.0;
};

} // namespace gradus::study
