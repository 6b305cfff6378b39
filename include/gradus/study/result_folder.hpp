// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <exception>
#include <filesystem>
#include <string>
#include <utility>
#include <vector>

#include <gradus/study/atomic_file.hpp>
#include <gradus/study/cell.hpp>
#include <gradus/study/gnuplot.hpp>
#include <gradus/study/npy.hpp>
#include <gradus/study/outcome.hpp>

namespace gradus::study {

/// What a judged run left on disk.
struct RunFiles {
  std::filesystem::path folder;     ///< holds result.json, traces/ and figures/
  std::vector<std::string> figures; ///< names of the figures drawn
  std::string figure_problem;       ///< one line; empty if all were drawn
};

/// Where a run lies: `out`/study/key.
[[nodiscard]] inline std::filesystem::path run_folder(const Job& job,
                                                      const std::filesystem::path& out) {
  return out / job.study.card.id / job.key;
}

/// Writes traces, result.json and, if asked, figures of a judged run, each file whole or not at
/// all. Trouble with figures is reported in what is returned and costs nothing else.
/// @throws IoError
inline RunFiles write_run(const Job& job, const Results& results, const Outcome& outcome,
                          const Provenance& build, const std::filesystem::path& out,
                          bool with_figures) {
  RunFiles files{run_folder(job, out), {}, {}};
  make_folder(files.folder);
  remove_stale_temporaries(files.folder);
  write_traces(job, results, files.folder / "traces");
  write_file(files.folder / "result.json",
             json_text(result_json(job, results, outcome, build), 2) + "\n");
  sync_folder(files.folder.parent_path());
  sync_folder(out);
  if (with_figures) {
    try {
      Figures figures;
      job.study.draw(job.parameters, results, figures);
      FigureReport report = write_figures(figures, files.folder / "figures");
      files.figures = std::move(report.written);
      files.figure_problem = std::move(report.problem);
    } catch (const std::exception& error) {
      files.figure_problem = std::string("figures not drawn: ") + error.what();
    }
  }
  return files;
}

} // namespace gradus::study
