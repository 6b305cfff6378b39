// SPDX-License-Identifier: BSD-3-Clause
// Figures as SVG: the same bytes each time, well-formed whatever the labels and data are, and no
// harm done where gnuplot is missing or fails.
#include <cmath>
#include <cstdint>
#include <filesystem>
#include <limits>
#include <set>
#include <string>
#include <vector>

#include "catch.hpp"
#include "program.hpp"
#include "study/markup_checks.hpp"
#include <gradus/study/gnuplot.hpp>

using namespace gradus::study;
using gradus::test::count;
using gradus::test::markup_problem;
using gradus::test::put;

namespace {

constexpr double nan_value = std::numeric_limits<double>::quiet_NaN();
constexpr double infinity = std::numeric_limits<double>::infinity();

bool gnuplot_missing() {
  if (run_child({"gnuplot", "--version"}, "").ok()) {
    return false;
  }
  WARN("gnuplot is not installed: nothing drawn, nothing tested");
  return true;
}

/// A small generator, enough to make data: the same numbers each time.
double next_uniform(std::uint32_t& state) {
  state = state * 1664525U + 1013904223U;
  return (state >> 8U) / 16777216.0;
}

void add_every_kind(Figures& figures) {
  Figure& figure = figures.figure("kinds", "A layer of each kind.");
  figure.panel("lines")
      .x_axis("step", true)
      .y_axis("accuracy")
      .band("", {1, 10, 100}, {0.1, 0.2, 0.3}, {0.3, 0.4, 0.5}, {.color = 1})
      .line("measured", {1, 10, 100}, {0.2, 0.3, 0.4}, {.color = 1})
      .line("theory", {1, 100}, {0.25, 0.45}, {.dashed = true})
      .points("cells", {1, 10}, {0.2, 0.3}, {.color = 2}, {0.05, 0.1})
      .vertical("edge", 20)
      .horizontal("chance", 0.5);
  figure.panel("map")
      .heatmap("value", {0, 1, 2}, {0, 1}, {1, 2, nan_value, 4, 5, 6})
      .points("points", {0, 1}, {0, 1});
  figure.panel("histogram").bars("clean", {1, 2, 3}, {3, 5, 2}).bars("noisy", {1, 2, 3}, {1, 2, 4});
  figures.figure("second", "Another figure.").panel().points("p", {1, 2}, {3, 4});
}

} // namespace

TEST_CASE("figures: every kind of layer, the same bytes each time, ids that never clash") {
  if (gnuplot_missing()) {
    return;
  }
  Figures figures;
  add_every_kind(figures);
  const tests::Folder scratch;
  const FigureReport report = write_figures(figures, scratch / "one");
  REQUIRE(report.problem.empty());
  REQUIRE(report.written == std::vector<std::string>{"kinds.svg", "second.svg"});
  write_figures(figures, scratch / "two");
  std::string both;
  for (const std::string& name : report.written) {
    const std::string svg = tests::slurp(scratch / "one" / name);
    CHECK(svg == tests::slurp(scratch / "two" / name));
    CHECK(markup_problem(svg) == "");
    CHECK(count(svg, "NaN") == 0);
    CHECK(count(svg, "http") == 2); // the two names of XML's namespaces
    both += svg;
  }
  CHECK(markup_problem(both) == "");
  CHECK(tests::slurp(scratch / "one" / "index.json") ==
        "{\n  \"kinds\": \"A layer of each kind.\",\n  \"second\": \"Another figure.\"\n}\n");
  for (const auto& entry : std::filesystem::directory_iterator(scratch / "one")) {
    CHECK(entry.path().filename().string().front() != '.'); // no temporary left
  }
}

