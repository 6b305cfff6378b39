// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <string>
#include <utility>
#include <vector>

#include "setting.hpp"
#include <gradus/study/figures.hpp>
#include <gradus/study/results.hpp>
#include <gradus/study/summary.hpp>

namespace gradus::examples::xor_clusters {

using namespace gradus::study;

/// x + 1, so that step 0 has a place on a logarithmic axis.
inline std::vector<double> plus_one(std::vector<double> steps) {
  for (double& step : steps) {
    step += 1;
  }
  return steps;
}

inline void draw_accuracy(Panel& panel, const ArmResults& arm) {
  panel.x_axis("step + 1", true).y_axis("accuracy").y_limits(0, 1.02).legend_at("bottom right");
  int color = 0;
  for (const auto& [name, label] : {std::pair{"train_accuracy", "training, noisy labels"},
                                    std::pair{"test_accuracy", "test, clean labels"}}) {
    const auto x = plus_one(arm.axis(name));
    const auto rows = arm.series(name);
    panel.band("", x, quantile_across(rows, 0.1), quantile_across(rows, 0.9), {.color = color});
    panel.line(label, x, mean_across(rows), {.color = color});
    ++color;
  }
}

/// A slice of the table "neurons" or "decision" at one step, over all cells.
inline std::vector<double> at_step(const ArmResults& arm, const char* table, std::size_t step,
                                   std::size_t part, std::size_t parts) {
  std::vector<double> slice;
  for (const auto& values : arm.series(table)) {
    const std::size_t size = values.size() / arm.axis(table).size() / parts;
    const auto from = values.begin() + static_cast<std::ptrdiff_t>((step * parts + part) * size);
    slice.insert(slice.end(), from, from + static_cast<std::ptrdiff_t>(size));
  }
  return slice;
}

/// The first cell's weights on the plane of the means, the longest one scaled to 1.5: neurons of
/// positive and of negative second-layer weight.
inline void draw_neurons(Panel& panel, const ArmResults& arm, double step, std::size_t width) {
  const auto steps = arm.axis("neurons");
  const auto place = std::find(steps.begin(), steps.end(), step);
  if (place == steps.end()) {
    return;
  }
  const auto s = static_cast<std::size_t>(place - steps.begin());
  auto x = at_step(arm, "neurons", s, 0, 2);
  auto y = at_step(arm, "neurons", s, 1, 2);
  x.resize(width);
  y.resize(width);
  double longest = 0;
  for (std::size_t j = 0; j < width; ++j) {
    longest = std::max(longest, std::hypot(x[j], y[j]));
  }
  for (std::size_t j = 0; j < width && longest > 0; ++j) {
    x[j] *= 1.5 / longest;
    y[j] *= 1.5 / longest;
  }
  const auto half = static_cast<std::ptrdiff_t>(width / 2);
  panel.points("neurons, a > 0", {x.begin(), x.begin() + half}, {y.begin(), y.begin() + half},
               {.color = 3, .size = 0.25});
  panel.points("neurons, a < 0", {x.begin() + half, x.end()}, {y.begin() + half, y.end()},
               {.color = 2, .size = 0.25});
}

/// What is seen: the paper's accuracy curves and neuron histograms, and the laws beside the run.
inline void draw(const Params& p, const Results& r, Figures& figures) {
  const ArmResults main = r["main"];
  auto& accuracy = figures.figure(
      "accuracy", "Accuracy along training, mean and 10-90 % band over seeds. Left: a large step; "
                  "right: a small one from a large start, which delays generalisation.");
  draw_accuracy(accuracy.panel("main run"), main);
  draw_accuracy(accuracy.panel("delayed run, init 10"), r["delayed-10"]);

  auto& histograms = figures.figure(
      "neurons",
      "Weights of the positive neurons along the two means: they start indifferent and "
      "end on their own mean.",
      2);
  const auto steps = main.axis("neurons");
  for (std::size_t s = 0; s < steps.size(); ++s) {
    std::vector<double> along[2];
    double reach = 0;
    for (std::size_t c = 0; c < 2; ++c) {
      const auto dots = at_step(main, "neurons", s, c, 2);
      const auto width = static_cast<std::size_t>(p.width);
      for (std::size_t i = 0; i < dots.size(); ++i) {
        if (i % width < width / 2) {
          along[c].push_back(dots[i]);
          reach = std::max(reach, std::abs(dots[i]));
        }
      }
    }
    for (std::size_t c = 0; c < 2; ++c) {
      const auto bars = histogram(along[c], -reach, reach, 41);
      histograms.panel("step " + std::to_string(static_cast<Index>(steps[s])))
          .x_axis(c == 0 ? "<w, mu_1> / |mu|" : "<w, mu_2> / |mu|")
          .y_axis("share")
          .legend_at("off")
          .bars("", bars.centres, bars.shares, {.color = static_cast<int>(c)});
    }
  }

  auto& features = figures.figure("features", "Left: share of the outputs' power that the net's "
                                              "linear part explains. Right: preference of the "
                                              "neurons for their own mean.");
  const auto linear = main.series("linear_share");
  auto& left = features.panel("linear part").x_axis("step + 1", true).y_axis("explained share");
  left.band("", plus_one(main.axis("linear_share")), quantile_across(linear, 0.1),
            quantile_across(linear, 0.9))
      .line("main run", plus_one(main.axis("linear_share")), mean_across(linear))
      .y_limits(0, 1.02);
  const auto preference = main.series("preference");
  features.panel("feature preference")
      .x_axis("step + 1", true)
      .y_axis("|cos| with own mean / other", true)
      .legend_at("bottom right")
      .band("", plus_one(main.axis("preference")), quantile_across(preference, 0.1),
            quantile_across(preference, 0.9), {.color = 1})
      .line("main run", plus_one(main.axis("preference")), quantile_across(preference, 0.5),
            {.color = 1})
      .horizontal("no preference", 1);

  auto& laws = figures.figure("laws", "Closed forms after one step against the run, one point a "
                                      "seed and cluster (left) or sign (right).");
  laws.panel("cluster accuracy")
      .x_axis("law")
      .y_axis("measured")
      .legend_at("bottom right")
      .line("equal", {0, 1}, {0, 1}, {.color = -1, .dashed = true})
      .points("cluster", flatten(main.series("cluster_law")),
              flatten(main.series("cluster_accuracy")));
  laws.panel("neurons on the positive side")
      .x_axis("law")
      .y_axis("measured")
      .legend_at("bottom right")
      .line("equal", {0, 1}, {0, 1}, {.color = -1, .dashed = true})
      .points("sign of a", flatten(main.series("positive_share_law")),
              flatten(main.series("positive_share")), {.color = 1});

  if (p.sweep_seeds > 0) {
    auto& sweep =
        figures.figure("snr",
                       "End accuracy against the signal-to-noise ratio: mean and standard "
                       "error over seeds, one line a dimension p.",
                       1);
    auto& panel = sweep.panel().x_axis("n |mu|^4 / p", true).y_axis("test accuracy at the end");
    panel.legend_at("top left").y_limits(0.4, 1.02);
    int color = 0;
    for (const double dim : r["snr"].coordinates("dim")) {
      std::vector<double> snrs, means, errors;
      for (const char* name : {"snr", "snr-middle"}) {
        const ArmResults line = r[name].where("dim", dim);
        for (const double snr : line.coordinates("snr")) {
          const auto ends = line.where("snr", snr).numbers("end_test_accuracy");
          const auto at = std::lower_bound(snrs.begin(), snrs.end(), snr) - snrs.begin();
          snrs.insert(snrs.begin() + at, snr);
          means.insert(means.begin() + at, mean_of(ends).value);
          errors.insert(errors.begin() + at, standard_error(ends));
        }
      }
      panel.line("p = 1e" + std::to_string(std::lround(std::log10(dim))), snrs, means,
                 {.color = color});
      panel.points("", snrs, means, {.color = color}, errors);
      ++color;
    }
  }

  auto& decision = figures.figure(
      "decision",
      "Output on the plane of the two means (first seed), scaled to 1, with the neurons' "
      "weights there. After one step "
      "the rule is linear; at the end each mean has its own sign.",
      3);
  const auto decision_steps = main.axis("decision");
  const auto rows = main.axis("decision", 1);
  const auto columns = main.axis("decision", 2);
  for (std::size_t s = 0; s < decision_steps.size(); ++s) {
    auto field = at_step(main, "decision", s, 0, 1);
    field.resize(rows.size() * columns.size()); // the first cell's
    auto& panel = decision.panel("step " + std::to_string(static_cast<Index>(decision_steps[s])))
                      .x_axis("along mu_1 / |mu|")
                      .y_axis("along mu_2 / |mu|")
                      .heatmap("f / max |f|", columns, rows, field)
                      .color_limits(-1, 1);
    draw_neurons(panel, main, decision_steps[s], static_cast<std::size_t>(p.width));
    panel.points("mu_1: +1", {-1, 1}, {0, 0}, {.color = 1, .size = 1.4})
        .points("mu_2: -1", {0, 0}, {-1, 1}, {.color = 0, .size = 1.4})
        .equal_axes = true;
  }
}

} // namespace gradus::examples::xor_clusters
