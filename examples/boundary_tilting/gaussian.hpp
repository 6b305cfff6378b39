// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <algorithm>
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
#include <gradus/data/labelled.hpp>
#include <gradus/study/record.hpp>
#include <gradus/theory/boundary_tilting.hpp>
#include <gradus/theory/error_angle_front.hpp>

namespace gradus::examples::tilting {

/// The classes with the signs of their means drawn at random.
inline data::GaussianClasses with_random_signs(data::GaussianClasses classes,
                                               const Stream& stream) {
  Stream draws = stream.child("signs");
  for (Index k = 0; k < classes.mean.size(); ++k) {
    classes.mean(k) *= random_sign(draws);
  }
  return classes;
}

/// Fewest leading axes with 90 % of the classes' variance; variances fall.
inline Index leading_axes(const data::GaussianClasses& classes) {
  double held = 0;
  Index count = 0;
  while (held < 0.9 * classes.variances.sum()) {
    held += classes.variances(count++);
  }
  return count;
}

/// Tests along a path in closed form, and against the front: errors, angles to the mean, shares of
/// |w|^2 on the leading axes, and by how much the error exceeds the least one at its angle. Errors
/// are those of the boundary through the middle of the populations; what the middle of the training
/// set, through which the fit went, costs beyond that is recorded apart.
inline void test_path(const data::GaussianClasses& classes, const Vector<double>& midpoint,
                      const std::string& prefix, FitPath& path, Record& out) {
  const theory::ErrorAngleFront front(classes);
  const Index leading = leading_axes(classes);
  std::vector<double> angles, shares;
  double excess = 1;
  double law = 0;
  double offset = 0;
  for (const Vector<double>& w : path.weights) {
    path.test_error.push_back(theory::gaussian_error(classes, w));
    const double spread = std::sqrt(w.cwiseAbs2().dot(classes.variances));
    const double shift = w.dot(midpoint);
    const double shifted = (theory::normal_cdf((shift - w.dot(classes.mean)) / spread) +
                            theory::normal_cdf((-shift - w.dot(classes.mean)) / spread)) /
                           2;
    offset = std::max(offset, shifted - path.test_error.back());
    const double angle = metrics::deviation_angle<double>(w, classes.mean);
    angles.push_back(degrees * angle);
    shares.push_back(w.head(leading).squaredNorm() / w.squaredNorm());
    // Beyond 90 degrees any boundary errs more often than not.
    const double least = angle < 1.57 ? front.at(angle).error : 0.5;
    excess = std::min(excess, path.test_error.back() - least);
    law = std::max(law, std::abs(path.test_error.back() -
                                 theory::normal_cdf(-classes.mean.norm() * std::cos(angle))));
  }
  path.record(prefix, out);
  out.number(prefix + "front_excess", excess);
  out.number(prefix + "isotropic_law", law);
  out.number(prefix + "offset_cost", offset);
  out.number(prefix + "share_first", shares.front());
  out.number(prefix + "share_best", shares[path.best()]);
  out.number(prefix + "share_last", shares.back());
  out.series(prefix + "angle_to_mean", {"penalty", path.penalties}, std::move(angles));
  out.series(prefix + "share", {"penalty", path.penalties}, std::move(shares));
}

/// Coordinates of the training set in the plane of z and a boundary's normal, for the figure.
inline void record_planes(const Centred& set, const FitPath& path, Record& out) {
  std::vector<double> samples;
  for (Index i = 0; i < set.x.cols(); ++i) {
    samples.push_back(static_cast<double>(i));
  }
  const Axis axis{"sample", samples};
  const auto coordinates = [&](const Vector<double>& direction) {
    const Vector<double> values = set.x.transpose() * direction;
    return std::vector<double>(values.data(), values.data() + values.size());
  };
  const Vector<double> z = set.z.normalized();
  out.series("plane_z", axis, coordinates(z));
  const auto beside_z = [&](std::size_t k) {
    const Vector<double> w = path.weights[k].normalized();
    return Vector<double>(w - w.dot(z) * z);
  };
  const std::size_t last = path.weights.size() - 1;
  for (const auto& [name, k] :
       {std::pair{"first", std::size_t{0}}, std::pair{"best", path.best()}, {"last", last}}) {
    // On the plateau the normal is z, and any other direction makes a plane with it.
    const Vector<double> n = path.theta[k] > 1e-3 ? beside_z(k) : beside_z(last);
    out.series(std::string("plane_") + name, axis, coordinates(n.normalized()));
    out.number(std::string("plane_angle_") + name, path.theta[k]);
  }
}

/// Paths of penalties on Gaussian classes, tested in closed form. @param logistic  both learners
inline void run_path(const Params& p, const data::GaussianClasses& plain, bool logistic,
                     const Stream& stream, Record& out) {
  const data::GaussianClasses classes = with_random_signs(plain, stream);
  const Centred set(data::draw_gaussian_classes<double>(classes, p.num_train, stream));
  FitPath svm =
      fit_svms(set, falling_penalties(1.5, -5.5, p.num_penalties),
               {.tolerance = p.tolerance, .gap_tolerance = p.tolerance}, stream.child("svm"));
  test_path(classes, set.midpoint, "svm_", svm, out);
  double back = 0; // how far the angle steps back as the penalty falls
  for (std::size_t k = 1; k < svm.theta.size(); ++k) {
    back = std::max(back, svm.theta[k - 1] - svm.theta[k]);
  }
  out.number("svm_step_back", back);
  if (!logistic) {
    return;
  }
  FitPath lr = fit_logistic(set, falling_penalties(1.5, -7.5, p.num_lr_penalties));
  test_path(classes, set.midpoint, "lr_", lr, out);
  double wrong_way = 0;
  double norm_back = 0;
  for (std::size_t k = 1; k < lr.theta.size(); ++k) {
    wrong_way += lr.distance[k] > lr.distance[k - 1] * (1 + 1e-9) ? 1 : 0;
    wrong_way += lr.wrong[k] > lr.wrong[k - 1] * (1 + 1e-9) ? 1 : 0;
    norm_back += lr.norm[k] < lr.norm[k - 1] ? 1 : 0;
  }
  out.number("lr_wrong_way", wrong_way);
  out.number("lr_norm_back", norm_back);
  out.number("lr_svm_angle",
             degrees * metrics::deviation_angle<double>(lr.weights.back(), svm.weights.back()));
  out.number("plateau_edge", plateau_angle(set, 1.0001, stream.child("edge")));
  out.number("plateau_inside", plateau_angle(set, 4, stream.child("inside")));
  const double inside = 4 * theory::svm_plateau_penalty(set.x, set.y);
  out.number("plateau_lr", fit_logistic(set, {inside}).theta.front());
  record_planes(set, svm, out);
  const theory::ErrorAngleFront front(classes);
  Axis axis{"angle", linspace(0, 88, 89)};
  std::vector<double> least;
  for (const double angle : axis.at) {
    least.push_back(front.at(angle / degrees).error);
  }
  const Vector<double> bayes = (classes.mean.array() / classes.variances.array()).matrix();
  out.number("bayes_error", theory::bayes_error(classes));
  out.number("bayes_angle", degrees * metrics::deviation_angle<double>(bayes, classes.mean));
  out.series("front", std::move(axis), std::move(least));
}

/// Each coordinate of the data repeated 1, 4 and 16 times, the penalty growing alike.
inline void run_replicated(const Params& p, const Stream& stream, Record& out) {
  const data::GaussianClasses classes = with_random_signs(shrinking_classes(p), stream);
  const auto samples = data::draw_gaussian_classes<double>(classes, p.num_train, stream);
  std::vector<double> relative, largest; // distances over |x|, and in the largest-entry norm
  double change = 0;
  double unsolved = 0;
  for (const Index times : {Index{1}, Index{4}, Index{16}}) {
    const Centred set({data::replicate_features<double>(samples.x, times), samples.labels});
    const auto penalties = falling_penalties(1.5, -5.5, 8, static_cast<double>(times));
    const FitPath path = fit_svms(set, penalties, {.tolerance = 1e-7, .gap_tolerance = 1e-7},
                                  stream.child("order", static_cast<std::uint64_t>(times)));
    const double size = set.x.colwise().norm().mean();
    unsolved += static_cast<double>(path.unsolved);
    for (std::size_t k = 0; k < penalties.size(); ++k) {
      const double near = path.distance[k] / size;
      const double entry = path.distance[k] * path.weights[k].norm() / path.weights[k].lpNorm<1>();
      if (times == 1) {
        relative.push_back(near);
        largest.push_back(entry);
      }
      change =
          std::max({change, std::abs(near / relative[k] - 1), std::abs(entry / largest[k] - 1)});
    }
  }
  out.number("change", change);
  out.number("unsolved", unsolved);
}

} // namespace gradus::examples::tilting
