// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>
#include <limits>
#include <string>
#include <utility>
#include <vector>

#include <gradus/study/figure_axis.hpp>
#include <gradus/study/figures.hpp>

namespace gradus::study {

/// A layer as it lies in its panel, every coordinate in [0, 1] inside the axes.
struct DrawnLayer {
  Layer::Kind kind = Layer::Kind::line; ///< any but heatmap, which becomes a Raster
  std::string label;                    ///< words in the legend; empty stays out of it
  Style style;                          ///< as the layer asks
  /// line and references: x, y · points: x, y, lower, upper end of the error bar · band: x, lower,
  /// upper · bars: left, right, lower, upper. A row with NaN is a gap.
  std::vector<std::array<double, 4>> rows;

  /// Nothing of the layer can be drawn.
  [[nodiscard]] bool empty() const { return rows.empty(); }
};

/// A heat map as pixels, the lowest row first; values in [0, 1] of the colour scale or NaN.
struct Raster {
  std::size_t columns = 0;    ///< pixels from left to right
  std::size_t rows = 0;       ///< pixels from bottom to top
  std::vector<double> values; ///< values[r * columns + c]
};

namespace detail {

/// A row or column of a heat map on its axis, in display units.
struct Cell {
  std::size_t index;
  double low;
  double high;
};

/// Cells around the given centres, which need not be even: each reaches halfway to its neighbours.
/// Centres that are not finite have none.
inline std::vector<Cell> cells_around(const std::vector<double>& centres) {
  std::vector<Cell> cells;
  for (std::size_t i = 0; i < centres.size(); ++i) {
    if (std::isfinite(centres[i])) {
      cells.push_back({i, centres[i], centres[i]});
    }
  }
  for (std::size_t c = 1; c < cells.size(); ++c) {
    cells[c].low = centres[cells[c - 1].index] / 2 + centres[cells[c].index] / 2;
    cells[c - 1].high = cells[c].low;
  }
  if (cells.size() == 1) {
    cells.front().low -= 0.5;
    cells.front().high += 0.5;
  } else if (!cells.empty()) {
    cells.front().low -= cells.front().high - cells.front().low;
    cells.back().high += cells.back().high - cells.back().low;
  }
  return cells;
}

/// Half the width of bars around evenly spaced centres; the smallest gap decides.
inline double half_width(std::vector<double> centres) {
  std::erase_if(centres, [](double x) { return !std::isfinite(x); });
  std::sort(centres.begin(), centres.end());
  double gap = std::numeric_limits<double>::infinity();
  for (std::size_t i = 1; i < centres.size(); ++i) {
    if (centres[i] > centres[i - 1]) {
      gap = std::min(gap, centres[i] - centres[i - 1]);
    }
  }
  return std::isfinite(gap) ? gap / 2 : 0.5;
}

inline std::vector<double> displayed(std::vector<double> values, bool log) {
  for (double& value : values) {
    value = FigureAxis::display(value, log);
  }
  return values;
}

inline double at_or_nan(const std::vector<double>& values, std::size_t i) {
  return i < values.size() ? values[i] : std::numeric_limits<double>::quiet_NaN();
}

} // namespace detail

/// A panel made ready to draw: its axes, its layers in [0, 1] x [0, 1], its colour scale.
class PanelGeometry {
public:
  /// Fits the axes to the panel and maps its layers; one that has nothing to draw is left out.
  explicit PanelGeometry(const Panel& panel)
      : x_(x_axis(panel)), y_(y_axis(panel, x_)), color_(color_axis(panel)) {
    for (const Layer& layer : panel.layers) {
      if (layer.kind == Layer::Kind::heatmap) {
        if (!color_.empty()) {
          rasters_.push_back(raster(layer));
        }
      } else if (DrawnLayer drawn = draw(layer); !drawn.empty()) {
        layers_.push_back(std::move(drawn));
      }
    }
  }

