// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <algorithm>
#include <cerrno>
#include <cstddef>
#include <filesystem>
#include <string>
#include <string_view>
#include <system_error>
#include <utility>
#include <vector>

#include <nlohmann/json.hpp>

#include <gradus/study/atomic_file.hpp>
#include <gradus/study/child_process.hpp>
#include <gradus/study/figures.hpp>
#include <gradus/study/gnuplot_script.hpp>
#include <gradus/study/markup.hpp>
#include <gradus/study/svg.hpp>

namespace gradus::study {

/// Which figures were drawn, and what went wrong if anything did.
struct FigureReport {
  std::vector<std::string> written; ///< file names inside the folder, "accuracy.svg"
  std::string problem;              ///< one line; empty if every figure was drawn
};

namespace detail {

/// Ids name files and elements: letters, digits, '-' and '_'.
inline bool is_figure_id(std::string_view id) {
  return !id.empty() && std::all_of(id.begin(), id.end(), [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' ||
           c == '_';
  });
}

/// The line of gnuplot's errors that says what is wrong; it shows the command and a ^ before it.
inline std::string gnuplot_error(const ChildResult& result) {
  std::string found;
  for (std::size_t at = 0; at < result.errors.size();) {
    const std::size_t end = std::min(result.errors.find('\n', at), result.errors.size());
    const std::string line = plain_line(std::string_view(result.errors).substr(at, end - at));
    at = end + 1;
    const std::size_t first = line.find_first_not_of(" ^");
    if (first == std::string::npos) {
      continue;
    }
    const bool message = line.find("line ") != std::string::npos;
    if (found.empty() || message) {
      found = line.substr(message ? line.find("line ") : first);
    }
    if (message) {
      break;
    }
  }
  return found.empty() ? "exit status " + std::to_string(result.status) : found;
}

} // namespace detail

/// Draws each figure to folder/<id>.svg with gnuplot, one process a figure, in batch, and lists the
/// drawn ones with their captions in folder/index.json ({"id": "caption"}, in order). Files are put
/// in place whole. The same figure gives the same bytes. A figure that can't be drawn, or gnuplot
/// missing, is told in the report and does not hinder the others.
///
/// Style::color counts through Okabe and Ito's palette; -1 is dark grey, for references.
/// @param folder  made if it is not there
/// @param program gnuplot's name or path
/// @throws IoError if a file can't be written
inline FigureReport write_figures(const Figures& figures, const std::filesystem::path& folder,
                                  const std::string& program = "gnuplot") {
  FigureReport report;
  std::size_t num_problems = 0;
  const auto complain = [&](const std::string& problem) {
    if (num_problems++ == 0) {
      report.problem = problem;
    }
  };
  nlohmann::ordered_json index = nlohmann::ordered_json::object();
  for (const Figure& figure : figures.list()) {
    if (!detail::is_figure_id(figure.id)) {
      complain("figure '" + plain_line(figure.id) +
               "': not drawn; an id has letters, digits, '-' and '_' only");
      continue;
    }
    if (index.contains(figure.id)) {
      complain("figure " + figure.id + ": not drawn; the id is taken by another figure");
      continue;
    }
    if (figure.panels.empty()) {
      complain("figure " + figure.id + ": not drawn; it has no panel");
      continue;
    }
    ChildResult drawn;
    try {
      drawn = run_child({program, "-d", "/dev/stdin"},
                        gnuplot_script(figure)); // -d: no start-up files
    } catch (const std::system_error& error) {
      complain("figure " + figure.id + ": not drawn; " + error.what());
      continue;
    }
    if (drawn.start_error == ENOENT || drawn.status == 127) {
      report.problem = "figures not drawn: " + program +
                       " not found; on Debian or Ubuntu it comes with the package gnuplot-nox";
      return report;
    }
    if (drawn.start_error != 0) {
      report.problem = "figures not drawn: cannot start " + program + ": " +
                       std::generic_category().message(drawn.start_error);
      return report;
    }
    if (!drawn.ok() || drawn.output.find("</svg>") == std::string::npos) {
      complain("figure " + figure.id + ": gnuplot failed: " + detail::gnuplot_error(drawn));
      continue;
    }
    make_folder(folder);
    update_file(folder / (figure.id + ".svg"),
                tidy_svg(std::move(drawn.output), figure.id + "-", figure.caption));
    report.written.push_back(figure.id + ".svg");
    index[figure.id] = plain_line(figure.caption);
  }
  if (num_problems > 1) {
    report.problem += " (and " + std::to_string(num_problems - 1) + " more)";
  }
  if (!report.written.empty()) {
    update_file(folder / "index.json", index.dump(2) + "\n");
  }
  return report;
}

} // namespace gradus::study
