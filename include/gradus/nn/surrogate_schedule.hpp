// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <cmath>
#include <concepts>
#include <numbers>

#include <gradus/core/error.hpp>
#include <gradus/nn/surrogate.hpp>

/// Schedules of surrogates: from the share r of a training run that is done, in [0, 1], to the
/// surrogate of that moment. They start near the identity, whose gradients are steady, and end near
/// the sign, which they are to estimate.

namespace gradus::nn {

/// What a schedule is: at(r) is a Surrogate, and it can be validated.
template <class S>
concept SurrogateSchedule = std::copyable<S> && requires(const S& schedule, double r) {
  { schedule.at(r) } -> Surrogate;
  schedule.validate();
};

namespace detail {
inline void require_progress(double r) { require(r >= 0 && r <= 1, "progress", r, "in [0, 1]"); }
} // namespace detail

/// The same surrogate for ever.
template <Surrogate S>
struct ConstantSurrogate {
  S surrogate = S(); ///< at any time

  /// Nothing can be wrong: the surrogate has checked itself.
  void validate() const {}
  /// @param r  in [0, 1]   @throws ArgumentError
  [[nodiscard]] S at(double r) const {
    detail::require_progress(r);
    return surrogate;
  }
};

/// Orders of the rectified estimator along a cosine, o(r) = 1 + (1 - cos(r pi / 2)) (final - 1):
/// slow at first. Source: Wu et al. 2023.
struct CosineOrder {
  double final_order = 3; ///< o(1), >= 1
  double flat = 0.1;      ///< m, see RectifiedStraightThrough
  double clip = 1.5;      ///< t

  /// @throws ArgumentError that names the field outside its range
  void validate() const { static_cast<void>(at(1)); }
  /// @param r  in [0, 1]   @throws ArgumentError
  [[nodiscard]] RectifiedStraightThrough at(double r) const {
    detail::require_progress(r);
    const double share = 1 - std::cos(r * std::numbers::pi / 2);
    return RectifiedStraightThrough(1 + share * (final_order - 1), flat, clip);
  }
};

/// Steepness of the error decay estimator, geometrically from the first to the last.
/// Source: Qin et al. 2020.
struct GeometricSteepness {
  double first = 0.1; ///< t(0), > 0
  double last = 10;   ///< t(1), > 0

  /// @throws ArgumentError that names the field outside its range
  void validate() const {
    require(first > 0 && std::isfinite(first), "first", first, "> 0, finite");
    require(last > 0 && std::isfinite(last), "last", last, "> 0, finite");
  }
  /// @param r  in [0, 1]   @throws ArgumentError
  [[nodiscard]] ErrorDecay at(double r) const {
    detail::require_progress(r);
    return ErrorDecay(first * std::pow(last / first, r));
  }
};

/// Gap of the soft quantiser, geometrically from the first to the last.
struct GeometricGap {
  double first = 0.4; ///< a(0), in (0, 1)
  double last = 0.1;  ///< a(1), in (0, 1)

  /// @throws ArgumentError that names the field outside its range
  void validate() const {
    require(first > 0 && first < 1, "first", first, "in (0, 1)");
    require(last > 0 && last < 1, "last", last, "in (0, 1)");
  }
  /// @param r  in [0, 1]   @throws ArgumentError
  [[nodiscard]] SoftQuantiser at(double r) const {
    detail::require_progress(r);
    return SoftQuantiser(first * std::pow(last / first, r));
  }
};

} // namespace gradus::nn