  /// The horizontal axis.
  [[nodiscard]] const FigureAxis& x() const noexcept { return x_; }
  /// The vertical axis.
  [[nodiscard]] const FigureAxis& y() const noexcept { return y_; }
  /// The scale of the heat maps; empty() without any.
  [[nodiscard]] const FigureAxis& color() const noexcept { return color_; }
  /// What is drawn, heat maps aside, in the order of the panel's layers.
  [[nodiscard]] const std::vector<DrawnLayer>& layers() const noexcept { return layers_; }
  /// The heat maps, in the order of the panel's layers.
  [[nodiscard]] const std::vector<Raster>& rasters() const noexcept { return rasters_; }
  /// Nothing to see: no layer has a finite point.
  [[nodiscard]] bool empty() const noexcept { return layers_.empty() && rasters_.empty(); }

private:
  using Kind = Layer::Kind;

  static bool has_heatmap(const Panel& panel) {
    return std::any_of(panel.layers.begin(), panel.layers.end(),
                       [](const Layer& layer) { return layer.kind == Kind::heatmap; });
  }

  static FigureAxis x_axis(const Panel& panel) {
    Extent extent;
    for (const Layer& layer : panel.layers) {
      const auto x = detail::displayed(layer.x, panel.log_x);
      const double half = layer.kind == Kind::bars ? detail::half_width(x) : 0.0;
      if (layer.kind == Kind::heatmap) {
        for (const detail::Cell& cell : detail::cells_around(x)) {
          extent.add(cell.low);
          extent.add(cell.high);
        }
        continue;
      }
      for (std::size_t i = 0; i < x.size(); ++i) {
        const bool seen =
            layer.kind == Kind::vertical ||
            std::isfinite(FigureAxis::display(detail::at_or_nan(layer.y, i), panel.log_y));
        if (seen) {
          extent.add(x[i] - half);
          extent.add(x[i] + half);
        }
      }
    }
    return {extent, panel.log_x, has_heatmap(panel) ? 0.0 : 0.025, panel.x_range};
  }

  static FigureAxis y_axis(const Panel& panel, const FigureAxis& x) {
    Extent extent;
    bool grounded = false; // bars stand on zero
    for (const Layer& layer : panel.layers) {
      const auto y = detail::displayed(layer.y, panel.log_y);
      if (layer.kind == Kind::heatmap) {
        for (const detail::Cell& cell : detail::cells_around(y)) {
          extent.add(cell.low);
          extent.add(cell.high);
        }
        continue;
      }
      for (std::size_t i = 0; i < y.size(); ++i) {
        const double across =
            layer.kind == Kind::horizontal ? 0.5 : x(detail::at_or_nan(layer.x, i));
        if (!(across >= 0.0 && across <= 1.0)) {
          continue;
        }
        extent.add(y[i]);
        const double z = detail::at_or_nan(layer.z, i);
        if (layer.kind == Kind::points && std::isfinite(z)) {
          extent.add(FigureAxis::display(layer.y[i] - z, panel.log_y));
          extent.add(FigureAxis::display(layer.y[i] + z, panel.log_y));
        } else if (layer.kind == Kind::band) {
          extent.add(FigureAxis::display(z, panel.log_y));
        } else if (layer.kind == Kind::bars && !panel.log_y) {
          extent.add(0.0);
          grounded = true;
        }
      }
    }
    double margin = has_heatmap(panel) ? 0.0 : 0.05;
    if (grounded && !extent.empty() && extent.low == 0.0) {
      Extent above = extent;
      above.high += margin * (extent.high - extent.low);
      return {above, panel.log_y, 0.0, panel.y_range};
    }
    return {extent, panel.log_y, margin, panel.y_range};
  }

  static FigureAxis color_axis(const Panel& panel) {
    Extent extent;
    for (const Layer& layer : panel.layers) {
      if (layer.kind == Kind::heatmap && !layer.x.empty() && !layer.y.empty()) {
        for (const double value : layer.z) {
          extent.add(value);
        }
      }
    }
    return {extent, false, 0.0, panel.color_range};
  }

