// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <deque>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace gradus::study {

/// How a layer looks. Layers of one panel that share a colour index belong together (a curve, its
/// band, its theory).
struct Style {
  int color = 0;       ///< index into the palette; -1 is dark grey, for references
  bool dashed = false; ///< theory and references are dashed
  double width = 2.0;  ///< line width, points
  double size = 0.7;   ///< point size
};

/// One thing drawn in a panel. An empty label stays out of the legend.
struct Layer {
  enum class Kind { line, points, band, bars, heatmap, vertical, horizontal };
  Kind kind = Kind::line;
  std::string label;
  std::vector<double> x; ///< bars: centres; heatmap: column coordinates
  std::vector<double> y; ///< band: lower edge; heatmap: row coordinates
  std::vector<double> z; ///< band: upper edge; points: half-length of error bars (may be empty);
                         ///< heatmap: values, row by row
  Style style;
};

/// One pair of axes.
struct Panel {
  std::string title;
  std::string x_label;
  std::string y_label;
  bool log_x = false;
  bool log_y = false;
  std::optional<std::pair<double, double>> x_range;
  std::optional<std::pair<double, double>> y_range;
  std::optional<std::pair<double, double>> color_range; ///< of a heat map; its values if not given
  std::string legend = "top right";                     ///< gnuplot's words for the place, or "off"
  std::string color_label;                              ///< what a heat map's colours mean
  bool equal_axes = false;                              ///< one unit is equally long on both axes
  std::deque<Layer> layers;

  Panel& x_axis(std::string label, bool log = false) {
    x_label = std::move(label);
    log_x = log;
    return *this;
  }
  Panel& y_axis(std::string label, bool log = false) {
    y_label = std::move(label);
    log_y = log;
    return *this;
  }
  Panel& x_limits(double low, double high) {
    x_range = {low, high};
    return *this;
  }
  Panel& y_limits(double low, double high) {
    y_range = {low, high};
    return *this;
  }
  Panel& color_limits(double low, double high) {
    color_range = {low, high};
    return *this;
  }
  Panel& legend_at(std::string place) {
    legend = std::move(place);
    return *this;
  }
  Panel& line(std::string label, std::vector<double> x, std::vector<double> y, Style style = {}) {
    return add({Layer::Kind::line, std::move(label), std::move(x), std::move(y), {}, style});
  }
  /// @param error half-lengths of vertical error bars, or empty
  Panel& points(std::string label, std::vector<double> x, std::vector<double> y, Style style = {},
                std::vector<double> error = {}) {
    return add({Layer::Kind::points, std::move(label), std::move(x), std::move(y), std::move(error),
                style});
  }
  /// The area between two curves.
  Panel& band(std::string label, std::vector<double> x, std::vector<double> low,
              std::vector<double> high, Style style = {}) {
    return add({Layer::Kind::band, std::move(label), std::move(x), std::move(low), std::move(high),
                style});
  }
  /// Bars of the given heights around evenly spaced centres: a histogram.
  Panel& bars(std::string label, std::vector<double> centres, std::vector<double> heights,
              Style style = {}) {
    return add(
        {Layer::Kind::bars, std::move(label), std::move(centres), std::move(heights), {}, style});
  }
  /// Colours over a grid. @param values row by row: values[r * columns.size() + c]
  Panel& heatmap(std::string meaning, std::vector<double> columns, std::vector<double> rows,
                 std::vector<double> values) {
    color_label = std::move(meaning);
    return add(
        {Layer::Kind::heatmap, "", std::move(columns), std::move(rows), std::move(values), {}});
  }
  Panel& vertical(std::string label, double x, Style style = {.color = -1, .dashed = true}) {
    return add({Layer::Kind::vertical, std::move(label), {x}, {}, {}, style});
  }
  Panel& horizontal(std::string label, double y, Style style = {.color = -1, .dashed = true}) {
    return add({Layer::Kind::horizontal, std::move(label), {}, {y}, {}, style});
  }

private:
  Panel& add(Layer layer) {
    layers.push_back(std::move(layer));
    return *this;
  }
};

/// A figure: panels side by side, row by row.
struct Figure {
  std::string id;      ///< names the file
  std::string caption; ///< one or two sentences
  int columns = 2;     ///< panels a row
  std::deque<Panel> panels;

  Panel& panel(std::string title = {}) {
    panels.emplace_back();
    panels.back().title = std::move(title);
    return panels.back();
  }
};

/// The figures of a study, as data; study/gnuplot.hpp turns them into SVG.
class Figures {
public:
  Figure& figure(std::string id, std::string caption, int columns = 2) {
    list_.push_back({std::move(id), std::move(caption), columns, {}});
    return list_.back();
  }
  [[nodiscard]] const std::deque<Figure>& list() const noexcept { return list_; }

private:
  std::deque<Figure> list_;
};

} // namespace gradus::study
