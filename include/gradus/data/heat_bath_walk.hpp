// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <span>
#include <vector>

#include <gradus/core/distributions.hpp>
#include <gradus/core/error.hpp>
#include <gradus/core/random.hpp>
#include <gradus/core/types.hpp>

namespace gradus::data {

/// Probability that a heat bath at temperature 1 accepts a rise of the potential:
/// 1 / (1 + exp(rise)), without overflow. The rate from i to a neighbour j is that of V_j - V_i.
[[nodiscard]] inline double heat_bath_rate(double rise) {
  const double e = std::exp(-std::abs(rise));
  return rise > 0 ? e / (1 + e) : 1 / (1 + e);
}

/// Number of steps before a walker stops that stops with the given probability before each step:
/// P(n) = stop (1 - stop)^n. Takes one word of the stream.
/// @param stop  in (0, 1]   @throws ArgumentError
[[nodiscard]] inline Index steps_before_stop(Stream& stream, double stop) {
  require(stop > 0 && stop <= 1, "stop", stop, "in (0, 1]");
  const double u = stream.uniform();
  return stop == 1 ? 0 : static_cast<Index>(std::log(u) / std::log1p(-stop));
}

/// Stopping probability of a step at which the walk in discrete time has, where it stops, exactly
/// the law of the walk in continuous time stopped at an exponential time of that mean:
/// k = kappa / (2 + kappa), kappa = 1 / mean_time. @throws ArgumentError unless mean_time > 0
[[nodiscard]] inline double stop_probability(double mean_time) {
  require(mean_time > 0 && std::isfinite(mean_time), "mean_time", mean_time, "> 0, finite");
  return 1 / (2 * mean_time + 1);
}

/// Nearest-neighbour walk in a potential on the sites -reach ... reach, in discrete time: a step
/// goes up or down with half the heat-bath rate, or nowhere; the ends reflect.
class HeatBathWalk {
public:
  /// @param potential  (2 reach + 1), reach >= 0: the walk starts in the middle
  /// @throws ArgumentError for an even number of sites or a value that is not finite
  explicit HeatBathWalk(ConstVectorRef<double> potential) { reset(potential); }

  /// Another potential, of any size, and the walker back in its middle. Allocates only to grow.
  void reset(ConstVectorRef<double> potential) {
    const Index sites = potential.size();
    require(sites % 2 == 1, "number of sites", sites, "odd");
    require_finite(potential, "potential");
    // A step goes up if its word is below `up`, down if it is above `down`.
    up_.resize(sites);
    down_.resize(sites);
    up_.setZero();
    down_.setConstant(std::numeric_limits<std::uint64_t>::max());
    const auto words = [](double share) {
      return static_cast<std::uint64_t>(share * 0x1p63); // of half of all words
    };
    for (Index i = 0; i + 1 < sites; ++i) {
      const double rise = potential(i + 1) - potential(i);
      const double rate = heat_bath_rate(rise);
      up_(i) = words(rate);
      down_(i + 1) -= words(rise > 0 ? 1 - rate : heat_bath_rate(-rise));
    }
    site_ = sites / 2;
  }

  /// Back to the middle.
  void restart() { site_ = up_.size() / 2; }

  /// Makes so many steps; takes one word of the stream for each. @throws ArgumentError if < 0
  void walk(Stream& stream, Index steps) {
    require(steps >= 0, "steps", steps, ">= 0");
    std::array<std::uint64_t, 256> words;
    for (Index done = 0; done < steps;) {
      const Index count = std::min<Index>(static_cast<Index>(words.size()), steps - done);
      const auto now = std::span(words).first(static_cast<std::size_t>(count));
      stream.fill_bits(now);
      for (const std::uint64_t word : now) {
        site_ += static_cast<Index>(word < up_(site_)) - static_cast<Index>(word > down_(site_));
      }
      done += count;
    }
  }

  /// Where the walker is, counted from the middle.
  [[nodiscard]] Index position() const { return site_ - up_.size() / 2; }

private:
  Vector<std::uint64_t> up_;
  Vector<std::uint64_t> down_;
  Index site_ = 0;
};

} // namespace gradus::data
