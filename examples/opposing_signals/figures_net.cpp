// SPDX-License-Identifier: BSD-3-Clause
#include <algorithm>
#include <cstddef>
#include <string>
#include <utility>
#include <vector>

#include "figures.hpp"
#include <gradus/study/summary.hpp>

namespace gradus::examples::opposing {
namespace {

void draw_groups(const Results& r, Figures& figures) {
  const ArmResults cell = r["net"].where("ratio", net_ratios.front()).first();
  auto& figure = figures.figure(
      "groups", "A two-layer linear net on 200 samples, full batches, ratio 1.3, one seed. Top: "
                "mean losses of the groups and all of the excess; bottom: sharpness, and the share "
                "of its direction on the outliers' feature.");
  constexpr double last = 100;
  const std::vector<double> crossing = cell.numbers("crossing");
  const auto panel = [&](const char* title, const char* label, bool log) -> Panel& {
    auto& made = figure.panel(title).x_axis("step").y_axis(label, log).x_limits(0, last);
    if (!crossing.empty()) {
      made.vertical("", crossing.front());
    }
    return made;
  };
  auto& losses = panel("groups", "mean loss", false);
  losses.y_limits(0, 80).legend_at("top right");
  const std::vector<double> steps = cell.axis("plus");
  losses.line("x_o > 0", steps, cell.first_series("plus"), {.color = 0, .width = 1.5});
  losses.line("x_o < 0", steps, cell.first_series("minus"), {.color = 1, .width = 1.5});
  losses.line("rest", steps, cell.first_series("rest"), {.color = 2, .width = 1.5});
  auto& excess = panel("total", "loss less its floor", true);
  excess.y_limits(1e-9, 100).legend_at("top right");
  int color = 0;
  for (const double ratio : {1.1, 1.3, 1.6}) {
    const ArmResults arm = r["net"].where("ratio", ratio).first();
    if (arm.size() > 0) {
      excess.line("ratio " + in_words(ratio), arm.axis("excess"), arm.first_series("excess"),
                  {.color = color, .width = 1.5});
    }
    ++color;
  }
  excess.line("ratio 0.9", r["control-small-rate"].first().axis("excess"),
              r["control-small-rate"].first().first_series("excess"), {.color = 4, .dashed = true});
  auto& sharpness = panel("sharpness", "sharpness rate / 2", false);
  sharpness.y_limits(0, 1.5).legend_at("bottom right").horizontal("2 / rate", 1);
  sharpness.line("sharpness", cell.axis("sharpness"), cell.first_series("sharpness"));
  sharpness.line("no outliers", r["control-no-outliers"].axis("sharpness"),
                 r["control-no-outliers"].first_series("sharpness"), {.color = 2});
  auto& mass = panel("top eigenvector", "share on the outliers' feature", false);
  mass.y_limits(0, 1.05).legend_at("off");
  mass.line("", cell.axis("mass"), cell.first_series("mass"), {.color = 3});
}

void draw_changes(const Results& r, Figures& figures) {
  const ArmResults cell = r["net"].where("ratio", net_ratios.front()).first();
  auto& panel = figures
                    .figure("changes",
                            "Losses of single samples before and after the step in which they "
                            "change most, ratio 1.3, one seed; on the dashed line nothing changes.",
                            1)
                    .panel();
  panel.x_axis("loss before the step").y_axis("loss after").legend_at("top right");
  const std::vector<double> group = cell.first_series("group");
  const std::vector<double> before = cell.first_series("loss_before");
  const std::vector<double> after = cell.first_series("loss_after");
  double largest = 0;
  int color = 0;
  for (const auto& [which, words] :
       {std::pair{0.0, "rest"}, std::pair{1.0, "x_o > 0"}, std::pair{-1.0, "x_o < 0"}}) {
    std::vector<double> x, y;
    for (std::size_t i = 0; i < group.size(); ++i) {
      if (group[i] == which) {
        x.push_back(before[i]);
        y.push_back(after[i]);
        largest = std::max({largest, before[i], after[i]});
      }
    }
    panel.points(words, x, y, {.color = (color++ + 2) % 3, .size = 0.6});
  }
  panel.line("", {0, largest}, {0, largest}, {.color = -1, .dashed = true});
}

} // namespace

void draw_net(const Params& /*p*/, const Results& r, Figures& figures) {
  draw_groups(r, figures);
  draw_changes(r, figures);
}

void draw_rules(const Params& p, const Results& r, Figures& figures) {
  auto& figure = figures.figure(
      "rules", "Update rules on mini-batches, medians over seeds. Left: mean loss of the outliers "
               "at the learning rates that learn the bulk alike; dashed: what they keep. Right: "
               "late peak of that loss, less what they keep, against the steps to a tenth of the "
               "bulk's loss, for several learning rates.");
  const double floor = p.outlier_weight * p.size * p.outlier_weight * p.size / 2;
  auto& losses = figure.panel("outliers").x_axis("step").y_axis("mean loss", true);
  losses.x_limits(0, 300).legend_at("top right");
  auto& peaks = figure.panel("late peak").x_axis("steps to learn the bulk", true);
  peaks.y_axis("peak of the outliers' loss", true).legend_at("below");
  const std::vector<std::pair<std::string, std::string>> rules{
      {"sgd", "SGD"}, {"momentum", "momentum"}, {"sign", "sign descent"}, {"adam", "Adam"}};
  int color = 0;
  for (const auto& [name, words] : rules) {
    const ArmResults arm = r[name];
    const double main = rates_of(name, false).front();
    const ArmResults judged = arm.where("rate", main);
    if (judged.size() > 0) {
      losses.line(words + " " + in_words(main), judged.axis("outliers"),
                  quantile_across(judged.series("outliers"), 0.5), {.color = color, .width = 1.5});
    }
    std::vector<double> rates = arm.coordinates("rate");
    std::sort(rates.begin(), rates.end());
    std::vector<double> hits, late;
    for (const double rate : rates) {
      hits.push_back(median_of(arm.where("rate", rate).numbers("hit")).value);
      late.push_back(median_of(arm.where("rate", rate).numbers("late_peak")).value);
    }
    peaks.line("", hits, late, {.color = color, .width = 1});
    peaks.points(words, hits, late, {.color = color});
    ++color;
  }
  losses.horizontal("", floor);
}

} // namespace gradus::examples::opposing
