// SPDX-License-Identifier: BSD-3-Clause
#include "figures.hpp"

#include <cmath>
#include <string>
#include <utility>
#include <vector>

#include <gradus/study/summary.hpp>

namespace gradus::examples::dynamical_stability {

namespace {

/// The cells of the first seed.
ArmResults first_seed(const ArmResults& arm) {
  std::vector<const CellResult*> chosen;
  for (const CellResult* cell : arm.cells()) {
    if (cell->point.seed() == arm.cells().front()->point.seed()) {
      chosen.push_back(cell);
    }
  }
  return ArmResults(std::move(chosen));
}

/// Median over seeds at each step size, of the runs that did not diverge.
std::vector<double> medians(const ArmResults& arm, const char* name) {
  std::vector<double> values;
  for (const double rate : arm.coordinates("rate")) {
    values.push_back(median_of(finite(arm.where("rate", rate).numbers(name))).value);
  }
  return values;
}

std::vector<double> two_over(const std::vector<double>& rates) {
  std::vector<double> values;
  for (const double rate : rates) {
    values.push_back(2 / rate);
  }
  return values;
}

std::string short_text(double x) {
  std::string text = std::to_string(x);
  text.erase(text.find_last_not_of('0') + 1);
  return text.back() == '.' ? text + "0" : text;
}

/// Trace, Frobenius norm and top eigenvalue against the step size.
void add_flatness(Panel& panel, const ArmResults& arm) {
  const std::vector<double> rates = arm.coordinates("rate");
  panel.x_axis("eta", true).y_axis("size of G", true).legend_at("bottom left");
  panel.line("2 / eta", rates, two_over(rates), {.color = -1, .dashed = true});
  int color = 0;
  for (const auto& [name, label] :
       {std::pair("trace", "Tr G"), {"frobenius", "|G|_F"}, {"top", "lambda_1"}}) {
    panel.line("", rates, medians(arm, name), {.color = color})
        .points(label, rates, medians(arm, name), {.color = color});
    ++color;
  }
}

/// A number against the step size, SGD and full descent.
void add_both(Panel& panel, const ArmResults& sgd, const ArmResults& descent, const char* name,
              const char* label) {
  panel.x_axis("eta", true).y_axis(label, true).legend_at("bottom left");
  panel.line("SGD", sgd.coordinates("rate"), medians(sgd, name))
      .points("", sgd.coordinates("rate"), medians(sgd, name));
  panel.line("full descent", descent.coordinates("rate"), medians(descent, name), {.color = 1})
      .points("", descent.coordinates("rate"), medians(descent, name), {.color = 1});
}

void draw_diagonal(const Results& r, Figures& figures) {
  const ArmResults sgd = r["diagonal"].where("batch", 1);
  const ArmResults descent = r["diagonal"].where("batch", all_examples);
  auto& figure = figures.figure(
      "diagonal",
      "Diagonal network, medians over seeds: how flat the minima are that SGD (B = 1) and full "
      "gradient descent find at step size eta, and what they are worth on fresh inputs.",
      3);
  add_flatness(figure.panel("SGD"), sgd);
  add_flatness(figure.panel("full descent"), descent);
  add_both(figure.panel("test error"), sgd, descent, "test", "E (f - f*)^2");
}

void draw_relu(const Results& r, Figures& figures) {
  const ArmResults sgd = r["relu"];
  const ArmResults descent = r["control-relu-descent"];
  if (sgd.size() == 0) {
    return;
  }
  auto& figure = figures.figure(
      "relu",
      "Two-layer ReLU network, medians over seeds: flatness of the minima, path norm and test "
      "error against the step size.");
  add_flatness(figure.panel("SGD"), sgd);
  add_flatness(figure.panel("full descent"), descent);
  add_both(figure.panel("path norm"), sgd, descent, "path", "sum |a_j| |w_j|");
  add_both(figure.panel("test error"), sgd, descent, "test", "mean (f - f*)^2");
}

void draw_balance(const Results& r, Figures& figures) {
  const ArmResults balance = r["balance"];
  if (balance.size() == 0) {
    return;
  }
  auto& figure = figures.figure(
      "balance",
      "Diagonal network: imbalance of the factors at the end against that at the start.");
  auto& ratio = figure.panel("(|a|^2 + |b|^2) / 2 |beta|_1").legend_at("top left");
  ratio.x_axis("at the start", true).y_axis("at the end", true);
  ratio.line("no change", {2, 8}, {2, 8}, {.color = -1, .dashed = true});
  auto& left = figure.panel("sum |a^2 - b^2|, end over start");
  left.x_axis("(|a|^2 + |b|^2) / 2 |beta|_1 at the start", true).y_axis("share left", true);
  left.legend_at("off");
  for (const double batch : {1.0, all_examples}) {
    const ArmResults arm = balance.where("batch", batch);
    const Style style{.color = batch == 1 ? 0 : 1};
    ratio.points(batch == 1 ? "SGD" : "full descent", arm.numbers("start"), arm.numbers("ratio"),
                 style);
    left.points("", arm.numbers("start"), arm.numbers("left"), style);
  }
}

void draw_thresholds(const Results& r, Figures& figures) {
  auto& figure = figures.figure(
      "thresholds",
      "Linear models, one seed: the exact largest step size at which SGD is stable in mean square, "
      "and bounds on it, against the batch size.",
      3);
  for (const char* name : {"gauss", "steep", "control-coherent"}) {
    const ArmResults arm = first_seed(r[name]);
    const std::vector<double> batches = arm.axis("thresholds");
    const double top = arm.numbers("descent_threshold").front();
    auto& panel = figure.panel(name).x_axis("B", true).y_axis("step size", true);
    panel.legend_at("bottom right");
    panel.points("exact threshold", batches, arm.series("thresholds").front());
    panel.line("S = I (trace)", batches, arm.series("trace_bounds").front(), {.color = 1});
    panel.line("Frobenius", batches, arm.series("frobenius_bounds").front(), {.color = 2});
    panel.line("2 / lambda_1", {batches.front(), batches.back()}, {top, top},
               {.color = -1, .dashed = true});
  }
}

void draw_edge(const Results& r, Figures& figures) {
  auto& figure = figures.figure(
      "edge", "All minima found by SGD: step size over the exact threshold at the minimum.");
  const auto add = [](Panel& panel, const ArmResults& arm, const char* label, int color) {
    std::vector<double> rates;
    std::vector<double> edges;
    const std::vector<double> all = arm.numbers("edge");
    for (std::size_t k = 0; k < all.size(); ++k) { // side by side, not on top of each other
      rates.push_back(arm.cells()[k]->point["rate"] * (1 + 0.06 * (color - 1.5)));
      edges.push_back(all[k]);
    }
    panel.points(label, rates, edges, {.color = color, .size = 0.5});
  };
  auto& diagonal = figure.panel("diagonal network").x_axis("eta", true);
  diagonal.y_axis("eta / threshold", true).legend_at("bottom right").horizontal("", 1.0);
  int color = 0;
  for (const double batch : r["diagonal"].coordinates("batch")) {
    if (batch != all_examples) {
      add(diagonal, r["diagonal"].where("batch", batch),
          ("B = " + std::to_string(std::lround(batch))).c_str(), color++);
    }
  }
  if (r["relu"].size() > 0) {
    auto& relu = figure.panel("ReLU network").x_axis("eta", true);
    relu.y_axis("eta / threshold", true).legend_at("bottom right").horizontal("", 1.0);
    add(relu, r["relu"], "B = 1", 0);
  }
}

void draw_escape(const Results& r, Figures& figures) {
  const ArmResults one = first_seed(r["escape"]);
  auto& figure = figures.figure(
      "escape",
      "From the minimum of full gradient descent, after a kick of 1e-4, one seed: training loss "
      "of gradient descent and of SGD at four step sizes.",
      1);
  auto& panel = figure.panel().x_axis("step", true).y_axis("training loss", true);
  panel.legend_at("top right").y_limits(1e-9, 1e4);
  int color = 0;
  for (const auto& [name, label] : {std::pair("descent", "full descent, same eta"),
                                    {"same", "SGD, same eta"},
                                    {"double", "SGD, twice the threshold"},
                                    {"above", "SGD, 1.2 thresholds"},
                                    {"below", "SGD, half the threshold"}}) {
    const std::string series = std::string(name) + "_loss";
    if (!one.series(series).empty()) {
      panel.line(label, one.axis(series), one.series(series).front(), {.color = color});
    }
    ++color;
  }
}

void draw_alignment(const Results& r, Figures& figures) {
  auto& figure = figures.figure(
      "alignment",
      "Alignment of gradient noise with curvature along SGD (B = 1), one seed, one curve a step "
      "size, while the loss is above 1e-9.");
  const auto add = [&](const char* title, const ArmResults& arm) {
    auto& panel = figure.panel(title).x_axis("step").y_axis("mu").legend_at("top right");
    panel.y_limits(0, 2).horizontal("", 1.0);
    int color = 0;
    for (const double rate : arm.coordinates("rate")) {
      const ArmResults cell = arm.where("rate", rate);
      panel.line("eta " + short_text(rate), cell.axis("mu"), cell.series("mu").front(),
                 {.color = color++, .width = 1.2});
    }
  };
  add("diagonal network", first_seed(r["diagonal"].where("batch", 1)));
  if (r["relu"].size() > 0) {
    add("ReLU network", first_seed(r["relu"]));
  }
}

void draw_noise_scale(const Results& r, Figures& figures) {
  auto& figure = figures.figure(
      "noise-scale",
      "Diagonal network: l1 norm of the minimum against eta / B, medians over seeds.", 1);
  auto& panel = figure.panel().x_axis("eta / B", true).y_axis("|beta|_1", true);
  panel.legend_at("bottom left").horizontal("|beta*|_1", 3.0);
  int color = 0;
  for (const double batch : r["diagonal"].coordinates("batch")) {
    if (batch == all_examples) {
      continue;
    }
    const ArmResults arm = r["diagonal"].where("batch", batch);
    std::vector<double> scales;
    for (const double rate : arm.coordinates("rate")) {
      scales.push_back(rate / batch);
    }
    panel.line("", scales, medians(arm, "l1"), {.color = color, .width = 1.2})
        .points("B = " + std::to_string(std::lround(batch)), scales, medians(arm, "l1"),
                {.color = color});
    ++color;
  }
}

} // namespace

void draw(const Params& /*p*/, const Results& r, Figures& figures) {
  draw_diagonal(r, figures);
  draw_relu(r, figures);
  draw_balance(r, figures);
  draw_thresholds(r, figures);
  draw_edge(r, figures);
  draw_escape(r, figures);
  draw_alignment(r, figures);
  draw_noise_scale(r, figures);
}

} // namespace gradus::examples::dynamical_stability
