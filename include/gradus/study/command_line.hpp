// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <algorithm>
#include <filesystem>
#include <iostream>
#include <string>
#include <string_view>
#include <vector>

#include <CLI/CLI.hpp>
#include <fmt/format.h>

#include <gradus/core/parallel.hpp>
#include <gradus/study/arguments.hpp>
#include <gradus/study/exit_status.hpp>
#include <gradus/study/listing.hpp>
#include <gradus/study/merge_command.hpp>
#include <gradus/study/provenance.hpp>
#include <gradus/study/report.hpp>
#include <gradus/study/run_command.hpp>
#include <gradus/study/study.hpp>
#include <gradus/study/sweep_command.hpp>

namespace gradus::study {

namespace detail {

inline Exit print_version() {
  Provenance build;
  build.threads = available_threads();
  std::cout << fmt::format("gradus {}\ncompiler  {}\nflags     {}\nSIMD      {}\nthreads   {}\n",
                           build.version, build.compiler, build.flags, build.simd, build.threads);
  return Exit::success;
}

/// Throws UsageError if words were left over, naming the first and what it may have been.
inline void require_no_rest(const CLI::App& app, bool is_command) {
  const std::vector<std::string> rest = app.remaining();
  if (rest.empty()) {
    return;
  }
  const std::string word = rest.front().substr(0, rest.front().find('='));
  std::vector<std::string> names;
  if (word.starts_with('-')) {
    for (const CLI::Option* option : app.get_options()) {
      for (const std::string& name : option->get_lnames()) {
        names.push_back("--" + name);
      }
    }
    const std::string where = is_command ? " of gradus " + app.get_name() : "";
    throw UsageError("unknown option " + word + where + "; valid: " + joined(names) +
                     suggestion(word, names));
  }
  if (is_command) {
    throw UsageError("unexpected word " + word + " after gradus " + app.get_name());
  }
  for (const CLI::App* command : app.get_subcommands([](const CLI::App*) { return true; })) {
    names.push_back(command->get_name());
  }
  throw UsageError("unknown command " + word + "; valid: " + joined(names) +
                   suggestion(word, names));
}

/// The options that `run` and `sweep` share.
inline void add_run_options(CLI::App& run, RunArguments& args) {
  run.add_option("--preset", args.preset, "quick, default or paper");
  run.add_option("--set", args.sets, "key=value: change a parameter of every study that has it")
      ->allow_extra_args(false);
  run.add_option("--seed", args.seed, "One seed for every arm");
  run.add_option("--seeds", args.seeds, "A..B: these seeds, in order, as many as an arm takes");
  run.add_option("--threads", args.threads, "Threads to use (all cores unless said)");
  run.add_option("--out", args.out, "Folder of the store and the results (\"out\" unless said)");
  run.add_flag("--force", args.force, "Compute cells again that are stored");
  run.add_option("--shard", args.shard, "I/N: compute every N-th cell, from the I-th on (I < N)");
  run.add_flag("--no-figures", args.no_figures, "Draw no figures");
}

inline CLI::App* add_run(CLI::App& app, RunArguments& args) {
  CLI::App* run = app.add_subcommand("run", "Run studies and judge their claims");
  run->add_option("ID", args.ids, "Studies to run");
  run->add_flag("--all", args.all, "Run every study");
  add_run_options(*run, args);
  run->add_flag("--quiet", args.quiet, "No progress, and one line per study");
  run->add_flag("--json", args.json, "Print result.json and its folder, one line per study");
  return run;
}

inline CLI::App* add_sweep(CLI::App& app, SweepArguments& args) {
  CLI::App* sweep = app.add_subcommand("sweep", "Run a study over a grid of its parameters");
  sweep->add_option("ID", args.id, "Study")->required();
  sweep
      ->add_option("--grid", args.grids,
                   "key=a:b:n[,log] or key=v1,v2,...: an axis of the grid; up to three")
      ->allow_extra_args(false);
  sweep
      ->add_option("--metric", args.metrics,
                   "arm.number, or number in every arm that has it: tabulate this one (all "
                   "unless said)")
      ->allow_extra_args(false);
  sweep->add_option("--arm", args.arm, "This arm alone (all arms unless said)");
  sweep->add_flag("--yes", args.yes, "Go on with more than 1e7 cells");
  add_run_options(*sweep, args.run);
  sweep->add_flag("--quiet", args.run.quiet, "No listing and no progress");
  sweep->add_flag("--json", args.run.json, "Print sweep.json and its folder as one line");
  return sweep;
}

} // namespace detail

/// The program `gradus` over the given studies: everything behind main(). Prints, reads the
/// environment (NO_COLOR) and returns the exit status.
/// @param crew  computes the cells of `run` and `sweep`; this process unless given
inline int run_program(int argc, char** argv, std::vector<Study> studies, Crew* crew = nullptr) {
  using detail::UsageError;
  std::sort(studies.begin(), studies.end(), [](const Study& a, const Study& b) {
    return std::string_view(a.card.id) < std::string_view(b.card.id);
  });
  CLI::App app("Experiments of deep-learning theory, reproduced on a CPU", "gradus");
  bool version = false;
  app.add_flag("--version", version, "Version, compiler, flags, SIMD level, threads");
  bool list_as_json = false;
  CLI::App* list = app.add_subcommand("list", "List the studies");
  list->add_flag("--json", list_as_json, "As JSON");
  std::string shown;
  bool show_as_json = false;
  CLI::App* show = app.add_subcommand("show", "Show a study: parameters, presets, arms, claims");
  show->add_option("ID", shown, "Study")->required();
  show->add_flag("--json", show_as_json, "As JSON");
  std::string shown_folder = "out";
  show->add_option("--out", shown_folder,
                   "Folder of results: names of metrics that the study does not declare");
  RunArguments args;
  CLI::App* run = detail::add_run(app, args);
  SweepArguments sweep_args;
  args.crew = crew;
  sweep_args.run.crew = crew;
  CLI::App* sweep = detail::add_sweep(app, sweep_args);
  std::vector<std::string> merged;
  std::string merge_out = "out";
  CLI::App* merge = app.add_subcommand("merge", "Bring the cells of several folders into one");
  merge->add_option("DIR", merged, "Folders filled by run or sweep")->required();
  merge->add_option("--out", merge_out, "Folder that takes their cells (\"out\" unless said)");
  std::string report_folder = "out";
  std::string report_file;
  CLI::App* report = app.add_subcommand("report", "Make one HTML page of all runs in a folder");
  report->add_option("DIR", report_folder, "Folder (\"out\" unless said)");
  report->add_option("-o,--output", report_file, "File to write (DIR/report.html unless said)");
  app.require_subcommand(0, 1);
  for (CLI::App* each : {&app, list, show, run, sweep, merge, report}) {
    each->allow_extras();
    for (CLI::Option* option : each->get_options()) {
      option->disable_flag_override(); // --force=no is an error, not a surprise
    }
  }
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    if (error.get_exit_code() == static_cast<int>(CLI::ExitCodes::Success)) {
      return app.exit(error, std::cout, std::cerr);
    }
    return detail::complain(error.what(), Exit::usage);
  }
  return detail::guarded([&] {
    for (const CLI::App* command : app.get_subcommands()) {
      detail::require_no_rest(*command, true);
    }
    detail::require_no_rest(app, false);
    Exit status = Exit::success;
    if (version) {
      status = detail::print_version();
    } else if (list->parsed()) {
      std::cout << (list_as_json ? json_text(list_json(studies)) + "\n" : list_text(studies));
    } else if (show->parsed()) {
      const Study& study = detail::study_named(studies, shown);
      std::cout << (show_as_json ? json_text(show_json(study, shown_folder)) + "\n"
                                 : show_text(study, shown_folder));
    } else if (run->parsed()) {
      status = run_command(studies, args);
    } else if (sweep->parsed()) {
      status = sweep_command(studies, sweep_args);
    } else if (merge->parsed()) {
      status = merge_command(merged, merge_out);
    } else if (report->parsed()) {
      const std::filesystem::path folder = report_folder;
      const std::filesystem::path file =
          report_file.empty() ? folder / "report.html" : std::filesystem::path(report_file);
      const ReportContents contents = write_report(folder, file);
      for (const std::string& problem : contents.problems) {
        detail::complain(problem, Exit::success);
      }
      std::cout << fmt::format(
          "{} (runs: {}{})\n", file.string(), contents.runs.size(),
          contents.sweeps.empty() ? "" : fmt::format(", sweeps: {}", contents.sweeps.size()));
    } else {
      throw UsageError(
          "no command; valid: list, show, run, sweep, merge, report, --version, --help");
    }
    std::cout << std::flush;
    if (!std::cout) {
      throw Fault("cannot write to standard output");
    }
    return status;
  });
}

} // namespace gradus::study
