// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <algorithm>
#include <exception>
#include <filesystem>
#include <optional>
#include <stdexcept>
#include <string>
#include <system_error>
#include <utility>
#include <vector>

#include <gradus/core/error.hpp>
#include <gradus/study/atomic_file.hpp>
#include <gradus/study/json.hpp>
#include <gradus/study/report_page.hpp>
#include <gradus/study/report_sweep.hpp>

namespace gradus::study {

/// What a report shows.
struct ReportContents {
  std::vector<ReportRun> runs;       ///< by study, then by key
  std::vector<ReportRun> sweeps;     ///< the same order; result is sweep.json
  std::vector<std::string> problems; ///< what was left out, one line each
};

namespace detail {

/// The entries of a folder in alphabetical order, hidden ones left out. @throws IoError
inline std::vector<std::filesystem::path> sorted_entries(const std::filesystem::path& folder) {
  std::error_code error;
  std::vector<std::filesystem::path> entries;
  std::filesystem::directory_iterator it(folder, error);
  for (; !error && it != std::filesystem::directory_iterator(); it.increment(error)) {
    if (!it->path().filename().string().starts_with('.')) {
      entries.push_back(it->path());
    }
  }
  if (error) {
    throw IoError("read", folder, error.value());
  }
  std::sort(entries.begin(), entries.end());
  return entries;
}

/// Parses result.json and checks what the page counts on.
/// @throws nlohmann::json::exception, std::runtime_error with the reason
inline Json checked_result(const std::string& bytes) {
  Json result = Json::parse(bytes);
  if (!result.is_object() || !result.contains("study") || !result["study"].is_string() ||
      !result.contains("claims") || !result["claims"].is_array()) {
    throw std::runtime_error("no study or no list of claims in it");
  }
  for (const Json& claim : result["claims"]) {
    if (!claim.is_object() || !claim.contains("holds") || !claim["holds"].is_boolean()) {
      throw std::runtime_error("a claim without a verdict in it");
    }
    for (const char* flag : {"control", "known_miss"}) {
      if (claim.contains(flag) && !claim[flag].is_boolean()) {
        throw std::runtime_error(std::string("a claim whose ") + flag +
                                 " is neither true nor false");
      }
    }
    if (claim.contains("relation") && !claim["relation"].is_string()) {
      throw std::runtime_error("a claim whose relation is not text");
    }
  }
  return result;
}

/// The figures of a run in the order of figures/index.json; without it, every SVG by name.
inline std::vector<ReportFigure> load_figures(const std::filesystem::path& folder,
                                              std::vector<std::string>& problems) {
  std::vector<ReportFigure> figures;
  std::error_code error;
  if (!std::filesystem::is_directory(folder, error)) {
    return figures;
  }
  Json index;
  if (const auto bytes = read_file(folder / "index.json")) {
    index = Json::parse(*bytes, nullptr, false);
    if (!index.is_object()) {
      problems.push_back((folder / "index.json").string() + ": not readable, captions are missing");
    }
  }
  if (index.is_object()) {
    for (const auto& [id, caption] : index.items()) {
      figures.push_back({id, caption.is_string() ? caption.get<std::string>() : "", {}});
    }
  } else {
    for (const auto& entry : sorted_entries(folder)) {
      if (entry.extension() == ".svg") {
        figures.push_back({entry.stem().string(), "", {}});
      }
    }
  }
  std::erase_if(figures, [&](ReportFigure& figure) {
    const bool inside = figure.id.find('/') == std::string::npos;
    const auto svg = inside ? read_file(folder / (figure.id + ".svg")) : std::nullopt;
    if (!svg || svg->find("<svg") == std::string::npos) {
      problems.push_back((folder / (figure.id + ".svg")).string() +
                         (svg ? ": not an SVG" : ": not there, though the index lists it"));
      return true;
    }
    figure.svg = *svg;
    return false;
  });
  return figures;
}

} // namespace detail

/// Loads the runs and sweeps below a folder: folder/<study>/<key>/result.json, or sweep.json, with
/// figures/*.svg beside it.
/// What can't be read as a result is told among the problems.
/// @throws ArgumentError if there are no runs   @throws IoError if a folder or file can't be read
[[nodiscard]] inline ReportContents load_report(const std::filesystem::path& folder) {
  ReportContents contents;
  std::error_code error;
  const bool there = std::filesystem::is_directory(folder, error);
  bool any = false;
  for (const auto& study :
       there ? detail::sorted_entries(folder) : std::vector<std::filesystem::path>{}) {
    if (!std::filesystem::is_directory(study, error)) {
      continue;
    }
    for (const auto& run : detail::sorted_entries(study)) {
      std::filesystem::path file = run / "result.json";
      const bool is_sweep = !std::filesystem::exists(file, error);
      if (is_sweep) {
        file = run / "sweep.json";
        if (!std::filesystem::exists(file, error)) {
          continue;
        }
      }
      any = true;
      try {
        const std::string bytes = read_file(file).value_or("");
        Json result = is_sweep ? detail::checked_sweep(bytes) : detail::checked_result(bytes);
        auto name = result[is_sweep ? "sweep" : "study"].get<std::string>();
        (is_sweep ? contents.sweeps : contents.runs)
            .push_back({std::move(name), run.filename().string(), std::move(result),
                        detail::load_figures(run / "figures", contents.problems)});
      } catch (const IoError&) {
        throw;
      } catch (const std::exception& problem) {
        contents.problems.push_back(file.string() + ": not a result: " + problem.what());
      }
    }
  }
  if (!any) {
    throw ArgumentError("report folder",
                        folder.string() +
                            (there ? ", which holds no runs" : ", which is no folder"),
                        "a folder filled by 'gradus run ID --out " + folder.string() + "'");
  }
  for (std::vector<ReportRun>* list : {&contents.runs, &contents.sweeps}) {
    std::stable_sort(list->begin(), list->end(), [](const ReportRun& a, const ReportRun& b) {
      return std::pair(a.study, a.key) < std::pair(b.study, b.key);
    });
  }
  return contents;
}

/// Writes one self-contained HTML page of all runs below a folder. The same runs give the same
/// bytes.
/// @return what the page shows and what it had to leave out
/// @throws ArgumentError if there are no runs   @throws IoError
inline ReportContents write_report(const std::filesystem::path& folder,
                                   const std::filesystem::path& file) {
  ReportContents contents = load_report(folder);
  if (file.has_parent_path()) {
    make_folder(file.parent_path());
  }
  write_file(file, report_page(contents.runs, contents.problems, contents.sweeps));
  return contents;
}

} // namespace gradus::study
