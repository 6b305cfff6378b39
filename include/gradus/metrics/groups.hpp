// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <limits>
#include <numeric>
#include <span>
#include <vector>

#include <gradus/core/error.hpp>
#include <gradus/core/scalar.hpp>
#include <gradus/core/types.hpp>

/// What groups of samples do to each other in training: their mean losses, gradients that point
/// against each other, and which samples' losses change most. Groups are small integers, one a
/// sample. Source of the questions: Rosenfeld and Risteski 2023 (arXiv 2311.04163).

namespace gradus::metrics {

/// Weights that make a mean over a group of a sum over all samples: 1 / size for its members, 0
/// for all others (n). With the losses' gradients of single samples they give the group's gradient
/// (EmpiricalRisk::weighted_gradient). @throws ArgumentError if the group has no members
template <RealScalar T>
[[nodiscard]] Vector<T> group_weights(std::span<const int> groups, int group) {
  const auto size = std::count(groups.begin(), groups.end(), group);
  require(size >= 1, "group", group, "one that has members");
  Vector<T> weights(static_cast<Index>(groups.size()));
  for (Index i = 0; i < weights.size(); ++i) {
    weights(i) = groups[static_cast<std::size_t>(i)] == group ? T(1) / static_cast<T>(size) : T(0);
  }
  return weights;
}

/// Mean of the values of a group's members; NaN if it has none. @param values  (n)
/// @throws ShapeError
template <RealScalar T>
[[nodiscard]] T group_mean(ConstVectorRef<T> values, std::span<const int> groups, int group) {
  require_size(values, "values", static_cast<Index>(groups.size()));
  T sum(0);
  T size(0);
  for (Index i = 0; i < values.size(); ++i) {
    if (groups[static_cast<std::size_t>(i)] == group) {
      sum += values(i);
      size += T(1);
    }
  }
  return size > T(0) ? sum / size : std::numeric_limits<T>::quiet_NaN();
}

/// Share of steps in which two curves move in opposite directions; a step in which either stands
/// still is none. NaN for fewer than two values or any NaN. @throws ArgumentError if sizes differ
[[nodiscard]] inline double opposition(const std::vector<double>& a, const std::vector<double>& b) {
  require(a.size() == b.size(), "size of b", b.size(), "that of a");
  if (a.size() < 2) {
    return std::numeric_limits<double>::quiet_NaN();
  }
  std::size_t opposed = 0;
  for (std::size_t t = 0; t < a.size(); ++t) {
    if (std::isnan(a[t]) || std::isnan(b[t])) {
      return std::numeric_limits<double>::quiet_NaN();
    }
    if (t > 0) {
      opposed += (a[t] > a[t - 1] && b[t] < b[t - 1]) || (a[t] < a[t - 1] && b[t] > b[t - 1]);
    }
  }
  return static_cast<double>(opposed) / static_cast<double>(a.size() - 1);
}

/// The `count` samples whose values changed most, in absolute terms, the largest change first; of
/// equal changes the earlier sample. @param before, after  (n), without NaN
/// @throws ArgumentError for a count outside [0, n] or a NaN; ShapeError
template <RealScalar T>
[[nodiscard]] std::vector<Index> largest_changes(ConstVectorRef<T> before, ConstVectorRef<T> after,
                                                 Index count) {
  using std::abs;
  require_size(after, "after", before.size());
  require(count >= 0 && count <= before.size(), "count", count, "in [0, number of samples]");
  const Vector<T> change = (after - before).cwiseAbs();
  for (Index i = 0; i < change.size(); ++i) {
    require(!(change(i) != change(i)), "change", change(i), "a number, to have a rank");
  }
  std::vector<Index> order(static_cast<std::size_t>(change.size()));
  std::iota(order.begin(), order.end(), Index{0});
  std::partial_sort(order.begin(), order.begin() + count, order.end(), [&](Index i, Index j) {
    return change(i) > change(j) || (change(i) == change(j) && i < j);
  });
  order.resize(static_cast<std::size_t>(count));
  return order;
}

/// Share of the chosen samples that belong to any group but `bulk`; NaN if none is chosen.
/// @throws ArgumentError for a sample that has no group
[[nodiscard]] inline double share_outside(const std::vector<Index>& chosen,
                                          std::span<const int> groups, int bulk = 0) {
  std::size_t outside = 0;
  for (const Index i : chosen) {
    require(i >= 0 && i < static_cast<Index>(groups.size()), "sample", i,
            "below the number of samples");
    outside += groups[static_cast<std::size_t>(i)] != bulk;
  }
  return static_cast<double>(outside) / static_cast<double>(chosen.size());
}

} // namespace gradus::metrics
