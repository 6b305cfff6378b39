// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <unordered_map>
#include <utility>
#include <vector>

#include <fmt/format.h>

#include <gradus/core/error.hpp>
#include <gradus/study/arguments.hpp>
#include <gradus/study/cell.hpp>
#include <gradus/study/json.hpp>
#include <gradus/study/study.hpp>
#include <gradus/study/sweep_grid.hpp>

/// A sweep laid out as cells: those that `run --set` would have at every point of the grid.

namespace gradus::study {

/// An arm along a sweep.
struct SweepArm {
  std::string name;                 ///< as the study names it
  std::vector<GridAxis> axes;       ///< its own grid inside each point, as the first point has it
  bool axes_move = false;           ///< coordinates of its own grid depend on the point
  std::vector<std::uint64_t> seeds; ///< every seed that occurs, ascending
  /// For every point of the sweep, the positions of the arm's cells in the job.
  std::vector<std::vector<std::size_t>> cells;
};

/// A sweep with all its cells.
struct SweepPlan {
  std::vector<SweepAxis> axes; ///< outermost first
  std::string asked_arm;       ///< empty: all arms
  /// The study and its parameters (those on axes as they would be without the sweep). Its cells
  /// are those of all points, each once: points that differ only in what a cell does not see share
  /// them. Its arms stay empty, its key is the sweep's.
  Job job;
  std::vector<SweepArm> arms; ///< in the order of the study

