// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <vector>

#include <gradus/core/detail/pack.hpp>
#include <gradus/core/error.hpp>
#include <gradus/core/types.hpp>

/// Nearest-neighbour walks in a potential on the sites -reach ... reach, from 0, with heat-bath
/// rates 1 / (1 + exp(V_j - V_i)) and reflecting ends, stopped at an exponential time of mean tau:
///   p = kappa e_0^T (kappa I - Q)^-1,  kappa = 1 / tau,  Q the generator.
/// Sites are eliminated from both ends towards the start by sums, products and quotients of
/// positive numbers alone, so that nothing cancels: p is exact to rounding at any tau, where a
/// dense solve loses all digits beyond tau of about 1e15.

namespace gradus::theory {

/// Mean distance and law of stopped walks, for a list of mean times at once.
class StoppedWalk {
public:
  /// @param mean_times  tau > 0, finite, at least one   @throws ArgumentError
  explicit StoppedWalk(const std::vector<double>& mean_times)
      : count_(static_cast<Index>(mean_times.size())) {
    require(count_ >= 1, "number of mean times", count_, ">= 1");
    const Index lanes = (count_ + Pack::size - 1) / Pack::size * Pack::size;
    kappa_.setOnes(lanes); // what fills the last pack up is computed and dropped
    for (Index t = 0; t < count_; ++t) {
      const double tau = mean_times[static_cast<std::size_t>(t)];
      require(tau > 0 && std::isfinite(tau), "mean time", tau, "> 0, finite");
      kappa_(t) = 1 / tau;
    }
    state_.resize(lanes, 6);
  }

  /// E |x| and E x^2 at the stopping time, for every mean time.
  /// @param potential  (2 reach + 1), reach >= 1, finite   @param distance, square  (mean times)
  /// @throws ShapeError, ArgumentError
  /// Cost: one division for each site and mean time; allocates nothing after the first call
  void moments(ConstVectorRef<double> potential, VectorRef<double> distance,
               VectorRef<double> square) {
    require_size(distance, "distance", count_);
    require_size(square, "square", count_);
    const Index reach = set_rates(potential);
    state_.setZero();
    eliminate(in_.data() + reach, out_.data() + reach, reach, 0);
    eliminate(in_.data(), out_.data(), reach, 3);
    for (Index t = 0; t < count_; ++t) {
      const double total = kappa_(t) + (state_(t, 0) + state_(t, 3));
      distance(t) = (state_(t, 1) + state_(t, 4)) / total;
      square(t) = (state_(t, 2) + state_(t, 5)) / total;
    }
  }

  /// Law of the site at the stopping time of mean number `which`.
  /// @param law  (2 reach + 1), written; sums to 1
  void law(ConstVectorRef<double> potential, Index which, VectorRef<double> law) {
    require(which >= 0 && which < count_, "which", which, "below the number of mean times");
    const Index reach = set_rates(potential);
    require_size(law, "law", potential.size());
    const double kappa = kappa_(which);
    double right = 0;
    double left = 0;
    for (Index d = reach; d >= 1; --d) { // both sides: two chains the processor runs side by side
      right += kappa;
      left += kappa;
      const double on_right = out_(reach + d - 1) / (right + in_(reach + d - 1));
      const double on_left = out_(d - 1) / (left + in_(d - 1));
      law(reach + d) = on_right;
      law(reach - d) = on_left;
      right *= on_right;
      left *= on_left;
    }
    law(reach) = kappa / (kappa + (right + left));
    for (Index d = 1; d <= reach; ++d) {
      law(reach + d) = spread(law(reach + d - 1), law(reach + d));
      law(reach - d) = spread(law(reach - d + 1), law(reach - d));
    }
  }

private:
  using Pack = gradus::detail::Pack<double>;

  /// Probabilities below the range of doubles are 0: denormal numbers cost time and tell nothing.
  static double spread(double inner, double ratio) {
    const double p = inner * ratio;
    return p < 1e-300 ? 0 : p;
  }

  /// Rates between neighbours, by distance from the start: in_(d - 1) from d to d - 1 and out_(d -
  /// 1) from d - 1 to d on the left, the same from entry `reach` on for the right.
  Index set_rates(ConstVectorRef<double> potential) {
    const Index reach = potential.size() / 2;
    require(potential.size() >= 3 && potential.size() % 2 == 1, "number of sites", potential.size(),
            "odd, >= 3");
    require(std::isfinite((potential - potential).sum()), "potential", "not finite",
            "finite numbers");
    in_.resize(2 * reach);
    out_.resize(2 * reach);
    in_.tail(reach) = potential.segment(reach, reach) - potential.tail(reach); // V inner - V outer
    in_.head(reach) = potential.segment(1, reach).reverse() - potential.head(reach).reverse();
    // in = 1 / (1 + e^rise), out = 1 / (1 + e^-rise), from e^-|rise|: no overflow, no difference.
    out_ = (-in_.array().abs()).exp();
    for (Index i = 0; i < in_.size(); ++i) {
      const double high = 1 / (1 + out_(i));
      const double low = out_(i) * high;
      const bool falls = in_(i) <= 0; // going in
      in_(i) = falls ? high : low;
      out_(i) = falls ? low : high;
    }
    return reach;
  }

