// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <fmt/format.h>

#include <gradus/study/figure_geometry.hpp>
#include <gradus/study/figure_hatch.hpp>
#include <gradus/study/figure_layout.hpp>
#include <gradus/study/figure_rows.hpp>
#include <gradus/study/figures.hpp>
#include <gradus/study/markup.hpp>

namespace gradus::study {

namespace detail {

/// Okabe and Ito's palette, told apart with any colour vision; a negative index is dark grey.
inline std::string color_of(int index) {
  constexpr std::array<const char*, 8> palette{"0072B2", "D55E00", "009E73", "CC79A7",
                                               "E69F00", "56B4E9", "000000", "8C6D31"};
  return index < 0 ? "404040" : palette[static_cast<std::size_t>(index) % palette.size()];
}

/// A string for gnuplot in which every character that could mean anything to it (quotes, commands
/// in backquotes, macros, escapes) stands as an octal code. Single quotes would not do: gnuplot 5.4
/// ends a string that begins with an apostrophe there. Digits are coded too: gnuplot takes a fourth
/// one for a part of a code that begins with 0.
inline std::string gnuplot_string(std::string_view text) {
  std::string out = "\"";
  for (const char c : plain_line(text)) {
    const auto byte = static_cast<unsigned char>(c);
    const bool plain = byte >= 0x80 || c == ' ' || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
    if (plain) {
      out += c;
    } else {
      out += '\\';
      for (const int shift : {6, 3, 0}) {
        out += static_cast<char>('0' + ((byte >> shift) & 7));
      }
    }
  }
  return out + "\"";
}

/// Writes the commands for one panel.
class PanelScript {
public:
  PanelScript(const PanelGeometry& geometry, const PanelLayout& layout, double width, double height,
              std::size_t number)
      : geometry_(geometry), at_(layout), width_(width), height_(height), number_(number) {}

  [[nodiscard]] std::string text() {
    frame();
    labels();
    legend();
    for (const Raster& raster : geometry_.rasters()) {
      image(raster);
      hatch(raster);
    }
    for (const auto& kinds : {std::vector{Kind::bars}, std::vector{Kind::band},
                              std::vector{Kind::vertical, Kind::horizontal}, // below the data
                              std::vector{Kind::line}, std::vector{Kind::points}}) {
      for (const DrawnLayer& layer : geometry_.layers()) {
        if (std::find(kinds.begin(), kinds.end(), layer.kind) != kinds.end()) {
          add(layer);
        }
      }
    }
    for (const std::size_t i : at_.legend.entries) {
      const DrawnLayer& layer = geometry_.layers()[i];
      plots_.push_back("1/0 " + look(layer) + " title " + gnuplot_string(layer.label));
    }
    if (plots_.empty()) {
      plots_.push_back("1/0 notitle");
    }
    return fmt::format("{}{}plot {}\n", data_, commands_, fmt::join(plots_, ", \\\n     "));
  }

private:
  using Kind = Layer::Kind;

  template <class... Args>
  void command(fmt::format_string<Args...> format, Args&&... args) {
    commands_ += fmt::format(format, std::forward<Args>(args)...) + "\n";
  }
  [[nodiscard]] std::string screen(double x, double y) const {
    return fmt::format("screen {:.5f}, screen {:.5f}", x / width_, 1 - y / height_);
  }
  void write(std::string_view line, double x, double y, std::string_view how) {
    command("set label {} at {} {} noenhanced", gnuplot_string(line), screen(x, y), how);
  }

  static std::string tick_list(const std::vector<Tick>& ticks) {
    std::string list;
    for (const Tick& tick : ticks) {
      list += fmt::format("{}{} {:.6f}{}", list.empty() ? "" : ", ", gnuplot_string(tick.label),
                          tick.at, tick.label.empty() ? " 1" : "");
    }
    return "(" + list + ")";
  }
  void ticks(std::string_view axis, const std::vector<Tick>& list, std::string_view offset) {
    if (list.empty()) {
      command("unset {}tics", axis);
    } else {
      command("set {}tics nomirror out scale 0.5, 0.25 offset {} enhanced {}", axis, offset,
              tick_list(list));
    }
  }

  void frame() {
    command("unset label; unset object; unset colorbox; set xrange [0:1]; set yrange [0:1]");
    command("set lmargin at screen {:.5f}; set rmargin at screen {:.5f}", at_.left / width_,
            (at_.left + at_.width) / width_);
    command("set tmargin at screen {:.5f}; set bmargin at screen {:.5f}", 1 - at_.top / height_,
            1 - (at_.top + at_.height) / height_);
    const bool map = !geometry_.color().empty();
    ticks("x", at_.x_ticks, "0, 0.3");
    ticks("y", at_.y_ticks, "0.4, 0");
    command("set border {} lw 0.8 lc rgb '#606060'", map || geometry_.empty() ? 15 : 3);
    if (map || geometry_.empty()) {
      command("unset grid");
    } else {
      command("set grid xtics ytics back lt 1 lw 0.7 lc rgb '#E3E3E3'");
    }
    if (map) { // cells without a value show this grey, hatched
      command("set object 1 rectangle from graph 0, 0 to graph 1, 1 fc rgb '#EDEDED' fs solid "
              "noborder behind");
      const double x = (at_.left + at_.width + 12) / width_;
      command("set cbrange [0:1]; set colorbox user origin screen {:.5f}, screen {:.5f} "
              "size screen {:.5f}, screen {:.5f} border 90",
              x, 1 - (at_.top + at_.height) / height_, 12 / width_, at_.height / height_);
      ticks("cb", at_.color_ticks, "-0.6, 0");
    }
  }

