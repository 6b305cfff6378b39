// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <algorithm>
#include <array>
#include <cmath>
#include <string>
#include <utility>
#include <vector>

#include "fits.hpp"
#include "setting.hpp"
#include <gradus/core/distributions.hpp>
#include <gradus/core/random.hpp>
#include <gradus/core/types.hpp>
#include <gradus/data/gaussian_classes.hpp>
#include <gradus/linear/svm.hpp>
#include <gradus/metrics/boundary.hpp>
#include <gradus/study/record.hpp>
#include <gradus/theory/boundary_tilting.hpp>

namespace gradus::examples::tilting {

/// The axes along which boundaries are tilted; the classes' standard deviation is 1 / k.
inline constexpr std::array<Index, 5> tilted_axes{2, 4, 10, 32, 100};

/// The points of the two-dimensional toy problem, (-a, 0) of class -1 and (a, 0) of class +1 for 81
/// values of a, and on request one noisy point (0.07, -0.07) of class -1.
inline data::LabelledSamples<double> toy_points(bool noisy) {
  const std::vector<double> a = linspace(0.2, 1.0, 81);
  const auto count = static_cast<Index>(a.size());
  const Index size = 2 * count + (noisy ? 1 : 0);
  data::LabelledSamples<double> points{Matrix<double>::Zero(2, size), Vector<double>(size)};
  for (Index i = 0; i < count; ++i) {
    points.x(0, i) = -a[static_cast<std::size_t>(i)];
    points.x(0, count + i) = a[static_cast<std::size_t>(i)];
  }
  points.labels.head(count).setConstant(-1);
  points.labels.segment(count, count).setConstant(1);
  if (noisy) {
    points.x.col(2 * count) << 0.07, -0.07;
    points.labels(2 * count) = -1;
  }
  return points;
}

/// The two-dimensional toy problem: a boundary turned by hand, and one noisy point.
inline void run_toy(const Stream& stream, Record& out) {
  const auto points = toy_points(false);
  double worst_error = 0;
  double worst_distance = 0;
  double strength = 0;
  for (const double t : linspace(0, 89.9, 900)) {
    const Vector<double> w{{std::cos(t / degrees), std::sin(t / degrees)}};
    const double distance = metrics::adversarial_distance<double>(points.x, points.labels, w);
    worst_error = std::max(worst_error, error_of(w, points.x, points.labels));
    worst_distance = std::max(worst_distance, std::abs(distance - 0.6 * std::cos(t / degrees)));
    strength = metrics::adversarial_strength<double>(Vector<double>{{1.2, 0.0}}, distance);
  }
  out.number("error", worst_error);
  out.number("distance_error", worst_distance);
  out.number("strength", strength);

  const auto noisy = toy_points(true);
  const linear::LinearSvm<double> svm(noisy.x, noisy.labels);
  const std::vector<double> penalties = falling_penalties(2, -7, 19);
  const auto fits =
      linear::svm_path<double>(svm, penalties, {.tolerance = 1e-8, .gap_tolerance = 1e-8}, stream);
  std::vector<double> tilts;
  double unsolved = 0;
  for (const auto& fit : fits) {
    tilts.push_back(degrees *
                    metrics::deviation_angle<double>(fit.weights, Vector<double>{{1.0, 0.0}}));
    unsolved += fit.converged ? 0 : 1;
  }
  const auto errors = [&](const Vector<double>& w) {
    return error_of(w, noisy.x, noisy.labels) * static_cast<double>(noisy.labels.size());
  };
  out.number("unsolved", unsolved);
  out.number("tilt_strong", tilts[4]); // penalty 1
  out.number("tilt_weak", tilts.back());
  out.number("errors_strong", errors(fits[4].weights));
  out.number("errors_weak", errors(fits.back().weights));
  out.series("tilts", {"penalty", penalties}, std::move(tilts));
}

/// Test points of a tilted boundary, told apart by y x alone: a along the mean, b along the axis.
/// With tilt T a point is wrong where a + T b < 0.
struct TiltedPoints {
  std::vector<double> a;
  std::vector<double> b;

  [[nodiscard]] double error(double tilt) const {
    Index wrong = 0;
    for (std::size_t i = 0; i < a.size(); ++i) {
      wrong += a[i] + tilt * b[i] < 0 ? 1 : 0;
    }
    return static_cast<double>(wrong) / static_cast<double>(a.size());
  }

