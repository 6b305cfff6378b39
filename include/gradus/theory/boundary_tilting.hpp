// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <algorithm>
#include <cmath>
#include <limits>

#include <gradus/core/distributions.hpp>
#include <gradus/core/error.hpp>
#include <gradus/core/types.hpp>
#include <gradus/data/gaussian_classes.hpp>
#include <gradus/theory/normal.hpp>

/// Closed forms for linear boundaries between two Gaussian classes N(-mean, Sigma), N(+mean,
/// Sigma), and for the classifiers that regularisation picks. Setting: Tanay and Griffin 2016
/// (arXiv 1608.07690); where no other source is named, derived here.

namespace gradus::theory {

/// Error of the boundary with normal w through the middle: Phi(-<w, mean> / sqrt(w^T Sigma w)).
/// A w along which nothing varies errs never, always or, orthogonal to the mean, half the time.
/// @param w  (d), not 0   @throws ArgumentError, ShapeError
[[nodiscard]] inline double gaussian_error(const data::GaussianClasses& classes,
                                           const Vector<double>& w) {
  classes.validate();
  require_size(w, "w", classes.mean.size());
  require_finite(w, "w");
  require(w.cwiseAbs().maxCoeff() > 0, "largest entry of w", 0, "> 0");
  const double along = w.dot(classes.mean);
  const double spread = std::sqrt(w.cwiseAbs2().dot(classes.variances));
  if (spread == 0) {
    return along > 0 ? 0.0 : along < 0 ? 1.0 : 0.5;
  }
  return normal_cdf(-along / spread);
}

/// Error of the best boundary, with normal Sigma^-1 mean: Phi(-sqrt(mean^T Sigma^-1 mean)).
/// @throws ArgumentError if a variance is 0
[[nodiscard]] inline double bayes_error(const data::GaussianClasses& classes) {
  classes.validate();
  require(classes.variances.minCoeff() > 0, "least variance", classes.variances.minCoeff(), "> 0");
  return normal_cdf(-std::sqrt((classes.mean.array().square() / classes.variances.array()).sum()));
}

/// Factor by which a mean has to be scaled for the nearest-centroid boundary, with normal mean, to
/// err with the given probability. @param error  in (0, 1/2)   @throws ArgumentError
[[nodiscard]] inline double mean_scale_for_error(const data::GaussianClasses& classes,
                                                 double error) {
  classes.validate();
  require(error > 0 && error < 0.5, "error", error, "in (0, 1/2)");
  const double square = classes.mean.squaredNorm();
  require(square > 0, "|mean|", 0, "> 0");
  return -normal_quantile(error) * std::sqrt(classes.mean.cwiseAbs2().dot(classes.variances)) /
         square;
}

/// A boundary tilted on purpose: classes with mean m e_1 and variance 1 along e_1, and the normal
/// e_1 + T v, v a unit vector orthogonal to e_1 along which the classes have standard deviation s.
/// Then adversarial images are sqrt(1 + T^2) times as strong, and the error is
/// Phi(-m / sqrt(1 + T^2 s^2)): the less v varies, the less its tilt costs.
struct PlannedTilt {
  double margin = 1; ///< m > 0, distance of the means from the boundary in standard deviations
  double spread = 1; ///< s >= 0

  /// @throws ArgumentError that names the field outside its range
  void validate() const {
    require(margin > 0 && std::isfinite(margin), "margin", margin, "> 0, finite");
    require(spread >= 0 && std::isfinite(spread), "spread", spread, ">= 0, finite");
  }
  /// Strength sqrt(1 + T^2) at tilt T.
  [[nodiscard]] static double strength(double tilt) { return std::hypot(1.0, tilt); }
  /// Error at tilt T.
  [[nodiscard]] double error(double tilt) const {
    validate();
    return normal_cdf(-margin / std::hypot(1.0, tilt * spread));
  }
  /// Largest tilt whose error is at most `extra` above that of no tilt,
  ///   sqrt((m / q)^2 - 1) / s,  q = -Phi^-1(Phi(-m) + extra);
  /// infinite where s = 0 or the error stays below 1/2 whatever the tilt.
  /// @param extra  >= 0   @throws ArgumentError
  [[nodiscard]] double largest_tilt(double extra) const {
    validate();
    require(extra >= 0 && std::isfinite(extra), "extra", extra, ">= 0, finite");
    const double allowed = normal_cdf(-margin) + extra;
    if (spread == 0 || allowed >= 0.5) {
      return std::numeric_limits<double>::infinity();
    }
    const double ratio = extra == 0 ? 1.0 : margin / -normal_quantile(allowed);
    return std::sqrt(std::max(0.0, ratio * ratio - 1)) / spread;
  }
};

/// Penalty from which on all dual variables of a support vector machine without bias,
/// min (1/n) sum max(0, 1 - y <w, x>) + penalty |w|^2, sit at their bound, so that w points along
/// sum_i y_i x_i, for balanced classes the nearest-centroid direction z, exactly:
///   max_j y_j <x_j, sum_i y_i x_i> / (2 n) = max_j y_j <x_j, z> / 4.
/// @param x  (d, n), n >= 1   @param labels  -1 or +1 (n)   @throws ArgumentError, ShapeError
[[nodiscard]] inline double svm_plateau_penalty(const Matrix<double>& x,
                                                const Vector<double>& labels) {
  require(x.cols() >= 1, "number of samples", x.cols(), ">= 1");
  require_size(labels, "labels", x.cols());
  const Vector<double> sum = x * labels;
  return (x.transpose() * sum).cwiseProduct(labels).maxCoeff() /
         (2 * static_cast<double>(x.cols()));
}

/// Tilt of the hard-margin boundary of points at (-a, 0) of class -1 and (+a, 0) of class +1, a the
/// least distance, with one more point (x, y) of class -1 that the untilted boundary gets wrong,
/// all three supporting it: w = (1 / a, -(1 + x / a) / y). Radians in [0, pi / 2).
/// @param a  > 0   @param x  > -a   @param y  not 0   @throws ArgumentError
[[nodiscard]] inline double noisy_point_tilt(double a, double x, double y) {
  require(a > 0 && std::isfinite(a), "a", a, "> 0, finite");
  require(x > -a && std::isfinite(x), "x", x, "> -a, finite");
  require(y != 0 && std::isfinite(y), "y", y, "not 0, finite");
  return std::atan2((1 + x / a) / std::abs(y), 1 / a);
}

} // namespace gradus::theory
