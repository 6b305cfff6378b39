// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <cmath>
#include <limits>
#include <vector>

#include <gradus/core/error.hpp>
#include <gradus/core/types.hpp>

namespace gradus::metrics {

/// Mean, variance and standard error of draws of a list of numbers (a curve), entry by entry, kept
/// without the draws themselves. Source: Welford 1962; merge(): Chan, Golub, LeVeque 1983.
class RunningMean {
public:
  /// Adds one draw; the first settles the size. @throws ShapeError if the size differs from it
  void add(const std::vector<double>& draw) {
    if (count_ == 0) {
      mean_.assign(draw.size(), 0.0);
      squares_.assign(draw.size(), 0.0);
    }
    require_same_size(draw.size());
    ++count_;
    for (std::size_t i = 0; i < draw.size(); ++i) {
      const double change = draw[i] - mean_[i];
      mean_[i] += change / static_cast<double>(count_);
      squares_[i] += change * (draw[i] - mean_[i]);
    }
  }
  /// Adds all draws of another. @throws ShapeError if the sizes differ
  void merge(const RunningMean& other) {
    if (other.count_ == 0) {
      return;
    }
    if (count_ == 0) {
      *this = other;
      return;
    }
    require_same_size(other.mean_.size());
    const auto mine = static_cast<double>(count_);
    const auto theirs = static_cast<double>(other.count_);
    for (std::size_t i = 0; i < mean_.size(); ++i) {
      const double change = other.mean_[i] - mean_[i];
      mean_[i] += change * theirs / (mine + theirs);
      squares_[i] += other.squares_[i] + change * change * mine * theirs / (mine + theirs);
    }
    count_ += other.count_;
  }

  /// Number of draws.
  [[nodiscard]] Index count() const noexcept { return count_; }
  /// Mean of each entry; empty before the first draw.
  [[nodiscard]] const std::vector<double>& mean() const noexcept { return mean_; }
  /// Unbiased variance of a draw of each entry; NaN for fewer than two draws.
  [[nodiscard]] std::vector<double> variance() const {
    std::vector<double> result = squares_;
    for (double& x : result) {
      x = count_ > 1 ? x / static_cast<double>(count_ - 1)
                     : std::numeric_limits<double>::quiet_NaN();
    }
    return result;
  }
  /// Standard error of the mean of each entry; NaN for fewer than two draws.
  [[nodiscard]] std::vector<double> standard_error() const {
    std::vector<double> result = variance();
    for (double& x : result) {
      x = std::sqrt(x / static_cast<double>(count_));
    }
    return result;
  }

private:
  void require_same_size(std::size_t size) const {
    if (size != mean_.size()) {
      throw ShapeError("draw", gradus::detail::to_text(size),
                       gradus::detail::to_text(mean_.size()) + ", that of the first draw");
    }
  }

  Index count_ = 0;
  std::vector<double> mean_;
  std::vector<double> squares_; ///< sums of squared distances from the mean
};

} // namespace gradus::metrics