  void labels() {
    constexpr double line = TextMetrics::line;
    const double middle = at_.left + at_.width / 2;
    const double centre = at_.top + at_.height / 2;
    double y = at_.top - static_cast<double>(at_.title.size()) * line + 2;
    for (const std::string& part : at_.title) {
      write(part, middle, y, "center font 'sans-serif:Bold,12.5' tc rgb '#202020'");
      y += line;
    }
    y = at_.top + at_.height + 33;
    for (const std::string& part : at_.x_label) {
      write(part, middle, y, "center tc rgb '#202020'");
      y += line;
    }
    double x =
        at_.left - at_.y_ticks_width - 21 - static_cast<double>(at_.y_label.size() - 1) * line;
    for (const std::string& part : at_.y_label) {
      write(part, x, centre, "center rotate by 90 tc rgb '#202020'");
      x += line;
    }
    x = at_.left + at_.width + 12 + 12 + 18 + at_.color_ticks_width;
    for (const std::string& part : at_.color_label) {
      write(part, x, centre, "center rotate by 90 tc rgb '#202020'");
      x += line;
    }
    if (geometry_.empty()) {
      write("no data", middle, centre, "center tc rgb '#707070'");
    }
  }

  void legend() {
    const LegendLayout& key = at_.legend;
    if (key.entries.empty()) {
      command("unset key");
      return;
    }
    double x = at_.left + key.x * at_.width + 2;
    double y = at_.top + (1 - key.y) * at_.height + 2;
    if (key.below) {
      x = at_.left - 10;
      y = at_.top + at_.height + 30 + static_cast<double>(at_.x_label.size()) * TextMetrics::line;
    }
    command("set key at {} left top Left reverse vertical maxrows {} samplen 2.2 spacing 0.95 "
            "width 0 height 0 font ',11' textcolor rgb '#202020' noenhanced noopaque nobox",
            screen(x, y), key.lines);
  }

  static std::string bar_fill(const std::string& color) {
    return "fs transparent solid 0.45 border lc rgb '#" + color + "'";
  }
  /// How a layer is drawn, here and in the legend.
  static std::string look(const DrawnLayer& layer) {
    const std::string color = color_of(layer.style.color);
    switch (layer.kind) {
    case Kind::points: {
      constexpr std::array<int, 6> shapes{7, 5, 9, 13, 11, 15};
      const auto shape = static_cast<std::size_t>(std::max(layer.style.color, 0)) % shapes.size();
      return fmt::format("with points pt {} ps {:.3g} lc rgb '#{}{}'", shapes[shape],
                         layer.style.size, layer.rows.size() > 300 ? "60" : "", color);
    }
    case Kind::band:
      return fmt::format("with filledcurves fs transparent solid 0.2 noborder lc rgb '#{}'", color);
    case Kind::bars:
      return fmt::format("with boxes lc rgb '#{0}' lw 0.7 {1}", color, bar_fill(color));
    default:
      return fmt::format("with lines lw {:.3g} lc rgb '#{}' dt {}", layer.style.width, color,
                         layer.style.dashed ? "(12, 7)" : "solid");
    }
  }

  /// A named block of inline data; its name.
  std::string block(const Rows& rows, std::size_t width) {
    const std::string name = fmt::format("$d{}_{}", number_, blocks_++);
    data_ += name + " << EOD\n";
    for (const auto& row : rows) {
      for (std::size_t c = 0; c < width; ++c) {
        data_ += fmt::format("{}{:.5f}", c == 0 ? "" : " ", row[c]);
      }
      data_ += "\n";
    }
    data_ += "EOD\n";
    return name;
  }

