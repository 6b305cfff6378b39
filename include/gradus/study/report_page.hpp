// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include <fmt/format.h>

#include <gradus/study/json.hpp>
#include <gradus/study/markup.hpp>
#include <gradus/study/report_section.hpp>
#include <gradus/study/report_style.hpp>
#include <gradus/study/report_sweep.hpp>

namespace gradus::study {

/// The whole page. @param problems one line each: what could not be shown, and why
/// @param sweeps  shown behind the runs
[[nodiscard]] inline std::string report_page(const std::vector<ReportRun>& runs,
                                             const std::vector<std::string>& problems,
                                             const std::vector<ReportRun>& sweeps = {}) {
  using namespace detail; // NOLINT: as above
  ClaimCounts total;
  std::size_t num_reproduced = 0;
  std::size_t num_studies = 0;
  bool all_runs = true; // of the study at hand
  std::string contents;
  for (std::size_t i = 0; i < runs.size(); ++i) {
    const ReportRun& run = runs[i];
    const ClaimCounts counts = ClaimCounts::of(run.result);
    total += counts;
    all_runs = all_runs && counts.reproduced();
    if (i + 1 == runs.size() || runs[i + 1].study != run.study) {
      ++num_studies;
      num_reproduced += all_runs ? 1 : 0;
      all_runs = true;
    }
    contents += fmt::format(
        "<tr><td><a href=\"#run-{}\">{}</a></td><td data-label=\"preset\">{}</td>"
        "<td data-label=\"seeds\">{}</td><td data-label=\"claims held\">{} of {}{}</td>"
        "<td data-label=\"verdict\">{}</td></tr>\n",
        i + 1, html_member(run.result, "study"), html_member(run.result, "preset"),
        html_seeds(run.result.value("seeds", Json())), counts.held, counts.held + counts.failed,
        counts.known_misses == 0 ? "" : fmt::format(" (+ {} known)", counts.known_misses),
        html_verdict(counts.reproduced()));
  }
  std::string out = "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n"
                    "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n"
                    "<title>gradus report</title>\n<style>";
  out += report_style();
  out += "</style>\n</head>\n<body>\n<header>\n<h1>What was reproduced</h1>\n";
  const auto tile = [](std::string_view name, const std::string& value, std::string_view style) {
    return fmt::format("<li><b class=\"{}\">{}</b>{}</li>\n", style, value, name);
  };
  out += "<ul class=\"tiles\">\n";
  out += tile("studies reproduced", fmt::format("{} of {}", num_reproduced, num_studies),
              num_reproduced == num_studies ? "good" : "bad");
  out += tile("claims held", std::to_string(total.held), "good");
  out += tile("claims failed", std::to_string(total.failed), total.failed == 0 ? "soft" : "bad");
  out += tile("known misses", std::to_string(total.known_misses), "known");
  out += tile("of them controls", std::to_string(total.controls), "soft");
  out += "</ul>\n";
  for (const std::string& problem : problems) {
    out +=
        "<p class=\"notice\" role=\"alert\"><b>Left out:</b> " + escape_markup(problem) + "</p>\n";
  }
  out += "</header>\n<nav aria-label=\"Contents\">\n<table "
         "class=\"stack\"><thead><tr><th>study</th><th>preset</th>"
         "<th>seeds</th><th>claims held</th><th>verdict</th></tr></thead>\n<tbody>\n" +
         contents + "</tbody></table>\n";
  for (std::size_t i = 0; i < sweeps.size(); ++i) {
    out += fmt::format("<p><a href=\"#sweep-{}\">Sweep of {} over {}</a></p>\n", i + 1,
                       html_member(sweeps[i].result, "sweep"), html_axis_names(sweeps[i].result));
  }
  out += "</nav>\n<main>\n";
  for (std::size_t i = 0; i < runs.size(); ++i) {
    out += report_section(runs[i], i + 1);
  }
  for (std::size_t i = 0; i < sweeps.size(); ++i) {
    out += report_sweep(sweeps[i], i + 1);
  }
  return out + "</main>\n</body>\n</html>\n";
}

} // namespace gradus::study
