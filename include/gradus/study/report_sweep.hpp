// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <cstddef>
#include <stdexcept>
#include <string>

#include <fmt/format.h>

#include <gradus/study/json.hpp>
#include <gradus/study/markup.hpp>
#include <gradus/study/report_figure.hpp>
#include <gradus/study/report_section.hpp>

namespace gradus::study {

namespace detail {

/// Parses sweep.json and checks what the page counts on.
/// @throws nlohmann::json::exception, std::runtime_error with the reason
inline Json checked_sweep(const std::string& bytes) {
  Json sweep = Json::parse(bytes);
  if (!sweep.is_object() || !sweep.contains("sweep") || !sweep["sweep"].is_string() ||
      !sweep.contains("axes") || !sweep["axes"].is_array()) {
    throw std::runtime_error("no study or no axes in it");
  }
  return sweep;
}

/// "8 values from 100 to 800" of an axis.
inline std::string html_axis_values(const Json& axis) {
  const Json at = axis.is_object() ? axis.value("at", Json()) : Json();
  if (!at.is_array() || at.empty()) {
    return "";
  }
  std::string text;
  if (at.size() <= 8) {
    for (const Json& value : at) {
      text += (text.empty() ? "" : ", ") + html_number(value);
    }
    return text;
  }
  return fmt::format("{} values from {} to {}", at.size(), html_number(at.front()),
                     html_number(at.back()));
}

/// "num_samples and dim": the axes of a sweep.
inline std::string html_axis_names(const Json& sweep) {
  const Json& axes = sweep.at("axes");
  std::string names;
  for (std::size_t a = 0; a < axes.size(); ++a) {
    names += (a == 0 ? "" : a + 1 == axes.size() ? " and " : ", ") + html_member(axes[a], "name");
  }
  return names;
}

} // namespace detail

/// The section of one sweep: its axes, its figures, how it was made.
/// @param number  makes anchors and ids unique among the sweeps of the page
[[nodiscard]] inline std::string report_sweep(const ReportRun& sweep, std::size_t number) {
  using namespace detail; // NOLINT: a page is a long list of its pieces
  const Json& result = sweep.result;
  std::string out = fmt::format("<section class=\"run\" id=\"sweep-{}\">\n<div class=\"head\">"
                                "<h2>Sweep: {}</h2></div>\n",
                                number, html_member(result, "title"));
  std::string rows;
  for (const Json& axis : result.at("axes")) {
    rows += fmt::format("<tr><td><code>{}</code></td><td>{}</td><td>{}</td><td>{}</td></tr>\n",
                        html_member(axis, "name"), html_member(axis, "meaning"),
                        html_axis_values(axis), html_member(axis, "unit"));
  }
  out += fmt::format("<p class=\"small soft\">study <b>{}</b> \xC2\xB7 preset <b>{}</b> \xC2\xB7 "
                     "seeds <b>{}</b> \xC2\xB7 cells <b>{}</b>, diverged <b>{}</b> \xC2\xB7 "
                     "<b>{}</b></p>\n",
                     html_member(result, "sweep"), html_member(result, "preset"),
                     html_seeds(result.value("seeds", Json())), html_member(result, "cells"),
                     html_member(result, "diverged"), escape_markup(sweep.key));
  out += "<div class=\"scroll\"><table><thead><tr><th>axis</th><th>meaning</th><th>values</th>"
         "<th>unit</th></tr></thead><tbody>\n" +
         rows + "</tbody></table></div>\n";
  for (std::size_t i = 0; i < sweep.figures.size(); ++i) {
    const ReportFigure& figure = sweep.figures[i];
    const std::string caption = figure.caption.empty() ? figure.id : figure.caption;
    out += embed_svg(figure.svg, fmt::format("s{}f{}-", number, i), caption);
  }
  out += html_folded("Other parameters", html_pairs(result.value("params", Json())));
  out += html_folded("Timing", html_pairs(result.value("timing", Json())));
  out += html_folded("Build", html_pairs(result.value("build", Json())));
  return out + "</section>\n";
}

} // namespace gradus::study
