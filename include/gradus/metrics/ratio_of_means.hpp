// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <array>
#include <cmath>
#include <limits>

namespace gradus::metrics {

/// Ratio E a / E b of two means from independent pairs (a, b), with its standard error by the delta
/// method: sqrt(sum (a_i - R b_i)^2 / (n (n - 1))) / mean b, R = mean a / mean b. A mean of ratios
/// a / b would be off by their covariance. With b = 1 it is a plain mean and its standard error.
/// Sums are centred, so that a small spread around large means is not lost; parts of a sample can
/// be merged.
class RatioOfMeans {
public:
  /// Nothing yet.
  RatioOfMeans() = default;

  /// Takes a pair into account.
  void add(double a, double b = 1) {
    count_ += 1;
    const double step_a = a - mean_a_;
    const double step_b = b - mean_b_;
    mean_a_ += step_a / count_;
    mean_b_ += step_b / count_;
    aa_ += step_a * (a - mean_a_);
    ab_ += step_a * (b - mean_b_);
    bb_ += step_b * (b - mean_b_);
  }

  /// Takes another sample into account, as if its pairs had been added one by one (to rounding).
  void merge(const RatioOfMeans& other) {
    if (other.count_ == 0) {
      return;
    }
    const double total = count_ + other.count_;
    const double step_a = other.mean_a_ - mean_a_;
    const double step_b = other.mean_b_ - mean_b_;
    const double weight = count_ * other.count_ / total;
    aa_ += other.aa_ + weight * step_a * step_a;
    ab_ += other.ab_ + weight * step_a * step_b;
    bb_ += other.bb_ + weight * step_b * step_b;
    mean_a_ += step_a * other.count_ / total;
    mean_b_ += step_b * other.count_ / total;
    count_ = total;
  }

  /// Number of pairs n.
  [[nodiscard]] double count() const { return count_; }
  /// R; NaN without pairs.
  [[nodiscard]] double value() const {
    return count_ > 0 ? mean_a_ / mean_b_ : std::numeric_limits<double>::quiet_NaN();
  }
  /// Mean of a; 0 without pairs.
  [[nodiscard]] double numerator() const { return mean_a_; }
  /// Mean of b; 0 without pairs.
  [[nodiscard]] double denominator() const { return mean_b_; }
  /// Standard error of R; NaN for fewer than two pairs.
  [[nodiscard]] double standard_error() const {
    if (count_ < 2) {
      return std::numeric_limits<double>::quiet_NaN();
    }
    const double r = value();
    const double squares = aa_ - 2 * r * ab_ + r * r * bb_;
    return std::sqrt((squares < 0 ? 0.0 : squares) / (count_ * (count_ - 1))) / std::abs(mean_b_);
  }
  /// (R - expected) in standard errors.
  [[nodiscard]] double z_score(double expected) const {
    return (value() - expected) / standard_error();
  }

  /// All that is remembered, to be stored: count, means of a and b, centred sums of a a, a b, b b.
  [[nodiscard]] std::array<double, 6> state() const {
    return {count_, mean_a_, mean_b_, aa_, ab_, bb_};
  }
  /// From what state() returned.
  explicit RatioOfMeans(const std::array<double, 6>& state)
      : count_(state[0]), mean_a_(state[1]), mean_b_(state[2]), aa_(state[3]), ab_(state[4]),
        bb_(state[5]) {}

private:
  double count_ = 0;
  double mean_a_ = 0;
  double mean_b_ = 0;
  double aa_ = 0;
  double ab_ = 0;
  double bb_ = 0;
};

} // namespace gradus::metrics
