// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <limits>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <gradus/core/error.hpp>
#include <gradus/study/plan.hpp>
#include <gradus/study/record.hpp>

namespace gradus::study {

/// A finished cell: where it lies and what it left.
struct CellResult {
  Point point;   ///< where it lies
  Record record; ///< what it left
};

/// The cells of one arm, grid point by grid point, seeds in order inside each. A quantity that a
/// cell does not have (it diverged before) reads as NaN, so that nothing is averaged over a hole
/// unnoticed; study/summary.hpp has finite() for where holes are expected.
class ArmResults {
public:
  /// A selection. @param cells  in order, none null; they must outlive this
  explicit ArmResults(std::vector<const CellResult*> cells) : cells_(std::move(cells)) {}

  /// Number of cells.
  [[nodiscard]] Index size() const { return static_cast<Index>(cells_.size()); }
  /// The cells themselves, owned by the Results they were taken from.
  [[nodiscard]] const std::vector<const CellResult*>& cells() const noexcept { return cells_; }

  /// The cells whose coordinate on the axis is `value` (to 1e-12 relative).
  [[nodiscard]] ArmResults where(std::string_view axis, double value) const {
    std::vector<const CellResult*> chosen;
    for (const CellResult* cell : cells_) {
      if (std::abs(cell->point[axis] - value) <= 1e-12 * std::abs(value)) {
        chosen.push_back(cell);
      }
    }
    return ArmResults(std::move(chosen));
  }

  /// The first cell alone, for a figure that shows one run; none of none.
  [[nodiscard]] ArmResults first() const {
    return ArmResults({cells_.begin(), cells_.begin() + (cells_.empty() ? 0 : 1)});
  }

  /// The distinct values of an axis, in the order of the grid.
  [[nodiscard]] std::vector<double> coordinates(std::string_view axis) const {
    std::vector<double> values;
    for (const CellResult* cell : cells_) {
      const double value = cell->point[axis];
      if (std::find(values.begin(), values.end(), value) == values.end()) {
        values.push_back(value);
      }
    }
    return values;
  }

  /// The seed of every cell; a seed comes once for each grid point.
  [[nodiscard]] std::vector<std::uint64_t> seeds() const {
    std::vector<std::uint64_t> values;
    for (const CellResult* cell : cells_) {
      values.push_back(cell->point.seed());
    }
    return values;
  }

  /// The named number of every cell.
  [[nodiscard]] std::vector<double> numbers(std::string_view name) const {
    std::vector<double> values;
    for (const CellResult* cell : cells_) {
      double value = std::numeric_limits<double>::quiet_NaN();
      for (const auto& [key, number] : cell->record.numbers()) {
        if (key == name) {
          value = number;
        }
      }
      values.push_back(value);
    }
    return values;
  }

  /// The named series of every cell; empty for a cell without it.
  [[nodiscard]] std::vector<std::vector<double>> series(std::string_view name) const {
    std::vector<std::vector<double>> rows;
    for (const CellResult* cell : cells_) {
      const Series* found = find(*cell, name);
      rows.push_back(found != nullptr ? found->values : std::vector<double>{});
    }
    return rows;
  }

  /// The named number of the first cell; NaN if there is none.
  [[nodiscard]] double first_number(std::string_view name) const {
    const std::vector<double> values = first().numbers(name);
    return values.empty() ? std::numeric_limits<double>::quiet_NaN() : values.front();
  }
  /// The named series of the first cell; empty if there is none.
  [[nodiscard]] std::vector<double> first_series(std::string_view name) const {
    const Series* found = cells_.empty() ? nullptr : find(*cells_.front(), name);
    return found != nullptr ? found->values : std::vector<double>{};
  }

  /// The coordinates of a series' axis, taken from the first cell that has the series.
  [[nodiscard]] std::vector<double> axis(std::string_view name, std::size_t dimension = 0) const {
    for (const CellResult* cell : cells_) {
      if (const Series* found = find(*cell, name); found != nullptr) {
        return found->axes.at(dimension).at;
      }
    }
    return {};
  }

  /// The value of a one-axis series at the given coordinate, for every cell.
  [[nodiscard]] std::vector<double> at(std::string_view name, double coordinate) const {
    std::vector<double> values;
    for (const CellResult* cell : cells_) {
      double value = std::numeric_limits<double>::quiet_NaN();
      if (const Series* found = find(*cell, name); found != nullptr) {
        const auto& axis = found->axes.front().at;
        const auto place = std::find(axis.begin(), axis.end(), coordinate);
        if (place != axis.end()) {
          value = found->values[static_cast<std::size_t>(place - axis.begin())];
        }
      }
      values.push_back(value);
    }
    return values;
  }

  /// How many cells are marked as diverged.
  [[nodiscard]] Index num_diverged() const {
    return std::count_if(cells_.begin(), cells_.end(), [](const CellResult* cell) {
      return cell->record.divergence().has_value();
    });
  }

private:
  static const Series* find(const CellResult& cell, std::string_view name) {
    for (const Series& series : cell.record.all_series()) {
      if (series.name == name) {
        return &series;
      }
    }
    return nullptr;
  }

  std::vector<const CellResult*> cells_;
};

/// All cells of one run of a study, by arm.
class Results {
public:
  /// No cells: what a study gets when its claims are only listed.
  Results() = default;
  /// @param cells  of all arms; those of an arm keep their order
  explicit Results(std::vector<CellResult> cells) : cells_(std::move(cells)) {}

  /// The cells of an arm; none if the arm was not run.
  [[nodiscard]] ArmResults operator[](std::string_view arm) const {
    std::vector<const CellResult*> chosen;
    for (const CellResult& cell : cells_) {
      if (cell.point.arm() == arm) {
        chosen.push_back(&cell);
      }
    }
    return ArmResults(std::move(chosen));
  }

  /// The cells of all arms.
  [[nodiscard]] const std::vector<CellResult>& cells() const noexcept { return cells_; }

private:
  std::vector<CellResult> cells_;
};

} // namespace gradus::study
