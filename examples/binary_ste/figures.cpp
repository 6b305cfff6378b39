// SPDX-License-Identifier: BSD-3-Clause
#include "figures.hpp"

#include <string>
#include <tuple>
#include <utility>
#include <vector>

#include <gradus/study/number_text.hpp>
#include <gradus/study/summary.hpp>

namespace gradus::examples::binary {

namespace {

using List = std::vector<double>;

/// Mean over seeds along an axis, and the standard errors as bars.
void points_along(Panel& panel, const std::string& label, const ArmResults& arm, const char* axis,
                  const char* name, int color) {
  const List x = arm.coordinates(axis);
  List mean, error;
  for (const double at : x) {
    const List values = arm.where(axis, at).numbers(name);
    mean.push_back(mean_of(values).value);
    error.push_back(standard_error(values));
  }
  panel.points(label, x, mean, {.color = color}, error);
  panel.line("", x, mean, {.color = color, .width = 1});
}

void draw_indicators(const Results& r, Figures& figures) {
  auto& figure = figures.figure(
      "indicators", "Estimating error and spread of gradients against the final order, mean over "
                    "seeds. Top: summed over layers in training. Bottom: one layer at its "
                    "initialisation, with the closed form and the variance law.");
  auto& error = figure.panel("training: error");
  error.x_axis("final order o").y_axis("estimating error").legend_at("off");
  points_along(error, "", r["reste"], "order", "error", 0);
  auto& spread = figure.panel("training: spread");
  spread.x_axis("final order o").y_axis("spread, summed over epochs", true).legend_at("off");
  points_along(spread, "", r["reste"], "order", "spread", 0);
  const ArmResults theory = r["theory"];
  for (const auto& [name, title, log] : {std::tuple("error", "initialisation: error", false),
                                         {"spread", "initialisation: spread", true}}) {
    const List measured = mean_across(theory.series(name));
    const List ratio = mean_across(theory.series(name + std::string("_ratio")));
    figure.panel(title)
        .x_axis("order o")
        .y_axis(name == std::string("error") ? "estimating error" : "spread", log)
        .legend_at(log ? "bottom right" : "top right")
        .points("measured", theory.axis(name), measured, {.color = 0})
        .line("predicted", theory.axis(name), quotients(measured, ratio),
              {.color = 1, .dashed = true});
  }
}

void draw_equilibrium(const Params& p, const Results& r, Figures& figures) {
  auto& figure = figures.figure(
      "equilibrium", "Training loss and test accuracy against the final order of the rectified "
                     "estimator, mean over seeds and standard error; lines: other estimators.");
  for (const auto& [name, title] :
       {std::pair("loss", "training loss, last epoch"), {"accuracy", "test accuracy"}}) {
    auto& panel = figure.panel(title);
    panel.x_axis("final order o")
        .y_axis(title)
        .legend_at(name == std::string("loss") ? "top left" : "top right");
    points_along(panel, "ReSTE", r["reste"], "order", name, 0);
    int color = 1;
    for (const auto& [arm, label] :
         {std::pair("ste", "STE"), {"ede", "EDE"}, {"dsq", "DSQ-like"}}) {
      if (p.full || arm == std::string("ste")) {
        panel.horizontal(label, mean_of(r[arm].numbers(name)).value,
                         {.color = color, .dashed = true});
      }
      ++color;
    }
  }
}

void draw_epochs(const Results& r, Figures& figures) {
  auto& figure = figures.figure("epochs",
                                "Both indicators and the training loss against the "
                                "epoch, by final order, mean over seeds.",
                                3);
  for (const auto& [name, title, log] : {std::tuple("error_curve", "estimating error", false),
                                         {"spread_curve", "spread of gradients", true},
                                         {"loss_curve", "training loss", false}}) {
    auto& panel = figure.panel(title);
    panel.x_axis("epoch")
        .y_axis(title, log)
        .legend_at(name == std::string("loss_curve") ? "top right" : "off");
    int color = 0;
    const ArmResults reste = r["reste"];
    for (const double order : reste.coordinates("order")) {
      const ArmResults cells = reste.where("order", order);
      panel.line("o = " + number_text(order), cells.axis(name), mean_across(cells.series(name)),
                 {.color = color++, .width = 1.5});
    }
    panel.line("STE", r["ste"].axis(name), mean_across(r["ste"].series(name)),
               {.color = -1, .dashed = true});
  }
}

void draw_rates(const Results& r, Figures& figures) {
  auto& panel = figures
                    .figure("rates", "Training loss against the learning rate, mean over seeds "
                                     "and standard error.")
                    .panel("training loss, last epoch");
  panel.x_axis("learning rate", true).y_axis("training loss").legend_at("top right");
  int color = 0;
  for (const auto& [arm, label] : {std::pair("reste-rates", "ReSTE, o = 3"),
                                   {"ste-rates", "STE"},
                                   {"ede-rates", "EDE"},
                                   {"dsq-rates", "DSQ-like"}}) {
    points_along(panel, label, r[arm], "rate", "loss", color++);
  }
}

} // namespace

void draw(const Params& p, const Results& r, Figures& figures) {
  draw_indicators(r, figures);
  draw_equilibrium(p, r, figures);
  draw_epochs(r, figures);
  if (p.full) {
    draw_rates(r, figures);
  }
}

} // namespace gradus::examples::binary
