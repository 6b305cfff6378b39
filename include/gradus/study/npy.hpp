// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <algorithm>
#include <cctype>
#include <cstddef>
#include <filesystem>
#include <limits>
#include <set>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include <gradus/core/xtensor.hpp>
#if __has_include(<xtensor/io/xnpy.hpp>)
#include <xtensor/io/xnpy.hpp>
#else
#include <xtensor/xnpy.hpp>
#endif

#include <gradus/study/atomic_file.hpp>
#include <gradus/study/cell.hpp>
#include <gradus/study/json.hpp>
#include <gradus/study/results.hpp>

/// The recorded numbers and series of a run as .npy files, one per arm and series, with an index
/// that says what each axis is.

namespace gradus::study {

namespace detail {

/// An n-d table on its way to a file: row-major float64, NaN where nothing was recorded.
struct Table {
  std::vector<std::size_t> shape;
  std::vector<double> values;

  explicit Table(std::vector<std::size_t> sizes) : shape(std::move(sizes)) {
    std::size_t size = 1;
    for (const std::size_t n : shape) {
      size *= n;
    }
    values.assign(size, std::numeric_limits<double>::quiet_NaN());
  }

  [[nodiscard]] std::string npy() const { return xt::dump_npy(xt::adapt(values, shape)); }
};

/// A name made fit for any file system, and unlike those that are taken, which it joins.
inline std::string file_stem(std::string name, std::set<std::string>& taken) {
  for (char& c : name) {
    const bool plain = std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '.' || c == '-';
    c = plain ? c : '_';
  }
  std::string unique = name;
  for (int k = 2; !taken.insert(unique).second; ++k) {
    unique = name + "-" + std::to_string(k);
  }
  return unique;
}

/// Copies a row-major block into the corner of one cell's share of a table.
inline void copy_block(const std::vector<double>& from, const std::vector<std::size_t>& size,
                       std::span<double> to, const std::vector<std::size_t>& shape) {
  if (size.empty()) {
    std::copy(from.begin(), from.end(), to.begin());
    return;
  }
  const std::size_t row = size.back();
  for (std::size_t begin = 0; row > 0 && begin < from.size(); begin += row) {
    std::size_t rest = begin / row;
    std::size_t place = 0;
    std::size_t stride = shape.back();
    for (std::size_t d = size.size() - 1; d-- > 0;) {
      place += (rest % size[d]) * stride;
      rest /= size[d];
      stride *= shape[d];
    }
    const auto first = from.begin() + static_cast<std::ptrdiff_t>(begin);
    std::copy(first, first + static_cast<std::ptrdiff_t>(row),
              to.begin() + static_cast<std::ptrdiff_t>(place));
  }
}

inline std::vector<std::size_t> sizes(const std::vector<Axis>& axes) {
  std::vector<std::size_t> result;
  for (const Axis& axis : axes) {
    result.push_back(axis.at.size());
  }
  return result;
}

/// Writes the tables of one run and gathers the index.
class TraceWriter {
public:
  explicit TraceWriter(std::filesystem::path folder) : folder_(std::move(folder)) {}

  /// Writes all that the cells of one arm left. @param cells  grid point by grid point, seeds in
  /// order inside each
  void add_arm(const Study::ArmPlan& arm, const ArmResults& results) {
    std::vector<std::string> numbers;
    std::vector<std::string> all_series;
    const auto add = [](std::vector<std::string>& names, const std::string& name) {
      if (std::find(names.begin(), names.end(), name) == names.end()) {
        names.push_back(name);
      }
    };
    for (const CellResult* cell : results.cells()) {
      for (const auto& [name, value] : cell->record.numbers()) {
        add(numbers, name);
      }
      for (const Series& series : cell->record.all_series()) {
        add(all_series, series.name);
      }
    }
    if (!numbers.empty()) {
      add_numbers(arm, results, numbers);
    }
    for (const std::string& name : all_series) {
      add_series(arm, results, name);
    }
  }

  /// Writes index.json.
  void finish() const { update_file(folder_ / "index.json", json_text(index_, 2) + "\n"); }

private:
  /// The leading axes that every table of an arm has: its grid and its seeds.
  static std::pair<Json, std::vector<std::size_t>> leading_axes(const Study::ArmPlan& arm,
                                                                const ArmResults& results) {
    Json axes = Json::array();
    std::vector<std::size_t> shape;
    std::size_t points = 1;
    for (const GridAxis& axis : arm.axes) {
      const Parameter* parameter = find(arm.parameters, axis.name);
      axes.push_back({{"name", axis.name},
                      {"unit", parameter != nullptr ? parameter->unit : ""},
                      {"at", numbers_json(axis.values)}});
      shape.push_back(axis.values.size());
      points *= axis.values.size();
    }
    std::vector<std::uint64_t> seeds = results.seeds();
    seeds.resize(points > 0 ? seeds.size() / points : 0);
    shape.push_back(seeds.size());
    axes.push_back({{"name", "seed"}, {"unit", ""}, {"at", seeds}});
    return {std::move(axes), std::move(shape)};
  }

