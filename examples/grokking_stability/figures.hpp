// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <algorithm>
#include <cmath>
#include <string>
#include <utility>
#include <vector>

#include "claims.hpp"
#include "setting.hpp"
#include <gradus/metrics/trend.hpp>
#include <gradus/nn/loss/stablemax.hpp>
#include <gradus/study/figures.hpp>
#include <gradus/study/results.hpp>
#include <gradus/study/summary.hpp>

namespace gradus::examples::numerical_stability {

/// An arm and how it is drawn.
struct Shown {
  std::string arm;
  std::string label;
  int color = 0;
  bool dashed = false;
};

/// Mean over seeds of a series of each arm, against its axis.
inline void draw_series(Panel& panel, const Results& r, const std::vector<Shown>& arms,
                        const char* series, double shift = 0) {
  for (const Shown& shown : arms) {
    const ArmResults arm = r[shown.arm];
    if (arm.size() == 0) {
      continue;
    }
    auto x = arm.axis(series);
    for (double& at : x) {
      at += shift;
    }
    panel.line(shown.label, x, mean_across(arm.series(series)),
               {.color = shown.color, .dashed = shown.dashed});
  }
}

inline void draw_accuracy(const Params& p, const Results& r, Figures& figures) {
  auto& accuracy = figures.figure(
      "accuracy", "Accuracy on training and test pairs, mean over seeds. Plain AdamW "
                  "memorises; a gradient orthogonal to the weights, StableMax or "
                  "weight decay lets the net generalise.");
  std::vector<std::pair<std::string, std::string>> arms{
      {"adamw", "AdamW, cross-entropy"}, {"orthogonal", "orthogonal gradient, cross-entropy"}};
  if (p.full) {
    arms.insert(arms.end(),
                {{"stablemax", "AdamW, StableMax"}, {"decay", "AdamW, weight decay 1"}});
  }
  for (const auto& [arm, title] : arms) {
    auto& panel = accuracy.panel(title).x_axis("epoch + 1", true).y_axis("accuracy");
    panel.y_limits(0, 1.02).legend_at("top left");
    draw_series(panel, r, {{arm, "training", 0}}, "train_accuracy", 1);
    draw_series(panel, r, {{arm, "test", 1}}, "test_accuracy", 1);
  }
}

inline void draw_ladder(const Results& r, Figures& figures) {
  const std::vector<Shown> arms{{"ladder-bfloat16", "bfloat16", 0},
                                {"ladder-half", "half", 1},
                                {"ladder-float", "float", 2},
                                {"ladder-double", "double", 3},
                                {"ladder-exact", "float, no absorption", 4, true}};
  auto& precision = figures.figure(
      "precision", "The loss in four number formats, the network in float: test accuracy, share of "
                   "samples whose loss is exactly 0, and cosine of the gradient step with the "
                   "direction in which all weights grow. Mean over seeds.");
  auto& test = precision.panel("test accuracy").x_axis("epoch").y_axis("accuracy");
  draw_series(test.legend_at("top left"), r, arms, "test_accuracy");
  auto& zero = precision.panel("zero losses").x_axis("epoch").y_axis("share of samples");
  draw_series(zero.legend_at("off"), r, arms, "zero_loss");
  auto& cosine = precision.panel("alignment with the weights").x_axis("epoch").y_axis("cosine");
  draw_series(cosine.legend_at("off"), r, arms, "cosine");

  std::vector<double> logs, epochs;
  for (const auto& by_seed : ladder_epochs(r)) {
    for (std::size_t k = 0; k < by_seed.size(); ++k) {
      if (std::isfinite(by_seed[k])) {
        logs.push_back(log_inverse_rounding()[k]);
        epochs.push_back(by_seed[k]);
      }
    }
  }
  const auto line = metrics::fit_line(logs, epochs);
  precision.panel("collapse against precision")
      .x_axis("log(1/u)")
      .y_axis("epoch of collapse")
      .legend_at("top left")
      .line("least squares", {0, 40}, {line.intercept, line.intercept + 40 * line.slope},
            {.color = -1, .dashed = true})
      .points("seed and format", logs, epochs);
}

inline void draw_scaling(const Results& r, Figures& figures) {
  auto& scaling = figures.figure(
      "scaling",
      "A trained net's weights multiplied by one factor: no prediction changes, the loss falls and "
      "becomes exactly 0. Right: StableMax's weight beside the exponential.",
      3);
  auto& left = scaling.panel("mean loss").x_axis("factor of every weight").y_axis("loss", true);
  draw_series(left.legend_at("off"), r, {{"scaling", "", 0}}, "loss");
  auto& middle = scaling.panel("zero losses").x_axis("factor of every weight");
  middle.y_axis("share of samples").legend_at("off");
  draw_series(middle, r, {{"scaling", "", 1}}, "zero_loss_at");
  std::vector<double> x, stable, exponential;
  for (double at = -4; at <= 4; at += 0.1) {
    x.push_back(at);
    stable.push_back(nn::stablemax_weight(at));
    exponential.push_back(std::exp(at));
  }
  scaling.panel("weights of an output")
      .x_axis("output")
      .y_axis("weight", true)
      .legend_at("top left")
      .line("s(x)", x, stable)
      .line("exp(x)", x, exponential, {.color = 1});
}

/// What is seen.
inline void draw(const Params& p, const Results& r, Figures& figures) {
  draw_accuracy(p, r, figures);
  if (p.full) {
    draw_ladder(r, figures);
  }
  draw_scaling(r, figures);
}

} // namespace gradus::examples::numerical_stability