  [[nodiscard]] DrawnLayer draw(const Layer& layer) const {
    DrawnLayer drawn{layer.kind, layer.label, layer.style, {}};
    constexpr double none = std::numeric_limits<double>::quiet_NaN();
    if (layer.kind == Kind::vertical || layer.kind == Kind::horizontal) {
      const bool upright = layer.kind == Kind::vertical;
      const double at =
          upright ? x_(detail::at_or_nan(layer.x, 0)) : y_(detail::at_or_nan(layer.y, 0));
      if (at >= 0.0 && at <= 1.0) {
        drawn.rows = upright ? decltype(drawn.rows){{at, 0, none, none}, {at, 1, none, none}}
                             : decltype(drawn.rows){{0, at, none, none}, {1, at, none, none}};
      }
      return drawn;
    }
    const auto shown_x = detail::displayed(layer.x, x_.log());
    const double half = layer.kind == Kind::bars ? detail::half_width(shown_x) : 0.0;
    bool any = false;
    for (std::size_t i = 0; i < std::min(layer.x.size(), layer.y.size()); ++i) {
      const double x = x_.place(shown_x[i]);
      const double y = y_(layer.y[i]);
      const double z = detail::at_or_nan(layer.z, i);
      std::array<double, 4> row{x, y, none, none};
      bool drawable = std::isfinite(x) && std::isfinite(y);
      if (layer.kind == Kind::points) {
        row[2] = std::isfinite(z) ? low_end(layer.y[i] - z) : y;
        row[3] = std::isfinite(z) ? y_(layer.y[i] + z) : y;
      } else if (layer.kind == Kind::band) {
        row = {x, low_end(layer.y[i]), y_(z), none};
        drawable = std::isfinite(x) && std::isfinite(row[1]) && std::isfinite(row[2]);
      } else if (layer.kind == Kind::bars) {
        const double ground = y_.log() ? -0.1 : y_(0.0);
        row = {x_.place(shown_x[i] - half), x_.place(shown_x[i] + half), ground, y};
      }
      any = any || drawable;
      drawn.rows.push_back(drawable ? row : std::array<double, 4>{none, none, none, none});
    }
    if (!any) {
      drawn.rows.clear();
    }
    return drawn;
  }

  /// A lower end that lies at or below zero on a log axis reaches out of the panel.
  [[nodiscard]] double low_end(double value) const {
    return y_.log() && value <= 0.0 && std::isfinite(value) ? -0.1 : y_(value);
  }

  /// Each cell fills the pixels whose centre it holds, on any axis: gnuplot draws even grids only.
  [[nodiscard]] Raster raster(const Layer& layer) const {
    const auto nearest = [](const FigureAxis& axis, const std::vector<double>& centres,
                            std::size_t n) {
      const auto cells = detail::cells_around(detail::displayed(centres, axis.log()));
      std::vector<std::size_t> cell(n, centres.size());
      for (std::size_t p = 0; p < n; ++p) {
        const double at = (static_cast<double>(p) + 0.5) / static_cast<double>(n);
        for (const detail::Cell& candidate : cells) {
          const double one = axis.place(candidate.low);
          const double other = axis.place(candidate.high);
          if (at >= std::min(one, other) && at < std::max(one, other)) {
            cell[p] = candidate.index;
          }
        }
      }
      return cell;
    };
    const auto pixels = [](std::size_t cells) { // a multiple of the cells, as far as that goes
      return cells == 0     ? 0
             : cells >= 480 ? 480
                            : cells * std::max<std::size_t>(1, (240 + cells - 1) / cells);
    };
    Raster image{pixels(layer.x.size()), pixels(layer.y.size()), {}};
    const auto column = nearest(x_, layer.x, image.columns);
    const auto row = nearest(y_, layer.y, image.rows);
    for (std::size_t r = 0; r < image.rows; ++r) {
      for (std::size_t c = 0; c < image.columns; ++c) {
        const bool inside = row[r] < layer.y.size() && column[c] < layer.x.size();
        const double value = inside
                                 ? detail::at_or_nan(layer.z, row[r] * layer.x.size() + column[c])
                                 : std::numeric_limits<double>::quiet_NaN();
        image.values.push_back(color_(value));
      }
    }
    return image;
  }

  FigureAxis x_;
  FigureAxis y_;
  FigureAxis color_;
  std::vector<DrawnLayer> layers_;
  std::vector<Raster> rasters_;
};

} // namespace gradus::study
