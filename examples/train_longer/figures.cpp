// SPDX-License-Identifier: BSD-3-Clause
#include "figures.hpp"

#include <cmath>
#include <cstddef>
#include <numbers>
#include <string>
#include <utility>
#include <vector>

#include <gradus/study/number_text.hpp>
#include <gradus/study/summary.hpp>
#include <gradus/theory/golosov_kesten.hpp>

namespace gradus::examples::longer {

namespace {

using List = std::vector<double>;

template <class F>
List map(List values, F&& f) {
  for (double& x : values) {
    x = f(x);
  }
  return values;
}

List log10_of(const List& values) {
  return map(values, [](double x) { return x * std::log10(std::exp(1.0)); });
}

List every_fifth(const List& values) {
  List some;
  for (std::size_t i = 0; i < values.size(); i += 5) {
    some.push_back(values[i]);
  }
  return some;
}

void draw_sinai(const Results& r, Figures& figures) {
  const ArmResults sinai = r["sinai"];
  auto& figure = figures.figure(
      "sinai", "Left: Sinai's walk, mean over seeds; dashed: the slope of the limit law, through "
               "the last point. Right: the controls are power laws in tau.");
  const List ln_tau = sinai.axis("distance");
  const double sigma = 1.5;
  const List root =
      map(mean_across(sinai.series("distance")), [=](double x) { return sigma * std::sqrt(x); });
  const double slope = std::sqrt(theory::golosov_mean);
  figure.panel("Brownian potential, sigma = 1.5")
      .x_axis("ln tau")
      .y_axis("sigma sqrt(E|x|)")
      .legend_at("top left")
      .points("measured", ln_tau, root)
      .line("slope sqrt(5/6)", ln_tau,
            map(ln_tau, [&](double x) { return root.back() + slope * (x - ln_tau.back()); }),
            {.color = 1, .dashed = true});
  auto& controls = figure.panel("controls");
  controls.x_axis("log10 tau").y_axis("E|x|", true).legend_at("top left");
  int color = 0;
  for (const auto& [arm, label] : {std::pair("control-flat", "no potential"),
                                   {"control-white", "alpha = 0"},
                                   {"control-drift", "slope 0.5"},
                                   {"control-alpha-2", "alpha = 2: lines"},
                                   {"sinai", "alpha = 1"}}) {
    controls.line(label, log10_of(r[arm].axis("distance")), mean_across(r[arm].series("distance")),
                  {.color = color++});
  }
}

void draw_shape(const Results& r, Figures& figures) {
  const ArmResults sinai = r["sinai"];
  const List x = sinai.axis("cdf");
  figures
      .figure("shape", "Law of Sinai's walk at ln tau 30, mean over seeds, against Golosov's law "
                       "and, of the same mean, a half-normal one.")
      .panel("distance over its mean")
      .x_axis("|x| / E|x|")
      .y_axis("probability to be nearer")
      .legend_at("bottom right")
      .line("Golosov", x,
            map(x, [](double at) { return theory::golosov_cdf(at * theory::golosov_mean); }),
            {.color = 1})
      .points("measured", every_fifth(x), every_fifth(mean_across(sinai.series("cdf"))))
      .line("half-normal", x,
            map(x, [](double at) { return std::erf(at * std::numbers::inv_sqrtpi); }),
            {.color = 2, .dashed = true});
}

void draw_exponents(const Results& r, Figures& figures) {
  const ArmResults walk = r["walk"];
  auto& panel = figures
                    .figure("exponents", "Mean distance to the power alpha / 2 is straight in "
                                         "ln tau, the law of the paper; mean over seeds.")
                    .panel("fractional Brownian potentials")
                    .x_axis("ln tau")
                    .y_axis("(E|x|)^(alpha / 2) over its last value")
                    .legend_at("top left");
  for (std::size_t k = 0; k < walks.size(); ++k) {
    const WalkSetting& setting = walks[k];
    const ArmResults cells = walk.where("alpha", setting.alpha);
    const List bent = map(mean_across(cells.series("distance")),
                          [&](double x) { return std::pow(x, setting.alpha / 2); });
    panel.line("alpha = " + number_text(setting.alpha), cells.axis("distance"),
               map(bent, [&](double x) { return x / bent.back(); }),
               {.color = static_cast<int>(k)});
  }
}

void draw_paths(const Results& r, Figures& figures) {
  const ArmResults paths = r["paths"];
  auto& figure = figures.figure("paths", "Four walkers in one landscape, step by step, and the "
                                         "landscape: they wait in the same valleys.");
  auto& left = figure.panel("paths").x_axis("step + 1", true).y_axis("site").legend_at("off");
  for (int k = 0; k < 4; ++k) {
    const std::string name = "path" + std::to_string(k);
    left.line("", map(paths.axis(name), [](double t) { return t + 1; }), paths.series(name).at(0),
              {.color = k, .width = 1.2});
  }
  figure.panel("potential")
      .x_axis("site")
      .y_axis("V")
      .legend_at("off")
      .line("", paths.axis("potential"), paths.series("potential").at(0), {.width = 1.2});
}

void draw_stream(const Params& p, const Results& r, Figures& figures) {
  auto& figure =
      figures.figure("distance", "Distance from the start on an endless stream, mean over seeds. "
                                 "Left: rate times the square root of the batch. Right: one rate.");
  const auto add = [&](Panel& panel, const ArmResults& arm, Index batch, int color) {
    const ArmResults cells = arm.where("batch", static_cast<double>(batch));
    panel.line("batch " + std::to_string(batch), cells.axis("distance"),
               mean_across(cells.series("distance")), {.color = color});
  };
  auto& scaled = figure.panel("rate scaled");
  auto& unscaled = figure.panel("one rate");
  for (Panel* panel : {&scaled, &unscaled}) {
    panel->x_axis("update", true).y_axis("|w - w0|").legend_at("top left");
    add(*panel, r["stream"], p.small_batch, 0);
  }
  int color = 1;
  for (const Index batch : {4 * p.small_batch, p.large_batch}) {
    add(scaled, r["stream"], batch, color);
    add(unscaled, r["stream-unscaled"], batch, color++);
  }
}

void draw_gap(const Params& p, const Results& r, Figures& figures) {
  const std::vector<std::pair<std::string, std::string>> arms =
      p.full ? std::vector<std::pair<std::string, std::string>>{{"sb", "small"},
                                                                {"lb", "large"},
                                                                {"lb-lr", "+ rate"},
                                                                {"lb-lr-gbn", "+ rate, ghost"},
                                                                {"lb-lr-ra", "+ rate, updates"},
                                                                {"lb-lr-ra-gbn", "+ all"}}
             : std::vector<std::pair<std::string, std::string>>{{"sb", "small"},
                                                                {"lb", "large"},
                                                                {"lb-lr", "+ rate"},
                                                                {"lb-lr-gbn", "+ rate, ghost"}};
  auto& figure = figures.figure(
      "gap", "Left: test accuracy by arm, mean (bars) and seeds (dots): 1 small batch, 2 large, 3 "
             "its rate scaled, 4 and ghost batches, 5 scaled and as many updates, 6 all of it. "
             "Right: against updates, mean over seeds.");
  auto& bars = figure.panel("at the end").x_axis("arm").y_axis("test accuracy").legend_at("off");
  auto& curves = figure.panel("on the way")
                     .x_axis("update", true)
                     .y_axis("test accuracy")
                     .legend_at("bottom right");
  List places;
  List means;
  List dots_x;
  List dots_y;
  for (std::size_t k = 0; k < arms.size(); ++k) {
    const ArmResults cells = r[arms[k].first];
    const auto place = static_cast<double>(k + 1);
    places.push_back(place);
    means.push_back(mean_of(cells.numbers("test")).value);
    for (const double test : cells.numbers("test")) {
      dots_x.push_back(place);
      dots_y.push_back(test);
    }
    curves.line(arms[k].second, cells.axis("test_curve"), mean_across(cells.series("test_curve")),
                {.color = static_cast<int>(k)});
  }
  bars.bars("", places, means).points("", dots_x, dots_y, {.color = -1, .size = 0.5});
  bars.y_limits(0, 0.8);
}

void draw_covariance(const Results& r, Figures& figures) {
  const ArmResults noise = r["covariance"];
  auto& panel =
      figures
          .figure("covariance", "Variance of the update times the batch, over that of one "
                                "example, mean over seeds; lines: the formulas.")
          .panel("1024 examples, a 64-32-10 network")
          .x_axis("batch", true)
          .y_axis("M variance / variance of one")
          .y_limits(0.6, 1.15)
          .legend_at("bottom left");
  int color = 0;
  for (const auto& [name, label] : {std::pair("with", "with replacement"),
                                    {"without", "without"},
                                    {"bernoulli", "Bernoulli"}}) {
    const std::string scaled = "scaled_" + std::string(name);
    const std::string ratio = "ratio_" + std::string(name);
    const List batch = noise.axis(scaled);
    panel.points(label, batch, mean_across(noise.series(scaled)), {.color = color});
    panel.line("", batch,
               quotients(mean_across(noise.series(scaled)), mean_across(noise.series(ratio))),
               {.color = color, .dashed = true});
    ++color;
  }
}

} // namespace

void draw(const Params& p, const Results& r, Figures& figures) {
  draw_sinai(r, figures);
  draw_shape(r, figures);
  draw_paths(r, figures);
  draw_gap(p, r, figures);
  if (p.full) {
    draw_exponents(r, figures);
    draw_stream(p, r, figures);
    draw_covariance(r, figures);
  }
}

} // namespace gradus::examples::longer
