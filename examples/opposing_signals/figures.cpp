// SPDX-License-Identifier: BSD-3-Clause
#include "figures.hpp"

#include <cmath>
#include <cstdio>
#include <string>
#include <tuple>
#include <utility>
#include <vector>

#include <gradus/study/summary.hpp>

namespace gradus::examples::opposing {

std::string in_words(double value) {
  char text[32];
  (void)std::snprintf(text, sizeof text, "%.3g", value);
  return text;
}

namespace {

void draw_flow(const Params& p, const Results& r, Figures& figures) {
  auto& figure = figures.figure(
      "sharpening", "Gradient flow of the population model, one seed. Left: sharpness; dashed: the "
                    "equation of the slow phase; marks at the right: alpha |beta|. Right: the same "
                    "over alpha, b along beta, as alpha grows.");
  auto& left = figure.panel("alpha = " + in_words(p.alpha));
  left.x_axis("time", true).y_axis("sharpness", true).legend_at("top left");
  const ArmResults flow = r["flow"];
  int color = 0;
  for (const double beta : flow.coordinates("beta_norm")) {
    const ArmResults cell = flow.where("beta_norm", beta).first();
    std::vector<double> times = cell.axis("sharpness");
    left.line("|beta| = " + in_words(beta), times, cell.first_series("sharpness"),
              {.color = color});
    left.line("", times, cell.first_series("slow_sharpness"), {.color = color, .dashed = true});
    left.points("", {40 / beta}, {p.alpha * beta}, {.color = color, .size = 1});
    ++color;
  }
  auto& right = figure.panel("|beta| = " + in_words(p.beta_norm));
  right.x_axis("time", true).y_axis("sharpness / alpha", true).legend_at("top left");
  const ArmResults curve = r["curve"];
  color = 0;
  for (const double alpha : curve.coordinates("alpha")) {
    const ArmResults cell = curve.where("alpha", alpha);
    std::vector<double> values = cell.first_series("sharpness");
    std::vector<double> slow = cell.first_series("slow_sharpness");
    for (auto* list : {&values, &slow}) {
      for (double& x : *list) {
        x /= alpha;
      }
    }
    right.line("alpha = " + in_words(alpha), cell.axis("sharpness"), values, {.color = color++});
    if (alpha == curve.coordinates("alpha").back()) {
      right.line("slow phase", cell.axis("sharpness"), slow, {.color = -1, .dashed = true});
    }
  }
}

void draw_depth(const Results& r, Figures& figures) {
  const ArmResults depth = r["depth"];
  auto& panel = figures
                    .figure("depth",
                            "Sharpness at the end of the flow against what is learned, "
                            "for 1 to 4 layers; dashed: closed form.",
                            1)
                    .panel();
  panel.x_axis("|beta|", true).y_axis("end sharpness", true).legend_at("top left");
  int color = 0;
  for (const double layers : depth.coordinates("depth")) {
    const ArmResults arm = depth.where("depth", layers);
    panel.points("depth " + in_words(layers), arm.coordinates("beta_norm"),
                 arm.numbers("sharpness_end"), {.color = color, .size = 1});
    panel.line("", arm.coordinates("beta_norm"), arm.numbers("end_law"),
               {.color = color, .dashed = true});
    ++color;
  }
}

void draw_descent(const Results& r, Figures& figures) {
  auto& figure =
      figures.figure("descent",
                     "Gradient descent of the population model, one seed, for three ratios of the "
                     "flow's end sharpness to 2 / learning rate.",
                     3);
  auto& loss = figure.panel("loss").x_axis("step").y_axis("loss", true);
  loss.y_limits(1e-30, 1e3).x_limits(0, 600).legend_at("bottom left");
  auto& curvature = figure.panel("curvature").x_axis("step").y_axis("alpha c^2 rate / 2");
  curvature.x_limits(0, 600).legend_at("bottom right").horizontal("", 1);
  auto& weight = figure.panel("outliers' weight").x_axis("step").y_axis("|b_o|", true);
  weight.y_limits(1e-40, 10).x_limits(0, 600).legend_at("bottom left");
  int color = 0;
  for (const auto& [name, ratio, words] :
       {std::tuple{"control-descent", small_descent_ratio, "1 / 1.1"},
        {"descent", descent_ratios[0], "1 / 0.9"},
        {"descent", descent_ratios[1], "1 / 0.7"}}) {
    const ArmResults cell = r[name].where("ratio", ratio).first();
    std::vector<double> steps = cell.axis("loss");
    std::vector<double> sizes = cell.first_series("outlier_weight");
    for (double& x : sizes) {
      x = std::abs(x);
    }
    const Style style{.color = color++, .width = 1.5};
    loss.line(words, steps, cell.first_series("loss"), style);
    curvature.line(words, steps, cell.first_series("curvature"), style);
    weight.line(words, steps, sizes, style);
  }
}

} // namespace

void draw_population(const Params& p, const Results& r, Figures& figures) {
  draw_flow(p, r, figures);
  draw_depth(r, figures);
  draw_descent(r, figures);
}

void draw(const Params& p, const Results& r, Figures& figures) {
  draw_population(p, r, figures);
  draw_net(p, r, figures);
  draw_rules(p, r, figures);
}

} // namespace gradus::examples::opposing