TEST_CASE("figures: labels are plain text") {
  if (gnuplot_missing()) {
    return;
  }
  const tests::Folder scratch;
  const std::string marker = (scratch / "ran").string();
  const std::vector<std::string> labels{"a_b^{c} {x}",
                                        "back\\slash \\n",
                                        "it's \"quoted\"",
                                        "<b> & </svg>",
                                        "\xCE\xBC\xC2\xB2 @m $d",
                                        "`touch " + marker + "`",
                                        "'; system 'touch " + marker + "'; set title 'x",
                                        "%d %s #",
                                        "ends with \\",
                                        "t^{-1.3} (0.05)"};
  for (const std::string& label : labels) {
    CAPTURE(label);
    Figures figures;
    Figure& figure = figures.figure("text", label);
    figure.panel(label)
        .x_axis(label)
        .y_axis(label)
        .line(label, {0, 1}, {0, 1})
        .heatmap(label, {0, 1}, {0, 1}, {1, 2, 3, 4});
    const FigureReport report = write_figures(figures, scratch.path());
    REQUIRE(report.problem.empty());
    const std::string svg = tests::slurp(scratch / "text.svg");
    CHECK(markup_problem(svg) == "");
    if (label.size() < 20) { // not wrapped: axes twice, title, legend, colours
      std::string text = label;
      gradus::study::detail::replace_all(text, "&", "&amp;");
      gradus::study::detail::replace_all(text, "<", "&lt;");
      CHECK(count(svg, "<text>" + text + "</text>") == 5);
    }
  }
  CHECK_FALSE(std::filesystem::exists(marker));
  CHECK(plain_line("a\nb\tc\x01"
                   "d\xff\xC3") == "a b c d\xEF\xBF\xBD\xEF\xBF\xBD");
  CHECK(plain_line("\xED\xA0\x80") == "\xEF\xBF\xBD\xEF\xBF\xBD\xEF\xBF\xBD"); // a surrogate
}

TEST_CASE("figures: nothing to draw, holes and hostile numbers") {
  if (gnuplot_missing()) {
    return;
  }
  Figures figures;
  Figure& figure = figures.figure("edge", "Edge cases.", 4);
  figure.panel("empty");
  figure.panel("empty layers").line("a", {}, {}).points("b", {}, {}).band("c", {}, {}, {});
  figure.panel("empty map").heatmap("a", {}, {}, {});
  figure.panel("NaN").line("a", {1, 2}, {nan_value, nan_value}).bars("b", {nan_value}, {1});
  figure.panel("NaN map").heatmap("a", {1, 2}, {1}, {nan_value, infinity});
  figure.panel("log of nothing positive").x_axis("x", true).line("a", {-1, 0}, {1, 1});
  const int num_empty = 6;
  figure.panel("one").line("a", {3}, {1e-9}).band("b", {3}, {0}, {1});
  figure.panel("holes").line("a", {1, 2, 3, 4}, {1, nan_value, infinity, 2});
  figure.panel("log").x_axis("x", true).y_axis("y", true).line("a", {-1, 0, 1, 2}, {1, 1, 0, 3});
  figure.panel("huge").line("a", {-1e308, 1e308}, {-1.7e308, 1.7e308});
  figure.panel("tiny").line("a", {1, 1 + 1e-15}, {1e-320, 2e-320});
  figure.panel("log range").y_axis("y", true).line("a", {0, 1}, {1e-300, 1e300});
  figure.panel("bars on log").y_axis("y", true).bars("a", {1, 2}, {0, 10});
  figure.panel("sizes differ").line("a", {1, 2, 3}, {1}).heatmap("b", {1, 2}, {1, 2}, {1});
  figure.panel("bad limits").x_limits(nan_value, 2).y_limits(3, 3).line("a", {0, 1}, {0, 1});
  figure.panel("beyond limits").x_limits(5, 6).line("a", {0, 1}, {0, 1}).vertical("v", 0);
  Panel& square = figure.panel("square");
  square.equal_axes = true;
  square.line("a", {0, 1000}, {0, 1});
  const tests::Folder scratch;
  const FigureReport report = write_figures(figures, scratch.path());
  CHECK(report.problem.empty());
  REQUIRE(report.written.size() == 1);
  const std::string svg = tests::slurp(scratch / "edge.svg");
  CHECK(markup_problem(svg) == "");
  CHECK(count(svg, "<text>no data</text>") == num_empty);
  CHECK(count(svg, "nan") == 0);
  CHECK(count(svg, "inf") == 0);
}

