// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <gradus/study/figure_geometry.hpp>
#include <gradus/study/figures.hpp>
#include <gradus/study/legend_layout.hpp>
#include <gradus/study/markup.hpp>

namespace gradus::study {

/// Where a panel's axes lie, in pixels from the figure's upper left corner, and its lines of text.
struct PanelLayout {
  double left = 0;                      ///< left edge of the axes
  double top = 0;                       ///< upper edge of the axes
  double width = 0;                     ///< of the axes
  double height = 0;                    ///< of the axes
  double room_left = 0;                 ///< what ticks and labels need around the axes
  double room_right = 0;                ///< with a colour scale if there is a heat map
  double room_top = 0;                  ///< for the title
  double room_bottom = 0;               ///< with the legend if it stands below
  double x_ticks_width = 0;             ///< estimated, of the widest tick label
  double y_ticks_width = 0;             ///< the same on the y axis
  double color_ticks_width = 0;         ///< the same on the colour scale
  std::vector<Tick> x_ticks;            ///< none if there is nothing to see and no range given
  std::vector<Tick> y_ticks;            ///< the same on the y axis
  std::vector<Tick> color_ticks;        ///< of the colour scale; none without a heat map
  std::vector<std::string> title;       ///< lines, from the top
  std::vector<std::string> x_label;     ///< lines, from the top
  std::vector<std::string> y_label;     ///< lines, from the left; they run upwards
  std::vector<std::string> color_label; ///< the same beside the colour scale
  LegendLayout legend;                  ///< in units of the axes
};

namespace detail {

/// Words into lines of at most `width` characters; a longer word has a line of its own.
inline std::vector<std::string> wrap(std::string_view text, double width) {
  std::vector<std::string> lines;
  std::string line;
  const std::string clean = plain_line(text);
  for (std::size_t at = 0; at < clean.size();) {
    std::size_t end = clean.find(' ', at);
    end = end == std::string::npos ? clean.size() : end;
    const std::string word = clean.substr(at, end - at);
    at = end + 1;
    if (word.empty()) {
      continue;
    }
    if (!line.empty() &&
        static_cast<double>(num_characters(line) + 1 + num_characters(word)) > width) {
      lines.push_back(std::exchange(line, {}));
    }
    line += (line.empty() ? "" : " ") + word;
  }
  if (!line.empty()) {
    lines.push_back(line);
  }
  return lines;
}

/// Estimated width of the widest label, where "10^{3}" shows three characters.
inline double ticks_width(const std::vector<Tick>& ticks) {
  double widest = 0;
  for (const Tick& tick : ticks) {
    const double hidden = tick.label.find('^') != std::string::npos ? 3.0 : 0.0;
    const double shown = static_cast<double>(num_characters(tick.label)) - hidden;
    widest = std::max(widest, shown * TextMetrics::character);
  }
  return widest;
}

} // namespace detail

/// Lays out one panel, its upper left corner at the origin.
/// @param geometry of the same panel
[[nodiscard]] inline PanelLayout lay_out(const Panel& panel, const PanelGeometry& geometry) {
  PanelLayout out;
  out.width = 350;
  out.height = 240;
  if (panel.equal_axes && panel.log_x == panel.log_y) {
    const double ratio = geometry.x().span() / geometry.y().span();
    out.width = std::clamp(out.height * ratio, 60.0, out.width);
    out.height = std::clamp(out.width / ratio, 60.0, out.height);
  }
  const auto lines = [](double size, double advance) { return std::max(8.0, size / advance); };
  const auto room = [](const std::vector<std::string>& text) {
    return static_cast<double>(text.size()) * TextMetrics::line;
  };
  const bool blank = geometry.empty();
  if (!blank || panel.x_range) {
    out.x_ticks = geometry.x().ticks(std::max(2, static_cast<int>(out.width / 55)));
    // wide labels: fewer of them
    if (detail::ticks_width(out.x_ticks) > 48) {
      out.x_ticks = geometry.x().ticks(std::max(2, static_cast<int>(out.width / 120)));
    }
  }
  if (!blank || panel.y_range) {
    out.y_ticks = geometry.y().ticks(std::max(2, static_cast<int>(out.height / 45)));
  }
  out.title = detail::wrap(panel.title, lines(out.width + 40, TextMetrics::bold));
  out.x_label = detail::wrap(panel.x_label, lines(out.width + 40, TextMetrics::character));
  out.y_label = detail::wrap(panel.y_label, lines(out.height + 30, TextMetrics::character));
  out.x_ticks_width = detail::ticks_width(out.x_ticks);
  out.y_ticks_width = detail::ticks_width(out.y_ticks);
  out.legend = detail::place_legend(panel, geometry, out.width, out.height);
  out.room_left = 16 + out.y_ticks_width + room(out.y_label) + (out.y_label.empty() ? 0 : 6);
  out.room_right = std::max(16.0, out.x_ticks_width / 2 + 4);
  if (!geometry.color().empty()) {
    out.color_ticks = geometry.color().ticks(std::max(2, static_cast<int>(out.height / 45)));
    out.color_ticks_width = detail::ticks_width(out.color_ticks);
    out.color_label =
        detail::wrap(panel.color_label, lines(out.height + 30, TextMetrics::character));
    out.room_right = 40 + out.color_ticks_width + room(out.color_label) + 8;
  }
  out.room_top = 12 + room(out.title);
  out.room_bottom = 26 + room(out.x_label) + (out.x_label.empty() ? 0 : 4) + 4;
  if (out.legend.below) {
    out.room_bottom += static_cast<double>(out.legend.lines) * TextMetrics::key_line + 10;
  }
  return out;
}

/// A figure laid out: all axes of a column begin at one x, all of a row at one y.
struct FigureLayout {
  double width = 0;                ///< of the whole figure, pixels
  double height = 0;               ///< of the whole figure, pixels
  std::vector<PanelLayout> panels; ///< in the order of the figure's panels
};

/// Lays out the panels of a figure row by row.
/// @param geometries one per panel of the figure
[[nodiscard]] inline FigureLayout lay_out(const Figure& figure,
                                          const std::vector<PanelGeometry>& geometries) {
  FigureLayout out;
  for (std::size_t i = 0; i < figure.panels.size(); ++i) {
    out.panels.push_back(lay_out(figure.panels[i], geometries[i]));
  }
  const auto columns =
      std::clamp<std::size_t>(static_cast<std::size_t>(std::max(figure.columns, 1)), 1,
                              std::max<std::size_t>(1, out.panels.size()));
  const std::size_t rows = (out.panels.size() + columns - 1) / columns;
  // Places the axes of a column (or row): the widest before, the widest axes, the widest after.
  const auto arrange = [&](std::size_t lines, auto in_line, auto before, auto size, auto after,
                           auto start) {
    double at = 0;
    for (std::size_t line = 0; line < lines; ++line) {
      double first = 0;
      double axes = 0;
      for (std::size_t i = 0; i < out.panels.size(); ++i) {
        if (in_line(i) == line) {
          first = std::max(first, out.panels[i].*before);
          axes = std::max(axes, out.panels[i].*size + out.panels[i].*after);
        }
      }
      for (std::size_t i = 0; i < out.panels.size(); ++i) {
        if (in_line(i) == line) {
          out.panels[i].*start = at + first;
        }
      }
      at += first + axes;
    }
    return at;
  };
  out.width = arrange(
      columns, [&](std::size_t i) { return i % columns; }, &PanelLayout::room_left,
      &PanelLayout::width, &PanelLayout::room_right, &PanelLayout::left);
  out.height = arrange(
      rows, [&](std::size_t i) { return i / columns; }, &PanelLayout::room_top,
      &PanelLayout::height, &PanelLayout::room_bottom, &PanelLayout::top);
  out.width = std::max(out.width, 60.0);
  out.height = std::max(out.height, 60.0);
  return out;
}

} // namespace gradus::study
