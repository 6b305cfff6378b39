// SPDX-License-Identifier: BSD-3-Clause
#include <algorithm>
#include <cmath>
#include <limits>
#include <numbers>
#include <string>
#include <utility>
#include <vector>

#include "claims.hpp"

namespace gradus::examples::hessian {
namespace {

std::vector<double> first_places(std::vector<double> values, std::size_t count) {
  values.resize(std::min(values.size(), count));
  return values;
}
std::vector<double> ranks(std::size_t count) {
  return linspace(1, static_cast<double>(count), static_cast<Index>(count));
}
std::string whole(double x) { return std::to_string(std::llround(x)); }

void draw_ordered(const Results& r, Figures& figures) {
  auto& figure = figures.figure(
      "ordered-eigenvalues",
      "Leading eigenvalues of the Hessian in falling order before and after training, one seed; "
      "dashed: the gap that the count finds after training. The network is the same for every "
      "number m of clusters.");
  for (const auto& [prefix, title] :
       {std::pair<std::string, std::string>{"start_", "before training"}, {"", "after training"}}) {
    auto& panel = figure.panel(title).x_axis("rank").y_axis("eigenvalue", true);
    panel.legend_at("top right").x_limits(0, 31);
    int color = 0;
    for (const double m : r["main"].coordinates("clusters")) {
      const ArmResults arm = r["main"].where("clusters", m);
      const std::vector<double> l = first_places(arm.first_series(prefix + "spectrum"), 30);
      panel.line("", ranks(l.size()), l, {.color = color, .width = 1});
      panel.points("m = " + whole(m), ranks(l.size()), l, {.color = color});
      if (prefix.empty()) {
        panel.vertical("", arm.first_number("count") + 0.5, {.color = color, .dashed = true});
      }
      ++color;
    }
  }
}

void draw_counts(const Results& r, Figures& figures) {
  auto& figure =
      figures.figure("counts", "Outliers counted by the largest gap against the clusters of the "
                               "data, all seeds (moved apart sideways). Dashed: equality.");
  const std::vector<double> clusters = r["main"].coordinates("clusters");
  const auto add = [&](const char* title, const ArmResults& arm, const std::string& name,
                       int color) {
    auto& panel = figure.panel(title).x_axis("clusters m").y_axis("outliers counted");
    double highest = 10;
    for (const double count : arm.numbers(name)) {
      highest = std::max(highest, count + 1);
    }
    panel.x_limits(1, 9).y_limits(0, highest).legend_at("off");
    panel.line("", {1, 9}, {1, 9}, {.color = -1, .dashed = true});
    for (const double m : arm.coordinates("clusters")) {
      const std::vector<double> counts = arm.where("clusters", m).numbers(name);
      std::vector<double> x;
      for (std::size_t i = 0; i < counts.size(); ++i) {
        const double share = (static_cast<double>(i) + 0.5) / static_cast<double>(counts.size());
        x.push_back(m + 1.2 * (share - 0.5));
      }
      panel.points("", x, counts, {.color = color, .size = counts.size() > 12 ? 0.45 : 0.7});
    }
  };
  const ArmResults start = r["init"].size() > 0 ? r["init"] : r["main"];
  add("H after training", r["main"], "count", 0);
  add("G after training", r["main"], "gn_count", 0);
  add("H before training", start, "start_count", 1);
  add("G before training", start, "start_gn_count", 1);
}

/// Number of values in each of evenly wide bins of log10 |l|, zeros in the first.
Histogram log_bins(const std::vector<double>& l, double low, double high, std::size_t bins) {
  std::vector<double> logs;
  for (const double x : l) {
    logs.push_back(std::clamp(std::log10(std::max(std::abs(x), 1e-300)), low, high));
  }
  Histogram result = histogram(logs, low, high, bins);
  for (double& share : result.shares) {
    share *= static_cast<double>(l.size());
  }
  return result;
}

void draw_bulk(const Params& p, const Results& r, Figures& figures) {
  const ArmResults arm = r["width"];
  if (arm.size() == 0) {
    return;
  }
  auto& figure = figures.figure(
      "bulk", "Four clusters, networks of three widths, one seed: eigenvalues by their "
              "order of magnitude (rounding errors of zeros in the first bar), the leading "
              "four dashed. Last: exact zeros of all seeds.");
  std::vector<double> sizes, zeros, line_sizes, law;
  int color = 0;
  for (const double width : arm.coordinates("width")) {
    const ArmResults at = arm.where("width", width);
    Params wide = p;
    wide.width = static_cast<Index>(width);
    const std::vector<double> l = at.first_series("spectrum");
    const Histogram bins = log_bins(l, -16, 0, 48);
    auto& panel =
        figure.panel("h = " + whole(width)).x_axis("log10 |eigenvalue|").y_axis("count", true);
    panel.bars("", bins.centres, bins.shares, {.color = color});
    panel.x_limits(-16, 0).y_limits(0.7, 2000).legend_at("off");
    for (const double top : first_places(l, 4)) {
      panel.vertical("", std::log10(top), {.color = -1, .dashed = true, .width = 1});
    }
    for (const double z : at.numbers("zeros")) {
      sizes.push_back(static_cast<double>(wide.size_of_shallow()));
      zeros.push_back(z);
    }
    line_sizes.push_back(static_cast<double>(wide.size_of_shallow()));
    law.push_back(static_cast<double>(wide.certain_zeros()));
    ++color;
  }
  figure.panel("exact zeros")
      .x_axis("parameters P")
      .y_axis("zero eigenvalues")
      .legend_at("top left")
      .points("measured", sizes, zeros)
      .line("P - N - 2 h", line_sizes, law, {.color = 1, .dashed = true});
}

void draw_parts(const Results& r, Figures& figures) {
  const ArmResults arm = r["identities"].where("clusters", 6);
  if (arm.size() == 0) {
    return;
  }
  auto& figure = figures.figure(
      "parts", "Six clusters, 16 units, one seed: leading eigenvalues of the Hessian and its two "
               "parts, and the residual's spectrum against the singular values of its blocks.");
  for (const auto& [prefix, title] :
       {std::pair<std::string, std::string>{"start_", "before training"}, {"", "after training"}}) {
    auto& panel = figure.panel(title).x_axis("rank").y_axis("eigenvalue", true);
    const std::vector<double> h = first_places(arm.first_series(prefix + "h"), 1);
    panel.legend_at("top right").x_limits(0, 31);
    if (!h.empty()) { // rounding errors of zeros stay out
      panel.y_limits(h.front() / 1000, 2 * h.front());
    }
    int color = 0;
    for (const auto& [name, words] : {std::pair<std::string, std::string>{"h", "Hessian H"},
                                      {"g", "Gauss-Newton G"},
                                      {"r", "residual R"}}) {
      const std::vector<double> l = first_places(arm.first_series(prefix + name), 30);
      panel.line("", ranks(l.size()), l, {.color = color, .width = 1});
      panel.points(words, ranks(l.size()), l, {.color = color});
      ++color;
    }
  }
  const std::vector<double> dense = arm.first_series("r");
  const std::vector<double> blocks = arm.first_series("blocks");
  const double extent = dense.empty() ? 1.0 : 1.1 * dense.front();
  figure.panel("residual after training, all of it")
      .x_axis("rank")
      .y_axis("eigenvalue")
      .legend_at("top right")
      .points("dense matrix", ranks(dense.size()), dense, {.color = 2, .size = 0.5})
      .line("+- singular values of blocks", ranks(blocks.size()), blocks, {.color = -1});
  auto& panel = figure.panel("the same against each other");
  panel.x_axis("+- singular values of blocks").y_axis("eigenvalue of R").legend_at("off");
  panel.line("", {-extent, extent}, {-extent, extent}, {.color = -1, .dashed = true});
  panel.points("", blocks, dense, {.color = 2, .size = 0.5});
}

void draw_separability(const Results& r, Figures& figures) {
  const ArmResults arm = r["separability"];
  if (arm.size() == 0) {
    return;
  }
  auto& figure = figures.figure("separability",
                                "Four clusters, all nets trained to one loss: median over seeds "
                                "of the leading eigenvalues and of the 90 % quantile of |l| "
                                "against the spread inside a cluster; bars: range.");
  auto& top = figure.panel("leading eight").x_axis("spread").y_axis("eigenvalue", true);
  top.legend_at("off").x_limits(0.25, 0.75);
  const std::vector<double> spreads = arm.coordinates("spread");
  for (std::size_t i = 0; i < 8; ++i) {
    std::vector<double> median;
    for (const double spread : spreads) {
      std::vector<double> values;
      for (const auto& l : arm.where("spread", spread).series("spectrum")) {
        if (i < l.size()) {
          values.push_back(l[i]);
        }
      }
      median.push_back(quantile(values, 0.5));
    }
    const int color = i < 4 ? 0 : 1;
    top.line("", spreads, median, {.color = color});
    top.points("", spreads, median, {.color = color});
  }
  auto& both = figure.panel("outliers and bulk, over spread 0.3").x_axis("spread").y_axis("ratio");
  both.legend_at("top left").x_limits(0.25, 0.75);
  int color = 0;
  for (const auto& [name, words] :
       {std::pair<std::string, std::string>{"top_sum", "sum of the top 4"},
        {"bulk", "90 % quantile of |l|"}}) {
    std::vector<double> median;
    for (const double spread : spreads) {
      const std::vector<double> ratio =
          over(arm.where("spread", spread), arm.where("spread", spreads.front()), name);
      median.push_back(quantile(ratio, 0.5));
      both.points("", std::vector<double>(ratio.size(), spread + 0.01 * (color == 0 ? -1 : 1)),
                  ratio, {.color = color, .size = 0.45});
    }
    both.line(words, spreads, median, {.color = color});
    ++color;
  }
}

void draw_basin(const Results& r, Figures& figures) {
  auto& figure =
      figures.figure("basin", "Left: loss on the way of SGD from the large-batch solution, and of "
                              "full batches from there, one seed. Right: loss on straight lines, "
                              "all seeds, and between two starts' solutions (control).");
  auto& path = figure.panel("paths").x_axis("step").y_axis("loss", true);
  path.legend_at("top right");
  path.line("batches of 5", r["basin"].axis("path"), r["basin"].first_series("path"),
            {.color = 0, .width = 1});
  path.line("full batches", r["control-full-batch"].axis("path"),
            r["control-full-batch"].first_series("path"), {.color = 1});
  auto& line = figure.panel("straight lines").x_axis("share of the way").y_axis("loss");
  line.legend_at("top right");
  const auto add = [&](const char* words, const ArmResults& arm, int color) {
    const std::vector<double> at = arm.axis("line");
    std::string label = words;
    for (const auto& row : arm.series("line")) {
      line.line(std::exchange(label, {}), at, row, {.color = color, .width = 1.5});
    }
  };
  add("large to small batch", r["basin"], 0);
  add("control: two starts", r["control-far"], 1);
}

void draw_density(const Results& r, Figures& figures) {
  const ArmResults arm = r["matrix-free"];
  const std::vector<double> at = arm.axis("density");
  const std::vector<double> l = arm.first_series("spectrum");
  if (at.size() < 2 || l.empty()) {
    return;
  }
  auto& figure = figures.figure(
      "density",
      "Density of the spectrum by Lanczos quadrature (20 probes, 60 steps) over all "
      "eigenvalues of the dense matrix smoothed alike, one seed; dashed: the leading "
      "four.",
      1);
  const double width = arm.first_number("smoothing");
  std::vector<double> dense;
  for (const double x : at) {
    double sum = 0;
    for (const double e : l) {
      const double t = (x - e) / width;
      sum += std::exp(-0.5 * t * t);
    }
    dense.push_back(sum /
                    (width * std::sqrt(2 * std::numbers::pi) * static_cast<double>(l.size())));
  }
  auto& panel = figure.panel().x_axis("eigenvalue").y_axis("density", true);
  panel.y_limits(0.01, 1e4).legend_at("top right");
  panel.line("dense matrix", at, dense, {.color = 1, .width = 4});
  panel.line("Lanczos quadrature", at, arm.first_series("density"), {.color = 0});
  for (const double top : first_places(l, 4)) {
    panel.vertical("", top, {.color = -1, .dashed = true, .width = 1});
  }
}

} // namespace

void draw(const Params& p, const Results& r, Figures& figures) {
  draw_ordered(r, figures);
  draw_counts(r, figures);
  draw_bulk(p, r, figures);
  draw_parts(r, figures);
  draw_separability(r, figures);
  draw_basin(r, figures);
  draw_density(r, figures);
}

} // namespace gradus::examples::hessian
