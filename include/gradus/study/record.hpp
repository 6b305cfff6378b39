// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <cmath>
#include <limits>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include <gradus/core/error.hpp>
#include <gradus/core/types.hpp>

namespace gradus::study {

/// An axis of a recorded series: its name ("step"), its coordinates, its unit.
struct Axis {
  std::string name;       ///< what is counted along it: "step"
  std::vector<double> at; ///< coordinates, one an entry
  std::string unit = {};  ///< of the coordinates; empty for a pure number
};

/// A named array of numbers over one or more axes, last axis fastest.
struct Series {
  std::string name;           ///< occurs once in a record
  std::vector<Axis> axes;     ///< outermost first
  std::vector<double> values; ///< as many as the product of the axes' sizes
};

/// Where a computation left the finite numbers.
struct Divergence {
  double step = 0.0;    ///< NaN where it is not known
  std::string quantity; ///< name of what was no longer finite
};

/// What one cell leaves behind: named numbers and named series. A name is written once.
class Record {
public:
  /// Writes a number. One that is not finite marks the cell as diverged (see never() for "did not
  /// happen").
  void number(std::string name, double value) {
    if (!std::isfinite(value)) {
      diverged(std::numeric_limits<double>::quiet_NaN(), name);
    }
    numbers_.emplace_back(std::move(name), value);
  }

  /// Writes +infinity for a time that was not reached: it sorts behind every time that was.
  void never(std::string name) {
    numbers_.emplace_back(std::move(name), std::numeric_limits<double>::infinity());
  }

  /// Writes a time, or never().
  void time(std::string name, std::optional<double> value) {
    value ? number(std::move(name), *value) : never(std::move(name));
  }

  /// Writes a series over one axis; axis.at and values have one size.
  void series(std::string name, Axis axis, std::vector<double> values) {
    std::vector<Axis> axes;
    axes.push_back(std::move(axis));
    table(std::move(name), std::move(axes), std::move(values));
  }

  /// Writes an array over several axes, last axis fastest.
  void table(std::string name, std::vector<Axis> axes, std::vector<double> values) {
    std::size_t size = 1;
    for (const Axis& axis : axes) {
      size *= axis.at.size();
    }
    if (size != values.size()) {
      throw ShapeError(name, gradus::detail::to_text(values.size()),
                       gradus::detail::to_text(size) + ", the product of its axes");
    }
    series_.push_back({std::move(name), std::move(axes), std::move(values)});
  }

  /// Marks the cell as diverged: which quantity, at which step. The first mark stays.
  void diverged(double step, std::string quantity) {
    if (!divergence_) {
      divergence_ = Divergence{step, std::move(quantity)};
    }
  }

  /// (name, value) in the order of writing.
  [[nodiscard]] const auto& numbers() const noexcept { return numbers_; }
  /// The series in the order of writing.
  [[nodiscard]] const auto& all_series() const noexcept { return series_; }
  /// The mark of divergence (std::optional): nothing if the cell has none.
  [[nodiscard]] const auto& divergence() const noexcept { return divergence_; }

private:
  std::vector<std::pair<std::string, double>> numbers_;
  std::vector<Series> series_;
  std::optional<Divergence> divergence_;
};

} // namespace gradus::study
