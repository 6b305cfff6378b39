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
  /// What is drawn; x, y and z mean different things to each.
  enum class Kind {
    line,      ///< through the points (x, y); NaN makes a gap
    points,    ///< markers at (x, y), with vertical error bars if z is given
    band,      ///< the area between y and z
    bars,      ///< from zero (the lower edge of a log axis) to y
    heatmap,   ///< a colour for each cell of a grid
    vertical,  ///< reference line at x[0], over the whole height
    horizontal ///< reference line at y[0], over the whole width
  };
  Kind kind = Kind::line; ///< which of them
  std::string label;      ///< words in the legend
  std::vector<double> x;  ///< bars: centres; heatmap: column coordinates
  std::vector<double> y;  ///< band: lower edge; heatmap: row coordinates
  std::vector<double> z;  ///< band: upper edge; points: half-length of error bars (may be empty);
                          ///< heatmap: values, row by row
  Style style;            ///< colours of a heat map come from its scale
};

/// One pair of axes.
struct Panel {
  std::string title;   ///< words above the axes
  std::string x_label; ///< quantity and unit
  std::string y_label; ///< quantity and unit
  bool log_x = false;  ///< to base 10; values up to 0 are not shown
  bool log_y = false;  ///< to base 10; values up to 0 are not shown
  /// Ends of the x axis, in units of the data; fitted to the layers if not given.
  std::optional<std::pair<double, double>> x_range;
  /// The same for the y axis.
  std::optional<std::pair<double, double>> y_range;
  std::optional<std::pair<double, double>> color_range; ///< of a heat map; its values if not given
  std::string legend = "top right";                     ///< gnuplot's words for the place, or "off"
  std::string color_label;                              ///< what a heat map's colours mean
  bool equal_axes = false;                              ///< one unit is equally long on both axes
  std::deque<Layer> layers; ///< of one kind, later ones lie above earlier

  /// Names the x axis. @param log  logarithmic to base 10
  Panel& x_axis(std::string label, bool log = false) {
    x_label = std::move(label);
    log_x = log;
    return *this;
  }
  /// Names the y axis. @param log  logarithmic to base 10
  Panel& y_axis(std::string label, bool log = false) {
    y_label = std::move(label);
    log_y = log;
    return *this;
  }
  /// Fixes the ends of the x axis, in units of the data; an end that it can't have stays fitted.
  Panel& x_limits(double low, double high) {
    x_range = {low, high};
    return *this;
  }
  /// The same for the y axis.
  Panel& y_limits(double low, double high) {
    y_range = {low, high};
    return *this;
  }
  /// Fixes the ends of the heat map's colour scale.
  Panel& color_limits(double low, double high) {
    color_range = {low, high};
    return *this;
  }
  /// Asks for a place of the legend, "bottom left", or "off"; it makes way for data.
  Panel& legend_at(std::string place) {
    legend = std::move(place);
    return *this;
  }
  /// A line through the points (x, y), in this order; NaN makes a gap.
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
  /// A reference line at x, over the whole height; not drawn outside the axis.
  Panel& vertical(std::string label, double x, Style style = {.color = -1, .dashed = true}) {
    return add({Layer::Kind::vertical, std::move(label), {x}, {}, {}, style});
  }
  /// A reference line at y, over the whole width; not drawn outside the axis.
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
  std::string id;           ///< names the file
  std::string caption;      ///< one or two sentences
  int columns = 2;          ///< panels a row
  std::deque<Panel> panels; ///< row by row

  /// Adds a panel; the reference stays valid when more are added.
  Panel& panel(std::string title = {}) {
    panels.emplace_back();
    panels.back().title = std::move(title);
    return panels.back();
  }
};

/// The figures of a study, as data; study/gnuplot.hpp turns them into SVG.
class Figures {
public:
  /// Adds a figure; the reference stays valid when more are added.
  /// @param id  letters, digits, '-' and '_', once in a study   @param columns  panels a row
  Figure& figure(std::string id, std::string caption, int columns = 2) {
    list_.push_back({std::move(id), std::move(caption), columns, {}});
    return list_.back();
  }
  /// The figures in the order they were added.
  [[nodiscard]] const std::deque<Figure>& list() const noexcept { return list_; }

private:
  std::deque<Figure> list_;
};

} // namespace gradus::study
