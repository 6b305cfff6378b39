// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <vector>

#include <gradus/core/error.hpp>
#include <gradus/core/types.hpp>

/// Regret of an online learner of one number: what it lost in all beyond the best fixed point,
///   R(T) = sum_t f_t(x_t) - min_x sum_t f_t(x).

namespace gradus::metrics {

/// Regret under absolute losses f_t(x) = |x - z_t|; the best fixed point is the median of the z.
class AbsoluteLossRegret {
public:
  /// One round. @param x  the point played   @param z  the target then shown
  /// @throws ArgumentError if either is not finite
  void add(double x, double z) {
    require(std::isfinite(x), "x", x, "a finite number");
    require(std::isfinite(z), "z", z, "a finite number");
    loss_ += std::abs(x - z);
    targets_.push_back(z);
  }

  /// Rounds so far, T.
  [[nodiscard]] Index rounds() const { return static_cast<Index>(targets_.size()); }
  /// R(T); 0 before the first round. Cost: linear in T.
  [[nodiscard]] double regret() const {
    if (targets_.empty()) {
      return 0;
    }
    std::vector<double> z = targets_;
    const auto middle = z.begin() + static_cast<std::ptrdiff_t>(z.size() / 2);
    std::nth_element(z.begin(), middle, z.end());
    double best = 0;
    for (const double target : targets_) {
      best += std::abs(*middle - target);
    }
    return loss_ - best;
  }

private:
  double loss_ = 0;
  std::vector<double> targets_;
};

/// Regret under linear losses f_t(x) = slope_t x on an interval; the best fixed point is one of its
/// ends.
class LinearLossRegret {
public:
  /// The points allowed: [low, high], low <= high, both finite.
  LinearLossRegret(double low, double high) : low_(low), high_(high) {
    require(std::isfinite(low) && low <= high, "low", low, "finite, <= high");
    require(std::isfinite(high), "high", high, "finite");
  }

  /// One round. @param x  the point played, in [low, high]   @param slope  of the loss then shown
  /// @throws ArgumentError for a point outside the interval or a slope that is not finite
  void add(double x, double slope) {
    require(x >= low_ && x <= high_, "x", x, "inside the interval");
    require(std::isfinite(slope), "slope", slope, "a finite number");
    loss_ += slope * x;
    slopes_ += slope;
    ++rounds_;
  }

  /// Rounds so far, T.
  [[nodiscard]] Index rounds() const { return rounds_; }
  /// R(T); 0 before the first round.
  [[nodiscard]] double regret() const { return loss_ - std::min(slopes_ * low_, slopes_ * high_); }

private:
  double low_;
  double high_;
  double loss_ = 0;
  double slopes_ = 0;
  Index rounds_ = 0;
};

} // namespace gradus::metrics
