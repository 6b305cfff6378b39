// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <filesystem>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include <fmt/format.h>

#include <gradus/study/atomic_file.hpp>
#include <gradus/study/json.hpp>
#include <gradus/study/npy.hpp>
#include <gradus/study/sweep_plan.hpp>
#include <gradus/study/sweep_table.hpp>

/// The tables of a sweep as files.

namespace gradus::study {

namespace detail {

/// A field of a CSV file.
inline std::string csv_text(const std::string& text) {
  if (text.find_first_of(",\"\n") == std::string::npos) {
    return text;
  }
  std::string quoted = "\"";
  for (const char c : text) {
    quoted += c == '"' ? std::string("\"\"") : std::string(1, c);
  }
  return quoted + "\"";
}

/// A number of a CSV file: "nan", "inf" or digits that bring back every bit.
inline std::string csv_number(double x) { return std::isnan(x) ? "nan" : fmt::format("{}", x); }

/// Coordinate of an own axis at a grid point of the table, where they move along the sweep.
inline double own_coordinate(const SweepPlan& plan, const SweepTable& table, std::size_t point,
                             std::size_t axis) {
  const std::vector<const study::Cell*> cells = cells_at(plan, table, point);
  return cells.empty() ? std::nan("") : cells.front()->point[table.axes[axis].name];
}

/// "arm,axis values,": the fields that begin every row about a grid point.
inline std::string csv_point(const SweepPlan& plan, const SweepTable& table, std::size_t point) {
  std::vector<std::size_t> place(table.axes.size());
  std::size_t rest = point;
  for (std::size_t a = table.axes.size(); a-- > 0;) {
    place[a] = rest % table.axes[a].at.size();
    rest /= table.axes[a].at.size();
  }
  std::string row = csv_text(table.arm);
  for (std::size_t a = 0; a < table.axes.size(); ++a) {
    const TableAxis& axis = table.axes[a];
    row += "," + (!axis.labels.empty() ? csv_text(axis.labels[place[a]])
                  : axis.moves         ? csv_number(own_coordinate(plan, table, point, a))
                                       : csv_number(axis.at[place[a]]));
  }
  return row;
}

inline std::string csv_header(const SweepTable& table) {
  std::string row = "arm";
  for (const TableAxis& axis : table.axes) {
    row += "," + csv_text(axis.name);
  }
  return row;
}

} // namespace detail

/// The values of tables of one arm in long form: a row for each grid point, seed and metric.
[[nodiscard]] inline std::string values_csv(const SweepPlan& plan,
                                            const std::vector<const SweepTable*>& tables) {
  std::string csv;
  for (const SweepTable* table : tables) {
    if (csv.empty()) {
      csv = detail::csv_header(*table) + ",seed,metric,value\n";
    }
    for (std::size_t p = 0; p < table->points(); ++p) {
      const std::string start = detail::csv_point(plan, *table, p);
      for (std::size_t s = 0; s < table->seeds.size(); ++s) {
        csv += start + "," + std::to_string(table->seeds[s]) + "," +
               detail::csv_text(table->number) + "," +
               detail::csv_number(table->values.data()[p * table->seeds.size() + s]) + "\n";
      }
    }
  }
  return csv;
}

/// The statistics of tables of one arm: a row for each grid point and metric.
[[nodiscard]] inline std::string statistics_csv(const SweepPlan& plan,
                                                const std::vector<const SweepTable*>& tables) {
  std::string csv;
  for (const SweepTable* table : tables) {
    if (csv.empty()) {
      csv = detail::csv_header(*table) + ",metric";
      for (const char* name : sweep_statistics) {
        csv += std::string(",") + name;
      }
      csv += "\n";
    }
    for (std::size_t p = 0; p < table->points(); ++p) {
      csv += detail::csv_point(plan, *table, p) + "," + detail::csv_text(table->number);
      for (std::size_t k = 0; k < sweep_statistics.size(); ++k) {
        csv += "," + detail::csv_number(table->statistics.data()[p * sweep_statistics.size() + k]);
      }
      csv += "\n";
    }
  }
  return csv;
}

/// Writes folder/<arm>.<number>.npy (axes x seed) and folder/<arm>.<number>.statistics.npy (axes x
/// statistic) for every table, float64, and folder/<arm>.csv and folder/<arm>.statistics.csv.
/// @return  for each table its name, arm, number, files, shape and axes (name, unit, coordinates;
///          words where the axis has no numbers; null where they move along the sweep)
/// @throws IoError
inline Json write_tables(const SweepPlan& plan, const std::vector<SweepTable>& tables,
                         const std::filesystem::path& folder) {
  make_folder(folder);
  remove_stale_temporaries(folder);
  std::set<std::string> taken;
  Json index = Json::array();
  for (const SweepTable& table : tables) {
    const std::string stem = detail::file_stem(table.name, taken);
    update_file(folder / (stem + ".npy"), xt::dump_npy(table.values));
    update_file(folder / (stem + ".statistics.npy"), xt::dump_npy(table.statistics));
    Json axes = Json::array();
    std::vector<std::size_t> shape;
    for (const TableAxis& axis : table.axes) {
      Json at = axis.moves            ? Json()
                : axis.labels.empty() ? numbers_json(axis.at)
                                      : Json(axis.labels);
      axes.push_back({{"name", axis.name},
                      {"unit", axis.unit},
                      {"meaning", axis.meaning},
                      {"log", axis.log},
                      {"at", std::move(at)}});
      shape.push_back(axis.at.size());
    }
    Json with_seed = axes;
    with_seed.push_back({{"name", "seed"}, {"unit", ""}, {"at", table.seeds}});
    Json with_statistic = std::move(axes);
    with_statistic.push_back({{"name", "statistic"}, {"unit", ""}, {"at", sweep_statistics}});
    Json entry{{"name", table.name}, {"arm", table.arm}, {"number", table.number}};
    shape.push_back(table.seeds.size());
    entry["values"] = {{"file", stem + ".npy"}, {"shape", shape}, {"axes", std::move(with_seed)}};
    shape.back() = sweep_statistics.size();
    entry["statistics"] = {
        {"file", stem + ".statistics.npy"}, {"shape", shape}, {"axes", std::move(with_statistic)}};
    index.push_back(std::move(entry));
  }
  for (const SweepArm& arm : plan.arms) {
    std::vector<const SweepTable*> of_arm;
    for (const SweepTable& table : tables) {
      if (table.arm == arm.name) {
        of_arm.push_back(&table);
      }
    }
    if (!of_arm.empty()) {
      const std::string stem = detail::file_stem(arm.name, taken);
      update_file(folder / (stem + ".csv"), values_csv(plan, of_arm));
      update_file(folder / (stem + ".statistics.csv"), statistics_csv(plan, of_arm));
    }
  }
  update_file(folder / "index.json", json_text(index, 2) + "\n");
  return index;
}

} // namespace gradus::study
