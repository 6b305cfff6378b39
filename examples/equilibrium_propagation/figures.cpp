// SPDX-License-Identifier: BSD-3-Clause
#include "figures.hpp"

#include <cmath>
#include <cstddef>
#include <string>
#include <tuple>
#include <utility>
#include <vector>

#include <gradus/study/summary.hpp>

namespace gradus::examples::equiprop {
namespace {

/// Row k of a table with rows of that length.
std::vector<double> row(const std::vector<double>& table, std::size_t k, std::size_t length) {
  const auto start = table.begin() + static_cast<std::ptrdiff_t>(k * length);
  return {start, start + static_cast<std::ptrdiff_t>(length)};
}
std::vector<double> mean_series(const ArmResults& arm, const char* name) {
  return mean_across(arm.series(name));
}

void draw_orders(const Results& r, Figures& figures) {
  auto& figure = figures.figure(
      "order",
      "Relative error of the estimates against the radius of the nudge, geometric mean "
      "over seeds; dashed: slope N. Right: an activation that is not holomorphic.",
      3);
  const auto add = [&](const ArmResults& arm, const std::string& title, bool lawful) {
    auto& panel = figure.panel(title).x_axis("|beta|", true).y_axis("relative error", true);
    panel.y_limits(1e-13, 1).legend_at(lawful ? "below" : "top left");
    const std::vector<double> counts = arm.axis("errors", 0);
    const std::vector<double> at = arm.axis("errors", 1);
    std::vector<std::vector<double>> logs = arm.series("errors");
    for (auto& table : logs) {
      for (double& x : table) {
        x = std::log(x);
      }
    }
    std::vector<double> means = mean_across(logs);
    for (double& x : means) {
      x = std::exp(x);
    }
    for (std::size_t k = 0; k < counts.size(); ++k) {
      const std::vector<double> errors = row(means, k, at.size());
      const int color = static_cast<int>(k);
      panel.points("N = " + std::to_string(static_cast<int>(counts[k])), at, errors,
                   {.color = color});
      std::vector<double> law;
      for (const double x : at) {
        law.push_back(errors.back() * std::pow(x / at.back(), lawful ? counts[k] : 2));
      }
      panel.line("", at, law, {.color = color, .dashed = true});
    }
  };
  for (const double angle : r["orders"].coordinates("angle")) {
    add(r["orders"].where("angle", angle),
        std::to_string(static_cast<int>(std::lround(angle))) + " degrees", true);
  }
  add(r["control-continuation"], "not holomorphic, slope 2", false);
}

void draw_asymmetry(const Results& r, Figures& figures) {
  auto& figure = figures.figure(
      "asymmetry", "Left: cosine of the response and the exact gradient against the initial angle, "
                   "mean and range over seeds. Right: what is left of the bias after the terms of "
                   "its expansion in the asymmetry |E|; dashed: powers 1, 2, 3.");
  const ArmResults angle = r["angle"];
  auto& cosines =
      figure.panel("alignment").x_axis("angle of the weights, degrees").y_axis("cosine");
  cosines.y_limits(-0.2, 1.05).legend_at("bottom left");
  const std::vector<double> angles = angle.coordinates("angle");
  for (int layer = 1; layer <= 3; ++layer) {
    std::vector<double> mean, low, high;
    for (const double a : angles) {
      const Summary s = mean_of(angle.where("angle", a).numbers("cosine_" + std::to_string(layer)));
      mean.push_back(s.value);
      low.push_back(s.low);
      high.push_back(s.high);
    }
    cosines.band("", angles, low, high, {.color = layer - 1});
    cosines.line(layer == 3 ? "top layer" : "layer " + std::to_string(layer), angles, mean,
                 {.color = layer - 1});
  }
  const ArmResults small = r["small-angles"];
  auto& remainders = figure.panel("remainders").x_axis("|E|", true).y_axis("norm", true);
  remainders.legend_at("bottom right");
  const std::vector<double> size = mean_series(small, "size");
  int color = 0;
  for (const auto& [name, words, power] : {std::tuple{"bias", "|e - delta|", 1},
                                           {"first", "... + 2 E delta", 2},
                                           {"second", "... + 2 E x", 3},
                                           {"misalignment", "1 - cos", 2}}) {
    const std::vector<double> values = mean_series(small, name);
    remainders.points(words, size, values, {.color = color});
    std::vector<double> law;
    for (const double x : size) {
      law.push_back(values.front() * std::pow(x / size.front(), power));
    }
    remainders.line("", size, law, {.color = color, .dashed = true});
    ++color;
  }
}

void draw_training(const Results& r, Figures& figures) {
  auto& figure = figures.figure(
      "training", "Along training from independent weights in both directions, mean over seeds.",
      3);
  const std::vector<std::pair<const char*, const char*>> arms{
      {"bp", "backpropagation"},
      {"ep", "equilibrium prop. (EP)"},
      {"ep-homeostasis", "EP, homeostasis"},
      {"control-shrinkage", "EP, |M|^2 punished"}};
  for (const auto& [series, title] : {std::pair{"accuracies", "test accuracy"},
                                      {"cosines", "cosine of a sample, layer 1"},
                                      {"symmetries", "symmetry of the couplings"}}) {
    auto& panel = figure.panel(title).x_axis("epoch").y_axis(title);
    panel.y_limits(series == std::string("cosines") ? -0.2 : 0, 1.02)
        .legend_at(series == std::string("accuracies") ? "below" : "off");
    int color = 0;
    for (const auto& [name, words] : arms) {
      if (r[name].size() == 0) {
        continue; // small runs are without the control
      }
      panel.line(words, r[name].axis(series), mean_series(r[name], series), {.color = color++});
    }
  }
}

void draw_nudges(const Results& r, Figures& figures) {
  const ArmResults nudge = r["nudge"];
  auto& figure = figures.figure("nudge", "Accuracy after training by the number of nudges N and "
                                         "their radius, symmetric start, homeostasis; mean and "
                                         "single seeds.");
  for (const double beta : nudge.coordinates("beta")) {
    auto& panel = figure.panel("|beta| = " + std::string(beta < 0.1 ? "0.05" : "0.5"))
                      .x_axis("number of nudges N")
                      .y_axis("test accuracy");
    panel.y_limits(0, 1).legend_at("off");
    std::vector<double> at, height, x, y;
    for (const double points : nudge.coordinates("points")) {
      const auto values = nudge.where("points", points).where("beta", beta).numbers("accuracy");
      at.push_back(points);
      height.push_back(mean_of(values).value);
      for (const double value : values) {
        x.push_back(points);
        y.push_back(value);
      }
    }
    panel.bars("mean", at, height).points("seeds", x, y, {.color = -1});
  }
}

void draw_circle(const Results& r, Figures& figures) {
  auto& figure =
      figures.figure("circle", "Rates of two units at the fixed point while the nudge goes once "
                               "around a circle, by its radius; the point is no nudge.");
  const ArmResults circle = r["circle"];
  for (const auto& [name, title] :
       {std::pair{"hidden", "a unit of layer 1"}, {"top", "a unit of the top layer"}}) {
    auto& panel = figure.panel(title).x_axis("Re r").y_axis("Im r");
    panel.legend_at("below");
    const std::string re = std::string("re_") + name;
    const std::vector<double> at = circle.axis(re, 0);
    const std::size_t length = circle.axis(re, 1).size();
    const std::vector<double> x = mean_series(circle, re.c_str());
    const std::vector<double> y = mean_series(circle, (std::string("im_") + name).c_str());
    for (std::size_t k = 0; k < at.size(); ++k) {
      std::string radius = std::to_string(at[k]);
      radius.erase(radius.find_last_not_of('0') + 1);
      panel.line("|beta| = " + radius, row(x, k, length), row(y, k, length),
                 {.color = static_cast<int>(k)});
    }
    const std::vector<double> small = row(x, 0, length);
    double centre = 0; // the mean over a circle is the value in its middle
    for (std::size_t k = 0; k + 1 < length; ++k) {
      centre += small[k] / static_cast<double>(length - 1);
    }
    panel.points("", {centre}, {0}, {.color = -1});
  }
}

} // namespace

void draw(const Params& /*p*/, const Results& r, Figures& figures) {
  draw_orders(r, figures);
  draw_asymmetry(r, figures);
  draw_training(r, figures);
  draw_nudges(r, figures);
  draw_circle(r, figures);
}

} // namespace gradus::examples::equiprop
