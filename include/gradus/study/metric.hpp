// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace gradus::study {

/// What a study says of a number that its cells record; the optional static member `metrics()` of
/// a study lists them all.
struct Metric {
  /// The number, in every arm that records it, or "arm.number", in that arm; a '*' stands for any
  /// characters.
  std::string name;
  std::string meaning;   ///< what it stands for, in a few words; of a '*', what may stand there
  std::string unit = {}; ///< empty for a pure number
  /// Words for the line that theory draws in its figures: where the study's `boundary` is zero.
  std::string boundary = {};
};

namespace detail {

/// Whether the words are the pattern, in which one '*' stands for any characters.
inline bool fits_pattern(std::string_view pattern, std::string_view words) {
  const std::size_t star = pattern.find('*');
  if (star == std::string_view::npos) {
    return pattern == words;
  }
  const std::string_view head = pattern.substr(0, star);
  const std::string_view tail = pattern.substr(star + 1);
  return words.size() >= head.size() + tail.size() && words.starts_with(head) &&
         words.ends_with(tail);
}

} // namespace detail

/// What is said of a number of an arm, or nullptr; an entry for the arm goes before a general one,
/// and an earlier entry before a later one.
[[nodiscard]] inline const Metric* find_metric(const std::vector<Metric>& metrics,
                                               std::string_view arm, std::string_view number) {
  const std::string full = std::string(arm) + "." + std::string(number);
  const Metric* found = nullptr;
  for (const Metric& metric : metrics) {
    const bool of_arm = metric.name.find('.') != std::string::npos;
    if (of_arm && detail::fits_pattern(metric.name, full)) {
      return &metric;
    }
    if (!of_arm && found == nullptr && detail::fits_pattern(metric.name, number)) {
      found = &metric;
    }
  }
  return found;
}

} // namespace gradus::study
