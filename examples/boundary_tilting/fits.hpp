// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <algorithm>
#include <cmath>
#include <string>
#include <vector>

#include "setting.hpp"
#include <gradus/core/random.hpp>
#include <gradus/core/types.hpp>
#include <gradus/data/labelled.hpp>
#include <gradus/linear/logistic.hpp>
#include <gradus/linear/nearest_centroid.hpp>
#include <gradus/linear/svm.hpp>
#include <gradus/metrics/boundary.hpp>
#include <gradus/study/record.hpp>

namespace gradus::examples::tilting {

/// A training set moved so that the middle between its centroids is the origin.
struct Centred {
  explicit Centred(data::LabelledSamples<double> samples)
      : x(std::move(samples.x)), y(std::move(samples.labels)) {
    const auto centroids = linear::fit_nearest_centroid<double>(x, y);
    midpoint = centroids.midpoint();
    z = centroids.direction();
    x.colwise() -= midpoint;
  }

  Matrix<double> x;
  Vector<double> y;
  Vector<double> z;        ///< difference of the centroids
  Vector<double> midpoint; ///< what was taken off
};

/// Share of samples on the wrong side of the boundary, or on it.
inline double error_of(const Vector<double>& w, const Matrix<double>& x, const Vector<double>& y) {
  const Vector<double> scores = (x.transpose() * w).cwiseProduct(y);
  return static_cast<double>((scores.array() <= 0).count()) / static_cast<double>(y.size());
}

/// What is measured of fits along falling penalties, an entry a penalty.
struct FitPath {
  std::vector<double> penalties;
  std::vector<Vector<double>> weights;
  std::vector<double> theta;    ///< deviation angle, degrees
  std::vector<double> distance; ///< d_adv
  std::vector<double> wrong;    ///< d_err
  std::vector<double> norm;     ///< |w|
  std::vector<double> train_error;
  std::vector<double> test_error; ///< filled in by whoever knows how to test
  double identity = 0;            ///< largest |d_adv - |z| cos(theta) / 2|
  double mirror = 0;              ///< largest |score(mirror image) + score(x)|
  Index unsolved = 0;             ///< fits without their certificate

  /// Position of the least test error.
  [[nodiscard]] std::size_t best() const {
    return static_cast<std::size_t>(std::min_element(test_error.begin(), test_error.end()) -
                                    test_error.begin());
  }

  void add(const Centred& set, double penalty, const Vector<double>& w, bool converged) {
    const double angle = metrics::deviation_angle<double>(w, set.z);
    const double d_adv = metrics::adversarial_distance<double>(set.x, set.y, w);
    penalties.push_back(penalty);
    weights.push_back(w);
    theta.push_back(degrees * angle);
    distance.push_back(d_adv);
    wrong.push_back(metrics::error_distance<double>(set.x, set.y, w));
    norm.push_back(w.norm());
    train_error.push_back(error_of(w, set.x, set.y));
    identity = std::max(identity, std::abs(d_adv - set.z.norm() * std::cos(angle) / 2));
    const Matrix<double> images = metrics::mirror_images<double>(set.x, w);
    mirror = std::max(mirror, ((images + set.x).transpose() * w).cwiseAbs().maxCoeff() / w.norm());
    unsolved += converged ? 0 : 1;
  }

  /// Writes the series, named prefix + what they are, and the numbers that claims ask for.
  void record(const std::string& prefix, Record& out) const {
    const Axis axis{"penalty", penalties};
    out.series(prefix + "theta", axis, theta);
    out.series(prefix + "distance", axis, distance);
    out.series(prefix + "wrong", axis, wrong);
    out.series(prefix + "norm", axis, norm);
    out.series(prefix + "train_error", axis, train_error);
    out.number(prefix + "identity", identity);
    out.number(prefix + "mirror", mirror);
    out.number(prefix + "unsolved", static_cast<double>(unsolved));
    out.number(prefix + "theta_first", theta.front());
    out.number(prefix + "theta_last", theta.back());
    out.number(prefix + "strength_first", 1 / std::cos(theta.front() / degrees));
    out.number(prefix + "strength_last", 1 / std::cos(theta.back() / degrees));
    out.number(prefix + "train_last", train_error.back());
    if (test_error.empty()) {
      return;
    }
    const std::size_t b = best();
    out.series(prefix + "test_error", axis, test_error);
    out.number(prefix + "best_penalty", penalties[b]);
    out.number(prefix + "test_first", test_error.front());
    out.number(prefix + "test_best", test_error[b]);
    out.number(prefix + "test_last", test_error.back());
    out.number(prefix + "strength_best", 1 / std::cos(theta[b] / degrees));
  }
};

/// Support vector machines along falling penalties, each started from the one before.
inline FitPath fit_svms(const Centred& set, const std::vector<double>& penalties,
                        const linear::SvmOptions<double>& options, const Stream& stream) {
  const linear::LinearSvm<double> svm(set.x, set.y);
  FitPath path;
  for (const auto& fit : linear::svm_path<double>(svm, penalties, options, stream)) {
    path.add(set, penalties[path.weights.size()], fit.weights, fit.converged);
  }
  return path;
}

/// The same with logistic regressions.
inline FitPath fit_logistic(const Centred& set, const std::vector<double>& penalties) {
  const linear::LogisticRegression<double> regression(set.x, set.y);
  FitPath path;
  Vector<double> start = Vector<double>::Zero(set.x.rows());
  for (const double penalty : penalties) {
    const auto fit = regression.fit({.penalty = penalty}, start);
    path.add(set, penalty, fit.weights, fit.converged);
    start = fit.weights;
  }
  return path;
}

/// Deviation angle, degrees, of an SVM at a multiple of the penalty where the plateau begins.
inline double plateau_angle(const Centred& set, double multiple, const Stream& stream) {
  const linear::LinearSvm<double> svm(set.x, set.y);
  const double penalty = multiple * theory::svm_plateau_penalty(set.x, set.y);
  const auto fit = svm.fit({.penalty = penalty}, stream);
  return degrees * metrics::deviation_angle<double>(fit.weights, set.z);
}

} // namespace gradus::examples::tilting
