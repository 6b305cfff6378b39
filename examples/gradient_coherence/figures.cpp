// SPDX-License-Identifier: BSD-3-Clause
// Figures on networks: label noise, easy and hard, robust means.
#include <cmath>
#include <cstddef>
#include <string>
#include <utility>
#include <vector>

#include "judged.hpp"
#include <gradus/study/summary.hpp>

namespace gradus::examples::agreement {

namespace {

std::string percent(double share) {
  return std::to_string(static_cast<int>(std::lround(100 * share))) + " %";
}

/// Mean and range of a number over the cells.
void add_bar(Panel& panel, double at, const std::vector<double>& values, int color) {
  panel.bars("", {at}, {mean_of(values).value}, {.color = color});
  panel.points("", std::vector<double>(values.size(), at), values, {.color = -1, .size = 0.6});
}

void draw_noise(const Results& r, Figures& figures) {
  const ArmResults noise = r["noise"];
  auto& figure = figures.figure(
      "coherence", "m-coherence of all examples against the epoch, one line for each share of "
                   "redrawn labels (mean over seeds); dotted line: orthogonal gradients.");
  auto& train = figure.panel("training digits").x_axis("epoch").y_axis("m-coherence", true);
  auto& test = figure.panel("test digits, same label noise").x_axis("epoch");
  test.y_axis("m-coherence", true).legend_at("bottom right");
  train.legend_at("off");
  auto& against = figures.figure(
      "real-random",
      "Left: m-coherence at equal progress, against the share of the training labels fitted, one "
      "line a seed. Right: m-coherence before training against the number of digits; dashed: "
      "growth with the sample, and none.");
  auto& fit = against.panel("while fitting").x_axis("training labels fitted");
  fit.y_axis("m-coherence", true).legend_at("top right");
  int color = 0;
  for (const double q : noise.coordinates("noise")) {
    const ArmResults some = noise.where("noise", q);
    const Style style{.color = color++};
    // Epochs at which every seed was looked at: every fourth; the first ones for all.
    std::vector<double> epochs, values;
    for (const double epoch : some.axis("coherence")) {
      const std::vector<double> there = some.at("coherence", epoch);
      const double mean = mean_of(there).value;
      if (std::isfinite(mean)) {
        epochs.push_back(epoch);
        values.push_back(mean);
      }
    }
    train.line(percent(q), epochs, values, style);
    test.line(percent(q), some.axis("test_coherence"), mean_across(some.series("test_coherence")),
              style);
    if (q == 0 || q == 1) {
      const auto x = some.series("coherence_fit");
      const auto y = some.series("coherence");
      for (std::size_t k = 0; k < x.size(); ++k) {
        fit.line(k > 0   ? ""
                 : q > 0 ? "random labels"
                         : "true labels",
                 x[k], y[k], {.color = q > 0 ? 1 : 0, .width = 1.5});
      }
    }
  }
  train.horizontal("", 1);
  test.horizontal("", 1);
  fit.horizontal("", 1);
  auto& size = against.panel("before training").x_axis("training digits", true);
  size.y_axis("m-coherence", true).legend_at("top left");
  const ArmResults sized = r["size"];
  std::vector<double> at = sized.coordinates("num_train");
  for (const bool real : {true, false}) {
    std::vector<double> x, y, mean;
    for (const double n : at) {
      const auto values = sized.where("num_train", n).numbers(real ? "real" : "random");
      mean.push_back(mean_of(values).value);
      x.insert(x.end(), values.size(), n);
      y.insert(y.end(), values.begin(), values.end());
    }
    size.points(real ? "true labels" : "random labels", x, y, {.color = real ? 0 : 1});
    std::vector<double> reference;
    for (const double n : at) {
      reference.push_back(real ? mean.back() * n / at.back() : 1.0);
    }
    size.line("", at, reference, {.color = real ? 0 : 1, .dashed = true, .width = 1.5});
  }

  auto& fits = figures.figure("fit", "Share of pristine and of corrupt labels fitted, and accuracy "
                                     "on clean test labels, mean over seeds.");
  for (const double q : {0.25, 0.5}) {
    const ArmResults some = noise.where("noise", q);
    auto& panel = fits.panel(percent(q) + " of the labels redrawn").x_axis("epoch");
    panel.y_axis("share").legend_at("bottom right").y_limits(0, 1.05);
    panel.line("pristine, fitted", some.axis("pristine"), mean_across(some.series("pristine")));
    panel.line("corrupt, fitted", some.axis("corrupt"), mean_across(some.series("corrupt")),
               {.color = 1});
    panel.line("test accuracy", some.axis("test"), mean_across(some.series("test")), {.color = 2});
  }
}

void draw_early(const Results& r, Figures& figures) {
  const ArmResults easy = r["easy"];
  auto& bars = figures.figure(
      "easy-hard", "Digits learned early (1) and late (2), each trained on alone: mean over seeds "
                   "(bars) and every seed (points).");
  auto& coherence = bars.panel("m-coherence, epochs 1 to 10").x_axis("easy 1, hard 2");
  auto& test = bars.panel("test accuracy, all digits").x_axis("easy 1, hard 2");
  for (auto* panel : {&coherence, &test}) {
    panel->x_limits(0.4, 2.6).legend_at("off");
  }
  coherence.y_axis("m-coherence");
  test.y_axis("accuracy");
  add_bar(coherence, 1, easy.numbers("easy_coherence"), 0);
  add_bar(coherence, 2, easy.numbers("hard_coherence"), 1);
  add_bar(test, 1, easy.numbers("easy_test"), 0);
  add_bar(test, 2, easy.numbers("hard_test"), 1);

  auto& pixels = figures.figure(
      "pixels", "Mean learning time of digits against the noise of their pixels, one line a seed.");
  for (const auto& [name, title] :
       {std::pair{"pixels", "true labels: clean digits first"},
        {"control-random-pixels", "random labels: clean digits last"}}) {
    auto& panel = pixels.panel(title).x_axis("standard deviation of a pixel's noise");
    panel.y_axis("learning time, epochs").legend_at("off");
    const auto rows = r[name].series("time");
    for (std::size_t k = 0; k < rows.size(); ++k) {
      panel.line("", r[name].axis("time"), rows[k], {.color = static_cast<int>(k)});
    }
  }
}

void draw_robust(const Results& r, Figures& figures) {
  auto& figure = figures.figure(
      "winsorised", "Two classes, 20 % of the labels flipped: mean of the gradients against their "
                    "winsorised mean (25 %), mean over seeds.");
  for (const auto& [name, title] :
       {std::pair{"mean", "mean gradient"}, {"winsorised", "winsorised"}}) {
    const ArmResults arm = r[name];
    auto& panel = figure.panel(title).x_axis("epoch").y_axis("share");
    panel.legend_at("center right").y_limits(0, 1.05);
    panel.line("pristine, fitted", arm.axis("pristine"), mean_across(arm.series("pristine")));
    panel.line("corrupt, fitted", arm.axis("corrupt"), mean_across(arm.series("corrupt")),
               {.color = 1});
    panel.line("test accuracy", arm.axis("test"), mean_across(arm.series("test")), {.color = 2});
  }
}

} // namespace

void draw(const Params& p, const Results& r, Figures& figures) {
  if (p.full) {
    draw_noise(r, figures);
    draw_early(r, figures);
  }
  draw_robust(r, figures);
  draw_toys(r, figures);
  draw_clusters(r, figures);
}

} // namespace gradus::examples::agreement
