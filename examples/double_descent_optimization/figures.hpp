// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <algorithm>
#include <cmath>
#include <string>
#include <utility>
#include <vector>

#include "claims.hpp"
#include "curves.hpp"
#include "setting.hpp"
#include <gradus/study/figures.hpp>
#include <gradus/study/results.hpp>
#include <gradus/study/summary.hpp>

namespace gradus::examples::double_descent {

/// As many parameters as samples.
inline void mark_threshold(Panel& panel) {
  panel.vertical("", 1, {.color = -1, .dashed = true, .width = 1});
}

/// Curves of several factors side by side.
inline void
draw_curves(const Settings& settings, Figures& figures, const char* id, const char* caption,
            bool training,
            const std::vector<std::pair<const char*, std::vector<std::string>>>& panels) {
  auto& figure = figures.figure(id, caption, 2);
  for (const auto& [title, factors] : panels) {
    auto& panel = figure.panel(title).x_axis("features / samples", true);
    panel.y_axis(training ? "training error" : "test error", true).legend_at("top right");
    if (training) {
      panel.y_limits(1e-6, 5);
    }
    int color = 0;
    for (const std::string& factor : factors) {
      for (const Curve& curve : settings.of(factor)) {
        const bool end = curve.label.ends_with("to the end");
        if (training && end) {
          continue; // zero beyond N = n
        }
        panel.line(curve.label, curve.ratio, training ? curve.train : curve.test,
                   {.color = end ? color - 1 : color, .dashed = end});
        color += end ? 0 : 1;
      }
    }
    mark_threshold(panel);
  }
}

inline void draw_features(const Params& p, const Results& r, Figures& figures) {
  const Settings settings(p, r);
  std::vector<std::pair<const char*, std::vector<std::string>>> panels{{"steps", {"steps"}}};
  if (p.full) {
    panels.push_back({"learning rate, T = 1e5", {"rate"}});
  }
  panels.push_back({"momentum, Adam, conjugate gradients", {"momentum", "Adam", "CG"}});
  if (p.full) {
    panels.push_back({"batch size, 1000 epochs", {"batch"}});
    panels.push_back({"mean removed; columns scaled, normed", {"centred", "columns"}});
  }
  panels.push_back({"scale of the first layer", {"scale"}});
  draw_curves(settings, figures, "test-error",
              "Random features: test error against N/n, medians over draws; dashed: trained to the "
              "end.",
              false, panels);
  draw_curves(settings, figures, "training-error", "The same for the training error.", true,
              panels);
}

inline void draw_conditions(const Params& p, const Results& r, Figures& figures) {
  auto& figure = figures.figure("condition",
                                "Condition number of the features against N/n, medians over draws; "
                                "right: Gaussian matrices and Marchenko and Pastur's edges.",
                                2);
  auto& features = figure.panel("features").x_axis("features / samples", true);
  features.y_axis("condition number", true).legend_at("top right");
  int color = 0;
  features.line("relu", p.ratios(), median_series(r["relu"], "condition"), {.color = color++});
  if (p.full) {
    features.line("relu, centred", p.ratios(), median_series(r["centred"], "condition"),
                  {.color = color++});
  }
  for (const double scale : p.scales()) {
    features.line("tanh, scale " + number_text(scale), p.ratios(),
                  median_series(r["tanh"].where("scale", scale), "condition"), {.color = color++});
  }
  mark_threshold(features);
  auto& gaussian = figure.panel("Gaussian").x_axis("columns / rows", true);
  gaussian.y_axis("condition number", true).legend_at("top right");
  gaussian.points("mean", gaussian_ratios, mean_across(r["gaussian"].series("condition")));
  for (const auto& [low, high] : {std::pair{0.2, 0.97}, {1.03, 5.0}}) {
    const auto ratios = logspace(low, high, 60);
    std::vector<double> law;
    for (const double ratio : ratios) {
      law.push_back(edge_condition(ratio));
    }
    gaussian.line(low < 1 ? "law" : "", ratios, law, {.color = 1, .dashed = true});
  }
}

inline void draw_rule(const Params& p, const Results& r, Figures& figures) {
  const Settings settings(p, r);
  auto& figure = figures.figure(
      "unified",
      "Every setting is a point: training error at N = n in units of the noise against "
      "the prominence of the peak. The peak is there if and only if the loss is low. Losses "
      "below 1e-6 stand at the left edge.",
      1);
  auto& panel = figure.panel().x_axis("training error at N = n / noise variance", true);
  panel.y_axis("prominence of the peak", true).legend_at("top right");
  std::vector<std::string> factors;
  for (const Curve& curve : settings.list()) {
    if (std::find(factors.begin(), factors.end(), curve.factor) == factors.end()) {
      factors.push_back(curve.factor);
    }
  }
  int color = 0;
  for (const std::string& factor : factors) {
    std::vector<double> x, y;
    for (const Curve& curve : settings.of(factor)) {
      x.push_back(std::max(curve.loss(), 1e-6)); // what interpolates stands at the edge
      y.push_back(curve.prominence());
    }
    panel.points(factor, std::move(x), std::move(y), {.color = color++});
  }
  const Style thin{.color = -1, .dashed = true, .width = 1};
  panel.vertical("", 0.1, thin).vertical("", 0.5, thin).horizontal("", 1, thin);
}

inline void draw_time(const Results& r, Figures& figures) {
  const auto steps = r["time"].axis("test_at_threshold");
  const auto errors = median_series(r["time"], "test_at_threshold");
  auto& figure = figures.figure("time",
                                "Test error at N = n against the number of steps, median and "
                                "quartiles over draws; dashed: square root.",
                                1);
  auto& panel = figure.panel().x_axis("step", true).y_axis("test error at N = n", true);
  panel.legend_at("top left");
  panel.band("", steps, quantile_across(r["time"].series("test_at_threshold"), 0.25),
             quantile_across(r["time"].series("test_at_threshold"), 0.75));
  panel.line("gradient descent at 1/L", steps, errors);
  std::vector<double> root;
  for (const double t : steps) {
    root.push_back(errors.front() * std::sqrt(t / steps.front()));
  }
  panel.line("square root of time", steps, std::move(root), {.color = -1, .dashed = true});
}

inline void draw_risk(const Params& p, const Results& r, Figures& figures) {
  auto& figure =
      figures.figure("risk",
                     "Random-features regression against its asymptotic risk: means over "
                     "draws with two standard errors.",
                     1);
  auto& panel = figure.panel().x_axis("features / samples", true).y_axis("test error", true);
  panel.y_limits(0.1, 100).legend_at("top right");
  const auto ratios = p.risk_ratios();
  std::vector<double> fine = logspace(ratios.front(), 0.998, 80);
  for (const double ratio : logspace(1.002, ratios.back(), 80)) {
    fine.push_back(ratio);
  }
  for (std::size_t k = 0; k < risk_penalties.size(); ++k) {
    std::vector<double> means, errors, law;
    for (std::size_t i = 0; i < ratios.size(); ++i) {
      const auto draws = risk_draws(p, r, k, i);
      means.push_back(mean_of(draws).value);
      errors.push_back(2 * standard_error(draws));
    }
    for (const double ratio : fine) {
      law.push_back(risk_law(p, ratio, risk_penalties[k]).risk().value);
    }
    const int color = static_cast<int>(k);
    panel.points("ridge " + number_text(risk_penalties[k]), ratios, std::move(means),
                 {.color = color}, std::move(errors));
    panel.line("", fine, std::move(law), {.color = color, .dashed = true});
  }
}

inline void draw_network(const Params& p, const Results& r, Figures& figures) {
  auto& figure = figures.figure(
      "network",
      "Two-layer network, both layers trained: test error, training error "
      "and the Jacobian's condition number at the start against the number "
      "of parameters over samples, medians over draws; last: one point an optimizer.",
      2);
  struct Line {
    const char* name;
    const char* label;
    Style style;
  };
  std::vector<Line> lines{{"marquardt", "Levenberg-Marquardt", {.color = 0}},
                          {"few_marquardt", "... 5 steps", {.color = 0, .dashed = true}},
                          {"marquardt_ridge", "... with ridge", {.color = 1}},
                          {"adam_100", "Adam, T = 100", {.color = 2}},
                          {"adam_300", "Adam, T = 300", {.color = 3}},
                          {"adam_3000", "Adam, T = 3000", {.color = 4}}};
  if (p.full) {
    lines.insert(lines.end(), {{"slow", "descent at 0.01", {.color = 5}},
                               {"fast", "descent at 0.1", {.color = 6}},
                               {"momentum", "momentum 0.9", {.color = 7}}});
  }
  std::vector<double> ratios;
  for (const double width : p.widths()) {
    ratios.push_back(width / static_cast<double>(p.threshold()));
  }
  for (const bool training : {false, true}) {
    auto& panel = figure.panel(training ? "training error" : "test error");
    panel.x_axis("parameters / samples", true).y_axis("mean squared error", true);
    panel.legend_at(training ? "bottom left" : "off");
    if (training) {
      panel.y_limits(1e-6, 2);
    }
    for (const Line& line : lines) {
      panel.line(
          line.label, ratios,
          network_curve(p, r["network"], std::string(training ? "train_" : "test_") + line.name),
          line.style);
    }
    mark_threshold(panel);
  }
  auto& panel = figure.panel("Jacobian at the start").x_axis("parameters / samples", true);
  panel.y_axis("condition number", true).legend_at("top right");
  int color = 0;
  for (const double scale : network_scales) {
    std::vector<double> values;
    for (const double width : p.widths()) {
      values.push_back(quantile(r["network"].where("width", width).at("condition", scale), 0.5));
    }
    panel.line("scale " + number_text(scale), ratios, std::move(values), {.color = color++});
  }
  mark_threshold(panel);
  auto& rule = figure.panel("the rule").x_axis("training error at the threshold / noise", true);
  rule.y_axis("prominence of the peak", true).legend_at("off");
  for (const Line& line : lines) {
    const std::string name = line.name;
    const auto train = network_curve(p, r["network"], "train_" + name);
    const auto place =
        static_cast<std::size_t>(std::find(ratios.begin(), ratios.end(), 1.0) - ratios.begin());
    rule.points("", {std::max(train.at(place) / (p.noise * p.noise), 1e-6)},
                {network_prominence(p, network_curve(p, r["network"], "test_" + name))},
                {.color = line.style.color});
  }
  rule.horizontal("", 1, {.color = -1, .dashed = true, .width = 1});
}

/// What is seen.
inline void draw(const Params& p, const Results& r, Figures& figures) {
  draw_features(p, r, figures);
  draw_conditions(p, r, figures);
  draw_rule(p, r, figures);
  draw_time(r, figures);
  draw_risk(p, r, figures);
  draw_network(p, r, figures);
}

} // namespace gradus::examples::double_descent