TEST_CASE("figures: gnuplot missing or failing costs a line, not the run") {
  Figures figures;
  add_every_kind(figures);
  const tests::Folder scratch;
  for (const std::string program : {"no-such-gnuplot", "/no/such/folder/gnuplot"}) {
    const FigureReport report = write_figures(figures, scratch / "none", program);
    CHECK(report.written.empty());
    CHECK(count(report.problem, "gnuplot-nox") == 1);
    CHECK(count(report.problem, "\n") == 0);
  }
  CHECK_FALSE(std::filesystem::exists(scratch / "none"));

  const std::filesystem::path failing = scratch / "failing";
  put(failing, "#!/bin/sh\ncat > /dev/null\nprintf '\\nplot 1/0\\n        ^\\n' >&2\n"
               "echo '\"/dev/stdin\" line 3: undefined variable: lc' >&2\nexit 1\n");
  std::filesystem::permissions(failing, std::filesystem::perms::owner_all);
  const FigureReport report = write_figures(figures, scratch / "none", failing.string());
  CHECK(report.problem ==
        "figure kinds: gnuplot failed: line 3: undefined variable: lc (and 1 more)");
  CHECK(report.written.empty());
}

TEST_CASE("figures: ids that can't name a file are told, the others drawn") {
  if (gnuplot_missing()) {
    return;
  }
  Figures figures;
  figures.figure("../up", "").panel().line("a", {0, 1}, {0, 1});
  figures.figure("good", "").panel().line("a", {0, 1}, {0, 1});
  figures.figure("good", "").panel().line("a", {0, 1}, {0, 1});
  figures.figure("bare", "");
  const tests::Folder scratch;
  const FigureReport report = write_figures(figures, scratch / "inner");
  CHECK(report.written == std::vector<std::string>{"good.svg"});
  CHECK(report.problem == "figure '../up': not drawn; an id has letters, digits, '-' and '_' only "
                          "(and 2 more)");
  put(scratch / "file", "");
  CHECK_THROWS_AS(write_figures(figures, scratch / "file" / "inside"), IoError);
}

TEST_CASE("figure axis: ticks lie inside, ascend and have labels that differ") {
  std::uint32_t state = 7;
  for (int trial = 0; trial < 3000; ++trial) {
    const bool log = trial % 2 == 1;
    const double centre =
        (next_uniform(state) - 0.5) * std::pow(10.0, 12 * next_uniform(state) - 4);
    const double width = std::pow(10.0, 10 * next_uniform(state) - 8) * (std::abs(centre) + 1e-3);
    Extent extent;
    extent.add(log ? 40 * (next_uniform(state) - 0.5) : centre - width);
    extent.add(log ? extent.low + std::pow(10.0, 4 * next_uniform(state) - 2) : centre + width);
    const FigureAxis axis(extent, log, 0.05);
    const std::vector<Tick> ticks = axis.ticks(3 + trial % 4);
    CAPTURE(trial, extent.low, extent.high);
    std::set<std::string> labels;
    int num_labels = 0;
    double last = -1;
    for (const Tick& tick : ticks) {
      CHECK(tick.at >= -1e-6);
      CHECK(tick.at <= 1 + 1e-6);
      CHECK(tick.at > last);
      last = tick.at;
      if (!tick.label.empty()) {
        labels.insert(tick.label);
        ++num_labels;
      }
    }
    CHECK(static_cast<int>(labels.size()) == num_labels);
    CHECK(num_labels >= 2);
    CHECK(num_labels <= 12);
  }
}

