// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <algorithm>
#include <cmath>
#include <string>
#include <utility>
#include <vector>

#include "planned.hpp"
#include "setting.hpp"
#include <gradus/metrics/boundary.hpp>
#include <gradus/study/figures.hpp>
#include <gradus/study/results.hpp>
#include <gradus/study/summary.hpp>
#include <gradus/theory/boundary_tilting.hpp>

namespace gradus::examples::tilting {

/// The line through the origin whose normal stands at an angle to the first axis, degrees, as far
/// as it lies within |x| <= width, |y| <= height.
inline void add_boundary(Panel& panel, std::string label, double angle, double width, double height,
                         Style style = {}) {
  const double x = -std::sin(angle / degrees);
  const double y = std::cos(angle / degrees);
  const double length =
      std::min(width / std::max(std::abs(x), 1e-9), height / std::max(std::abs(y), 1e-9));
  panel.line(std::move(label), {-length * x, length * x}, {-length * y, length * y}, style);
}

inline void draw_toy(const Results& r, Figures& figures) {
  auto& figure = figures.figure(
      "toy-2d",
      "Left: every boundary separates the classes; one sample and its mirror images. "
      "Middle: one noisy point tilts the SVM of a small penalty. Right: its tilt.",
      3);
  const auto points = toy_points(false);
  const auto add_points = [&](Panel& panel) {
    std::vector<double> x, zero;
    for (Index i = 0; i < 81; i += 8) {
      x.push_back(points.x(0, 81 + i));
      zero.push_back(0);
    }
    std::vector<double> negative = x;
    for (double& a : negative) {
      a = -a;
    }
    panel.points("class -1", negative, zero, {.color = 0});
    panel.points("class +1", x, zero, {.color = 1});
    panel.x_axis("x_1").y_axis("x_2").x_limits(-1.1, 1.1).y_limits(-1.1, 1.1);
    panel.equal_axes = true;
    panel.legend_at("below");
  };
  auto& turned = figure.panel("boundaries turned by hand");
  add_points(turned);
  const Vector<double> sample{{0.9, 0.0}};
  int color = 2;
  for (const double t : {0.0, 45.0, 80.0}) {
    add_boundary(turned, std::to_string(static_cast<int>(t)) + " degrees", t, 1.08, 1.08,
                 {.color = color});
    const Vector<double> w{{std::cos(t / degrees), std::sin(t / degrees)}};
    const Matrix<double> mirror = metrics::mirror_images<double>(sample, w);
    turned.line("", {0.9, mirror(0, 0)}, {0, mirror(1, 0)}, {.color = color, .dashed = true});
    turned.points("", {mirror(0, 0)}, {mirror(1, 0)}, {.color = color, .size = 1.2});
    ++color;
  }
  const ArmResults toy = r["toy"];
  auto& noisy = figure.panel("one noisy point of class -1");
  add_points(noisy);
  noisy.points("noisy point", {0.07}, {-0.07}, {.color = -1, .size = 1.2});
  add_boundary(noisy, "penalty 1", toy.first_number("tilt_strong"), 1.08, 1.08, {.color = 2});
  add_boundary(noisy, "penalty 1e-7", toy.first_number("tilt_weak"), 1.08, 1.08, {.color = 4});
  figure.panel("tilt of the SVM")
      .x_axis("penalty", true)
      .y_axis("tilt, degrees")
      .y_limits(-2, 90)
      .legend_at("bottom left")
      .line("measured", toy.axis("tilts"), toy.first_series("tilts"))
      .horizontal("atan(27/7)", degrees * theory::noisy_point_tilt(0.2, 0.07, -0.07));
}

inline void draw_planned(const Results& r, Figures& figures) {
  const ArmResults planned = r["planned"];
  auto& figure = figures.figure(
      "planned-tilt", "Left: error against the tilt along axes of standard deviation s, mean over "
                      "seeds; dashed: closed form. Right: strength at one more point of error.");
  auto& errors = figure.panel("price of a tilt").x_axis("tan(theta)", true).y_axis("test error");
  errors.y_limits(0, 0.5).legend_at("top left");
  const std::vector<double> tilts = planned.axis("curve", 1);
  const std::vector<double> curve = mean_across(planned.series("curve"));
  const std::vector<double> law = mean_across(planned.series("curve_law"));
  const std::vector<double> axes = planned.axis("curve", 0);
  std::vector<double> spreads, measured, predicted;
  const std::vector<double> largest = mean_across(planned.series("largest_tilt"));
  const std::vector<double> largest_law = mean_across(planned.series("largest_tilt_law"));
  for (std::size_t k = 0; k < axes.size(); ++k) {
    const auto row = [&](const std::vector<double>& table) {
      const auto start = table.begin() + static_cast<std::ptrdiff_t>(k * tilts.size());
      return std::vector<double>(start, start + static_cast<std::ptrdiff_t>(tilts.size()));
    };
    const int color = static_cast<int>(k);
    errors.points("s = 1/" + std::to_string(static_cast<int>(axes[k])), tilts, row(curve),
                  {.color = color});
    errors.line("", tilts, row(law), {.color = color, .dashed = true});
    spreads.push_back(1 / axes[k]);
    measured.push_back(std::hypot(1, largest[k]));
    predicted.push_back(std::hypot(1, largest_law[k]));
  }
  figure.panel("strength for one point of error")
      .x_axis("standard deviation s along the tilt", true)
      .y_axis("strength 1 / cos(theta)", true)
      .points("measured", spreads, measured)
      .line("closed form", spreads, predicted, {.color = 1, .dashed = true});
}

inline void draw_paths(const Results& r, Figures& figures) {
  const ArmResults path = r["path"];
  auto& figure = figures.figure(
      "gaussian-paths", "Gaussian classes with variances 1/k^2: fits against the penalty, median "
                        "over seeds.");
  const auto add = [&](const char* title, const char* label, bool log,
                       const std::vector<std::pair<std::string, std::string>>& what) -> Panel& {
    auto& panel = figure.panel(title).x_axis("penalty", true).y_axis(label, log);
    int color = 0;
    for (const auto& [series, words] : what) {
      panel.line(words, path.axis(series), quantile_across(path.series(series), 0.5),
                 {.color = color++});
    }
    return panel;
  };
  add("deviation angle", "theta, degrees", false,
      {{"svm_theta", "SVM"}, {"lr_theta", "logistic regression"}})
      .legend_at("top right");
  add("distance", "d_adv", false, {{"svm_distance", "SVM"}, {"lr_distance", "logistic regression"}})
      .legend_at("bottom right");
  add("errors", "error", false,
      {{"svm_test_error", "SVM, test"},
       {"lr_test_error", "logistic, test"},
       {"svm_train_error", "SVM, training"},
       {"lr_train_error", "logistic, training"}})
      .legend_at("bottom right");
  add("weights", "|w|", true, {{"svm_norm", "SVM"}, {"lr_norm", "logistic regression"}})
      .legend_at("top right");
}

inline void draw_taxonomy(const Results& r, Figures& figures) {
  const ArmResults path = r["path"].first();
  auto& figure = figures.figure(
      "taxonomy", "Test error against the angle to the mean, one seed. No boundary lies below the "
                  "front; type 0 is near the nearest centroid, type 1 buys accuracy, type 2 none.");
  for (const auto& [prefix, title] :
       {std::pair{std::string("svm_"), "SVM"}, {std::string("lr_"), "logistic regression"}}) {
    auto& panel = figure.panel(title).x_axis("angle to the mean, degrees").y_axis("test error");
    panel.legend_at("top right").y_limits(0.02, 0.07);
    panel.line("front", path.axis("front"), path.first_series("front"),
               {.color = -1, .dashed = true});
    const std::vector<double> angles = path.first_series(prefix + "angle_to_mean");
    const std::vector<double> errors = path.first_series(prefix + "test_error");
    const std::vector<double> theta = path.first_series(prefix + "theta");
    const auto best = std::min_element(errors.begin(), errors.end()) - errors.begin();
    std::vector<std::vector<double>> x(3), y(3);
    for (std::size_t k = 0; k < angles.size(); ++k) {
      const std::size_t type = static_cast<std::ptrdiff_t>(k) > best ? 2 : theta[k] < 1 ? 0 : 1;
      x[type].push_back(angles[k]);
      y[type].push_back(errors[k]);
    }
    panel.line("", angles, errors, {.color = -1, .width = 1});
    panel.points("mean (NCC)", {0}, {path.first_series("front").front()},
                 {.color = 3, .size = 1.3});
    for (const std::size_t type : {0ULL, 1ULL, 2ULL}) {
      panel.points("type " + std::to_string(type), x[type], y[type],
                   {.color = static_cast<int>(type)});
    }
    panel.points("Bayes", {path.first_number("bayes_angle")}, {path.first_number("bayes_error")},
                 {.color = 4, .size = 1.4});
  }
}

inline void draw_planes(const Results& r, Figures& figures) {
  const ArmResults path = r["path"].first();
  auto& figure =
      figures.figure("tilting-plane",
                     "Training set in the plane of z and the SVM's normal at the largest, the "
                     "best and the smallest penalty, one seed. The axes differ in scale.",
                     3);
  const std::vector<double> along = path.first_series("plane_z");
  const auto half = static_cast<std::ptrdiff_t>(along.size() / 2);
  for (const char* name : {"first", "best", "last"}) {
    const std::vector<double> beside = path.first_series(std::string("plane_") + name);
    auto& panel = figure.panel(name).x_axis("along z").y_axis("beside z");
    panel.legend_at("below").x_limits(-4.5, 4.5).y_limits(-1, 1);
    panel.points("class -1", {along.begin(), along.begin() + half},
                 {beside.begin(), beside.begin() + half}, {.color = 0, .size = 0.5});
    panel.points("class +1", {along.begin() + half, along.end()},
                 {beside.begin() + half, beside.end()}, {.color = 1, .size = 0.5});
    add_boundary(panel, "boundary", path.first_number(std::string("plane_angle_") + name), 4.4,
                 0.98, {.color = -1});
  }
}

/// A square image; its first row is drawn at the top.
inline void add_image(Figure& figure, std::string title, const std::vector<double>& pixels,
                      double low, double high) {
  const auto side =
      static_cast<std::size_t>(std::lround(std::sqrt(static_cast<double>(pixels.size()))));
  std::vector<double> columns, rows, values;
  for (std::size_t k = 0; k < side; ++k) {
    columns.push_back(static_cast<double>(k));
    rows.push_back(static_cast<double>(k));
    const auto start = pixels.begin() + static_cast<std::ptrdiff_t>((side - 1 - k) * side);
    values.insert(values.end(), start, start + static_cast<std::ptrdiff_t>(side));
  }
  auto& panel = figure.panel(std::move(title)).heatmap("", columns, rows, values);
  panel.color_limits(low, high).legend_at("off");
  panel.equal_axes = true;
}

/// Weights on a scale symmetric about 0.
inline void add_weights(Figure& figure, std::string title, const std::vector<double>& w) {
  double size = 0;
  for (const double x : w) {
    size = std::max(size, std::abs(x));
  }
  add_image(figure, std::move(title), w, -size, size);
}

inline void draw_half_images(const Results& r, Figures& figures) {
  auto& figure =
      figures.figure("half-images",
                     "Half images, SVM: weights at the largest and the smallest penalty, a sample "
                     "of class -1 and its mirror images there. Top: clean; bottom: five corrupted "
                     "images a class.",
                     5);
  for (const double count : {0.0, 5.0}) {
    const ArmResults arm = r["half"].where("corrupted", count).first();
    add_weights(figure, "w, largest", arm.first_series("w_first"));
    add_weights(figure, "w, smallest", arm.first_series("w_last"));
    add_image(figure, "x", arm.first_series("x"), -0.2, 1.2);
    add_image(figure, "mirror, largest", arm.first_series("mirror_first"), -0.2, 1.2);
    add_image(figure, "mirror, smallest", arm.first_series("mirror_last"), -0.2, 1.2);
  }
  auto& strength = figures.figure("half-strength",
                                  "Half images, SVM at the smallest penalty: strength against the "
                                  "corrupted images of a class (16 x 16), and against the side.");
  auto& dose = strength.panel("corruption").x_axis("corrupted images a class").y_axis("strength");
  for (const double count : r["half"].coordinates("corrupted")) {
    const auto s = r["half"].where("corrupted", count).numbers("svm_strength_last");
    dose.points("", std::vector<double>(s.size(), count), s);
  }
  auto& size = strength.panel("size").x_axis("side, pixels", true).y_axis("strength");
  size.y_limits(1, 5);
  for (const double side : r["half-size"].coordinates("half_side")) {
    const auto s = r["half-size"].where("half_side", side).numbers("svm_strength_last");
    size.points("", std::vector<double>(s.size(), side), s);
  }
  const auto s = r["half"].where("corrupted", 5).numbers("svm_strength_last");
  size.points("", std::vector<double>(s.size(), 16), s);
}

inline void draw_digits(const Results& r, Figures& figures) {
  const ArmResults digits = r["digits"];
  const ArmResults one = digits.first();
  if (!one.series("x").empty() && !one.series("x").front().empty()) {
    auto& figure = figures.figure(
        "digits",
        "Drawn digits with swapped labels, SVM at the largest, the best and the smallest "
        "penalty. Top: a 3 and its mirror images; bottom: test errors, weights.",
        4);
    add_image(figure, "x", one.first_series("x"), -0.3, 1.3);
    for (const char* name : {"first", "best", "last"}) {
      add_image(figure, std::string("mirror, ") + name,
                one.first_series(std::string("mirror_") + name), -0.3, 1.3);
    }
    auto& errors = figure.panel("test error").x_axis("penalty", true).y_axis("error");
    errors.legend_at("top left");
    errors.line("SVM", digits.axis("svm_test_error"), mean_across(digits.series("svm_test_error")));
    errors.line("logistic", digits.axis("lr_test_error"),
                mean_across(digits.series("lr_test_error")), {.color = 1});
    for (const char* name : {"first", "best", "last"}) {
      add_weights(figure, std::string("w, ") + name, one.first_series(std::string("w_") + name));
    }
    auto& margins =
        figures.figure("digits-margins",
                       "Signed distances of the training images from the SVM's boundary, and "
                       "the hinge loss on that scale.",
                       3);
    for (const char* name : {"first", "best", "last"}) {
      const std::vector<double> values = one.first_series(std::string("margins_") + name);
      const double norm = one.first_number(std::string("norm_") + name);
      const Histogram bins = histogram(values, -2.5, 2.5, 50);
      auto& panel = margins.panel(name).x_axis("y <w, x> / |w|").y_axis("share, or loss");
      panel.x_limits(-2.5, 2.5).y_limits(0, 0.6).legend_at("top right");
      panel.bars("training images", bins.centres, bins.shares);
      std::vector<double> loss;
      const std::vector<double> at = linspace(-2.5, 2.5, 201);
      for (const double u : at) {
        loss.push_back(0.3 * std::max(0.0, 1 - norm * u));
      }
      panel.line("0.3 hinge loss", at, loss, {.color = 1});
      panel.vertical("", 0);
    }
  }
}

/// What is seen.
inline void draw(const Params& /*p*/, const Results& r, Figures& figures) {
  draw_toy(r, figures);
  draw_planned(r, figures);
  draw_paths(r, figures);
  draw_taxonomy(r, figures);
  draw_planes(r, figures);
  draw_half_images(r, figures);
  draw_digits(r, figures);
}

} // namespace gradus::examples::tilting
