// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <limits>
#include <numbers>
#include <vector>

#include <boost/math/tools/roots.hpp>

#include <gradus/core/error.hpp>
#include <gradus/core/types.hpp>
#include <gradus/data/gaussian_classes.hpp>
#include <gradus/theory/boundary_tilting.hpp>

namespace gradus::theory {

/// A point of the front.
struct FrontPoint {
  double angle = 0;            ///< to the mean, radians
  double error = 0;            ///< least error at that angle
  Vector<double> weights = {}; ///< a unit normal that has both (d)
};

/// Least error of a linear boundary between two Gaussian classes at each angle between its normal
/// and their mean: no classifier lies below it.
///
/// Where the angle is given, the least error has the least variance w^T Sigma w over unit w with
/// <w, mean> fixed, so that w = (Sigma + l)^-1 mean with one multiplier l, and the angle falls
/// strictly as l grows: 0 at l = infinity, that of the Bayes classifier at l = 0, larger for l < 0.
/// The multiplier stops at l = -v, v the least variance of a direction orthogonal to the mean that
/// is an axis of Sigma; larger angles add a multiple of that direction.
class ErrorAngleFront {
public:
  /// Cost: d log d. @throws ArgumentError, ShapeError for bad classes; ArgumentError for mean 0
  explicit ErrorAngleFront(data::GaussianClasses classes) : classes_(std::move(classes)) {
    classes_.validate();
    require(classes_.mean.squaredNorm() > 0, "|mean|", 0, "> 0");
    const Index d = classes_.mean.size();
    std::vector<Index> order(static_cast<std::size_t>(d));
    for (Index k = 0; k < d; ++k) {
      order[static_cast<std::size_t>(k)] = k;
    }
    std::sort(order.begin(), order.end(),
              [this](Index a, Index b) { return classes_.variances(a) < classes_.variances(b); });
    for (std::size_t start = 0; start < order.size();) {
      std::size_t end = start;
      const double variance = classes_.variances(order[start]);
      double square = 0;
      while (end < order.size() && classes_.variances(order[end]) == variance) {
        square += std::pow(classes_.mean(order[end]), 2);
        ++end;
      }
      if (square > 0) {
        levels_.push_back(variance);
      }
      if (free_.size() == 0 && (end - start > 1 || square == 0)) {
        free_variance_ = variance;
        free_ = orthogonal_to_mean({order.begin() + static_cast<std::ptrdiff_t>(start),
                                    order.begin() + static_cast<std::ptrdiff_t>(end)});
      }
      start = end;
    }
  }

  /// The point at an angle. Cost: some 50 d.
  /// @param angle  to the mean, radians in [0, pi / 2); in one dimension 0 alone
  /// @throws ArgumentError
  [[nodiscard]] FrontPoint at(double angle) const {
    require(angle >= 0 && angle < std::numbers::pi / 2, "angle", angle, "in [0, pi / 2)");
    require(angle == 0 || classes_.mean.size() > 1, "angle", angle, "0 in one dimension");
    Vector<double> w = classes_.mean / classes_.mean.norm();
    if (angle > 0) {
      w = weights_at(angle);
    }
    return {angle, gaussian_error(classes_, w), w};
  }

private:
  /// A unit vector in the given coordinates of equal variance, orthogonal to the mean.
  [[nodiscard]] Vector<double> orthogonal_to_mean(const std::vector<Index>& coordinates) const {
    Vector<double> mean = Vector<double>::Zero(classes_.mean.size());
    Index least = coordinates.front();
    for (const Index k : coordinates) {
      mean(k) = classes_.mean(k);
      least = std::abs(mean(k)) < std::abs(classes_.mean(least)) ? k : least;
    }
    Vector<double> result = Vector<double>::Unit(mean.size(), least);
    if (mean.squaredNorm() > 0) {
      result -= mean(least) / mean.squaredNorm() * mean;
    }
    return result.normalized();
  }

  /// (Sigma + l)^-1 mean up to a positive factor, and a finite one at l = -least level: there only
  /// the coordinates of that level are left.
  [[nodiscard]] Vector<double> stationary(double l) const {
    const double least = levels_.front();
    Vector<double> w(classes_.mean.size());
    for (Index k = 0; k < w.size(); ++k) {
      const double variance = classes_.variances(k);
      w(k) = classes_.mean(k) == 0 ? 0.0
             : variance == least   ? classes_.mean(k)
                                   : classes_.mean(k) * ((least + l) / (variance + l));
    }
    return w.normalized();
  }

  [[nodiscard]] double angle_at(double l) const {
    const Vector<double> w = stationary(l);
    const Vector<double> mean = classes_.mean.normalized();
    const double along = w.dot(mean);
    return std::atan2((w - along * mean).norm(), along);
  }

  [[nodiscard]] Vector<double> weights_at(double angle) const {
    const Vector<double> mean = classes_.mean.normalized();
    if (levels_.size() == 1) { // all the mean in one variance: any multiplier gives the mean
      return std::cos(angle) * mean + std::sin(angle) * free_;
    }
    double low = -levels_[1]; // here the angle would have passed 90 degrees
    if (free_.size() > 0 && -free_variance_ > low) {
      low = -free_variance_;
      const Vector<double> last = stationary(low);
      const double along = last.dot(mean);
      if (std::atan2((last - along * mean).norm(), along) <= angle) {
        // A unit vector: |a last|^2 + t^2 = 1 with a along = cos(angle).
        const double a = std::cos(angle) / along;
        return a * last + std::sqrt(std::max(0.0, 1 - a * a)) * free_;
      }
    }
    // In u = log(l - low): the angle falls from beyond 90 degrees, or from that of the last point.
    const double unit = classes_.variances.maxCoeff();
    const auto excess = [&](double u) { return angle_at(low + unit * std::exp(u)) - angle; };
    double left = -34; // a few rounding units
    double right = 0;
    while (excess(right) > 0 && right < 700) {
      right += 8;
    }
    if (excess(left) <= 0) {
      return stationary(low + unit * std::exp(left));
    }
    std::uintmax_t most = 200;
    const auto bracket = boost::math::tools::toms748_solve(
        excess, left, right, boost::math::tools::eps_tolerance<double>(52), most);
    return stationary(low + unit * std::exp((bracket.first + bracket.second) / 2));
  }

  data::GaussianClasses classes_;
  std::vector<double> levels_; ///< distinct variances of coordinates with a mean, ascending
  double free_variance_ = 0;   ///< of free_
  Vector<double> free_;        ///< axis of Sigma orthogonal to the mean, or empty
};

} // namespace gradus::theory
