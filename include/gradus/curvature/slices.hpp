// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <algorithm>

#include <gradus/core/error.hpp>
#include <gradus/core/scalar.hpp>
#include <gradus/core/types.hpp>
#include <gradus/objective/concepts.hpp>

/// The loss on straight lines and planes through parameter space. Source: Goodfellow, Vinyals, Saxe
/// 2015.

namespace gradus::curvature {

/// Values of an objective on a line.
template <class T>
struct LineSlice {
  Vector<T> at;     ///< t: 0 is the first point, 1 the second
  Vector<T> values; ///< at (1 - t) first + t second

  /// How far the line rises above the higher of its two ends: max over the line - max of the ends.
  /// 0 if nothing on it lies higher. The ends are the first and the last t.
  [[nodiscard]] T barrier() const {
    return values.size() == 0 ? T(0)
                              : values.maxCoeff() - std::max(values(0), values(values.size() - 1));
  }
};

/// Values at the given places of the line through two points.
/// @param first, second  (P)   @param at  t, any numbers   @throws ShapeError
template <objective::Objective F>
[[nodiscard]] LineSlice<typename F::Value>
line_slice(F& objective, ConstVectorRef<typename F::Value> first,
           ConstVectorRef<typename F::Value> second, ConstVectorRef<typename F::Value> at) {
  using T = typename F::Value;
  require_size(first, "first", objective.num_parameters());
  require_size(second, "second", objective.num_parameters());
  LineSlice<T> slice{at, Vector<T>(at.size())};
  Vector<T> theta(first.size());
  for (Index k = 0; k < at.size(); ++k) {
    theta = (T(1) - at(k)) * first + at(k) * second; // the very ends at 0 and 1
    slice.values(k) = objective.value(theta);
  }
  return slice;
}

/// The same at `points` even steps from the first point to the second. @param points  >= 2
template <objective::Objective F>
[[nodiscard]] LineSlice<typename F::Value>
line_slice(F& objective, ConstVectorRef<typename F::Value> first,
           ConstVectorRef<typename F::Value> second, Index points = 41) {
  using T = typename F::Value;
  require(points >= 2, "points", points, ">= 2");
  Vector<T> at(points);
  for (Index k = 0; k < points; ++k) {
    at(k) = T(k) / T(points - 1);
  }
  return line_slice(objective, first, second, at);
}

/// Values of an objective on a plane.
template <class T>
struct PlaneSlice {
  Vector<T> s;      ///< coordinates along the first axis
  Vector<T> t;      ///< coordinates along the second
  Matrix<T> values; ///< values(i, j) at origin + s_i first + t_j second
};

/// Values on the grid s x t of the plane origin + s first + t second.
/// @param origin, first, second  (P); the axes as they are, neither normalised nor made orthogonal
/// @throws ShapeError
template <objective::Objective F>
[[nodiscard]] PlaneSlice<typename F::Value>
plane_slice(F& objective, ConstVectorRef<typename F::Value> origin,
            ConstVectorRef<typename F::Value> first, ConstVectorRef<typename F::Value> second,
            ConstVectorRef<typename F::Value> s, ConstVectorRef<typename F::Value> t) {
  using T = typename F::Value;
  require_size(origin, "origin", objective.num_parameters());
  require_size(first, "first", objective.num_parameters());
  require_size(second, "second", objective.num_parameters());
  PlaneSlice<T> slice{s, t, Matrix<T>(s.size(), t.size())};
  Vector<T> theta(origin.size());
  for (Index j = 0; j < t.size(); ++j) {
    for (Index i = 0; i < s.size(); ++i) {
      theta = origin + s(i) * first + t(j) * second;
      slice.values(i, j) = objective.value(theta);
    }
  }
  return slice;
}

} // namespace gradus::curvature
