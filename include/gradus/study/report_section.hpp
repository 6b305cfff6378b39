// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include <fmt/format.h>

#include <gradus/study/json.hpp>
#include <gradus/study/markup.hpp>
#include <gradus/study/report_figure.hpp>
#include <gradus/study/svg.hpp>

namespace gradus::study {

/// A figure of a run: its file's name without the ending, the caption if there is one, the SVG.
struct ReportFigure {
  std::string id;      ///< file name without ".svg"
  std::string caption; ///< plain text; empty if there is none
  std::string svg;     ///< the document, as read from the file
};

/// A run as the report shows it.
struct ReportRun {
  std::string study;                 ///< id of the study
  std::string key;                   ///< name of the run's folder
  Json result;                       ///< result.json, checked to have study and claims
  std::vector<ReportFigure> figures; ///< in the order of their index
};

/// Counts over the claims of runs. A known miss that holds counts as failed: its mark is wrong.
struct ClaimCounts {
  int held = 0;         ///< hold and are no known misses
  int failed = 0;       ///< do not hold, or hold in spite of their mark
  int known_misses = 0; ///< marked, and do not hold
  int controls = 0;     ///< negative controls among all of these

  /// Counts the claims of a result.json.
  /// @throws nlohmann::json::exception if the list of claims or a verdict is missing
  [[nodiscard]] static ClaimCounts of(const Json& result) {
    ClaimCounts counts;
    for (const Json& claim : result.at("claims")) {
      const bool holds = claim.at("holds").get<bool>();
      const bool miss = claim.value("known_miss", false);
      ++(miss ? (holds ? counts.failed : counts.known_misses)
              : (holds ? counts.held : counts.failed));
      counts.controls += claim.value("control", false) ? 1 : 0;
    }
    return counts;
  }
  /// Adds the counts of another run.
  ClaimCounts& operator+=(const ClaimCounts& other) {
    held += other.held;
    failed += other.failed;
    known_misses += other.known_misses;
    controls += other.controls;
    return *this;
  }
  /// No claim failed.
  [[nodiscard]] bool reproduced() const noexcept { return failed == 0; }
};

namespace detail {

inline std::string html_number(const Json& value) {
  if (value.is_number()) {
    std::string text =
        value.is_number_float() ? fmt::format("{:.5g}", value.get<double>()) : value.dump();
    replace_all(text, "-", "\xE2\x88\x92");
    return text;
  }
  return value.is_null()
             ? "not finite"
             : escape_markup(value.is_string() ? value.get<std::string>() : value.dump());
}

/// A member as text, whatever its type; nothing if it is not there.
inline std::string html_member(const Json& object, std::string_view name) {
  const auto found = object.is_object() ? object.find(std::string(name)) : object.end();
  return !object.is_object() || found == object.end() ? "" : html_number(*found);
}

/// "0–4, 7" of a list of seeds.
inline std::string html_seeds(const Json& seeds) {
  std::string text;
  if (!seeds.is_array()) {
    return text;
  }
  for (std::size_t i = 0; i < seeds.size();) {
    std::size_t end = i + 1;
    while (end < seeds.size() && seeds[end].is_number_unsigned() &&
           seeds[end - 1].is_number_unsigned() &&
           seeds[end].get<std::uint64_t>() == seeds[end - 1].get<std::uint64_t>() + 1) {
      ++end;
    }
    text += (text.empty() ? "" : ", ") + html_number(seeds[i]);
    if (end - i > 1) {
      text += (end - i == 2 ? ", " : "\xE2\x80\x93") + html_number(seeds[end - 1]);
    }
    i = end;
  }
  return text;
}

inline std::string html_bound(const Json& claim) {
  const std::string relation = claim.value("relation", "");
  const Json bound = claim.value("bound", Json());
  if (bound.is_array() && bound.size() == 2) {
    return "in [" + html_number(bound[0]) + ", " + html_number(bound[1]) + "]";
  }
  const std::string sign = relation == ">="   ? "\xE2\x89\xA5"
                           : relation == "<=" ? "\xE2\x89\xA4"
                                              : escape_markup(relation);
  return sign + " " + html_number(bound);
}

inline std::string html_spread(const Json& claim) {
  const Json spread = claim.value("spread", Json());
  if (!spread.is_array() || spread.size() != 2 || (spread[0].is_null() && spread[1].is_null())) {
    return "\xE2\x80\x94";
  }
  return spread[0] == spread[1]
             ? "single value"
             : html_number(spread[0]) + " \xE2\x80\xA6 " + html_number(spread[1]);
}

inline std::string html_verdict(bool reproduced) {
  return reproduced ? "<span class=\"verdict good\">\xE2\x9C\x93 REPRODUCED</span>"
                    : "<span class=\"verdict bad\">\xE2\x9C\x97 NOT REPRODUCED</span>";
}

/// The table of the claims that are, or are not, known misses; nothing if there are none.
inline std::string html_claims(const Json& result, bool known_misses) {
  std::string rows;
  for (const Json& claim : result.at("claims")) {
    if (claim.value("known_miss", false) != known_misses) {
      continue;
    }
    const bool holds = claim.at("holds").get<bool>();
    std::string mark = holds ? "<span class=\"verdict good\">\xE2\x9C\x93 holds</span>"
                             : "<span class=\"verdict bad\">\xE2\x9C\x97 fails</span>";
    if (known_misses) {
      mark =
          holds
              ? "<span class=\"verdict bad\">\xE2\x9C\x97 holds after all: take off the mark</span>"
              : "<span class=\"verdict known\">\xE2\x97\x8B known miss</span>";
    }
    std::string about = "<code>" + html_member(claim, "id") + "</code>";
    if (const std::string source = html_member(claim, "source"); !source.empty()) {
      about += " \xC2\xB7 " + source;
    }
    if (claim.value("control", false)) {
      about += " <span class=\"tag\">control</span>";
    }
    std::string reason = html_member(claim, "reason");
    if (!reason.empty()) {
      reason = "<p class=\"small\">Why: " + reason + "</p>";
    }
    rows += fmt::format(
        "<tr{}><td>{}<div class=\"small soft\">{}</div>{}</td>"
        "<td class=\"n\" data-label=\"measured\"><b>{}</b></td>"
        "<td class=\"n\" data-label=\"spread\">{}</td>"
        "<td class=\"n\" data-label=\"required\">{}</td>"
        "<td data-label=\"verdict\">{}</td></tr>\n",
        holds == known_misses ? " class=\"failed\"" : "", html_member(claim, "statement"), about,
        reason, html_member(claim, "measured"), html_spread(claim), html_bound(claim), mark);
  }
  if (rows.empty()) {
    return rows;
  }
  const std::string intro =
      known_misses
          ? "<h3>Known misses</h3>\n<p class=\"small soft\">Statements that do not come out "
            "at this scale, as careful work settled; counted apart.</p>\n"
          : "<h3>Claims</h3>\n";
  return intro +
         "<table class=\"stack\"><thead><tr><th>claim</th><th>measured</th><th>spread</th>"
         "<th>required</th><th>verdict</th></tr></thead>\n<tbody>\n" +
         rows + "</tbody></table>\n";
}

inline std::string html_folded(std::string_view title, std::string_view body) {
  return body.empty() ? ""
                      : fmt::format("<details class=\"fold\"><summary>{}</summary></details>\n"
                                    "<div class=\"folded\">{}</div>\n",
                                    title, body);
}

/// {name: value} as a table of two columns; nothing for an empty object.
inline std::string html_pairs(const Json& object) {
  std::string rows;
  if (object.is_object()) {
    for (const auto& [name, value] : object.items()) {
      rows += "<tr><th scope=\"row\">" + escape_markup(name) + "</th><td>" + html_number(value) +
              "</td></tr>\n";
    }
  }
  return rows.empty() ? rows : "<table class=\"pairs\"><tbody>\n" + rows + "</tbody></table>";
}

/// Metrics, {arm: {"numbers": {name: {mean, min, max, count}}, "cells", "diverged"}}.
inline std::string html_metrics(const Json& metrics) {
  std::string out;
  if (!metrics.is_object()) {
    return out;
  }
  for (const auto& [arm, entry] : metrics.items()) {
    const Json& numbers = entry.is_object() && entry.contains("numbers") ? entry["numbers"] : entry;
    std::string rows;
    if (numbers.is_object()) {
      for (const auto& [name, number] : numbers.items()) {
        if (number.is_object()) {
          rows += fmt::format("<tr><td>{}</td><td class=\"n\">{}</td><td class=\"n\">{}</td>"
                              "<td class=\"n\">{}</td><td class=\"n\">{}</td></tr>\n",
                              escape_markup(name), html_member(number, "mean"),
                              html_member(number, "min"), html_member(number, "max"),
                              html_member(number, "count"));
        }
      }
    }
    std::string cells = html_member(entry, "cells");
    if (!cells.empty()) {
      const std::string diverged = html_member(entry, "diverged");
      cells = " <span class=\"soft small\">" + cells + " cells" +
              (diverged.empty() || diverged == "0" ? "" : ", " + diverged + " diverged") +
              "</span>";
    }
    if (!rows.empty() || !cells.empty()) {
      out += "<p class=\"arm\"><b>" + escape_markup(arm) + "</b>" + cells + "</p>\n";
    }
    if (!rows.empty()) {
      out +=
          "<div "
          "class=\"scroll\"><table><thead><tr><th>number</th><th>mean</th><th>min</th><th>max</th>"
          "<th>count</th></tr></thead><tbody>\n" +
          rows + "</tbody></table></div>\n";
    }
  }
  return out;
}

} // namespace detail

/// The section of one run. @param number makes anchors and ids unique in the page
[[nodiscard]] inline std::string report_section(const ReportRun& run, std::size_t number) {
  using namespace detail; // NOLINT: a page is a long list of its pieces
  const Json& result = run.result;
  const ClaimCounts counts = ClaimCounts::of(result);
  std::string title = html_member(result, "title");
  title = title.empty() ? html_member(result, "study") : title;
  std::string facts;
  const auto fact = [&](std::string_view name, const std::string& value) {
    if (!value.empty()) {
      facts += fmt::format("{}{} <b>{}</b>", facts.empty() ? "" : " \xC2\xB7 ", name, value);
    }
  };
  fact("study", html_member(result, "study"));
  fact("preset", html_member(result, "preset"));
  fact("seeds", html_seeds(result.value("seeds", Json())));
  fact("run", escape_markup(run.key));
  const Json timing = result.value("timing", Json::object());
  if (timing.is_object() && timing.contains("wall_s") && timing["wall_s"].is_number()) {
    fact("time", fmt::format("{:.3g} s", timing["wall_s"].get<double>()));
  }
  std::string out = fmt::format(
      "<section class=\"run\" id=\"run-{}\">\n<div class=\"head\"><h2>{}</h2>{}</div>\n", number,
      title, html_verdict(counts.reproduced()));
  for (const char* line : {"paper", "line"}) {
    if (const std::string text = html_member(result, line); !text.empty()) {
      out += "<p>" + text + "</p>\n";
    }
  }
  out += "<p class=\"small soft\">" + facts + "</p>\n" + html_claims(result, false) +
         html_claims(result, true);
  if (result.at("claims").empty()) {
    out += "<p>This run makes no claim.</p>\n";
  }
  if (!run.figures.empty()) {
    out += "<h3>Figures</h3>\n";
  }
  for (std::size_t i = 0; i < run.figures.size(); ++i) {
    const ReportFigure& figure = run.figures[i];
    const std::string caption = figure.caption.empty() ? figure.id : figure.caption;
    out += embed_svg(figure.svg, fmt::format("r{}f{}-", number, i), caption);
  }
  out += "<h3>Details</h3>\n";
  out += html_folded("Parameters", html_pairs(result.value("params", Json())));
  out += html_folded("Metrics by arm", html_metrics(result.value("metrics", Json())));
  out += html_folded("Timing", html_pairs(timing));
  out += html_folded("Build", html_pairs(result.value("build", Json())));
  return out + "</section>\n";
}

} // namespace gradus::study
