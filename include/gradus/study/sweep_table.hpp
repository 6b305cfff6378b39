// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <string>
#include <utility>
#include <vector>

#include <gradus/core/error.hpp>
#include <gradus/core/xtensor.hpp>
#include <gradus/study/record.hpp>
#include <gradus/study/runner.hpp>
#include <gradus/study/summary.hpp>
#include <gradus/study/sweep_grid.hpp>
#include <gradus/study/sweep_metrics.hpp>
#include <gradus/study/sweep_plan.hpp>

/// What a sweep measured, as n-dimensional tables.

namespace gradus::study {

/// An axis of a table.
struct TableAxis {
  std::string name;                ///< of the parameter, or of the arm's own axis
  std::string meaning;             ///< of the parameter; may be empty
  std::string unit;                ///< may be empty
  std::vector<double> at;          ///< coordinates; positions where they are no numbers or move
  std::vector<std::string> labels; ///< words for the coordinates of an axis without numbers
  bool log = false;                ///< evenly spaced in the logarithm
  bool moves = false;              ///< coordinates depend on the point of the sweep
};

/// What is said of the seeds at a grid point, in the order in which it is stored.
inline constexpr std::array<const char*, 6> sweep_statistics{"mean",  "median",   "spread",
                                                             "count", "diverged", "missing"};

/// One metric over the grid. Statistics take finite values of cells that did not diverge: mean,
/// median, spread (standard deviation over seeds, NaN for a single one), count of these values;
/// then the number of cells that diverged, and of those that have no cell or no such number. A time
/// that was not reached (+infinity) counts in the median alone.
struct SweepTable {
  std::string name;                 ///< "arm.number"
  std::string arm;                  ///< the arm
  std::string number;               ///< the number
  std::vector<TableAxis> axes;      ///< the sweep's, then the arm's own grid
  std::vector<std::uint64_t> seeds; ///< of the last axis of `values`
  xt::xarray<double> values;        ///< axes x seed; NaN where there is none
  xt::xarray<double> statistics;    ///< axes x the six of sweep_statistics