  /// Largest tilt at which the error is at most `extra` above that of no tilt.
  [[nodiscard]] double largest_tilt(double extra) const {
    std::vector<std::pair<double, int>> changes; // where a point changes sides, and its error
    for (std::size_t i = 0; i < a.size(); ++i) {
      if (a[i] * b[i] < 0) {
        changes.emplace_back(-a[i] / b[i], a[i] > 0 ? 1 : -1);
      }
    }
    std::sort(changes.begin(), changes.end());
    const double allowed = extra * static_cast<double>(a.size());
    double more = 0; // errors above those of no tilt
    double largest = 0;
    for (const auto& [tilt, change] : changes) {
      if (more <= allowed) {
        largest = tilt;
      }
      more += change;
    }
    return largest;
  }
};

/// Boundaries tilted by hand along one axis each: Monte Carlo against the closed form.
inline void run_planned(const Params& p, const Stream& stream, Record& out) {
  constexpr auto count = static_cast<Index>(tilted_axes.size());
  // Of the coordinates only the first and the tilted one enter a score.
  data::GaussianClasses classes{Vector<double>::Zero(count + 1), Vector<double>::Ones(count + 1)};
  classes.mean(0) = five_percent;
  for (Index k = 0; k < count; ++k) {
    classes.variances(k + 1) =
        std::pow(static_cast<double>(tilted_axes[static_cast<std::size_t>(k)]), -2);
  }
  const auto set = data::draw_gaussian_classes<double>(classes, p.num_test / 2, stream);
  const Matrix<double> signed_x = set.x * set.labels.asDiagonal();
  std::vector<double> scores, axes, tilts, laws;
  const std::vector<double> drawn = logspace(0.1, 1000, 33);
  std::vector<double> measured, predicted;
  for (Index k = 0; k < count; ++k) {
    TiltedPoints points;
    for (Index i = 0; i < signed_x.cols(); ++i) {
      points.a.push_back(signed_x(0, i));
      points.b.push_back(signed_x(k + 1, i));
    }
    const theory::PlannedTilt law{.margin = five_percent,
                                  .spread = std::sqrt(classes.variances(k + 1))};
    for (const double t : {0.0, 30.0, 60.0, 80.0, 85.0, 89.0}) {
      const double tilt = std::tan(t / degrees);
      const double expected = law.error(tilt);
      scores.push_back((points.error(tilt) - expected) /
                       std::sqrt(expected * (1 - expected) / static_cast<double>(signed_x.cols())));
    }
    axes.push_back(static_cast<double>(tilted_axes[static_cast<std::size_t>(k)]));
    tilts.push_back(points.largest_tilt(0.01));
    laws.push_back(law.largest_tilt(0.01));
    for (const double tilt : drawn) {
      measured.push_back(points.error(tilt));
      predicted.push_back(law.error(tilt));
    }
  }
  out.number("strength", theory::PlannedTilt::strength(tilts.back()));
  double worst = 0;
  for (const double z : scores) {
    worst = std::max(worst, std::abs(z));
  }
  out.number("z_score", worst);
  const Axis axis{"axis", axes};
  out.series("largest_tilt", axis, std::move(tilts));
  out.series("largest_tilt_law", axis, std::move(laws));
  out.table("curve", {axis, {"tilt", drawn}}, std::move(measured));
  out.table("curve_law", {axis, {"tilt", drawn}}, std::move(predicted));
}

/// Control: where the other axis varies as much as the first, tilting costs accuracy.
inline void run_isotropic_tilt(const Params& p, const Stream& stream, Record& out) {
  const data::GaussianClasses classes{Vector<double>{{five_percent, 0}}, Vector<double>::Ones(2)};
  const auto set = data::draw_gaussian_classes<double>(classes, p.num_test / 2, stream);
  const Vector<double> w{{std::cos(60 / degrees), std::sin(60 / degrees)}};
  out.number("error", error_of(w, set.x, set.labels));
}

/// A tilt along coordinates that are 0 in all data.
inline void run_zero_variance(const Params& p, const Stream& stream, Record& out) {
  constexpr Index varying = 20;
  constexpr Index constant = 4;
  data::GaussianClasses classes{Vector<double>::Zero(varying + constant),
                                Vector<double>::Zero(varying + constant)};
  classes.mean(0) = 1.5;
  classes.variances.head(varying).setOnes();
  const Centred set(
      data::draw_gaussian_classes<double>(classes, p.num_train, stream.child("training")));
  auto test = data::draw_gaussian_classes<double>(classes, 1000, stream.child("test")).x;
  test.colwise() -= set.midpoint;
  Vector<double> v = Vector<double>::Zero(varying + constant);
  Stream draws = stream.child("direction");
  for (Index k = 0; k < constant; ++k) {
    v(varying + k) = normal(draws);
  }
  v.normalize();
  const Vector<double> unit = set.z.normalized();
  double changed = 0;
  double strength = 0;
  for (const double tilt : {0.0, 1.0, 10.0, 1e3, 1e6}) {
    const Vector<double> w = unit + tilt * v;
    for (const Matrix<double>* x : {&std::as_const(set.x), &std::as_const(test)}) {
      const Vector<double> before = x->transpose() * unit;
      const Vector<double> after = x->transpose() * w;
      changed += static_cast<double>(((before.array() > 0) != (after.array() > 0)).count());
    }
    strength = metrics::adversarial_strength<double>(
        set.z, metrics::adversarial_distance<double>(set.x, set.y, w));
  }
  out.number("changed", changed);
  out.number("strength", strength);
}

} // namespace gradus::examples::tilting
