// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <cmath>
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <gradus/core/error.hpp>
#include <gradus/core/types.hpp>
#include <gradus/study/parameter.hpp>

namespace gradus::study {

/// One axis of a grid: a name and the values it takes. If the name is that of a parameter, each
/// cell's parameters carry the value; otherwise only its Point does.
struct GridAxis {
  std::string name;           ///< of a parameter, or any other; once in a grid
  std::vector<double> values; ///< finite, each once
};

/// `count` numbers from low to high, evenly spaced, ends included.
inline std::vector<double> linspace(double low, double high, Index count) {
  std::vector<double> values(static_cast<std::size_t>(count));
  for (Index i = 0; i < count; ++i) {
    const double share = count > 1 ? static_cast<double>(i) / static_cast<double>(count - 1) : 0.0;
    values[static_cast<std::size_t>(i)] = low + (high - low) * share;
  }
  return values;
}

/// `count` numbers from low to high (both > 0), evenly spaced in the logarithm, ends included.
inline std::vector<double> logspace(double low, double high, Index count) {
  std::vector<double> values = linspace(std::log(low), std::log(high), count);
  for (double& value : values) {
    value = std::exp(value);
  }
  if (count > 0) {
    values.front() = low;
    values.back() = count > 1 ? high : low;
  }
  return values;
}

/// Where a cell lies: its arm, its place on the arm's grid and its seed.
class Point {
public:
  /// @param coordinates  (axis, value) for each axis of the arm   @param index  see index()
  Point(std::string arm, std::vector<std::pair<std::string, double>> coordinates, Index index,
        std::uint64_t seed)
      : arm_(std::move(arm)), coordinates_(std::move(coordinates)), index_(index), seed_(seed) {}

  /// Name of the arm.
  [[nodiscard]] const std::string& arm() const noexcept { return arm_; }
  /// Position on the arm's grid, counted with the last axis fastest; 0 without a grid.
  [[nodiscard]] Index index() const noexcept { return index_; }
  /// Seed of the stream from which the cell draws.
  [[nodiscard]] std::uint64_t seed() const noexcept { return seed_; }
  /// (axis, value) in the order of the arm's axes; empty without a grid.
  [[nodiscard]] const auto& coordinates() const noexcept { return coordinates_; }

  /// The value on the named axis. @throws ArgumentError if the arm has no such axis
  [[nodiscard]] double operator[](std::string_view axis) const {
    for (const auto& [name, value] : coordinates_) {
      if (name == axis) {
        return value;
      }
    }
    throw ArgumentError("axis", std::string(axis), "an axis of arm " + arm_);
  }

private:
  std::string arm_;
  std::vector<std::pair<std::string, double>> coordinates_;
  Index index_;
  std::uint64_t seed_;
};

/// One experiment of a study: its own parameters, its own grid (if any), its own number of seeds.
/// A control is the change that must make the phenomenon vanish.
template <class Params>
struct Arm {
  std::string name; ///< occurs once in a study
  Params params;    ///< an axis of a parameter's name replaces its value, cell by cell
  std::vector<GridAxis> axes = {}; ///< the grid is their product; none: a single point
  Index num_seeds = 1;             ///< seeds at each grid point, >= 0

  /// Adds an axis; the arm runs the product of its axes.
  Arm grid(std::string axis, std::vector<double> values) && {
    axes.push_back({std::move(axis), std::move(values)});
    return std::move(*this);
  }
  /// Runs the seeds 0, ..., count - 1 (or the first `count` of those asked for by the user).
  Arm seeds(Index count) && {
    num_seeds = count;
    return std::move(*this);
  }
  /// Changes one parameter of this arm alone.
  template <class Member, class T>
  Arm with(Member Params::*member, T value) && {
    params.*member = static_cast<Member>(std::move(value));
    return std::move(*this);
  }
};

/// An arm with the study's parameters; change what differs by with().
template <class Params>
Arm<Params> arm(std::string name, const Params& params) {
  return {std::move(name), params};
}

/// All arms of a study.
template <class Params>
using Plan = std::vector<Arm<Params>>;

} // namespace gradus::study
