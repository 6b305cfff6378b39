// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <cmath>
#include <concepts>
#include <cstdint>
#include <limits>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <variant>
#include <vector>

#include <gradus/core/error.hpp>

namespace gradus::study {

/// The value of one parameter, whatever its type.
using Value = std::variant<std::int64_t, double, bool, std::string>;

/// The values a parameter may take: an interval, or a list of words. Made by the functions below.
struct Range {
  double low = -std::numeric_limits<double>::infinity(); ///< lower end of the interval
  double high = std::numeric_limits<double>::infinity(); ///< upper end
  bool low_open = false;                 ///< whether the lower end itself is left out
  bool high_open = false;                ///< whether the upper end itself is left out
  std::vector<std::string> choices = {}; ///< the valid words; empty for an interval
  bool outside_cells = false;            ///< see outside_cells()

  /// The range in words: ">= 1", "in [0, 1)", "one of relu, tanh".
  [[nodiscard]] std::string text() const {
    if (!choices.empty()) {
      std::string words = "one of ";
      for (std::size_t i = 0; i < choices.size(); ++i) {
        words += (i == 0 ? "" : ", ") + choices[i];
      }
      return words;
    }
    const bool below = std::isfinite(low);
    const bool above = std::isfinite(high);
    if (below && above) {
      return std::string("in ") + (low_open ? "(" : "[") + gradus::detail::to_text(low) + ", " +
             gradus::detail::to_text(high) + (high_open ? ")" : "]");
    }
    if (below) {
      return (low_open ? "> " : ">= ") + gradus::detail::to_text(low);
    }
    if (above) {
      return (high_open ? "< " : "<= ") + gradus::detail::to_text(high);
    }
    return "any finite number";
  }

  /// Whether x is finite and inside the interval.
  [[nodiscard]] bool contains(double x) const {
    return std::isfinite(x) && (low_open ? x > low : x >= low) &&
           (high_open ? x < high : x <= high);
  }
  /// Whether the word is one of the choices; true for any word if there are none.
  [[nodiscard]] bool contains(std::string_view word) const {
    for (const auto& choice : choices) {
      if (choice == word) {
        return true;
      }
    }
    return choices.empty();
  }
};

/// Every finite number.
inline Range any_number() { return {}; }
/// Finite numbers >= low.
inline Range at_least(double low) { return {.low = low}; }
/// Finite numbers > 0.
inline Range positive() { return {.low = 0.0, .low_open = true}; }
/// Closed interval [low, high].
inline Range between(double low, double high) { return {.low = low, .high = high}; }
/// Half-open interval [low, high).
inline Range from_below(double low, double high) {
  return {.low = low, .high = high, .high_open = true};
}
/// One of these words; for a parameter that is a std::string.
inline Range one_of(std::vector<std::string> choices) { return {.choices = std::move(choices)}; }
/// For a parameter that is a bool: both values, "true" and "false" in words.
inline Range yes_or_no() { return {.choices = {"true", "false"}}; }

/// Marks a parameter that decides which cells there are or how they are judged (numbers of seeds,
/// what an arm's own parameters are derived from), but is no part of a cell: run() sees its
/// default, and changing it computes no stored cell again.
inline Range outside_cells(Range range) {
  range.outside_cells = true;
  return range;
}

/// One parameter of a study with all that is said of it; a study's `Params::visit` lists them.
struct Parameter {
  std::string name;    ///< identifies it, as in --set name=value
  Value value;         ///< may change, its type may not
  std::string meaning; ///< what it stands for, for listings
  Range range;         ///< the values it may take
  std::string unit;    ///< empty for a pure number or a word

  /// Type of the value: "integer", "number", "boolean" or "word".
  [[nodiscard]] const char* type_name() const {
    constexpr const char* names[] = {"integer", "number", "boolean", "word"};
    return names[value.index()];
  }
};

/// The parameters of a study or of an arm, in the order in which they are shown.
using Parameters = std::vector<Parameter>;

/// Pointer to the parameter of that name, or nullptr.
inline const Parameter* find(const Parameters& parameters, std::string_view name) {
  for (const auto& parameter : parameters) {
    if (parameter.name == name) {
      return &parameter;
    }
  }
  return nullptr;
}

/// Throws ArgumentError unless the value is inside the parameter's range.
inline void validate(const Parameter& parameter) {
  const bool ok = std::visit(
      [&](const auto& x) {
        using T = std::decay_t<decltype(x)>;
        if constexpr (std::is_same_v<T, std::string>) {
          return parameter.range.contains(std::string_view(x));
        } else if constexpr (std::is_same_v<T, bool>) {
          return true;
        } else {
          return parameter.range.contains(static_cast<double>(x));
        }
      },
      parameter.value);
  if (!ok) {
    std::visit([&](const auto& x) { require(false, parameter.name, x, parameter.range.text()); },
               parameter.value);
  }
}

/// What a study's parameter struct must offer: one static `visit(self, field)` that calls
/// field(name, self.member, meaning, range[, unit]) for each member. Members are Index or another
/// signed integer, double, bool or std::string.
template <class P>
concept HasParameterList = std::default_initializable<P> && std::copyable<P> &&
    requires(const P& params) {
  P::visit(params, [](const char*, const auto&, const char*, Range, const char* = "") {});
};

/// The parameters of a struct, in the order of its visit.
template <HasParameterList P>
Parameters list_parameters(const P& params) {
  Parameters list;
  P::visit(params, [&](const char* name, const auto& member, const char* meaning, Range range,
                       const char* unit = "") {
    using T = std::decay_t<decltype(member)>;
    Value value;
    if constexpr (std::is_same_v<T, bool> || std::is_same_v<T, std::string>) {
      value = member;
    } else if constexpr (std::is_integral_v<T>) {
      value = static_cast<std::int64_t>(member);
    } else {
      value = static_cast<double>(member);
    }
    list.push_back({name, std::move(value), meaning, std::move(range), unit});
  });
  return list;
}

/// Writes the values of a list back into a struct, matching by name; every value is validated.
template <HasParameterList P>
void assign_parameters(P& params, const Parameters& list) {
  P::visit(params, [&](const char* name, auto& member, const char*, Range, const char* = "") {
    if (const Parameter* parameter = find(list, name)) {
      validate(*parameter);
      std::visit(
          [&](const auto& x) {
            using From = std::decay_t<decltype(x)>;
            using To = std::decay_t<decltype(member)>;
            if constexpr (std::is_same_v<From, To>) {
              member = x;
            } else if constexpr (std::is_arithmetic_v<From> && std::is_arithmetic_v<To>) {
              member = static_cast<To>(x);
            }
          },
          parameter->value);
    }
  });
}

} // namespace gradus::study
