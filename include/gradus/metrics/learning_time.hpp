// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <cmath>
#include <cstddef>
#include <limits>
#include <vector>

#include <gradus/core/error.hpp>
#include <gradus/core/types.hpp>

namespace gradus::metrics {

/// Learning times of single examples: the first time from which an example stays right to the end
/// of the run. Fed with looks at all examples, in the order of time.
class LearningTimes {
public:
  /// @param num_examples  n >= 0   @throws ArgumentError
  explicit LearningTimes(Index num_examples) {
    require(num_examples >= 0, "num_examples", num_examples, ">= 0");
    since_.assign(static_cast<std::size_t>(num_examples), never_yet);
  }

  /// A look at all examples. @param time  above that of the look before, finite
  /// @param is_right  callable with an index: whether the example is right now
  /// @throws ArgumentError
  template <class IsRight>
  void look(double time, IsRight&& is_right) {
    require(std::isfinite(time) && time > last_, "time", time, "above that of the look before");
    last_ = time;
    for (std::size_t i = 0; i < since_.size(); ++i) {
      if (!is_right(static_cast<Index>(i))) {
        since_[i] = never_yet;
      } else if (since_[i] == never_yet) {
        since_[i] = time;
      }
    }
  }

  /// Times of all examples (n). @param never  what stands for an example that is wrong at the last
  /// look, or was never looked at
  [[nodiscard]] std::vector<double> times(double never = never_yet) const {
    std::vector<double> result = since_;
    for (double& time : result) {
      time = time == never_yet ? never : time;
    }
    return result;
  }

private:
  static constexpr double never_yet = std::numeric_limits<double>::infinity();
  std::vector<double> since_;
  double last_ = -never_yet;
};

} // namespace gradus::metrics
