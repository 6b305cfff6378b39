// SPDX-License-Identifier: BSD-3-Clause
// Figures on linear toys, the bound and Gaussian clusters.
#include <cstddef>
#include <string>
#include <vector>

#include "judged.hpp"
#include "pooled.hpp"

namespace gradus::examples::agreement {

namespace {

/// A curve as points, one in three, with its closed form as a line.
void add_curve(Panel& panel, const std::string& words, const ArmResults& arm,
               const std::string& name, const std::string& law, int color) {
  const std::vector<double> x = arm.axis(name);
  const std::vector<double> y = arm.first_series(name);
  std::vector<double> some_x, some_y;
  for (std::size_t k = 0; k < x.size(); k += 3) {
    some_x.push_back(x[k] + 1);
    some_y.push_back(y[k]);
  }
  std::vector<double> shifted = x;
  for (double& step : shifted) {
    step += 1;
  }
  panel.line("", shifted, arm.first_series(law), {.color = color});
  panel.points(words, some_x, some_y, {.color = color, .size = 0.6});
}

} // namespace

void draw_toys(const Results& r, Figures& figures) {
  auto& figure = figures.figure(
      "toy", "Losses of linear models by gradient descent (points) and in closed form (lines). "
             "Left: with and without a common feature. Others: clean and flipped samples, by the "
             "share of flipped labels.");
  auto& plain = figure.panel("no flipped labels").x_axis("step + 1", true).y_axis("loss", true);
  plain.y_limits(1e-8, 2).legend_at("bottom left");
  add_curve(plain, "common feature", r["toy"], "real_loss", "real_law", 0);
  add_curve(plain, "private features alone", r["toy"], "random_loss", "random_law", 1);
  for (const double f : r["toy-noisy"].coordinates("flipped_share")) {
    const ArmResults arm = r["toy-noisy"].where("flipped_share", f);
    auto& panel =
        figure.panel(std::to_string(static_cast<int>(100 * f + 0.5)) + " % flipped labels");
    panel.x_axis("step + 1", true).y_axis("loss").legend_at("top right");
    add_curve(panel, "clean", arm, "clean", "clean_law", 0);
    add_curve(panel, "flipped", arm, "flipped", "flipped_law", 1);
  }

  auto& bounds = figures.figure(
      "gap",
      "Logistic regression on 50 samples: generalisation gap and both forms of the bound "
      "against the separation of the classes; every seed.",
      1);
  auto& panel = bounds.panel().x_axis("separation mu (0: random labels)").y_axis("loss", true);
  panel.legend_at("center right").x_limits(-0.2, 3.2).y_limits(0.03, 5);
  const ArmResults gap = r["gap"];
  std::vector<double> x;
  for (const CellResult* cell : gap.cells()) {
    x.push_back(cell->point["separation"]);
  }
  panel.points("gap", x, gap.numbers("gap"), {.color = 0});
  panel.points("path form", x, gap.numbers("path"), {.color = 1});
  panel.points("theorem form", x, gap.numbers("theorem"), {.color = 2});
}

void draw_clusters(const Results& r, Figures& figures) {
  auto& figure = figures.figure(
      "clusters", "Two Gaussian clusters. Left: m-coherence of 400 samples before training against "
                  "the flipped share f, with the closed forms. Right: share of a step's gain that "
                  "carries over to unseen data, measured against m alpha / (1 + (m - 1) alpha).");
  auto& forms = figure.panel("coherence").x_axis("(1 - 2f)^2").y_axis("m-coherence");
  forms.legend_at("top left").x_limits(-0.03, 1.03);
  const std::vector<double> shares{1, 0.64, 0.25, 0};
  const char* models[] = {"linear", "kernel", "net16", "net256"};
  const char* words[] = {"linear model", "mean kernel of ReLU networks", "16 units", "256 units"};
  for (int k = 0; k < 4; ++k) {
    std::vector<double> y, law;
    for (int f = 0; f < 4; ++f) {
      const std::string name = std::string(models[k]) + "_" + std::to_string(f);
      y.push_back(pooled(r["forms"], name).value());
      law.push_back(law_of(r["forms"], name));
    }
    if (k < 2) {
      forms.line("", shares, law, {.color = k, .dashed = true});
    }
    forms.points(words[k], shares, y, {.color = k, .size = 1.0 - 0.15 * k});
  }
  auto& steps = figure.panel("one step").x_axis("m alpha / (1 + (m - 1) alpha)");
  steps.y_axis("test gain / training gain").legend_at("top left");
  steps.line("", {0, 1}, {0, 1}, {.color = -1, .dashed = true});
  std::vector<double> x, y;
  for (const double flip : r["one-step"].coordinates("flip")) {
    const ArmResults arm = r["one-step"].where("flip", flip);
    x.push_back(law_of(arm, "efficiency"));
    y.push_back(pooled(arm, "efficiency").value());
  }
  steps.points("logistic regression, first step", x, y, {.color = 0, .size = 1});
  std::vector<double> predicted, measured;
  for (const auto& row : r["steps"].series("predicted")) {
    predicted.insert(predicted.end(), row.begin(), row.end());
  }
  for (const auto& row : r["steps"].series("measured")) {
    measured.insert(measured.end(), row.begin(), row.end());
  }
  if (!predicted.empty()) {
    steps.points("network on digits, epochs 0 to 8", predicted, measured, {.color = 1});
  }
}

} // namespace gradus::examples::agreement
