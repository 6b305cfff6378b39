// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <algorithm>
#include <bit>
#include <cmath>
#include <cstdint>
#include <cstring>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include <nlohmann/json.hpp>

#include <gradus/study/parameter.hpp>
#include <gradus/study/plan.hpp>
#include <gradus/study/record.hpp>

/// What the harness stores, as JSON. Text (result.json, index.json) has null where a number is not
/// finite; the binary form of a cell (CBOR) keeps every bit pattern that means something.

namespace gradus::study {

/// JSON whose objects keep the order in which they were written.
using Json = nlohmann::ordered_json;

/// A number for JSON text: null unless finite.
[[nodiscard]] inline Json number_json(double x) { return std::isfinite(x) ? Json(x) : Json(); }

/// A list of numbers for JSON text.
[[nodiscard]] inline Json numbers_json(const std::vector<double>& values) {
  Json list = Json::array();
  for (const double x : values) {
    list.push_back(number_json(x));
  }
  return list;
}

/// JSON as text. @param indent  spaces per level, or -1 for one line
[[nodiscard]] inline std::string json_text(const Json& json, int indent = -1) {
  return json.dump(indent, ' ', false, Json::error_handler_t::replace);
}

/// The value of a parameter, with its type.
[[nodiscard]] inline Json value_json(const Value& value) {
  return std::visit([](const auto& x) { return Json(x); }, value);
}

/// {name: value, ...} in the order of the list.
[[nodiscard]] inline Json values_json(const Parameters& parameters) {
  Json object = Json::object();
  for (const Parameter& parameter : parameters) {
    object[parameter.name] = value_json(parameter.value);
  }
  return object;
}

/// {name: value, ...} sorted by name: the form that keys are made of.
[[nodiscard]] inline Json sorted_values_json(Parameters parameters) {
  std::sort(parameters.begin(), parameters.end(),
            [](const Parameter& a, const Parameter& b) { return a.name < b.name; });
  return values_json(parameters);
}

/// [[axis, value], ...] of a point.
[[nodiscard]] inline Json coordinates_json(const Point& point) {
  Json list = Json::array();
  for (const auto& [axis, value] : point.coordinates()) {
    list.push_back(Json::array({axis, number_json(value)}));
  }
  return list;
}

namespace detail {

/// Tag of RFC 8746 for a byte string that holds little-endian 64-bit floats.
constexpr std::uint64_t float64_tag = 86;

/// The numbers as a tagged byte string.
inline Json pack_numbers(const std::vector<double>& values) {
  std::vector<std::uint8_t> bytes(values.size() * sizeof(double));
  for (std::size_t i = 0; i < values.size(); ++i) {
    const auto word = std::bit_cast<std::uint64_t>(values[i]);
    for (std::size_t b = 0; b < sizeof(double); ++b) {
      bytes[i * sizeof(double) + b] = static_cast<std::uint8_t>(word >> (8 * b));
    }
  }
  return Json::binary(std::move(bytes), float64_tag);
}

/// Inverse of pack_numbers.
inline std::vector<double> unpack_numbers(const Json& packed) {
  const auto& bytes = packed.get_binary();
  std::vector<double> values(bytes.size() / sizeof(double));
  for (std::size_t i = 0; i < values.size(); ++i) {
    std::uint64_t word = 0;
    for (std::size_t b = 0; b < sizeof(double); ++b) {
      word |= static_cast<std::uint64_t>(bytes[i * sizeof(double) + b]) << (8 * b);
    }
    values[i] = std::bit_cast<double>(word);
  }
  return values;
}

} // namespace detail

/// What a cell left, in the form that is stored; meant for CBOR, since it holds byte strings.
[[nodiscard]] inline Json record_json(const Record& record) {
  Json numbers = Json::array();
  for (const auto& [name, value] : record.numbers()) {
    numbers.push_back(Json::array({name, value}));
  }
  Json all_series = Json::array();
  for (const Series& series : record.all_series()) {
    Json axes = Json::array();
    for (const Axis& axis : series.axes) {
      axes.push_back(
          {{"name", axis.name}, {"unit", axis.unit}, {"at", detail::pack_numbers(axis.at)}});
    }
    all_series.push_back({{"name", series.name},
                          {"axes", std::move(axes)},
                          {"values", detail::pack_numbers(series.values)}});
  }
  Json divergence;
  if (record.divergence()) {
    divergence = {{"step", record.divergence()->step}, {"quantity", record.divergence()->quantity}};
  }
  return {{"numbers", std::move(numbers)},
          {"series", std::move(all_series)},
          {"divergence", std::move(divergence)}};
}

/// Inverse of record_json.
/// @throws nlohmann::json::exception, ArgumentError if the JSON is not of that form
[[nodiscard]] inline Record record_from_json(const Json& json) {
  Record record;
  if (const Json& divergence = json.at("divergence"); !divergence.is_null()) {
    record.diverged(divergence.at("step").get<double>(),
                    divergence.at("quantity").get<std::string>());
  }
  for (const Json& number : json.at("numbers")) {
    auto name = number.at(0).get<std::string>();
    const auto value = number.at(1).get<double>();
    if (std::isinf(value) && value > 0) {
      record.never(std::move(name));
    } else {
      record.number(std::move(name), value);
    }
  }
  for (const Json& series : json.at("series")) {
    std::vector<Axis> axes;
    for (const Json& axis : series.at("axes")) {
      axes.push_back({axis.at("name").get<std::string>(), detail::unpack_numbers(axis.at("at")),
                      axis.at("unit").get<std::string>()});
    }
    record.table(series.at("name").get<std::string>(), std::move(axes),
                 detail::unpack_numbers(series.at("values")));
  }
  return record;
}

} // namespace gradus::study
