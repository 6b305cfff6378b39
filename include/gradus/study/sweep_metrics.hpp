// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <algorithm>
#include <cstddef>
#include <string>
#include <vector>

#include <gradus/core/error.hpp>
#include <gradus/study/arguments.hpp>
#include <gradus/study/metric.hpp>
#include <gradus/study/runner.hpp>
#include <gradus/study/sweep_plan.hpp>

/// Which numbers of a sweep are tabulated.

namespace gradus::study {

/// A recorded number of an arm, to be tabulated over the grid.
struct SweepMetric {
  std::size_t arm;    ///< position in SweepPlan::arms
  std::string number; ///< as the cells recorded it
};

/// Every number that a cell recorded, as metrics, by arm and in the order in which they were met.
[[nodiscard]] inline std::vector<SweepMetric> found_metrics(const SweepPlan& plan,
                                                            const std::vector<CellState>& states) {
  std::vector<SweepMetric> metrics;
  for (std::size_t a = 0; a < plan.arms.size(); ++a) {
    const std::size_t begin = metrics.size();
    for (const auto& point : plan.arms[a].cells) {
      for (const std::size_t cell : point) {
        if (!states[cell].stored) {
          continue;
        }
        for (const auto& [name, value] : states[cell].stored->record.numbers()) {
          const auto from = metrics.begin() + static_cast<std::ptrdiff_t>(begin);
          if (std::none_of(from, metrics.end(),
                           [&, &key = name](const SweepMetric& m) { return m.number == key; })) {
            metrics.push_back({a, name});
          }
        }
      }
    }
  }
  return metrics;
}

/// The metrics that were asked for, "arm.number" or "number" in every arm that has it, in this
/// order; all of the known ones if nothing was asked for.
/// @throws ArgumentError on a name that is not known
[[nodiscard]] inline std::vector<SweepMetric>
choose_metrics(const std::vector<std::string>& asked, const SweepPlan& plan,
               const std::vector<SweepMetric>& known) {
  if (asked.empty()) {
    return known;
  }
  std::vector<SweepMetric> chosen;
  for (const std::string& word : asked) {
    bool found = false;
    std::vector<std::string> names;
    std::string list;
    for (const SweepMetric& metric : known) {
      const std::string full = plan.arms[metric.arm].name + "." + metric.number;
      if (word == full || word == metric.number) {
        found = true;
        if (std::none_of(chosen.begin(), chosen.end(), [&](const SweepMetric& other) {
              return other.arm == metric.arm && other.number == metric.number;
            })) {
          chosen.push_back(metric);
        }
      }
      names.push_back(plan.arms.size() == 1 ? metric.number : full);
      list += (list.empty() ? "" : ", ") + names.back();
    }
    if (!found) {
      throw ArgumentError("--metric", word, list + suggestion(word, names));
    }
  }
  return chosen;
}

/// Refuses words that no declared metric of an arm of the sweep answers to, before the first cell.
/// @param declared  by the study; if it is empty, everything passes
/// @throws ArgumentError
inline void require_declared(const std::vector<std::string>& asked, const SweepPlan& plan,
                             const std::vector<Metric>& declared) {
  if (declared.empty()) {
    return;
  }
  const auto answers = [&](const std::string& word) {
    return std::any_of(plan.arms.begin(), plan.arms.end(), [&](const SweepArm& arm) {
      const bool full = word.starts_with(arm.name + ".");
      return find_metric(declared, arm.name, full ? word.substr(arm.name.size() + 1) : word) !=
             nullptr;
    });
  };
  for (const std::string& word : asked) {
    if (answers(word)) {
      continue;
    }
    std::vector<std::string> names;
    std::string list;
    for (const Metric& metric : declared) {
      const std::size_t dot = metric.name.find('.');
      const std::string arm = metric.name.substr(0, dot == std::string::npos ? 0 : dot);
      const bool takes_part =
          arm.empty() || std::any_of(plan.arms.begin(), plan.arms.end(), [&](const SweepArm& each) {
            return detail::fits_pattern(arm, each.name);
          });
      if (takes_part) {
        names.push_back(plan.arms.size() == 1 && !arm.empty() ? metric.name.substr(dot + 1)
                                                              : metric.name);
        list += (list.empty() ? "" : ", ") + names.back();
      }
    }
    throw ArgumentError("--metric", word, list + suggestion(word, names));
  }
}

} // namespace gradus::study