TEST_CASE("figure geometry: a heat map's pixels hold the cell that they lie in") {
  Panel panel;
  panel.x_axis("x", true).heatmap("v", {1, 10, 100, -1}, {3, 2, 1},
                                  {0, 1, 2, 9, 3, 4, nan_value, 9, 6, 7, 8, 9});
  const PanelGeometry geometry(panel);
  REQUIRE(geometry.rasters().size() == 1);
  const Raster& raster = geometry.rasters().front();
  const auto at = [&](double x, double y) {
    const auto column =
        static_cast<std::size_t>(geometry.x()(x) * static_cast<double>(raster.columns));
    const auto row = static_cast<std::size_t>(geometry.y()(y) * static_cast<double>(raster.rows));
    return raster.values.at(row * raster.columns + column) * 9; // values span 0 to 9
  };
  CHECK(at(1, 3) == 0);
  CHECK(std::abs(at(9, 2.9) - 1) < 1e-9);
  CHECK(std::abs(at(3.2, 2.1) - 4) < 1e-9);
  CHECK(std::isnan(at(99, 2)));
  CHECK(std::abs(at(1, 1) - 6) < 1e-9);
}

TEST_CASE("figure layout: the legend leaves the data alone") {
  Panel panel;
  panel.line("a curve", {0, 1}, {0, 1}); // runs into the corner that is the default
  const PanelLayout corner = lay_out(panel, PanelGeometry(panel));
  CHECK_FALSE(corner.legend.below);
  CHECK(corner.legend.x == 0);
  CHECK(corner.legend.y == 1);
  Panel full = panel;
  full.band("everything", {0, 1}, {0, 0}, {1, 1});
  CHECK(lay_out(full, PanelGeometry(full)).legend.below);
  full.legend = "off";
  CHECK(lay_out(full, PanelGeometry(full)).legend.entries.empty());
}

TEST_CASE("figure rows: a thinned line keeps its extremes, a gap splits it") {
  gradus::study::detail::Rows rows;
  for (int i = 0; i < 50000; ++i) {
    rows.push_back({i / 50000.0, i == 31415 ? 1.0 : i == 27182 ? -1.0 : 0.0, 0, 0});
  }
  const gradus::study::detail::Rows thin = gradus::study::detail::thinned(rows, false);
  CHECK(thin.size() <= 4 * 1400);
  CHECK(thin.front() == rows.front());
  CHECK(thin.back() == rows.back());
  const auto [low, high] = std::minmax_element(
      thin.begin(), thin.end(), [](const auto& a, const auto& b) { return a[1] < b[1]; });
  CHECK(*low == rows[27182]);
  CHECK(*high == rows[31415]);
  rows[0][0] = rows[100][0] = rows[101][0] = nan_value;
  const auto pieces = gradus::study::detail::pieces(rows);
  REQUIRE(pieces.size() == 2);
  CHECK(pieces[0].size() == 99);
}

TEST_CASE("figures: tick labels come out as the axis made them") {
  if (gnuplot_missing()) {
    return;
  }
  Figures figures;
  figures.figure("ticks", "")
      .panel()
      .x_limits(-1.5, 1.25)
      .y_axis("y", true)
      .line("", {-1.5, 1.25}, {1e-9, 1e3});
  const tests::Folder scratch;
  REQUIRE(write_figures(figures, scratch.path()).problem.empty());
  const std::string svg = tests::slurp(scratch / "ticks.svg");
  const PanelGeometry geometry(figures.list().front().panels.front());
  for (const Tick& tick : lay_out(figures.list().front().panels.front(), geometry).x_ticks) {
    CAPTURE(tick.label);
    CHECK(count(svg, ">" + tick.label + "</tspan>") == (tick.label == "0" ? 2 : 1)); // 10^0
  }
  CHECK(count(svg, ">10</tspan><tspan") >= 4); // powers of ten, their exponents raised
  CHECK(count(svg, ">\xE2\x88\x92"
                   "9</tspan>") +
            count(svg, ">\xE2\x88\x92"
                       "8</tspan>") ==
        1);
}
