// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <algorithm>
#include <filesystem>
#include <string>
#include <system_error>
#include <vector>

#include <fmt/format.h>

#include <gradus/study/atomic_file.hpp>
#include <gradus/study/claims_table.hpp>
#include <gradus/study/json.hpp>
#include <gradus/study/metric.hpp>
#include <gradus/study/study.hpp>

/// The numbers that a study records, for `gradus show`.

namespace gradus::study {

namespace detail {

/// "arm.number" of every number in a result.json or sweep.json; nothing if it is none.
inline std::vector<std::string> numbers_in_result(const std::string& text) {
  std::vector<std::string> names;
  const Json json = Json::parse(text, nullptr, false);
  if (!json.is_object() || !json.contains("metrics")) {
    return names;
  }
  const Json& metrics = json["metrics"];
  if (metrics.is_array()) { // a sweep
    for (const Json& table : metrics) {
      if (table.is_object() && table.contains("name") && table["name"].is_string()) {
        names.push_back(table["name"].get<std::string>());
      }
    }
  } else if (metrics.is_object()) {
    for (const auto& [arm, entry] : metrics.items()) {
      if (entry.is_object() && entry.contains("numbers") && entry["numbers"].is_object()) {
        for (const auto& [number, summary] : entry["numbers"].items()) {
          names.push_back(fmt::format("{}.{}", arm, number));
        }
      }
    }
  }
  return names;
}

} // namespace detail

/// "arm.number" of the numbers that the results of a study under `out` have, each once; files that
/// can't be read count as none.
[[nodiscard]] inline std::vector<std::string> recorded_numbers(const Study& study,
                                                               const std::filesystem::path& out) {
  std::error_code error;
  std::vector<std::filesystem::path> files;
  std::filesystem::directory_iterator it(out / study.card.id, error);
  for (; !error && it != std::filesystem::directory_iterator(); it.increment(error)) {
    for (const char* name : {"result.json", "sweep.json"}) {
      files.push_back(it->path() / name);
    }
  }
  std::sort(files.begin(), files.end());
  std::vector<std::string> names;
  for (const std::filesystem::path& file : files) {
    std::error_code missing;
    if (!std::filesystem::is_regular_file(file, missing)) {
      continue;
    }
    for (const std::string& name : detail::numbers_in_result(read_file(file).value_or(""))) {
      if (std::find(names.begin(), names.end(), name) == names.end()) {
        names.push_back(name);
      }
    }
  }
  return names;
}

/// [{name, meaning, unit}, ...]: what the study declares; if it declares nothing, the names found
/// in the results under `out`.
[[nodiscard]] inline Json metrics_list_json(const Study& study, const std::filesystem::path& out) {
  Json list = Json::array();
  for (const Metric& metric : study.metrics) {
    list.push_back({{"name", metric.name}, {"meaning", metric.meaning}, {"unit", metric.unit}});
  }
  if (study.metrics.empty()) {
    for (const std::string& name : recorded_numbers(study, out)) {
      list.push_back({{"name", name}, {"meaning", ""}, {"unit", ""}});
    }
  }
  return list;
}

/// The same for reading.
[[nodiscard]] inline std::string metrics_list_text(const Study& study,
                                                   const std::filesystem::path& out) {
  std::string text = "\nmetrics (for gradus sweep --metric)\n";
  const Json list = metrics_list_json(study, out);
  for (const Json& metric : list) {
    const auto meaning = metric["meaning"].get<std::string>();
    const auto unit = metric["unit"].get<std::string>();
    text += detail::wrapped(metric["name"].get<std::string>() +
                                (meaning.empty() ? "" : ": " + meaning) +
                                (unit.empty() ? "" : ", in " + unit),
                            2);
  }
  return list.empty() ? text + "  not declared; a run of the study shows their names here\n" : text;
}

} // namespace gradus::study
