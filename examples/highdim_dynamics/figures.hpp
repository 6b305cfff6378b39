// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <limits>
#include <string>
#include <utility>
#include <vector>

#include "claims_linear.hpp"
#include "setting.hpp"
#include <gradus/study/figures.hpp>
#include <gradus/study/number_text.hpp>
#include <gradus/study/results.hpp>
#include <gradus/study/summary.hpp>
#include <gradus/theory/high_dim_dynamics.hpp>

namespace gradus::examples::highdim {

/// A measured curve with its error bars over its law.
inline void curve_with_law(Panel& panel, const ArmResults& arm, const std::string& name,
                           const std::string& label, int color) {
  panel.line("", arm.axis(name + "_law"), mean_across(arm.series(name + "_law")),
             {.color = color, .width = 1.5});
  panel.points(label, arm.axis(name), mean_across(arm.series(name)), {.color = color, .size = 0.5},
               mean_across(arm.series(name + "_se")));
}

inline void draw_curves(const Results& r, Figures& figures) {
  auto& curves = figures.figure("curves",
                                "Test and training error over time, in units of the noise. Lines: "
                                "integral over Marchenko-Pastur; points: mean over draws with "
                                "standard error. Top: gradient flow; bottom: descent with a big "
                                "step, dashed: flow at the same time.",
                                3);
  for (const char* mode : {"flow", "big"}) {
    for (const double alpha : {0.5, 1.0, 2.0}) {
      const ArmResults arm = r["curve"].where("alpha", alpha);
      auto& panel = curves.panel("alpha = " + number_text(alpha)).x_axis("time", true);
      panel.y_axis("error").legend_at("top left");
      curve_with_law(panel, arm, std::string(mode) + "_test", "test", 0);
      curve_with_law(panel, arm, std::string(mode) + "_train", "training", 1);
      if (std::string(mode) == "big") {
        panel.line("", arm.axis("big_test_flow_law"), mean_across(arm.series("big_test_flow_law")),
                   {.color = -1, .dashed = true, .width = 1.2});
      }
    }
  }
}

inline void draw_sweep(const Params& p, const Results& r, Figures& figures) {
  const ArmResults sweep = r["sweep"];
  const std::vector<double> alphas = sweep.coordinates("alpha");
  auto& ends = figures.figure("alpha", "Left: test error at t = 100, at the best stop and of the "
                                       "best ridge against samples over parameters. Right: at "
                                       "t = 100 with initial weights. Lines: theory.");
  std::vector<double> fine = logspace(0.2, 5, 121);
  fine.push_back(1);
  std::sort(fine.begin(), fine.end());
  const auto law_over_alpha = [&](double inr, const auto& error_of) {
    std::vector<double> values;
    for (const double alpha : fine) {
      values.push_back(error_of(theory::HighDimDynamics{.alpha = alpha, .snr = p.snr, .inr = inr}));
    }
    return values;
  };
  using Law = theory::HighDimDynamics;
  const auto late = [](const Law& law) { return law.generalization_error(Law::flow(100)).value; };
  auto& panel =
      ends.panel("best and late").x_axis("alpha = P / N", true).y_axis("test error", true);
  panel.legend_at("top right");
  panel.line("", fine, law_over_alpha(0, late), {.color = 0, .width = 1.5});
  panel.points("t = 100", alphas, sweep.numbers("final"), {.color = 0}, sweep.numbers("final_se"));
  panel.line("", fine, law_over_alpha(0, [](const Law& law) { return law.optimal_stop().error; }),
             {.color = 1, .width = 1.5});
  panel.points("best stop", alphas, sweep.numbers("best_stop"), {.color = 1});
  panel.line("", fine, law_over_alpha(0, [](const Law& law) { return law.optimal_ridge().error; }),
             {.color = 2, .dashed = true, .width = 1.5});
  panel.points("ridge at 1/snr", alphas, sweep.numbers("ridge"), {.color = 2, .size = 0.5});
  auto& starts = ends.panel("initial weights").x_axis("alpha = P / N", true);
  starts.y_axis("test error at t = 100", true).legend_at("top right");
  int color = 0;
  for (const double inr : {0.0, 1.0, 2.0, 5.0}) {
    starts.line("", fine, law_over_alpha(inr, late), {.color = color, .width = 1.5});
    std::vector<double> values = sweep.numbers("final");
    const std::vector<double> per_inr = sweep.numbers("per_inr");
    for (std::size_t i = 0; i < values.size(); ++i) {
      values[i] += inr * per_inr[i];
    }
    starts.points("inr = " + number_text(inr), alphas, values, {.color = color++});
  }

  auto& spectra = figures.figure("spectrum",
                                 "Eigenvalues of X X^T that are not 0, as a density over all N; "
                                 "line: Marchenko-Pastur.",
                                 3);
  for (const double alpha : {0.5, 1.0, 2.0}) {
    const ArmResults arm = sweep.where("alpha", alpha);
    auto& histogram = spectra.panel("alpha = " + number_text(alpha)).x_axis("eigenvalue");
    histogram.y_axis("density").y_limits(0, alpha == 1 ? 1.5 : 1).legend_at("top right");
    histogram.bars("draws", arm.axis("eigenvalue_density"),
                   mean_across(arm.series("eigenvalue_density")));
    const theory::MarchenkoPastur law(1 / alpha);
    std::vector<double> x, density;
    for (const double at : linspace(law.low(), law.high(), 300)) {
      x.push_back(alpha * at);
      density.push_back(std::min(10.0, law.density(at) / alpha));
    }
    histogram.line("law", x, density, {.color = 1});
  }
}

inline void draw_stopping(const Results& r, Figures& figures) {
  const ArmResults stopping = r["stopping"];
  auto& figure = figures.figure("stopping",
                                "The best time to stop against snr: simulation, and theory as "
                                "lines; dashed: slope ln(10) / lam- per decade.",
                                1);
  auto& panel =
      figure.panel().x_axis("snr", true).y_axis("best time to stop").legend_at("top left");
  int color = 0;
  for (const double alpha : {0.5, 2.0, 4.0}) {
    const ArmResults arm = stopping.where("alpha", alpha);
    std::vector<double> times, slope;
    const std::vector<double> fine = logspace(0.3, 1000, 60);
    const theory::HighDimDynamics base{.alpha = alpha};
    for (const double snr : fine) {
      times.push_back(theory::HighDimDynamics{.alpha = alpha, .snr = snr}.optimal_stop().time);
    }
    for (const double snr : fine) {
      slope.push_back(snr < 100 ? std::numeric_limits<double>::quiet_NaN()
                                : times.back() + std::log(snr / 1000) / base.low());
    }
    panel.line("", fine, times, {.color = color, .width = 1.5});
    panel.line("", fine, slope, {.color = -1, .dashed = true, .width = 1.2});
    panel.points("alpha = " + number_text(alpha), arm.coordinates("snr"), arm.numbers("t_opt"),
                 {.color = color++});
  }
}

inline void draw_deep(const Results& r, Figures& figures) {
  const ArmResults deep = r["deep"];
  const ArmResults sweep = r["deep-sweep"];
  auto& figure = figures.figure("deep",
                                "Two-layer linear net. Left: length of its end-to-end "
                                "weights from three starts. Middle: test error at "
                                "alpha = 1 against effective time. Right: best stop.",
                                3);
  auto& waits = figure.panel("waiting").x_axis("time").y_axis("|beta|", true);
  waits.legend_at("bottom right");
  const std::vector<double> starts = deep.axis("norms", 0);
  const std::vector<double> times = deep.axis("norms", 1);
  const auto tables = deep.series("norms");
  for (std::size_t k = 0; k < starts.size() && !tables.empty(); ++k) {
    const auto first = tables.front().begin() + static_cast<std::ptrdiff_t>(k * times.size());
    waits.line("start " + number_text(starts[k]), times,
               {first, first + static_cast<std::ptrdiff_t>(times.size())},
               {.color = static_cast<int>(k)});
  }
  auto& errors = figure.panel("alpha = 1").x_axis("effective time", true);
  errors.y_axis("test error").legend_at("top left");
  auto& best = figure.panel("best stop").x_axis("alpha = P / N", true).y_axis("test error", true);
  best.legend_at("top right");
  int color = 0;
  for (const auto& [name, label] :
       {std::pair{"depth_1", "depth 1"}, std::pair{"depth_2", "depth 2"},
        std::pair{"depth_2_big", "depth 2, big start"}}) {
    const ArmResults arm = sweep.where("alpha", 1);
    errors.line(label, arm.axis(name), mean_across(arm.series(name)), {.color = color});
    best.line(label, sweep.coordinates("alpha"), sweep.numbers(std::string(name) + "_best"),
              {.color = color++});
  }
}

inline void draw_relu(const Params& p, const Results& r, Figures& figures) {
  const ArmResults relu = r["relu"];
  const std::vector<double> widths = relu.coordinates("width");
  const auto samples = static_cast<double>(p.relu_samples);
  auto& figure = figures.figure(
      "relu", "ReLU student with a random first layer, medians over draws; dashed: width = "
              "samples. Bottom right: length of the read-out at t = 10^4 under its bound.");
  auto& curves = figure.panel("over time").x_axis("time", true).y_axis("test error", true);
  curves.legend_at("top left");
  int color = 0;
  for (const double width :
       {p.full ? std::round(0.25 * samples) : std::round(0.5 * samples), samples, widths.back()}) {
    const ArmResults arm = relu.where("width", width);
    curves.line("width " + number_text(width), arm.axis("error"), mean_across(arm.series("error")),
                {.color = color++});
  }
  const auto add = [&](Panel& panel, const std::vector<std::pair<const char*, const char*>>& list) {
    int index = 0;
    for (const auto& [name, label] : list) {
      panel.line(label, widths, relu.numbers(name), {.color = index++});
    }
    panel.vertical("", samples);
  };
  auto& ends = figure.panel("best and late").x_axis("width", true).y_axis("test error", true);
  ends.legend_at("top right");
  add(ends, {{"best", "best stop"}, {"late", "t = 10^4"}});
  auto& parts = figure.panel("parts of the error at the end").x_axis("width", true);
  parts.y_axis("test error", true).y_limits(1e-3, 1e3).legend_at("top right");
  add(parts, {{"approximation", "approximation"}, {"null", "null space"}, {"overfit", "overfit"}});
  auto& spectrum = figure.panel("spectrum and length").x_axis("width", true);
  spectrum.y_axis("value", true).legend_at("bottom right");
  add(spectrum, {{"smallest_eigenvalue", "smallest eigenvalue"},
                 {"norm", "|w|"},
                 {"bound", "its bound"},
                 {"frozen_least", "frozen share"}});
  if (!p.full) {
    return;
  }
  const ArmResults both = r["both"];
  auto& trained = figures.figure("both-layers",
                                 "Both layers trained: medians over draws; dashed: "
                                 "as many weights as samples.",
                                 1);
  auto& panel = trained.panel().x_axis("width", true).y_axis("test error", true);
  panel.legend_at("top right");
  color = 0;
  for (const auto& [name, label] : {std::pair{"best", "best stop"}, std::pair{"final", "final"}}) {
    std::vector<double> values;
    for (const double width : both.coordinates("width")) {
      values.push_back(median_of(both.where("width", width).numbers(name)).value);
    }
    panel.line(label, both.coordinates("width"), values, {.color = color});
    panel.points("", both.coordinates("width"), values, {.color = color++});
  }
  panel.vertical("", static_cast<double>(both_samples) / 11);
}

/// What is seen.
inline void draw(const Params& p, const Results& r, Figures& figures) {
  draw_curves(r, figures);
  draw_sweep(p, r, figures);
  draw_stopping(r, figures);
  if (p.full) {
    draw_deep(r, figures);
  }
  draw_relu(p, r, figures);
}

} // namespace gradus::examples::highdim