  /// Number of points of the sweep.
  [[nodiscard]] std::size_t size() const { return num_points(axes); }
};

namespace detail {

/// "count 3, scale 0.5": a point of a sweep in words.
inline std::string sweep_point_text(const std::vector<SweepAxis>& axes, std::size_t number) {
  const std::vector<std::size_t> place = point_at(axes, number);
  std::string text;
  for (std::size_t a = 0; a < axes.size(); ++a) {
    text += (a == 0 ? "" : ", ") + axes[a].name + " " + value_text(axes[a].values[place[a]]);
  }
  return text;
}

inline void require_few(std::size_t cells, std::size_t most) {
  require(cells <= most, "number of cells", cells,
          most == most_sweep_cells ? "at most 1e7; more needs --yes"
                                   : fmt::format("at most {}; more needs --yes", most));
}

/// Enters the cells of one point of the sweep.
inline void add_point(SweepPlan& plan, Job&& at, std::size_t number,
                      std::unordered_map<std::string, std::size_t>& known) {
  for (const Study::ArmPlan& arm : at.arms) {
    if (!plan.asked_arm.empty() && arm.name != plan.asked_arm) {
      continue;
    }
    auto found = std::find_if(plan.arms.begin(), plan.arms.end(),
                              [&](const SweepArm& each) { return each.name == arm.name; });
    if (found == plan.arms.end()) {
      plan.arms.push_back({arm.name, arm.axes, false, {}, {}});
      found = std::prev(plan.arms.end());
    }
    require(found->axes.size() == arm.axes.size(), "number of axes", arm.axes.size(),
            "the same at every point of a sweep (name another arm with --arm)");
    for (std::size_t a = 0; a < arm.axes.size(); ++a) {
      require(found->axes[a].name == arm.axes[a].name &&
                  found->axes[a].values.size() == arm.axes[a].values.size(),
              "axis " + arm.axes[a].name, arm.axes[a].values.size(),
              "as long at every point of a sweep (name another arm with --arm)");
      found->axes_move = found->axes_move || found->axes[a].values != arm.axes[a].values;
    }
  }
  for (study::Cell& cell : at.cells) {
    const auto arm = std::find_if(plan.arms.begin(), plan.arms.end(), [&](const SweepArm& each) {
      return each.name == cell.point.arm();
    });
    arm->cells.resize(number + 1);
    const auto seed = std::lower_bound(arm->seeds.begin(), arm->seeds.end(), cell.point.seed());
    if (seed == arm->seeds.end() || *seed != cell.point.seed()) {
      arm->seeds.insert(seed, cell.point.seed());
    }
    const auto [place, is_new] = known.emplace(cell.name, plan.job.cells.size());
    arm->cells[number].push_back(place->second);
    if (is_new) {
      plan.job.cells.push_back(std::move(cell));
    }
  }
}

} // namespace detail

/// Lays out a sweep and validates all of it, every point and every arm that takes part.
/// @param parameters  the study's, as the user set them   @param axes  as parse_grids makes them
/// @param arm    the only arm that takes part; empty for all of them
/// @param seeds  replaces the seeds of every arm, as for make_job
/// @param most   greatest number of cells that is accepted
/// @throws ArgumentError on an unknown arm, a bad point, or too many cells
[[nodiscard]] inline SweepPlan make_sweep(const Study& study, const std::string& preset,
                                          const Parameters& parameters, std::vector<SweepAxis> axes,
                                          const std::string& arm = {},
                                          const std::optional<SeedRange>& seeds = {},
                                          std::size_t most = most_sweep_cells) {
  SweepPlan plan{std::move(axes), arm, {study, preset, parameters, {}, {}, {}, {}}, {}};
  const std::size_t points = plan.size();
  detail::require_few(points, most);
  std::unordered_map<std::string, std::size_t> known;
  std::vector<std::string> names; // of the arms that were met
  for (std::size_t i = 0; i < points; ++i) {
    Parameters at = parameters;
    const std::vector<std::size_t> place = point_at(plan.axes, i);
    for (Parameter& parameter : at) {
      for (std::size_t a = 0; a < plan.axes.size(); ++a) {
        if (parameter.name == plan.axes[a].name) {
          parameter.value = plan.axes[a].values[place[a]];
        }
      }
    }
    const std::size_t before = plan.job.cells.size();
    detail::located("at " + detail::sweep_point_text(plan.axes, i), [&] {
      Job job = make_job(study, preset, std::move(at), seeds, arm);
      for (const Study::ArmPlan& each : job.arms) {
        if (std::find(names.begin(), names.end(), each.name) == names.end()) {
          names.push_back(each.name);
        }
      }
      detail::add_point(plan, std::move(job), i, known);
    });
    if (i == 0) { // before hours are spent on laying it out
      detail::require_few(points * std::max<std::size_t>(1, plan.job.cells.size() - before), most);
    }
    detail::require_few(plan.job.cells.size(), most);
  }
  if (!arm.empty() && std::find(names.begin(), names.end(), arm) == names.end()) {
    std::string list;
    for (const std::string& name : names) {
      list += (list.empty() ? "" : ", ") + name;
    }
    throw ArgumentError("--arm", arm,
                        "an arm of " + std::string(study.card.id) + ": " + list +
                            suggestion(arm, names));
  }
  Json axes_key = Json::array();
  for (const SweepAxis& axis : plan.axes) {
    Json values = Json::array();
    for (const Value& value : axis.values) {
      values.push_back(value_json(value));
    }
    axes_key.push_back({axis.name, std::move(values)});
  }
  for (SweepArm& each : plan.arms) {
    each.cells.resize(points);
    plan.job.seeds.insert(plan.job.seeds.end(), each.seeds.begin(), each.seeds.end());
  }
  std::sort(plan.job.seeds.begin(), plan.job.seeds.end());
  plan.job.seeds.erase(std::unique(plan.job.seeds.begin(), plan.job.seeds.end()),
                       plan.job.seeds.end());
  const Json key{{"study", study.card.id},
                 {"revision", study.card.revision},
                 {"parameters", sorted_values_json(parameters)},
                 {"axes", std::move(axes_key)},
                 {"arm", arm},
                 {"seeds", plan.job.seeds}};
  plan.job.key = hash_name(json_text(key));
  return plan;
}

} // namespace gradus::study