  /// Columns first (escape rate), first + 1 and + 2 (distance and its square, weighted) of the
  /// state of one side, from its end to the start.
  void eliminate(const double* in, const double* out, Index reach, Index first) {
    const Index lanes = kappa_.size();
    double* escape = state_.data() + first * lanes;
    double* distance = escape + lanes;
    double* square = distance + lanes;
    for (Index d = reach; d >= 1; --d) {
      const Pack p(in[d - 1]);
      const Pack q(out[d - 1]);
      const Pack x(static_cast<double>(d));
      for (Index t = 0; t < lanes; t += Pack::size) {
        const Pack kappa = Pack::load(kappa_.data() + t);
        const Pack leave = kappa + Pack::load(escape + t);
        const Pack ratio = q / (leave + p);
        const Pack weight = kappa * x;
        (leave * ratio).store(escape + t);
        ((weight + Pack::load(distance + t)) * ratio).store(distance + t);
        ((weight * x + Pack::load(square + t)) * ratio).store(square + t);
      }
    }
  }

  Index count_;
  Vector<double> kappa_;
  Vector<double> in_;
  Vector<double> out_;
  Matrix<double> state_;
};

/// E |x| of the stopped walk without a potential, on an endless lattice: rates 1/2 either way,
///   2 z / (1 - z^2),  z = 1 / (1 + kappa + sqrt(kappa (2 + kappa))),  about sqrt(tau / 2).
/// @throws ArgumentError unless mean_time > 0
[[nodiscard]] inline double flat_walk_distance(double mean_time) {
  require(mean_time > 0 && std::isfinite(mean_time), "mean_time", mean_time, "> 0, finite");
  const double kappa = 1 / mean_time;
  const double root = std::sqrt(kappa * (2 + kappa));
  // 1 - z^2 = (1 - z) (1 + z) with 1 - z = z (kappa + root): no difference of near numbers.
  const double z = 1 / (1 + kappa + root);
  return 2 / ((kappa + root) * (1 + z));
}

/// Mean velocity of the walk in the potential -slope x, up: the difference of both rates,
/// tanh(slope / 2).
[[nodiscard]] inline double drift_velocity(double slope) { return std::tanh(0.5 * slope); }

/// Zero-temperature walk of a given depth: from the minimum m to the nearest lower site on the side
/// of the lower barrier, as long as that barrier is at most V_m + depth. The ends are walls.
/// @param potential  (2 reach + 1): starts in the middle   @param depth  >= 0
/// @return where it rests, counted from the middle   @throws ArgumentError   Cost: each site once
[[nodiscard]] inline Index valley_bottom(ConstVectorRef<double> potential, double depth) {
  const Index sites = potential.size();
  require(sites % 2 == 1, "number of sites", sites, "odd");
  require(depth >= 0, "depth", depth, ">= 0");
  require_finite(potential, "potential");
  Index bottom = sites / 2;
  // A scan of each side: the site that it looks at, and the highest one it passed since the bottom.
  struct Scan {
    Index at;
    Index step;
    double barrier;
  };
  Scan up{bottom + 1, 1, potential(bottom)};
  Scan down{bottom - 1, -1, potential(bottom)};
  while (true) {
    const double level = potential(bottom);
    // Goes on until there is a lower site, or no way to one.
    const auto found = [&](Scan& scan) {
      while (scan.at >= 0 && scan.at < sites && potential(scan.at) >= level &&
             scan.barrier <= level + depth) {
        scan.barrier = std::max(scan.barrier, potential(scan.at));
        scan.at += scan.step;
      }
      return scan.at >= 0 && scan.at < sites && potential(scan.at) < level &&
             scan.barrier <= level + depth;
    };
    const bool can_rise = found(up);
    const bool can_fall = found(down);
    if (!can_rise && !can_fall) {
      return bottom - sites / 2;
    }
    const bool rise = can_rise && (!can_fall || up.barrier <= down.barrier);
    Scan& taken = rise ? up : down;
    Scan& other = rise ? down : up;
    bottom = taken.at;
    other.barrier = std::max(other.barrier, taken.barrier); // the way back leads over it
    taken.barrier = potential(bottom);
    taken.at += taken.step;
  }
}

} // namespace gradus::theory
