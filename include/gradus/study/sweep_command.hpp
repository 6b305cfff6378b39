// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <exception>
#include <filesystem>
#include <iostream>
#include <limits>
#include <mutex>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include <fmt/format.h>
#include <unistd.h>

#include <gradus/core/parallel.hpp>
#include <gradus/study/arguments.hpp>
#include <gradus/study/exit_status.hpp>
#include <gradus/study/gnuplot.hpp>
#include <gradus/study/metric.hpp>
#include <gradus/study/progress.hpp>
#include <gradus/study/provenance.hpp>
#include <gradus/study/run_command.hpp>
#include <gradus/study/runner.hpp>
#include <gradus/study/store.hpp>
#include <gradus/study/study.hpp>
#include <gradus/study/sweep_figures.hpp>
#include <gradus/study/sweep_files.hpp>
#include <gradus/study/sweep_grid.hpp>
#include <gradus/study/sweep_metrics.hpp>
#include <gradus/study/sweep_plan.hpp>
#include <gradus/study/sweep_table.hpp>

/// What `gradus sweep` does once its words are apart.

namespace gradus::study {

/// What stands behind `gradus sweep`, as written.
struct SweepArguments {
  RunArguments run;                 ///< what it shares with `run`; ids and all stay unused
  std::string id;                   ///< the study
  std::vector<std::string> grids;   ///< --grid key=a:b:n[,log] or key=v1,v2,...; one to three
  std::vector<std::string> metrics; ///< --metric, in order; none: every recorded number
  std::string arm;                  ///< --arm: this one alone; empty: all arms
  bool yes = false;                 ///< --yes: more than most_sweep_cells are meant
};

namespace detail {

/// Figures that are drawn of a sweep if no metric was named.
constexpr std::size_t most_sweep_figures = 12;

/// The study's parameters as --preset and --set have them, and the axes of --grid.
inline SweepPlan plan_sweep(const Study& study, const SweepArguments& args) {
  const RunArguments& run = args.run;
  Parameters parameters = study.preset(parse_preset(run.preset));
  const std::vector<SweepAxis> axes = parse_grids(args.grids, parameters, study.card.id);
  set_parameters(parameters, run.sets, study.card.id);
  for (const std::string& word : run.sets) {
    const std::string name = parse_assignment(word).first;
    const bool both = std::any_of(axes.begin(), axes.end(),
                                  [&](const SweepAxis& axis) { return axis.name == name; });
    require(!both, "--set", word, "a parameter that is no axis of the sweep");
  }
  const std::size_t most = args.yes ? std::numeric_limits<std::size_t>::max() : most_sweep_cells;
  return make_sweep(study, run.preset, parameters, axes, args.arm, asked_seeds(run), most);
}

/// "2 arms, count x scale = 6 x 5 points: 300 cells".
inline std::string sweep_text(const SweepPlan& plan) {
  std::string names;
  std::string sizes;
  for (const SweepAxis& axis : plan.axes) {
    names += (names.empty() ? "" : " x ") + axis.name;
    sizes += (sizes.empty() ? "" : " x ") + std::to_string(axis.values.size());
  }
  return fmt::format("{}{}: {} = {} points, {} arm{}", plan.job.study.card.id,
                     plan.asked_arm.empty() ? "" : ", arm " + plan.asked_arm, names, sizes,
                     plan.arms.size(), plan.arms.size() == 1 ? "" : "s");
}

/// How a metric is shown: as the study declares it, with the study's theory.
inline SweepLook sweep_look(const SweepPlan& plan, const SweepTable& table) {
  SweepLook look{.label = table.number, .caption = table.name};
  const Study& study = plan.job.study;
  if (const Metric* metric = find_metric(study.metrics, table.arm, table.number)) {
    look.label = metric->meaning + (metric->unit.empty() ? "" : " [" + metric->unit + "]");
    look.caption += " (" + metric->meaning + ")";
    look.boundary_label = metric->boundary.empty() ? look.boundary_label : metric->boundary;
  }
  const auto at_points = [&](const auto& function) {
    return [&](std::size_t point) {
      const std::vector<const study::Cell*> cells = cells_at(plan, table, point);
      return cells.empty()
                 ? std::nan("")
                 : function(*cells.front()->parameters, cells.front()->point, table.number);
    };
  };
  if (study.theory) {
    look.theory = at_points(study.theory);
  }
  if (study.boundary) {
    look.boundary = at_points(study.boundary);
  }
  return look;
}

inline Json sweep_json(const SweepPlan& plan, const BatchResult& batch, Json tables,
                       const Provenance& build) {
  const Job& job = plan.job;
  Json axes = Json::array();
  for (const SweepAxis& axis : plan.axes) {
    Json at = Json::array();
    for (const Value& value : axis.values) {
      at.push_back(value_json(value));
    }
    axes.push_back({{"name", axis.name},
                    {"unit", axis.unit},
                    {"meaning", axis.meaning},
                    {"log", axis.log},
                    {"at", std::move(at)}});
  }
  Json arms = Json::array();
  for (const SweepArm& arm : plan.arms) {
    arms.push_back(arm.name);
  }
  Json params = Json::object();
  for (const Parameter& parameter : job.parameters) {
    const bool swept = std::any_of(plan.axes.begin(), plan.axes.end(), [&](const SweepAxis& axis) {
      return axis.name == parameter.name;
    });
    if (!swept) {
      params[parameter.name] = value_json(parameter.value);
    }
  }
  const std::vector<CellState>& states = batch.cells.front();
  const auto diverged = std::count_if(states.begin(), states.end(), [](const CellState& state) {
    return state.stored && ran_away(state.stored->record);
  });
  const Timing timing = job_timing(states, batch.wall_s);
  return {{"sweep", job.study.card.id},
          {"title", job.study.card.title},
          {"paper", job.study.card.paper},
          {"revision", job.study.card.revision},
          {"preset", job.preset},
          {"params", std::move(params)},
          {"axes", std::move(axes)},
          {"arms", std::move(arms)},
          {"seeds", job.seeds},
          {"cells", states.size()},
          {"diverged", diverged},
          {"metrics", std::move(tables)},
          {"timing",
           {{"wall_s", timing.wall_s},
            {"cells_computed", timing.cells_computed},
            {"cells_reused", timing.cells_reused},
            {"cell_s", timing.cell_s}}},
          {"build", provenance_json(build)}};
}

/// Draws the tables. @return  one line on what went wrong, empty if nothing did
inline std::string draw_tables(const SweepPlan& plan, const std::vector<SweepTable>& tables,
                               std::size_t most, const std::filesystem::path& folder) {
  try {
    Figures figures;
    for (std::size_t i = 0; i < std::min(most, tables.size()); ++i) {
      draw_sweep(tables[i], sweep_look(plan, tables[i]), figures);
    }
    return write_figures(figures, folder).problem;
  } catch (const std::exception& error) {
    return std::string("figures not drawn: ") + error.what();
  }
}

/// Tabulates, writes and draws a complete sweep.
inline void finish_sweep(const SweepPlan& plan, const std::vector<SweepMetric>& metrics,
                         const BatchResult& batch, const Provenance& build,
                         const SweepArguments& args) {
  std::vector<SweepTable> tables;
  tables.reserve(metrics.size());
  for (const SweepMetric& metric : metrics) {
    tables.push_back(tabulate(plan, metric, batch.cells.front()));
  }
  std::string name = plan.job.key;
  if (!args.metrics.empty()) { // its own folder: it has fewer tables
    name = hash_name(json_text({plan.job.key, args.metrics}));
  }
  const std::filesystem::path out = args.run.out;
  const std::filesystem::path folder = out / plan.job.study.card.id / ("sweep-" + name);
  make_folder(folder);
  remove_stale_temporaries(folder);
  Json json = sweep_json(plan, batch, write_tables(plan, tables, folder / "tables"), build);
  write_file(folder / "sweep.json", json_text(json, 2) + "\n");
  sync_folder(folder.parent_path());
  sync_folder(out);
  const std::size_t most = args.metrics.empty() ? most_sweep_figures : tables.size();
  std::string problem;
  if (!args.run.no_figures) {
    problem = draw_tables(plan, tables, most, folder / "figures");
    if (problem.empty() && tables.size() > most) {
      problem = fmt::format("the first {} of {} metrics are drawn; name others with --metric", most,
                            tables.size());
    }
  }
  if (!problem.empty()) {
    complain(problem, Exit::success);
  }
  if (args.run.json) {
    json["directory"] = folder.string();
    std::cout << json_text(json) + "\n";
  } else {
    const auto diverged = json["diverged"].get<Index>();
    std::cout << fmt::format("{}, {} cells{}, {} metric{} in {}\n", sweep_text(plan),
                             plan.job.cells.size(),
                             diverged == 0 ? "" : fmt::format(" ({} diverged)", diverged),
                             tables.size(), tables.size() == 1 ? "" : "s", folder.string());
  }
  std::cout << std::flush;
}

} // namespace detail

/// Computes the cells of a sweep that are not in the store yet, and writes and draws its tables.
/// Results go to standard output, the listing, progress and notes to standard error.
/// @throws UsageError, ArgumentError on bad input; an unknown metric that the study does not
///         declare is known once a few cells are computed
/// @throws IoError, Fault
inline Exit sweep_command(const std::vector<Study>& studies, const SweepArguments& args) {
  const RunArguments& run = args.run;
  Provenance build;
  BatchOptions options = batch_options(run);
  options.numbers_only = true;
  build.threads = options.slots();
  const Study& study = detail::study_named(studies, args.id);
  const SweepPlan plan = detail::plan_sweep(study, args);
  require_declared(args.metrics, plan, study.metrics);
  const bool talks = !run.quiet;
  options.surveyed = [&](const BatchSurvey& survey) {
    if (talks) {
      std::cerr << fmt::format("{}, {} cells: {} stored, {} to compute{}\n",
                               detail::sweep_text(plan), survey.cells, survey.stored, survey.todo,
                               options.shard.count > 1 ? " here" : "")
                << std::flush;
    }
  };
  options.estimated = [&](const BatchEstimate& estimate, const BatchResult& batch) {
    const std::vector<SweepMetric> known = found_metrics(plan, batch.cells.front());
    if (study.metrics.empty() && !known.empty()) {
      static_cast<void>(choose_metrics(args.metrics, plan, known));
    }
    if (talks && estimate.left > 0) {
      std::cerr << fmt::format("about {} on {} thread{} for {} cells, as {} of them took\n",
                               duration_text(estimate.seconds), build.threads,
                               build.threads == 1 ? "" : "s", estimate.left, estimate.measured)
                << std::flush;
    }
  };
  std::mutex note_mutex;
  const Store store(run.out, [&](const std::string& line) {
    const std::lock_guard lock(note_mutex);
    detail::complain(line, Exit::success);
  });
  const std::span<const Job> jobs(&plan.job, 1);
  const BatchResult batch = run_batch(jobs, store, options, std::cerr);
  if (!batch.complete()) {
    detail::print_shard(jobs, batch, run);
    return Exit::success;
  }
  const std::vector<SweepMetric> known = found_metrics(plan, batch.cells.front());
  detail::finish_sweep(plan, choose_metrics(args.metrics, plan, known), batch, build, args);
  return Exit::success;
}

} // namespace gradus::study
