// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include <fmt/format.h>

#include <gradus/core/error.hpp>
#include <gradus/study/arguments.hpp>
#include <gradus/study/cell.hpp>
#include <gradus/study/parameter.hpp>
#include <gradus/study/plan.hpp>

/// The grid of a sweep: from the words after --grid to axes of parameter values.

namespace gradus::study {

/// The value of a parameter in words, such that --set takes it back to the same bits.
[[nodiscard]] inline std::string value_text(const Value& value) {
  return std::visit([](const auto& x) { return fmt::format("{}", x); }, value);
}

/// One axis of a sweep: a parameter and the values it takes, each within its range and once.
struct SweepAxis {
  std::string name;          ///< of the parameter
  std::string meaning;       ///< what the parameter stands for
  std::string unit;          ///< of the parameter; empty for a pure number or a word
  std::vector<Value> values; ///< numbers ascending; words and flags as given; never empty
  bool log = false;          ///< whether it was asked for with ",log"

  /// Whether the values are numbers, not words or flags.
  [[nodiscard]] bool is_numeric() const {
    return std::holds_alternative<std::int64_t>(values.front()) ||
           std::holds_alternative<double>(values.front());
  }

  /// The values as numbers; the positions 0, 1, ... for words and flags.
  [[nodiscard]] std::vector<double> numbers() const {
    std::vector<double> list;
    for (std::size_t i = 0; i < values.size(); ++i) {
      const auto* integer = std::get_if<std::int64_t>(&values[i]);
      const auto* number = std::get_if<double>(&values[i]);
      list.push_back(integer != nullptr  ? static_cast<double>(*integer)
                     : number != nullptr ? *number
                                         : static_cast<double>(i));
    }
    return list;
  }
};

/// What a sweep may span without being told that it is meant.
constexpr std::size_t most_sweep_cells = 10'000'000;

namespace detail {

inline std::vector<std::string> split(std::string_view text, char at) {
  std::vector<std::string> parts(1);
  for (const char c : text) {
    if (c == at) {
      parts.emplace_back();
    } else {
      parts.back() += c;
    }
  }
  return parts;
}

inline bool is_number(const Parameter& parameter) {
  return std::holds_alternative<std::int64_t>(parameter.value) ||
         std::holds_alternative<double>(parameter.value);
}

inline double as_number(const Value& value) {
  const auto* integer = std::get_if<std::int64_t>(&value);
  return integer != nullptr ? static_cast<double>(*integer) : std::get<double>(value);
}

/// A number that twelve digits write in full, so that --set can be given the same.
inline double rounded(double value) {
  return std::strtod(fmt::format("{:.12g}", value).c_str(), nullptr);
}

/// a:b:n as values of the parameter. Integers are rounded, and each is taken once.
inline std::vector<Value> range_values(const std::string& word, const std::string& text,
                                       const Parameter& parameter, bool log) {
  const std::string valid = "a:b:n[,log] with numbers a < b and an integer n >= 2";
  const std::vector<std::string> parts = split(text, ':');
  require(parts.size() == 3, "--grid", word, valid);
  Parameter low = parameter;
  Parameter high = parameter;
  set_parameter(low, parts[0]);
  set_parameter(high, parts[1]);
  const auto count = parse_integer(parts[2]);
  require(count.has_value(), "--grid", word, valid);
  require(*count >= 1, "--grid", word, "n >= 1, the number of values");
  require(*count <= static_cast<std::int64_t>(most_sweep_cells), "--grid", word, "n <= 1e7");
  const double a = as_number(low.value);
  const double b = as_number(high.value);
  if (a > b) {
    throw ArgumentError("--grid", word,
                        valid + "; reversed, did you mean " + parameter.name + "=" + parts[1] +
                            ":" + parts[0] + ":" + parts[2] + (log ? ",log?" : "?"));
  }
  require((a == b) == (*count == 1), "--grid", word, valid + ", or a:a:1");
  require(!log || a > 0.0, "--grid", word, "a > 0 where the axis is logarithmic");
  std::vector<double> numbers =
      log ? logspace(a, b, static_cast<Index>(*count)) : linspace(a, b, static_cast<Index>(*count));
  std::vector<Value> values;
  for (std::size_t i = 0; i < numbers.size(); ++i) {
    const bool end = i == 0 || i + 1 == numbers.size();
    Parameter at = parameter;
    if (end) { // bit by bit what was written
      at.value = i == 0 ? low.value : high.value;
    } else if (std::holds_alternative<std::int64_t>(parameter.value)) {
      set_coordinate(at, std::round(numbers[i]));
    } else {
      set_coordinate(at, rounded(numbers[i]));
    }
    if (values.empty() || values.back() != at.value) {
      values.push_back(at.value);
    }
  }
  return values;
}

/// v1,v2,... as values of the parameter; numbers are put in order.
inline std::vector<Value> listed_values(const std::string& word,
                                        const std::vector<std::string>& items,
                                        const Parameter& parameter, bool log) {
  std::vector<Value> values;
  for (const std::string& item : items) {
    Parameter at = parameter;
    set_parameter(at, item);
    require(std::find(values.begin(), values.end(), at.value) == values.end(), "--grid", word,
            "a list in which each value stands once; " + item + " does not");
    require(!log || as_number(at.value) > 0.0, "--grid", word,
            "values > 0 where the axis is logarithmic");
    values.push_back(at.value);
  }
  if (is_number(parameter)) {
    std::sort(values.begin(), values.end(),
              [](const Value& a, const Value& b) { return as_number(a) < as_number(b); });
  }
  return values;
}

} // namespace detail

/// key=a:b:n[,log] or key=v1,v2,...[,log] of --grid. Values of a range are rounded to integers for
/// a parameter that is one (repeated ones are left out), else to twelve digits; its ends are kept.
/// @param parameters  those of the study   @param study  its id, for messages
/// @throws ArgumentError if it is not of that form or a value does not fit type or range
[[nodiscard]] inline SweepAxis parse_grid(const std::string& word, const Parameters& parameters,
                                          const std::string& study) {
  const char* valid = "key=a:b:n[,log] or key=v1,v2,...";
  const std::size_t at = word.find('=');
  require(at != std::string::npos && at > 0, "--grid", word, valid);
  const std::string name = word.substr(0, at);
  const Parameter* parameter = find(parameters, name);
  if (parameter == nullptr) {
    std::vector<std::string> names;
    std::string list;
    for (const Parameter& each : parameters) {
      names.push_back(each.name);
      list += (list.empty() ? "" : ", ") + each.name;
    }
    throw ArgumentError("--grid axis", name,
                        "a parameter of " + study + ": " + list + suggestion(name, names));
  }
  SweepAxis axis{name, parameter->meaning, parameter->unit, {}, false};
  std::vector<std::string> items = detail::split(word.substr(at + 1), ',');
  if (detail::is_number(*parameter) && items.size() > 1 && items.back() == "log") {
    axis.log = true;
    items.pop_back();
  }
  const bool hole = std::find(items.begin(), items.end(), "") != items.end();
  require(!hole, "--grid", word, std::string(valid) + "; a value is empty");
  const bool ranged = items.size() > 1 && items.front().find(':') != std::string::npos;
  require(!(detail::is_number(*parameter) && ranged), "--grid", word,
          std::string(valid) + "; only log may stand behind a range");
  detail::located(study, [&] {
    const bool range = items.size() == 1 && items.front().find(':') != std::string::npos;
    axis.values = detail::is_number(*parameter) && range
                      ? detail::range_values(word, items.front(), *parameter, axis.log)
                      : detail::listed_values(word, items, *parameter, axis.log);
  });
  return axis;
}

/// The axes of a sweep from all its --grid. @throws ArgumentError unless there are one to three of
/// them, each another parameter, and each as parse_grid wants it
[[nodiscard]] inline std::vector<SweepAxis> parse_grids(const std::vector<std::string>& words,
                                                        const Parameters& parameters,
                                                        const std::string& study) {
  require(!words.empty() && words.size() <= 3, "number of --grid", words.size(),
          "one to three, each key=a:b:n[,log] or key=v1,v2,...");
  std::vector<SweepAxis> axes;
  for (const std::string& word : words) {
    SweepAxis axis = parse_grid(word, parameters, study);
    for (const SweepAxis& other : axes) {
      require(other.name != axis.name, "--grid axis", axis.name, "a parameter not used before");
    }
    axes.push_back(std::move(axis));
  }
  return axes;
}

/// Number of grid points; saturates far above most_sweep_cells.
[[nodiscard]] inline std::size_t num_points(const std::vector<SweepAxis>& axes) {
  std::size_t points = 1;
  for (const SweepAxis& axis : axes) {
    points *= std::min(axis.values.size(), most_sweep_cells + 1);
    points = std::min(points, std::size_t{1} << 40U);
  }
  return points;
}

/// Positions on the axes of the point with that number, last axis fastest.
[[nodiscard]] inline std::vector<std::size_t> point_at(const std::vector<SweepAxis>& axes,
                                                       std::size_t number) {
  std::vector<std::size_t> place(axes.size());
  for (std::size_t a = axes.size(); a-- > 0;) {
    place[a] = number % axes[a].values.size();
    number /= axes[a].values.size();
  }
  return place;
}

} // namespace gradus::study