  /// Number of grid points.
  [[nodiscard]] std::size_t points() const { return statistics.size() / sweep_statistics.size(); }
  /// A statistic at every grid point, last axis fastest. @param which  of sweep_statistics
  [[nodiscard]] std::vector<double> statistic(std::size_t which) const {
    std::vector<double> list(points());
    for (std::size_t i = 0; i < list.size(); ++i) {
      list[i] = statistics.data()[i * sweep_statistics.size() + which];
    }
    return list;
  }
};

namespace detail {

/// The number of that name; nullptr if the record has none.
inline const double* number_in(const Record& record, const std::string& name) {
  for (const auto& [key, value] : record.numbers()) {
    if (key == name) {
      return &value;
    }
  }
  return nullptr;
}

/// Whether the run itself diverged, not merely one of its numbers has no value.
inline bool ran_away(const Record& record) {
  const auto& mark = record.divergence();
  return mark && (std::isfinite(mark->step) || number_in(record, mark->quantity) == nullptr);
}

/// How a place of a table was filled.
enum class Fill : char { missing, diverged, there };

inline std::array<double, 6> seed_statistics(const double* values, const Fill* fills,
                                             std::size_t count) {
  std::vector<double> numbers; // with those never reached
  double diverged = 0.0;
  double missing = 0.0;
  for (std::size_t i = 0; i < count; ++i) {
    diverged += fills[i] == Fill::diverged ? 1.0 : 0.0;
    missing += fills[i] == Fill::missing ? 1.0 : 0.0;
    if (fills[i] == Fill::there) {
      numbers.push_back(values[i]);
    }
  }
  std::sort(numbers.begin(), numbers.end());
  const std::size_t n = numbers.size();
  double median = std::numeric_limits<double>::quiet_NaN();
  if (n > 0) {
    const double low = numbers[(n - 1) / 2];
    const double high = numbers[n / 2];
    median = low == high ? low : low / 2 + high / 2;
  }
  const std::vector<double> known = finite(std::move(numbers));
  const Summary mean = mean_of(known);
  double squares = 0.0;
  for (const double x : known) {
    squares += (x - mean.value) * (x - mean.value);
  }
  const double spread = known.size() > 1
                            ? std::sqrt(squares / static_cast<double>(known.size() - 1))
                            : std::numeric_limits<double>::quiet_NaN();
  return {mean.value, median, spread, static_cast<double>(known.size()), diverged, missing};
}

inline TableAxis table_axis(const SweepAxis& axis) {
  TableAxis made{axis.name, axis.meaning, axis.unit, axis.numbers(), {}, axis.log, false};
  if (!axis.is_numeric()) {
    for (const Value& value : axis.values) {
      made.labels.push_back(value_text(value));
    }
  }
  return made;
}

/// Whether positive values, three or more, are evener in the logarithm than as they are.
inline bool looks_log(const std::vector<double>& at) {
  if (at.size() < 3 || !(at.front() > 0.0)) {
    return false;
  }
  const double middle = at[at.size() / 2];
  return at.back() / at.front() > 10.0 &&
         std::abs(middle * middle / (at.front() * at.back()) - 1.0) < 0.5;
}

/// The cells at a grid point of the table, in the order of seeds.
inline std::vector<const study::Cell*> cells_at(const SweepPlan& plan, const SweepTable& table,
                                                std::size_t point) {
  std::vector<const study::Cell*> cells;
  const std::size_t own = table.points() / plan.size();
  for (const SweepArm& arm : plan.arms) {
    if (arm.name == table.arm) {
      for (const std::size_t position : arm.cells[point / own]) {
        const study::Cell& cell = plan.job.cells[position];
        if (static_cast<std::size_t>(cell.point.index()) == point % own) {
          cells.push_back(&cell);
        }
      }
    }
  }
  return cells;
}

inline std::vector<TableAxis> table_axes(const SweepPlan& plan, const SweepArm& arm) {
  std::vector<TableAxis> axes;
  for (const SweepAxis& axis : plan.axes) {
    axes.push_back(table_axis(axis));
  }
  for (const GridAxis& axis : arm.axes) {
    const Parameter* parameter = find(plan.job.parameters, axis.name);
    TableAxis own{axis.name,
                  parameter != nullptr ? parameter->meaning : "",
                  parameter != nullptr ? parameter->unit : "",
                  axis.values,
                  {},
                  looks_log(axis.values),
                  arm.axes_move};
    if (arm.axes_move) {
      for (std::size_t i = 0; i < own.at.size(); ++i) {
        own.at[i] = static_cast<double>(i);
      }
      own.log = false;
    }
    axes.push_back(std::move(own));
  }
  return axes;
}

} // namespace detail

/// Tabulates a metric. @param states  of the plan's cells; those without a stored one are missing
[[nodiscard]] inline SweepTable tabulate(const SweepPlan& plan, const SweepMetric& metric,
                                         const std::vector<CellState>& states) {
  const SweepArm& arm = plan.arms[metric.arm];
  SweepTable table;
  table.name = arm.name + "." + metric.number;
  table.arm = arm.name;
  table.number = metric.number;
  table.axes = detail::table_axes(plan, arm);
  table.seeds = arm.seeds;
  std::vector<std::size_t> shape;
  std::size_t points = 1;
  for (const TableAxis& axis : table.axes) {
    shape.push_back(axis.at.size());
    points *= axis.at.size();
  }
  const std::size_t num_seeds = arm.seeds.size();
  const std::size_t own = plan.size() == 0 ? 0 : points / plan.size();
  shape.push_back(num_seeds);
  table.values = xt::xarray<double>::from_shape(shape);
  table.values.fill(std::numeric_limits<double>::quiet_NaN());
  std::vector<detail::Fill> fills(points * num_seeds, detail::Fill::missing);
  for (std::size_t p = 0; p < arm.cells.size(); ++p) {
    for (const std::size_t position : arm.cells[p]) {
      const Point& point = plan.job.cells[position].point;
      const auto seed = std::lower_bound(arm.seeds.begin(), arm.seeds.end(), point.seed());
      const std::size_t place = (p * own + static_cast<std::size_t>(point.index())) * num_seeds +
                                static_cast<std::size_t>(seed - arm.seeds.begin());
      if (!states[position].stored) {
        continue;
      }
      const Record& record = states[position].stored->record;
      const double* value = detail::number_in(record, metric.number);
      if (value != nullptr) {
        table.values.data()[place] = *value;
      }
      // Infinity stands for "never", unless it is what marked the cell.
      const bool marked = record.divergence() && record.divergence()->quantity == metric.number;
      const bool valid = value != nullptr && !std::isnan(*value) &&
                         *value != -std::numeric_limits<double>::infinity() &&
                         !(marked && std::isinf(*value));
      fills[place] = detail::ran_away(record) || (value != nullptr && !valid)
                         ? detail::Fill::diverged
                     : valid ? detail::Fill::there
                             : detail::Fill::missing;
    }
  }
  shape.back() = sweep_statistics.size();
  table.statistics = xt::xarray<double>::from_shape(shape);
  for (std::size_t i = 0; i < points; ++i) {
    const auto row = detail::seed_statistics(table.values.data() + i * num_seeds,
                                             fills.data() + i * num_seeds, num_seeds);
    std::copy(row.begin(), row.end(), table.statistics.data() + i * row.size());
  }
  return table;
}

} // namespace gradus::study
