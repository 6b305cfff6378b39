// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <algorithm>
#include <cctype>
#include <cmath>
#include <cstddef>
#include <functional>
#include <limits>
#include <string>
#include <utility>
#include <vector>

#include <fmt/format.h>

#include <gradus/study/contour.hpp>
#include <gradus/study/figures.hpp>
#include <gradus/study/sweep_table.hpp>

/// Figures of a sweep: a line with its band over one axis of numbers, a heat map over two.

namespace gradus::study {

/// How a metric is named in a figure, and what theory says of it.
struct SweepLook {
  std::string label;   ///< words for the quantity, with its unit
  std::string caption; ///< begins the caption
  /// Predicted value at a grid point of the table (last axis fastest), NaN where there is none.
  std::function<double(std::size_t)> theory = {};
  /// Zero where theory puts a transition, by grid point; NaN where it says nothing.
  std::function<double(std::size_t)> boundary = {};
  std::string boundary_label = "theory"; ///< words for that line
};

namespace detail {

inline std::string axis_label(const TableAxis& axis) {
  std::string label = axis.meaning.empty() ? axis.name : axis.name + ": " + axis.meaning;
  if (axis.moves) {
    label = axis.name + ", position on its axis";
  } else if (!axis.unit.empty()) {
    label += " [" + axis.unit + "]";
  }
  for (std::size_t i = 0; i < axis.labels.size(); ++i) {
    label += fmt::format("{}{} {}", i == 0 ? " (" : ", ", i, axis.labels[i]);
  }
  return axis.labels.empty() ? label : label + ")";
}

/// "samples 100", "rate no. 2 of 10": a place on an axis in words.
inline std::string place_label(const TableAxis& axis, std::size_t at) {
  if (axis.moves) {
    return fmt::format("{} no. {} of {}", axis.name, at + 1, axis.at.size());
  }
  return axis.name + " " +
         (axis.labels.empty() ? fmt::format("{:.4g}", axis.at[at]) : axis.labels[at]);
}

/// The axes of a table by what becomes of them in a figure.
struct FigureAxes {
  std::vector<std::size_t> drawn;  ///< one or two axes: x, then y
  std::vector<std::size_t> others; ///< one curve or panel for each of their places
};

/// Draws numbers along the axes and makes panels of words and of a third axis.
inline FigureAxes figure_axes(const SweepTable& table) {
  FigureAxes axes;
  for (std::size_t a = 0; a < table.axes.size(); ++a) {
    const bool line = table.axes[a].labels.empty() && table.axes[a].at.size() > 1;
    (line && axes.drawn.size() < 2 ? axes.drawn : axes.others).push_back(a);
  }
  if (axes.drawn.empty()) { // words alone, or a single point
    axes.drawn.push_back(axes.others.front());
    axes.others.erase(axes.others.begin());
  }
  return axes;
}

/// The grid points of a table that share a place on the other axes, x fastest.
struct Slice {
  std::string label;               ///< the shared place in words; empty if there is only one
  std::vector<std::size_t> points; ///< numbers of grid points
};

inline std::vector<Slice> slices(const SweepTable& table, const FigureAxes& axes) {
  std::vector<std::size_t> stride(table.axes.size(), 1);
  for (std::size_t a = table.axes.size(); a-- > 1;) {
    stride[a - 1] = stride[a] * table.axes[a].at.size();
  }
  std::vector<std::pair<std::string, std::size_t>> bases{{"", 0}};
  for (const std::size_t a : axes.others) {
    std::vector<std::pair<std::string, std::size_t>> next;
    for (const auto& [label, base] : bases) {
      for (std::size_t i = 0; i < table.axes[a].at.size(); ++i) {
        const std::string here =
            (label.empty() ? "" : label + ", ") + place_label(table.axes[a], i);
        next.emplace_back(here, base + i * stride[a]);
      }
    }
    bases = std::move(next);
  }
  const std::size_t x = axes.drawn.front();
  const std::size_t rows = axes.drawn.size() > 1 ? table.axes[axes.drawn[1]].at.size() : 1;
  std::vector<Slice> list;
  for (const auto& [label, base] : bases) {
    Slice slice{label, {}};
    for (std::size_t r = 0; r < rows; ++r) {
      for (std::size_t c = 0; c < table.axes[x].at.size(); ++c) {
        slice.points.push_back(base + c * stride[x] +
                               (axes.drawn.size() > 1 ? r * stride[axes.drawn[1]] : 0));
      }
    }
    list.push_back(std::move(slice));
  }
  return list;
}

/// At most this many panels or curves; evenly chosen if there are more.
template <class T>
std::vector<T> thinned_to(std::vector<T> list, std::size_t most) {
  if (list.size() <= most) {
    return list;
  }
  std::vector<T> kept;
  for (std::size_t i = 0; i < most; ++i) {
    kept.push_back(std::move(list[i * (list.size() - 1) / (most - 1)]));
  }
  return kept;
}

inline std::vector<double> at_points(const std::vector<double>& values, const Slice& slice) {
  std::vector<double> chosen;
  for (const std::size_t point : slice.points) {
    chosen.push_back(values[point]);
  }
  return chosen;
}

/// A function of grid points at those of a slice; nothing if it is nowhere finite.
inline std::vector<double> told(const std::function<double(std::size_t)>& theory,
                                const Slice& slice) {
  std::vector<double> values;
  bool any = false;
  for (const std::size_t point : slice.points) {
    values.push_back(theory ? theory(point) : std::nan(""));
    any = any || std::isfinite(values.back());
  }
  return any ? values : std::vector<double>{};
}

/// Where values along an axis change their sign, linearly between its points as they are drawn.
inline std::vector<double> zeros_along(const TableAxis& axis, const std::vector<double>& values) {
  std::vector<double> zeros;
  for (std::size_t i = 0; i + 1 < values.size(); ++i) {
    if ((values[i] < 0.0) != (values[i + 1] < 0.0) && std::isfinite(values[i] + values[i + 1])) {
      const double share = values[i] / (values[i] - values[i + 1]);
      const double ratio = axis.at[i + 1] / axis.at[i];
      zeros.push_back(axis.log ? axis.at[i] * std::pow(ratio, share)
                               : axis.at[i] + share * (axis.at[i + 1] - axis.at[i]));
    }
  }
  return zeros;
}

inline void draw_curves(const SweepTable& table, const SweepLook& look, const FigureAxes& axes,
                        Figure& figure) {
  const TableAxis& x = table.axes[axes.drawn.front()];
  Panel& panel = figure.panel(table.name);
  panel.x_axis(axis_label(x), x.log).y_axis(look.label);
  const std::vector<Slice> all = thinned_to(slices(table, axes), 7);
  const std::vector<double> means = table.statistic(0);
  const std::vector<double> spreads = table.statistic(2);
  int color = 0;
  for (const Slice& slice : all) {
    const std::vector<double> mean = at_points(means, slice);
    const std::vector<double> spread = at_points(spreads, slice);
    std::vector<double> low = mean;
    std::vector<double> high = mean;
    bool banded = false;
    for (std::size_t i = 0; i < mean.size(); ++i) {
      low[i] -= spread[i];
      high[i] += spread[i];
      banded = banded || std::isfinite(low[i]);
    }
    const std::string name = all.size() > 1 ? slice.label : "mean over seeds";
    panel.line(name, x.at, mean, {.color = color});
    if (x.at.size() <= 40) {
      panel.points("", x.at, mean, {.color = color, .size = 0.5});
    }
    if (banded) {
      panel.band(all.size() > 1 ? "" : "± standard deviation", x.at, low, high, {.color = color});
    }
    const Style of_theory{.color = all.size() > 1 ? color : -1, .dashed = true};
    if (const std::vector<double> theory = told(look.theory, slice); !theory.empty()) {
      panel.line(color == 0 ? "theory" : "", x.at, theory, of_theory);
    }
    std::string label = color == 0 ? look.boundary_label : "";
    for (const double zero : zeros_along(x, told(look.boundary, slice))) {
      panel.vertical(std::exchange(label, ""), zero, of_theory);
    }
    ++color;
  }
}

inline void draw_maps(const SweepTable& table, const SweepLook& look, const FigureAxes& axes,
                      Figure& figure) {
  const TableAxis& x = table.axes[axes.drawn[0]];
  const TableAxis& y = table.axes[axes.drawn[1]];
  const std::vector<double> means = table.statistic(0);
  double least = std::numeric_limits<double>::infinity();
  double greatest = -least;
  for (const double mean : means) {
    least = std::isfinite(mean) ? std::min(least, mean) : least;
    greatest = std::isfinite(mean) ? std::max(greatest, mean) : greatest;
  }
  const std::vector<Slice> all = thinned_to(slices(table, axes), 9);
  for (const Slice& slice : all) {
    Panel& panel = figure.panel(slice.label.empty() ? table.name : slice.label);
    panel.x_axis(axis_label(x), x.log)
        .y_axis(axis_label(y), y.log)
        .heatmap(look.label + ", mean over seeds", x.at, y.at, at_points(means, slice));
    if (all.size() > 1 && least < greatest) {
      panel.color_limits(least, greatest); // one scale for all panels
    }
    if (const std::vector<double> side = told(look.boundary, slice); !side.empty()) {
      Contour line = zero_lines(x.at, y.at, side, x.log, y.log);
      if (!line.x.empty()) {
        panel.line(look.boundary_label, std::move(line.x), std::move(line.y),
                   {.color = -1, .dashed = true});
      }
    }
  }
}

inline std::string figure_id(const std::string& name) {
  std::string id;
  for (const char c : name) {
    id += std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '-' || c == '_' ? c : '-';
  }
  return id;
}

} // namespace detail

/// Adds the figure of one metric: over one axis of numbers the mean over seeds with a band of one
/// standard deviation, a curve for each place on the other axes; over two or more a heat map of the
/// mean over the first two, a panel for each place on the rest. At most seven curves or nine panels
/// are drawn. Points without a value (every cell diverged or is missing) are gaps or hatched.
/// Theory is dashed: its curve over one axis, the line of a transition over one or two.
inline void draw_sweep(const SweepTable& table, const SweepLook& look, Figures& figures) {
  if (table.points() == 0 || table.axes.empty()) {
    return;
  }
  const detail::FigureAxes axes = detail::figure_axes(table);
  double diverged = 0.0;
  for (const double count : table.statistic(4)) {
    diverged += count;
  }
  std::string caption =
      look.caption + " over " + table.axes[axes.drawn[0]].name +
      (axes.drawn.size() > 1 ? " and " + table.axes[axes.drawn[1]].name : "") +
      fmt::format(", {} seed{} a point", table.seeds.size(), table.seeds.size() == 1 ? "" : "s");
  if (diverged > 0.0) {
    caption += fmt::format("; {:.0f} diverged cells are left out", diverged);
  }
  constexpr double never = std::numeric_limits<double>::infinity();
  if (const auto count = std::count(table.values.begin(), table.values.end(), never); count > 0) {
    caption += fmt::format("; {} cells that never got there are left out of the mean", count);
  }
  Figure& figure =
      figures.figure(detail::figure_id(table.name), caption + ".", axes.drawn.size() > 1 ? 3 : 1);
  axes.drawn.size() > 1 ? detail::draw_maps(table, look, axes, figure)
                        : detail::draw_curves(table, look, axes, figure);
}

} // namespace gradus::study
