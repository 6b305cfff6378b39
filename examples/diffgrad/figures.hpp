// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <algorithm>
#include <cmath>
#include <string>
#include <utility>
#include <vector>

#include "claims.hpp"
#include "setting.hpp"
#include <gradus/study/figures.hpp>
#include <gradus/study/results.hpp>
#include <gradus/study/summary.hpp>

namespace gradus::examples::gradient_friction {

/// A rule's name in results, in legends, and its colour in all figures.
struct Shown {
  const char* name;
  const char* label;
  int color;
};

inline const std::vector<Shown>& main_rules() {
  static const std::vector<Shown> rules{
      {"adam", "Adam", 0}, {"diffgrad", "diffGrad", 1}, {"half", "xi = 1/2", 2}};
  return rules;
}

inline void draw_paths(const Results& r, Figures& figures) {
  auto& paths = figures.figure(
      "paths",
      "The three functions and the paths on them from x = -1: position against iteration. "
      "Adam runs past the global minimum of F1 and F2, diffGrad and Adam at half the step do not.",
      2);
  for (const int number : {1, 2, 3}) {
    const ArmResults cell = r["paths"].where("function", number);
    const std::string f = "F" + std::to_string(number);
    paths.panel(f)
        .x_axis("x")
        .y_axis(f + "(x)")
        .y_limits(-0.05, 1.6)
        .legend_at("off")
        .line("", cell.axis("function"), cell.first_series("function"), {.color = -1});
    auto& panel = paths.panel(f).x_axis("iteration").y_axis("x").legend_at("bottom right");
    for (const Shown& rule : main_rules()) {
      const std::string series = std::string("x_") + rule.name;
      panel.line(rule.label, cell.axis(series), cell.first_series(series), {.color = rule.color});
    }
  }
  auto& friction =
      figures.figure("friction",
                     "diffGrad's friction coefficient along its paths: near 1/2 except "
                     "where the gradient jumps.",
                     1);
  auto& panel = friction.panel().x_axis("iteration").y_axis("xi").y_limits(0.48, 1.02);
  for (const int number : {1, 2, 3}) {
    const ArmResults cell = r["paths"].where("function", number);
    panel.line("F" + std::to_string(number), cell.axis("friction"), cell.first_series("friction"),
               {.color = number - 1});
  }
}

inline void draw_sweep(const Results& r, Figures& figures) {
  auto& sweep = figures.figure(
      "sweep",
      "Where a rule ends within 0.05 of the global minimum (light), by start and learning "
      "rate; one row a function.",
      3);
  for (const int number : {1, 2, 3}) {
    const ArmResults cell = r["sweep"].where("function", number);
    for (const Shown& rule : main_rules()) {
      const std::string table = std::string("success_") + rule.name;
      const auto starts = cell.axis(table, 0);
      const auto rates = cell.axis(table, 1);
      const auto values = cell.first_series(table);
      std::vector<double> rows; // learning rates are rows of the picture, starts its columns
      for (std::size_t j = 0; j < rates.size(); ++j) {
        for (std::size_t i = 0; i < starts.size() && !values.empty(); ++i) {
          rows.push_back(values[i * rates.size() + j]);
        }
      }
      sweep.panel("F" + std::to_string(number) + ", " + rule.label)
          .x_axis("start")
          .y_axis("learning rate")
          .heatmap("success", starts, rates, rows)
          .color_limits(0, 1);
    }
  }
}

inline void draw_regret(const Results& r, Figures& figures) {
  auto& regret = figures.figure(
      "regret",
      "Regret over sqrt(T). Left: a stationary convex stream, mean over seeds; it stays bounded. "
      "Right: the counterexample with C = 3; it grows as sqrt(T) unless the denominator keeps its "
      "maximum.");
  const auto over_root = [](const std::vector<double>& t, std::vector<double> regrets) {
    for (std::size_t i = 0; i < regrets.size(); ++i) {
      regrets[i] /= std::sqrt(t[i]);
    }
    return regrets;
  };
  const ArmResults stationary = r["regret"];
  auto& left = regret.panel("stationary stream").x_axis("T", true).y_axis("R(T) / sqrt(T)");
  for (const Shown& rule : {main_rules()[0], main_rules()[1]}) {
    const std::string series = std::string("regret_") + rule.name;
    const auto t = stationary.axis(series);
    left.line(rule.label, t, over_root(t, mean_across(stationary.series(series))),
              {.color = rule.color});
  }
  const ArmResults stuck = r["counterexample"].where("C", 3);
  auto& right = regret.panel("counterexample").x_axis("T", true).y_axis("R(T) / sqrt(T)", true);
  right.legend_at("top left");
  for (const Shown& rule : {main_rules()[0], main_rules()[1], Shown{"amsgrad", "AMSGrad", 3},
                            Shown{"diffgrad_amsgrad", "diffGrad with maximum", 4}}) {
    const std::string series = std::string("regret_") + rule.name;
    const auto t = stuck.axis(series);
    right.line(rule.label, t, over_root(t, stuck.first_series(series)),
               {.color = rule.color, .dashed = rule.color == 1});
  }
}

inline void draw_network(const Results& r, Figures& figures) {
  auto& network = figures.figure(
      "network", "Test accuracy of a tanh network on drawn digits against the learning rate: mean "
                 "and standard error over seeds.");
  const std::vector<Shown> adaptive{{"adam", "Adam", 0},
                                    {"diffgrad", "diffGrad", 1},
                                    {"half", "Adam at half the rate", 2},
                                    {"amsgrad", "AMSGrad", 3},
                                    {"rmsprop", "RMSProp", 4}};
  const std::vector<Shown> others{
      {"momentum", "momentum", 0}, {"adagrad", "AdaGrad", 1}, {"adadelta", "AdaDelta", 2}};
  for (const auto& rules : {adaptive, others}) {
    auto& panel = network.panel(rules.size() > 3 ? "Adam's family and RMSProp" : "other rules")
                      .x_axis("learning rate", true)
                      .y_axis("test accuracy")
                      .legend_at("bottom right");
    for (const Shown& rule : rules) {
      const ArmResults arm = r[std::string("network-") + rule.name];
      if (arm.size() == 0) {
        continue;
      }
      std::vector<double> errors;
      for (const double rate : arm.coordinates("learning_rate")) {
        errors.push_back(standard_error(arm.where("learning_rate", rate).numbers("test_accuracy")));
      }
      const auto rates = arm.coordinates("learning_rate");
      const auto means = mean_accuracies(arm);
      panel.line(rule.label, rates, means,
                 {.color = rule.color, .dashed = rule.color == 2 || rule.color == 3});
      panel.points("", rates, means, {.color = rule.color}, errors);
    }
  }
}

inline void draw_ends(const Results& r, Figures& figures) {
  const std::vector<Shown> rules{
      {"adam", "Adam", 0},         {"amsgrad", "AMSGrad", 0},      {"half", "xi = 1/2", 0},
      {"diffgrad", "diffGrad", 0}, {"aliased", "aliased", 0},      {"signed", "signed change", 0},
      {"wide", "wide", 0},         {"mean", "distance from m", 0}, {"momentum", "momentum", 0},
      {"adagrad", "AdaGrad", 0},   {"adadelta", "AdaDelta", 0},    {"rmsprop", "RMSProp", 0}};
  std::string caption = "Where the path from x = -1 ends, and the value there, for";
  for (std::size_t i = 0; i < rules.size(); ++i) {
    caption += (i == 0 ? " " : ", ") + std::to_string(i + 1) + " " + rules[i].label;
  }
  auto& ends = figures.figure("ends", caption + ". F3's local minima are at 0.5 and -0.5.");
  for (const auto& [quantity, label] :
       {std::pair{"end_", "x at the end"}, std::pair{"end_value_", "f at the end"}}) {
    auto& panel = ends.panel().x_axis("rule").y_axis(label).legend_at("top right");
    panel.x_limits(0.5, static_cast<double>(rules.size()) + 0.5);
    for (const int number : {1, 2, 3}) {
      const ArmResults cell = r["paths"].where("function", number);
      std::vector<double> place, value;
      for (std::size_t i = 0; i < rules.size(); ++i) {
        place.push_back(static_cast<double>(i + 1) + 0.15 * (number - 2));
        const auto found = cell.numbers(std::string(quantity) + rules[i].name);
        value.push_back(found.empty() ? std::nan("") : found.front());
      }
      panel.points("F" + std::to_string(number), place, value, {.color = number - 1});
    }
  }
}

/// What is seen: the paper's paths, and the measurements beside the claims.
inline void draw(const Params& /*p*/, const Results& r, Figures& figures) {
  draw_paths(r, figures);
  draw_sweep(r, figures);
  draw_regret(r, figures);
  draw_network(r, figures);
  draw_ends(r, figures);
}

} // namespace gradus::examples::gradient_friction
