// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <iostream>
#include <mutex>
#include <optional>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include <fmt/format.h>
#include <unistd.h>

#include <gradus/core/parallel.hpp>
#include <gradus/study/arguments.hpp>
#include <gradus/study/cell.hpp>
#include <gradus/study/claims_table.hpp>
#include <gradus/study/crew.hpp>
#include <gradus/study/exit_status.hpp>
#include <gradus/study/outcome.hpp>
#include <gradus/study/provenance.hpp>
#include <gradus/study/result_folder.hpp>
#include <gradus/study/runner.hpp>
#include <gradus/study/store.hpp>
#include <gradus/study/study.hpp>

/// What `gradus run` does once its words are apart.

namespace gradus::study {

/// What stands behind `gradus run`, as written.
struct RunArguments {
  std::vector<std::string> ids;       ///< studies to run; none with --all
  bool all = false;                   ///< --all: every study
  std::string preset = "default";     ///< "quick", "default" or "paper"
  std::vector<std::string> sets;      ///< --set key=value, in order: a later one wins
  std::optional<std::string> seed;    ///< --seed N: this one for every arm
  std::optional<std::string> seeds;   ///< --seeds A..B, ends included; excludes --seed
  std::optional<std::string> threads; ///< --threads N; all cores unless said
  std::optional<std::string> shard;   ///< --shard I/N; every cell unless said
  std::string out = "out";            ///< folder of the store and the results
  bool force = false;                 ///< compute cells again that are stored
  bool no_figures = false;            ///< draw nothing
  bool quiet = false;                 ///< no progress, one line a study
  bool json = false;                  ///< print result.json and its folder, one line a study
  Crew* crew = nullptr;               ///< the program's, not the user's: who computes the cells
};

namespace detail {

inline std::vector<std::string> study_ids(const std::vector<Study>& studies) {
  std::vector<std::string> ids;
  for (const Study& study : studies) {
    ids.emplace_back(study.card.id);
  }
  return ids;
}

inline std::string joined(const std::vector<std::string>& words) {
  std::string text;
  for (const std::string& word : words) {
    text += (text.empty() ? "" : ", ") + word;
  }
  return text;
}

inline const Study& study_named(const std::vector<Study>& studies, const std::string& id) {
  for (const Study& study : studies) {
    if (study.card.id == id) {
      return study;
    }
  }
  const std::vector<std::string> ids = study_ids(studies);
  throw UsageError("unknown study " + id + "; valid: " + joined(ids) + suggestion(id, ids));
}

/// Sets the parameter of that name, if there is one.
inline void set_where(Parameters& parameters, const std::string& name, const std::string& word,
                      const std::string& study) {
  for (Parameter& parameter : parameters) {
    if (parameter.name == name) {
      located(study, [&] { set_parameter(parameter, word); });
    }
  }
}

/// Calls set(name, value) for every --set. @param names  that are valid   @param ids  of whom
template <class Set>
void apply_sets(const std::vector<std::string>& sets, const std::vector<std::string>& names,
                const std::string& ids, Set&& set) {
  for (const std::string& word : sets) {
    const auto [name, value] = parse_assignment(word);
    if (std::find(names.begin(), names.end(), name) == names.end()) {
      throw UsageError("unknown parameter " + name + "; valid for " + ids + ": " + joined(names) +
                       suggestion(name, names));
    }
    set(name, value);
  }
}

/// Changes the parameters of one study as --set asks.
inline void set_parameters(Parameters& parameters, const std::vector<std::string>& sets,
                           const std::string& study) {
  std::vector<std::string> names;
  for (const Parameter& parameter : parameters) {
    names.push_back(parameter.name);
  }
  apply_sets(sets, names, study, [&](const std::string& name, const std::string& word) {
    set_where(parameters, name, word, study);
  });
}

/// The seeds of --seed or --seeds.
inline std::optional<SeedRange> asked_seeds(const RunArguments& args) {
  if (args.seed && args.seeds) {
    throw UsageError("--seed and --seeds exclude each other");
  }
  return args.seed    ? std::optional(parse_seed(*args.seed))
         : args.seeds ? std::optional(parse_seeds(*args.seeds))
                      : std::nullopt;
}

/// The asked studies with their parameters set: `preset`, then every --set where it applies.
inline std::vector<Job> make_jobs(const std::vector<Study>& studies, const RunArguments& args) {
  if (args.all && !args.ids.empty()) {
    throw UsageError("--all runs every study; name studies or give --all, not both");
  }
  if (!args.all && args.ids.empty()) {
    throw UsageError("no study named; valid: --all, or one or more of " +
                     joined(study_ids(studies)));
  }
  static_cast<void>(asked_seeds(args));
  std::vector<std::string> ids;
  for (const std::string& id : args.all ? study_ids(studies) : args.ids) {
    if (std::find(ids.begin(), ids.end(), id) == ids.end()) {
      ids.push_back(id);
    }
  }
  const Preset preset = parse_preset(args.preset);
  std::vector<std::pair<const Study*, Parameters>> asked;
  std::vector<std::string> names;
  for (const std::string& id : ids) {
    const Study& study = study_named(studies, id);
    asked.emplace_back(&study, study.preset(preset));
    for (const Parameter& parameter : asked.back().second) {
      names.push_back(parameter.name);
    }
  }
  apply_sets(args.sets, names, joined(ids), [&](const std::string& name, const std::string& word) {
    for (auto& [study, parameters] : asked) {
      set_where(parameters, name, word, study->card.id);
    }
  });
  const std::optional<SeedRange> seeds = asked_seeds(args);
  std::vector<Job> jobs;
  for (auto& [study, parameters] : asked) {
    jobs.push_back(make_job(*study, args.preset, std::move(parameters), seeds));
  }
  return jobs;
}

/// Says what a shard did when cells of other shards are missing.
inline void print_shard(std::span<const Job> jobs, const BatchResult& batch,
                        const RunArguments& args) {
  for (std::size_t j = 0; j < jobs.size(); ++j) {
    const auto& cells = batch.cells[j];
    const auto stored = std::count_if(
        cells.begin(), cells.end(), [](const CellState& cell) { return cell.stored.has_value(); });
    if (args.json) {
      std::cout << json_text({{"study", jobs[j].study.card.id},
                              {"complete", false},
                              {"shard", *args.shard},
                              {"cells", cells.size()},
                              {"stored", stored}}) +
                       "\n";
    } else {
      std::cout << fmt::format("{}: {} of {} cells are stored in {}\n", jobs[j].study.card.id,
                               stored, cells.size(),
                               (std::filesystem::path(args.out) / "cells").string());
    }
  }
  if (!args.json) {
    std::cout << "shard " + *args.shard + " is done; not judged, since other shards have cells " +
                     "left. Run those, then the same command without --shard.\n";
  }
}

inline Exit judge_and_print(const Job& job, const std::vector<CellState>& cells, double wall_s,
                            const Provenance& build, const RunArguments& args) {
  const Results results = gather_results(job, cells);
  Outcome outcome = judge_job(job, results);
  outcome.timing = job_timing(cells, wall_s);
  const RunFiles files = write_run(job, results, outcome, build, args.out, !args.no_figures);
  if (!files.figure_problem.empty() && (args.json || args.quiet)) {
    complain(files.figure_problem, Exit::success);
  }
  if (args.json) {
    Json json = result_json(job, results, outcome, build);
    json["directory"] = files.folder.string();
    std::cout << json_text(json) + "\n";
  } else if (args.quiet) {
    std::cout << std::string(job.study.card.id) + ": " + verdict_line(outcome, false);
  } else {
    const char* no_color = std::getenv("NO_COLOR"); // NOLINT: read before any thread is started
    const bool color = ::isatty(STDOUT_FILENO) != 0 && (no_color == nullptr || *no_color == '\0');
    std::cout << claims_table(job, outcome, files, color);
  }
  std::cout << std::flush;
  return outcome.reproduced() ? Exit::success : Exit::failed;
}

} // namespace detail

/// How the cells are computed, as --force, --shard, --threads and --quiet ask. Sets the number of
/// threads of the process. @throws ArgumentError
[[nodiscard]] inline BatchOptions batch_options(const RunArguments& args) {
  BatchOptions options;
  options.force = args.force;
  options.shard = args.shard ? parse_shard(*args.shard) : Shard{};
  [[maybe_unused]] const std::optional<int> threads =
      args.threads ? std::optional(parse_threads(*args.threads)) : std::nullopt;
  options.crew = args.crew;
  if (options.crew != nullptr && threads) {
    options.crew->set_threads(*threads);
  }
#ifdef _OPENMP
  if (threads) {
    omp_set_num_threads(*threads);
  }
#endif
  if (!args.quiet) {
    options.progress = ::isatty(STDERR_FILENO) != 0 ? ProgressMode::terminal : ProgressMode::lines;
  }
  return options;
}

/// Runs, judges and writes the asked studies; results go to standard output, progress and notes to
/// standard error.
/// @throws UsageError, ArgumentError on bad input, before anything is written
/// @throws IoError, Fault
inline Exit run_command(const std::vector<Study>& studies, const RunArguments& args) {
  Provenance build;
  const BatchOptions options = batch_options(args);
  build.threads = options.slots();
  const std::vector<Job> jobs = detail::make_jobs(studies, args);
  std::mutex note_mutex;
  const Store store(args.out, [&](const std::string& line) {
    const std::lock_guard lock(note_mutex);
    detail::complain(line, Exit::success);
  });
  const BatchResult batch = run_batch(jobs, store, options, std::cerr);
  if (!batch.complete()) {
    detail::print_shard(jobs, batch, args);
    return Exit::success;
  }
  Exit status = Exit::success;
  for (std::size_t j = 0; j < jobs.size(); ++j) {
    if (j > 0 && !args.json && !args.quiet) {
      std::cout << "\n";
    }
    const auto one = static_cast<Exit>(detail::guarded([&] {
      return detail::judge_and_print(jobs[j], batch.cells[j], batch.wall_s, build, args);
    }));
    status = std::max(status, one);
  }
  return status;
}

} // namespace gradus::study
