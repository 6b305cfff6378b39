// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <memory>
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <boost/uuid/name_generator_sha1.hpp>
#include <boost/uuid/uuid.hpp>

#include <gradus/core/error.hpp>
#include <gradus/study/json.hpp>
#include <gradus/study/study.hpp>
#include <gradus/version.hpp>

namespace gradus::study {

/// A cell could not be computed, or results not be judged or written, for a reason that is not the
/// user's.
class Fault : public std::runtime_error {
public:
  using std::runtime_error::runtime_error;
};

/// Consecutive seeds, both ends included.
struct SeedRange {
  std::uint64_t first = 0; ///< least seed
  std::uint64_t last = 0;  ///< greatest seed, >= first
};

/// One unit of work: an arm at a grid point with a seed.
struct Cell {
  /// The arm's, with the grid point written in, without those that stand outside_cells().
  std::shared_ptr<const Parameters> parameters;
  Point point;       ///< arm, place on its grid, seed
  double cost = 1.0; ///< the study's estimate, in its own unit; > 0
  std::string key;   ///< canonical JSON of all that determines what the cell leaves
  std::string name;  ///< hash of the key; names the cell's file
};

/// A study that was asked for, with parameters and seeds settled: all its cells, in the order of
/// arms, grid points (last axis fastest) and seeds.
struct Job {
  Study study;                      ///< what is run
  std::string preset;               ///< as named on the command line; the key does not know it
  Parameters parameters;            ///< the study's, before arms and grids change them
  std::vector<Study::ArmPlan> arms; ///< as planned from these parameters
  std::vector<std::uint64_t> seeds; ///< every seed that occurs, ascending
  std::vector<Cell> cells;          ///< all there are, stored or not
  std::string key; ///< hash of study, revision, parameters and seeds; names the run's folder
};

/// 32 hexadecimal digits: SHA-1 of the text as a name-based UUID has it.
[[nodiscard]] inline std::string hash_name(const std::string& text) {
  const boost::uuids::uuid id =
      boost::uuids::name_generator_sha1(boost::uuids::ns::oid())(text.data(), text.size());
  constexpr std::string_view digits = "0123456789abcdef";
  std::string name;
  for (const std::uint8_t byte : id) {
    name += digits[byte >> 4U];
    name += digits[byte & 15U];
  }
  return name;
}

/// The name of a preset on the command line.
[[nodiscard]] inline std::string preset_name(Preset preset) {
  return preset == Preset::quick ? "quick" : preset == Preset::standard ? "default" : "paper";
}

namespace detail {

/// Runs check(); an ArgumentError is thrown on with `where` before the argument's name.
template <class Check>
auto located(const std::string& where, Check&& check) {
  try {
    return check();
  } catch (const ArgumentError& error) {
    throw ArgumentError(where + ": " + error.argument(), error.value(), error.valid());
  }
}

/// Writes a grid coordinate into the parameter of the same name.
inline void set_coordinate(Parameter& parameter, double value) {
  if (auto* integer = std::get_if<std::int64_t>(&parameter.value)) {
    require(value == std::floor(value) && std::abs(value) <= 0x1p53, parameter.name, value,
            "an integer, " + parameter.range.text());
    *integer = static_cast<std::int64_t>(value);
  } else if (auto* number = std::get_if<double>(&parameter.value)) {
    *number = value;
  } else if (auto* flag = std::get_if<bool>(&parameter.value)) {
    require(value == 0.0 || value == 1.0, parameter.name, value, "0 or 1");
    *flag = value == 1.0;
  } else {
    require(false, parameter.name, value, "a parameter that is a number, to be an axis");
  }
  validate(parameter);
}

inline void require_sound(const Study::ArmPlan& arm) {
  require(arm.num_seeds >= 0, "number of seeds", arm.num_seeds, ">= 0");
  for (std::size_t a = 0; a < arm.axes.size(); ++a) {
    const GridAxis& axis = arm.axes[a];
    for (std::size_t b = 0; b < a; ++b) {
      require(arm.axes[b].name != axis.name, "axis", axis.name, "a name used once");
    }
    std::vector<double> values = axis.values;
    for (const double x : values) {
      require(std::isfinite(x), axis.name, x, "a finite number");
    }
    std::sort(values.begin(), values.end());
    const auto twin = std::adjacent_find(values.begin(), values.end());
    require(twin == values.end(), axis.name, twin == values.end() ? 0.0 : *twin,
            "a value that occurs once on its axis");
  }
}

/// The points of an arm's grid, last axis fastest; one without coordinates if it has no axes.
inline std::vector<std::vector<std::pair<std::string, double>>>
grid_points(const std::vector<GridAxis>& axes) {
  std::vector<std::vector<std::pair<std::string, double>>> points(1);
  for (const GridAxis& axis : axes) {
    std::vector<std::vector<std::pair<std::string, double>>> next;
    for (const auto& point : points) {
      for (const double value : axis.values) {
        next.push_back(point);
        next.back().emplace_back(axis.name, value);
      }
    }
    points = std::move(next);
  }
  return points;
}

/// The seeds an arm runs: its own 0, 1, ..., or the first of the range.
inline std::vector<std::uint64_t> arm_seeds(Index count, const std::optional<SeedRange>& range) {
  std::vector<std::uint64_t> seeds;
  std::uint64_t next = range ? range->first : 0;
  while (static_cast<Index>(seeds.size()) < count) {
    seeds.push_back(next);
    if (range && next == range->last) {
      break;
    }
    ++next;
  }
  return seeds;
}

inline std::string cell_key(const Card& card, const Parameters& parameters, const Point& point) {
  const Json key{{"study", card.id},
                 {"revision", card.revision},
                 {"version", GRADUS_VERSION},
                 {"arm", point.arm()},
                 {"parameters", sorted_values_json(parameters)},
                 {"coordinates", coordinates_json(point)},
                 {"index", point.index()},
                 {"seed", point.seed()}};
  return json_text(key);
}

/// Adds the cells of one arm to the job.
inline void add_cells(Job& job, const Study::ArmPlan& arm,
                      const std::vector<std::uint64_t>& seeds) {
  const auto points = grid_points(arm.axes);
  for (std::size_t i = 0; i < points.size(); ++i) {
    auto parameters = std::make_shared<Parameters>(arm.parameters);
    std::erase_if(*parameters, [](const Parameter& p) { return p.range.outside_cells; });
    for (const auto& [axis, value] : points[i]) {
      for (Parameter& parameter : *parameters) {
        if (parameter.name == axis) {
          set_coordinate(parameter, value);
        }
      }
    }
    job.study.validate(*parameters);
    for (const std::uint64_t seed : seeds) {
      study::Cell cell{
          parameters, Point(arm.name, points[i], static_cast<Index>(i), seed), 1.0, {}, {}};
      const double cost = job.study.cost(*parameters, cell.point);
      cell.cost = cost > 0.0 && std::isfinite(cost) ? cost : 1.0;
      cell.key = cell_key(job.study.card, *parameters, cell.point);
      cell.name = hash_name(cell.key);
      job.cells.push_back(std::move(cell));
    }
  }
}

} // namespace detail

/// Settles what a study runs, and validates all of it: the parameters, every arm, every grid
/// point.
/// @param parameters  the study's parameters, changed as the user asked
/// @param seeds       replaces the seeds of every arm, each taking at most as many as it asks for
/// @param only        if not empty, the one arm whose cells are made
/// @throws ArgumentError on a value out of range or values that do not go together
[[nodiscard]] inline Job make_job(Study study, std::string preset, Parameters parameters,
                                  const std::optional<SeedRange>& seeds = {},
                                  const std::string& only = {}) {
  Job job{std::move(study), std::move(preset), std::move(parameters), {}, {}, {}, {}};
  const std::string id = job.study.card.id;
  detail::located(id, [&] {
    for (const Parameter& parameter : job.parameters) {
      validate(parameter);
    }
    job.study.validate(job.parameters);
    job.arms = job.study.plan(job.parameters);
  });
  for (std::size_t a = 0; a < job.arms.size(); ++a) {
    const Study::ArmPlan& arm = job.arms[a];
    if (!only.empty() && arm.name != only) {
      continue;
    }
    detail::located(id + ", arm " + arm.name, [&] {
      for (std::size_t b = 0; b < a; ++b) {
        require(job.arms[b].name != arm.name, "arm", arm.name, "a name used once");
      }
      detail::require_sound(arm);
      for (const Parameter& parameter : arm.parameters) {
        validate(parameter);
      }
      const std::vector<std::uint64_t> chosen = detail::arm_seeds(arm.num_seeds, seeds);
      const std::size_t cells_before = job.cells.size();
      detail::add_cells(job, arm, chosen);
      if (job.cells.size() > cells_before) {
        job.seeds.insert(job.seeds.end(), chosen.begin(), chosen.end());
      }
    });
  }
  std::sort(job.seeds.begin(), job.seeds.end());
  job.seeds.erase(std::unique(job.seeds.begin(), job.seeds.end()), job.seeds.end());
  const Json key{{"study", id},
                 {"revision", job.study.card.revision},
                 {"parameters", sorted_values_json(job.parameters)},
                 {"seeds", job.seeds}};
  job.key = hash_name(json_text(key));
  return job;
}

} // namespace gradus::study