  void add(const DrawnLayer& layer) {
    const std::string color = color_of(layer.style.color);
    const bool halo = !geometry_.rasters().empty(); // to be seen on any colour
    switch (layer.kind) {
    case Kind::bars:
      plots_.push_back(block(without_gaps(layer.rows), 4) +
                       " using (($1+$2)/2):(($3+$4)/2):1:2:3:4 with boxxyerror lc rgb '#" + color +
                       "' lw 0.7 " + bar_fill(color) + " notitle");
      return;
    case Kind::points: {
      const Rows rows = without_gaps(layer.rows);
      const std::string name = block(rows, 4);
      if (std::any_of(rows.begin(), rows.end(), [](const auto& r) { return r[2] != r[3]; })) {
        plots_.push_back(name + " using 1:2:3:4 with yerrorbars pt 0 lw 1.2 lc rgb '#" + color +
                         "' notitle");
      }
      if (halo) {
        DrawnLayer under = layer;
        under.style.size *= 1.5;
        std::string white = look(under);
        white.replace(white.find("lc rgb"), std::string::npos, "lc rgb '#FFFFFF'");
        plots_.push_back(name + " using 1:2 " + white + " notitle");
      }
      plots_.push_back(name + " using 1:2 " + look(layer) + " notitle");
      return;
    }
    case Kind::band:
      for (const Rows& piece : pieces(layer.rows)) {
        if (piece.size() > 1) {
          plots_.push_back(block(thinned(piece, true), 3) + " using 1:2:3 " + look(layer) +
                           " notitle");
        } else { // no area: the interval at a single place
          plots_.push_back(block(piece, 3) +
                           " using 1:2:(0):($3-$2) with vectors nohead lw 4 lc "
                           "rgb '#CC" +
                           color + "' notitle");
        }
      }
      return;
    default:
      for (const Rows& piece : pieces(layer.rows)) {
        const std::string name = block(thinned(piece, false), 2);
        if (piece.size() == 1) { // a line of one point would not be seen
          plots_.push_back(name + " using 1:2 with points pt 7 ps 0.5 lc rgb '#" + color +
                           "' notitle");
          continue;
        }
        if (halo) {
          plots_.push_back(fmt::format("{} using 1:2 with lines lw {:.3g} lc rgb '#FFFFFF' notitle",
                                       name, layer.style.width + 2));
        }
        plots_.push_back(name + " using 1:2 " + look(layer) + " notitle");
      }
    }
  }

  void image(const Raster& raster) {
    const std::string name = fmt::format("$d{}_{}", number_, blocks_++);
    data_ += name + " << EOD\n";
    for (std::size_t r = 0; r < raster.rows; ++r) {
      for (std::size_t c = 0; c < raster.columns; ++c) {
        const double value = raster.values[r * raster.columns + c];
        data_ += std::isnan(value) ? "NaN " : fmt::format("{:.4f} ", value);
      }
      data_ += "\n";
    }
    data_ += "EOD\n";
    if (plots_.empty()) { // on axes that count pixels: gnuplot's arithmetic is slow
      command("set x2range [-0.5:{}.5]; set y2range [-0.5:{}.5]", raster.columns - 1,
              raster.rows - 1);
      plots_.push_back(name + " matrix with image axes x2y2 notitle");
    } else {
      plots_.push_back(
          fmt::format("{} matrix using (($1+0.5)/{}):(($2+0.5)/{}):3 with image notitle", name,
                      raster.columns, raster.rows));
    }
  }

  void hatch(const Raster& raster) {
    const std::vector<HatchLine> lines = hatching(raster, at_.width, at_.height);
    if (lines.empty()) {
      return;
    }
    const std::string name = fmt::format("$d{}_{}", number_, blocks_++);
    data_ += name + " << EOD\n";
    for (const HatchLine& line : lines) {
      data_ += fmt::format("{:.5f} {:.5f}\n{:.5f} {:.5f}\n\n", line.from[0], line.from[1],
                           line.to[0], line.to[1]);
    }
    data_ += "EOD\n";
    plots_.push_back(name + " using 1:2 with lines lw 0.8 lc rgb '#8C8C8C' notitle");
  }

  const PanelGeometry& geometry_;
  const PanelLayout& at_;
  double width_;
  double height_;
  std::size_t number_;
  std::size_t blocks_ = 0;
  std::string data_;
  std::string commands_;
  std::vector<std::string> plots_;
};

} // namespace detail

/// The gnuplot commands that draw a figure as SVG on standard output: inline data only, no file
/// names, no shell. All coordinates are mapped to [0, 1] beforehand, all ticks given, so that
/// gnuplot decides nothing that could change with its version or settings.
[[nodiscard]] inline std::string gnuplot_script(const Figure& figure) {
  std::vector<PanelGeometry> geometries;
  for (const Panel& panel : figure.panels) {
    geometries.emplace_back(panel);
  }
  const FigureLayout layout = lay_out(figure, geometries);
  std::string script = fmt::format(
      "set encoding utf8\n"
      "set terminal svg size {:.0f},{:.0f} fixed enhanced font 'sans-serif,12' background "
      "'#FFFFFF'\n"
      "set palette maxcolors 0\n"
      "set palette defined (0 '#440154', 1 '#48186A', 2 '#472D7B', 3 '#424086', 4 '#3B528B', "
      "5 '#33638D', 6 '#2C728E', 7 '#26828E', 8 '#21918C', 9 '#1FA088', 10 '#28AE80', "
      "11 '#3FBC73', 12 '#5EC962', 13 '#84D44B', 14 '#ADDC30', 15 '#D8E219', 16 '#FDE725')\n"
      "set style line 90 lw 0.8 lc rgb '#606060'\n"
      "set errorbars small\n"
      "set multiplot\n",
      layout.width, layout.height);
  for (std::size_t i = 0; i < geometries.size(); ++i) {
    script +=
        detail::PanelScript(geometries[i], layout.panels[i], layout.width, layout.height, i).text();
  }
  return script + "unset multiplot\n";
}

} // namespace gradus::study
