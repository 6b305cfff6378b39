// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <algorithm>
#include <charconv>
#include <cmath>
#include <cstdint>
#include <numeric>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <gradus/core/error.hpp>
#include <gradus/study/cell.hpp>
#include <gradus/study/parameter.hpp>
#include <gradus/study/runner.hpp>

/// From the words of a command line to values. Every function throws ArgumentError, whose message
/// says what was given and what would be valid.

namespace gradus::study {

/// Least number of single-character insertions, deletions and replacements that turn a into b.
[[nodiscard]] inline std::size_t edit_distance(std::string_view a, std::string_view b) {
  std::vector<std::size_t> row(b.size() + 1);
  std::iota(row.begin(), row.end(), std::size_t{0});
  for (std::size_t i = 1; i <= a.size(); ++i) {
    std::size_t diagonal = row[0];
    row[0] = i;
    for (std::size_t j = 1; j <= b.size(); ++j) {
      const std::size_t replaced = diagonal + (a[i - 1] == b[j - 1] ? 0 : 1);
      diagonal = row[j];
      row[j] = std::min({row[j] + 1, row[j - 1] + 1, replaced});
    }
  }
  return row.back();
}

/// ", did you mean NAME?" for the name nearest to the word, or nothing if none is near.
[[nodiscard]] inline std::string suggestion(std::string_view word,
                                            const std::vector<std::string>& names) {
  std::string best;
  std::size_t least = std::max<std::size_t>(2, word.size() / 2) + 1;
  for (const std::string& name : names) {
    std::size_t distance = edit_distance(word, name);
    if (!word.empty() && name.starts_with(word)) {
      distance = std::min<std::size_t>(distance, 1);
    }
    if (distance < least) {
      least = distance;
      best = name;
    }
  }
  return best.empty() ? "" : "; did you mean " + best + "?";
}

namespace detail {

/// The whole word as a number of type T, or nothing.
template <class T>
std::optional<T> parse_number(std::string_view word) {
  if (word.size() > 1 && word.front() == '+' && word[1] != '-') {
    word.remove_prefix(1);
  }
  T value{};
  const char* end = word.data() + word.size();
  const auto [rest, error] = std::from_chars(word.data(), end, value);
  return error == std::errc{} && rest == end ? std::optional(value) : std::nullopt;
}

/// An integer, also written as 1e5.
inline std::optional<std::int64_t> parse_integer(std::string_view word) {
  if (const auto value = parse_number<std::int64_t>(word)) {
    return value;
  }
  const auto value = parse_number<double>(word);
  if (value && *value == std::floor(*value) && std::abs(*value) <= 0x1p53) {
    return static_cast<std::int64_t>(*value);
  }
  return std::nullopt;
}

} // namespace detail

/// Sets a parameter from a word. @throws ArgumentError if it does not fit type or range
inline void set_parameter(Parameter& parameter, const std::string& word) {
  const auto assign = [&](const auto& parsed, const std::string& kind) {
    require(parsed.has_value(), parameter.name, word, kind + ", " + parameter.range.text());
    parameter.value = *parsed;
  };
  if (std::holds_alternative<std::int64_t>(parameter.value)) {
    assign(detail::parse_integer(word), "an integer");
  } else if (std::holds_alternative<double>(parameter.value)) {
    assign(detail::parse_number<double>(word), "a number");
  } else if (std::holds_alternative<bool>(parameter.value)) {
    const bool yes = word == "true" || word == "1";
    require(yes || word == "false" || word == "0", parameter.name, word, "true or false");
    parameter.value = yes;
  } else {
    parameter.value = word;
  }
  validate(parameter);
}

/// key=value of --set.
[[nodiscard]] inline std::pair<std::string, std::string> parse_assignment(const std::string& word) {
  const std::size_t at = word.find('=');
  require(at != std::string::npos && at > 0, "--set", word, "key=value");
  return {word.substr(0, at), word.substr(at + 1)};
}

/// quick, default or paper.
[[nodiscard]] inline Preset parse_preset(const std::string& word) {
  std::vector<std::string> names;
  for (const Preset preset : {Preset::quick, Preset::standard, Preset::paper}) {
    if (word == preset_name(preset)) {
      return preset;
    }
    names.push_back(preset_name(preset));
  }
  throw ArgumentError("--preset", word, "quick, default, paper" + suggestion(word, names));
}

/// N of --seed.
[[nodiscard]] inline SeedRange parse_seed(const std::string& word) {
  const auto seed = detail::parse_number<std::uint64_t>(word);
  require(seed.has_value(), "--seed", word, "an integer from 0 to 18446744073709551615");
  return {*seed, *seed};
}

/// A..B of --seeds, both ends included.
[[nodiscard]] inline SeedRange parse_seeds(const std::string& word) {
  const char* valid = "A..B with integers 0 <= A <= B, both ends included";
  const std::size_t at = word.find("..");
  require(at != std::string::npos, "--seeds", word, valid);
  const auto first = detail::parse_number<std::uint64_t>(word.substr(0, at));
  const auto last = detail::parse_number<std::uint64_t>(word.substr(at + 2));
  require(first && last, "--seeds", word, valid);
  if (*first > *last) {
    throw ArgumentError("--seeds", word,
                        std::string(valid) + "; reversed, did you mean " + std::to_string(*last) +
                            ".." + std::to_string(*first) + "?");
  }
  return {*first, *last};
}

/// I/N of --shard.
[[nodiscard]] inline Shard parse_shard(const std::string& word) {
  const char* valid = "I/N with integers N >= 1 and I in 0..N-1";
  const std::size_t at = word.find('/');
  require(at != std::string::npos, "--shard", word, valid);
  const auto index = detail::parse_number<Index>(word.substr(0, at));
  const auto count = detail::parse_number<Index>(word.substr(at + 1));
  require(index && count && *count >= 1, "--shard", word, valid);
  require(*index >= 0 && *index < *count, "--shard", word,
          "I/" + std::to_string(*count) + " with I in 0.." + std::to_string(*count - 1));
  return {*index, *count};
}

/// N of --threads.
[[nodiscard]] inline int parse_threads(const std::string& word) {
  constexpr int most = 1024;
  const auto threads = detail::parse_number<int>(word);
  require(threads && *threads >= 1 && *threads <= most, "--threads", word,
          "an integer from 1 to " + std::to_string(most));
  return *threads;
}

} // namespace gradus::study