  void add_numbers(const Study::ArmPlan& arm, const ArmResults& results,
                   const std::vector<std::string>& names) {
    auto [axes, shape] = leading_axes(arm, results);
    shape.push_back(names.size());
    axes.push_back({{"name", "number"}, {"unit", ""}, {"at", names}});
    Table table(shape);
    for (std::size_t n = 0; n < names.size(); ++n) {
      const std::vector<double> values = results.numbers(names[n]);
      for (std::size_t i = 0; i < values.size(); ++i) {
        table.values[i * names.size() + n] = values[i];
      }
    }
    add_file(arm.name, "numbers", table, std::move(axes));
  }

  void add_series(const Study::ArmPlan& arm, const ArmResults& results, const std::string& name) {
    std::vector<const Series*> found;
    const Series* longest = nullptr;
    std::vector<std::size_t> extent;
    for (const CellResult* cell : results.cells()) {
      const auto& all = cell->record.all_series();
      const auto at = std::find_if(all.begin(), all.end(),
                                   [&](const Series& series) { return series.name == name; });
      found.push_back(at != all.end() ? &*at : nullptr);
      if (found.back() != nullptr) {
        const std::vector<std::size_t> size = sizes(at->axes);
        extent.resize(longest == nullptr ? size.size() : extent.size());
        if (extent.size() != size.size()) {
          throw Fault("arm " + arm.name + ": series " + name +
                      " has not as many axes in every cell");
        }
        for (std::size_t d = 0; d < size.size(); ++d) {
          extent[d] = std::max(extent[d], size[d]);
        }
        longest = longest == nullptr || at->values.size() > longest->values.size() ? &*at : longest;
      }
    }
    auto [axes, shape] = leading_axes(arm, results);
    for (std::size_t d = 0; d < extent.size(); ++d) {
      axes.push_back(series_axis(arm, name, found, *longest, d, extent[d], shape));
    }
    shape.insert(shape.end(), extent.begin(), extent.end());
    Table table(shape);
    const std::size_t share = found.empty() ? 0 : table.values.size() / found.size();
    for (std::size_t i = 0; i < found.size(); ++i) {
      if (found[i] != nullptr) {
        copy_block(found[i]->values, sizes(found[i]->axes),
                   std::span(table.values).subspan(i * share, share), extent);
      }
    }
    add_file(arm.name, name, table, std::move(axes));
  }

  /// Describes an axis of a series. Coordinates that every cell shares stand in the index; where
  /// they differ from cell to cell they get a file of their own, over [grid ..., seed, axis].
  Json series_axis(const Study::ArmPlan& arm, const std::string& name,
                   const std::vector<const Series*>& found, const Series& like, std::size_t d,
                   std::size_t extent, std::vector<std::size_t> shape) {
    Json axis{{"name", like.axes[d].name}, {"unit", like.axes[d].unit}};
    const std::vector<double>* all = nullptr;
    for (const Series* series : found) {
      if (series != nullptr && series->axes[d].at.size() == extent && all == nullptr) {
        all = &series->axes[d].at;
      }
    }
    const bool shared = std::all_of(found.begin(), found.end(), [&](const Series* series) {
      return series == nullptr ||
             std::equal(series->axes[d].at.begin(), series->axes[d].at.end(), all->begin());
    });
    if (shared) {
      axis["at"] = numbers_json(*all);
      return axis;
    }
    shape.push_back(extent);
    Table table(shape);
    for (std::size_t i = 0; i < found.size(); ++i) {
      if (found[i] != nullptr) {
        const std::vector<double>& at = found[i]->axes[d].at;
        std::copy(at.begin(), at.end(),
                  table.values.begin() + static_cast<std::ptrdiff_t>(i * extent));
      }
    }
    axis["at"] = nullptr;
    axis["file"] = write_table(arm.name + "." + name + "." + like.axes[d].name, table);
    return axis;
  }

  void add_file(const std::string& arm, const std::string& series, const Table& table, Json axes) {
    const std::string file = write_table(arm + "." + series, table);
    index_.push_back({{"file", file},
                      {"arm", arm},
                      {"series", series},
                      {"shape", table.shape},
                      {"axes", std::move(axes)}});
  }

  /// Writes a table under a name made fit for any file system, and returns that.
  std::string write_table(const std::string& name, const Table& table) {
    const std::string file = file_stem(name, names_) + ".npy";
    update_file(folder_ / file, table.npy());
    return file;
  }

  std::filesystem::path folder_;
  std::set<std::string> names_;
  Json index_ = Json::array();
};

} // namespace detail

/// Writes every number and series of a run to folder/*.npy, and folder/index.json, which names for
/// each file its arm, series, shape and axes (name, unit, coordinates). Axes of a series: the
/// arm's grid axes, seed, the axes it was recorded over. Axes of an arm's numbers: grid, seed,
/// number. float64; NaN where a cell has no value (it diverged, or its series is shorter).
/// @throws IoError
inline void write_traces(const Job& job, const Results& results,
                         const std::filesystem::path& folder) {
  make_folder(folder);
  remove_stale_temporaries(folder);
  detail::TraceWriter writer(folder);
  for (const Study::ArmPlan& arm : job.arms) {
    writer.add_arm(arm, results[arm.name]);
  }
  writer.finish();
}

} // namespace gradus::study
