// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <cmath>
#include <string>
#include <vector>

#include "claims.hpp"
#include "setting.hpp"
#include <gradus/study/figures.hpp>
#include <gradus/study/number_text.hpp>
#include <gradus/study/results.hpp>
#include <gradus/study/summary.hpp>

namespace gradus::examples::baselines {

inline void draw_linear(const Params& p, const Results& r, Figures& figures) {
  const ArmResults linear = r["linear"];
  auto& losses = figures.figure("linear-losses",
                                "Linear student and teacher: training and generalisation loss "
                                "against the step, mean over seeds; dashed: Marchenko-Pastur.");
  auto& accuracies =
      figures.figure("linear-accuracy",
                     "The same as shares of samples with a squared residual of at most epsilon.");
  for (const double ratio : p.ratios()) {
    const ArmResults arm = linear.where("ratio", ratio);
    auto& loss = losses.panel("d/N = " + number_text(ratio)).x_axis("step", true);
    loss.y_axis("loss", true).y_limits(1e-6, 10).legend_at("bottom left");
    loss.line("training", arm.axis("train_loss"), mean_across(arm.series("train_loss")));
    loss.line("generalisation", arm.axis("test_loss"), mean_across(arm.series("test_loss")),
              {.color = 1});
    loss.line("", arm.axis("train_law"), mean_across(arm.series("train_law")),
              {.color = -1, .dashed = true});
    loss.line("", arm.axis("test_law"), mean_across(arm.series("test_law")),
              {.color = -1, .dashed = true});
    auto& accuracy = accuracies.panel("d/N = " + number_text(ratio)).x_axis("step", true);
    accuracy.y_axis("accuracy").y_limits(0, 1.02).legend_at("top left");
    accuracy.line("training", arm.axis("train_accuracy"),
                  mean_across(arm.series("train_accuracy")));
    accuracy.line("fresh samples", arm.axis("test_accuracy"),
                  mean_across(arm.series("test_accuracy")), {.color = 1});
  }
  auto& times = figures.figure("linear-times",
                               "Steps to 95 % accuracy against d/N, geometric mean over seeds; "
                               "lines: Marchenko-Pastur.",
                               1);
  auto& panel = times.panel().x_axis("d/N").y_axis("steps to 95 %", true).legend_at("top left");
  int color = 0;
  for (const auto& [name, label] :
       {std::pair{"t_train", "training"}, std::pair{"t_test", "generalisation"}}) {
    std::vector<double> measured, law;
    for (const double ratio : p.ratios()) {
      const ArmResults arm = linear.where("ratio", ratio);
      measured.push_back(geometric_mean(arm.numbers(name)).value);
      law.push_back(geometric_mean(arm.numbers(std::string(name) + "_law")).value);
    }
    panel.points(label, p.ratios(), measured, {.color = color});
    panel.line("", p.ratios(), law, {.color = color, .dashed = true});
    ++color;
  }
}

inline void draw_network(const Params& p, const Results& r, Figures& figures) {
  const ArmResults usual = r["start"].where("alpha", 0.5);
  const ArmResults large = r["decay"].where("weight_decay", p.weight_decay);
  auto& runs = figures.figure(
      "large-start", "Network on a tanh teacher: mean squared errors and norm of the weights "
                     "against the step, median over seeds.");
  for (const auto& [arm, title] : {std::pair{usual, std::string("alpha = 0.5")},
                                   std::pair{large, "alpha = " + number_text(p.alpha)}}) {
    auto& panel = runs.panel(title).x_axis("step", true).y_axis("error, or norm", true);
    panel.y_limits(1e-6, 1e3).legend_at("bottom left");
    int color = 0;
    for (const auto& [name, label] :
         {std::pair{"train_error", "training"}, std::pair{"test_error", "test"},
          std::pair{"norm", "norm of the weights"}}) {
      panel.line(label, arm.axis(name), quantile_across(arm.series(name), 0.5), {.color = color++});
    }
  }
  if (!p.full) {
    return;
  }
  auto& laws = figures.figure("large-start-laws",
                              "Left: t_gen in units of 1 / (rate decay) against the logarithm of "
                              "the start; line: slope 1. Right: test error against the norm.");
  std::vector<double> x, y;
  for (const double alpha : {2.0, 5.0}) {
    for (const double t : r["start"].where("alpha", alpha).numbers("t_test")) {
      x.push_back(std::log(alpha));
      y.push_back(t * p.learning_rate * p.weight_decay);
    }
  }
  for (const double t : large.numbers("t_test")) {
    x.push_back(std::log(p.alpha));
    y.push_back(t * p.learning_rate * p.weight_decay);
  }
  const double offset = mean_of(y).value - mean_of(x).value;
  laws.panel("delay and start")
      .x_axis("ln alpha")
      .y_axis("t_gen rate decay")
      .legend_at("top left")
      .line("slope 1", {0.5, 1.8}, {0.5 + offset, 1.8 + offset}, {.color = -1, .dashed = true})
      .points("seed", x, y);
  auto& panel = laws.panel("one curve").x_axis("norm of the weights", true);
  panel.y_axis("test error", true).legend_at("top left");
  int color = 0;
  for (const double alpha : {2.0, p.alpha, 5.0}) {
    const ArmResults arm = alpha == p.alpha ? large : r["start"].where("alpha", alpha);
    panel.line("alpha = " + number_text(alpha), quantile_across(arm.series("norm"), 0.5),
               quantile_across(arm.series("test_error"), 0.5), {.color = color++});
  }
}

/// What is seen.
inline void draw(const Params& p, const Results& r, Figures& figures) {
  draw_linear(p, r, figures);
  draw_network(p, r, figures);
}

} // namespace gradus::examples::baselines
