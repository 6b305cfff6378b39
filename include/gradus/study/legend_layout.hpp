// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>
#include <string>
#include <utility>
#include <vector>

#include <gradus/study/figure_geometry.hpp>
#include <gradus/study/figures.hpp>
#include <gradus/study/markup.hpp>

namespace gradus::study {

/// Sizes in pixels that the layout of a figure counts with. Text widths are estimates: SVG is laid
/// out by the reader's program with the reader's font.
struct TextMetrics {
  static constexpr double character = 6.7;     ///< mean advance of a label's character
  static constexpr double bold = 7.6;          ///< of a title's
  static constexpr double line = 16.0;         ///< distance of text lines
  static constexpr double key_sample = 34.0;   ///< a legend's piece of line with its gaps
  static constexpr double key_character = 6.3; ///< of a legend's
  static constexpr double key_line = 16.5;     ///< distance of a legend's entries
};

/// The legend of a panel: its entries and where its box lies.
struct LegendLayout {
  std::vector<std::size_t> entries; ///< indices of the layers with a label
  bool below = false;               ///< under the panel instead of inside it
  double x = 0;                     ///< upper left corner inside the panel, in [0, 1]
  double y = 1;                     ///< of the same corner; 1 is the top
  std::size_t lines = 0;            ///< entries in a column
};

namespace detail {

/// Which parts of a panel the layers cover, on a coarse grid.
class Coverage {
public:
  explicit Coverage(const PanelGeometry& panel)
      : filled_(columns * rows, !panel.rasters().empty()) {
    for (const DrawnLayer& layer : panel.layers()) {
      const std::array<double, 4>* last = nullptr;
      for (const auto& row : layer.rows) {
        if (std::isnan(row[0])) {
          last = nullptr;
          continue;
        }
        switch (layer.kind) {
        case Layer::Kind::points:
          box(row[0] - 0.008, row[0] + 0.008, std::min(row[2], row[1] - 0.01),
              std::max(row[3], row[1] + 0.01));
          break;
        case Layer::Kind::bars:
          box(row[0], row[1], std::min(row[2], row[3]), std::max(row[2], row[3]));
          break;
        case Layer::Kind::band:
          stroke(last != nullptr ? *last : row, row, true);
          break;
        default:
          stroke(last != nullptr ? *last : row, row, false);
        }
        last = &row;
      }
    }
  }

  /// Whether nothing lies in the box, in panel coordinates.
  [[nodiscard]] bool free(double left, double right, double bottom, double top) const {
    bool nothing = true;
    each(left, right, bottom, top, [&](std::size_t cell) { nothing = nothing && !filled_[cell]; });
    return nothing;
  }

private:
  static constexpr std::size_t columns = 100;
  static constexpr std::size_t rows = 80;

  template <class Use>
  static void each(double left, double right, double bottom, double top, Use use) {
    if (right < 0 || left > 1 || top < 0 || bottom > 1) {
      return;
    }
    const auto index = [](double at, std::size_t n) {
      return static_cast<std::size_t>(std::clamp(at, 0.0, 0.9999) * static_cast<double>(n));
    };
    for (std::size_t c = index(left, columns); c <= index(right, columns); ++c) {
      for (std::size_t r = index(bottom, rows); r <= index(top, rows); ++r) {
        use(c * rows + r);
      }
    }
  }
  void box(double left, double right, double bottom, double top) {
    each(left, right, bottom, top, [&](std::size_t cell) { filled_[cell] = true; });
  }
  /// A piece of a line, or of a band: what lies between its edges.
  void stroke(const std::array<double, 4>& from, const std::array<double, 4>& to, bool band) {
    const double length =
        std::max(std::abs(to[0] - from[0]) * columns, std::abs(to[1] - from[1]) * rows);
    const int steps = std::clamp(static_cast<int>(2 * length), 1, 100000);
    for (int i = 0; i <= steps; ++i) {
      const double share = static_cast<double>(i) / steps;
      const double x = from[0] + share * (to[0] - from[0]);
      const double low = from[1] + share * (to[1] - from[1]);
      const double high = band ? from[2] + share * (to[2] - from[2]) : low;
      box(x, x, std::min(low, high), std::max(low, high));
    }
  }

  std::vector<char> filled_;
};

/// The asked place if nothing lies there, else a free one, else below the panel.
inline LegendLayout place_legend(const Panel& panel, const PanelGeometry& geometry, double width,
                                 double height) {
  LegendLayout legend;
  std::size_t longest = 0;
  for (std::size_t i = 0; i < geometry.layers().size() && panel.legend != "off"; ++i) {
    if (const std::string& label = geometry.layers()[i].label; !label.empty()) {
      legend.entries.push_back(i);
      longest = std::max(longest, num_characters(label));
    }
  }
  const std::size_t count = legend.entries.size();
  legend.lines = count;
  if (count == 0) {
    return legend;
  }
  const auto characters = static_cast<double>(longest);
  const double w = (TextMetrics::key_sample + characters * TextMetrics::key_character + 10) / width;
  const double h = (static_cast<double>(count) * TextMetrics::key_line + 8) / height;
  const auto has = [&](const char* word) { return panel.legend.find(word) != std::string::npos; };
  if (!has("outside") && !has("below") && !has("margin") && w < 0.97 && h < 0.95) {
    const double asked_x = has("left") ? 0.0 : has("right") || !has("center") ? 1.0 : 0.5;
    const double asked_y = has("bottom") ? 0.0 : has("top") || !has("center") ? 1.0 : 0.5;
    const Coverage coverage(geometry);
    for (const auto& [x, y] : std::vector<std::pair<double, double>>{{asked_x, asked_y},
                                                                     {1 - asked_x, asked_y},
                                                                     {asked_x, 1 - asked_y},
                                                                     {1 - asked_x, 1 - asked_y},
                                                                     {1, 0.5},
                                                                     {0, 0.5},
                                                                     {0.5, 1},
                                                                     {0.5, 0}}) {
      const double left = x * (1 - w);
      const double top = 1 - (1 - y) * (1 - h);
      if (coverage.free(left, left + w, top - h, top)) {
        legend.x = left;
        legend.y = top;
        return legend;
      }
    }
  }
  legend.below = true;
  // gnuplot sets columns apart by its own, wider estimate of the text
  const double column = TextMetrics::key_sample + 8.0 * characters + 16;
  const auto columns = static_cast<std::size_t>(std::max(1.0, std::floor((width + 40) / column)));
  legend.lines = (count + columns - 1) / columns;
  return legend;
}

} // namespace detail

} // namespace gradus::study
