// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <cstddef>
#include <vector>

#include <gradus/core/distributions.hpp>
#include <gradus/core/error.hpp>
#include <gradus/core/random.hpp>
#include <gradus/core/types.hpp>

/// Class labels 0 ... k - 1 that know nothing of the inputs, all or some of them.

namespace gradus::data {

/// n uniform labels in 0 ... classes - 1. @throws ArgumentError if n < 0 or classes < 1
[[nodiscard]] inline Vector<Index> random_classes(Index n, Index classes, const Stream& stream) {
  require(n >= 0, "n", n, ">= 0");
  require(classes >= 1, "classes", classes, ">= 1");
  Stream draws = stream.child("classes");
  Vector<Index> labels(n);
  for (Index& label : labels) {
    label = uniform_index(draws, classes);
  }
  return labels;
}

/// Draws the labels of exactly `count` random samples anew, uniformly: of these a share 1 / classes
/// keeps what it had. The choice for a smaller count is part of that for a larger one.
/// @param labels  in 0 ... classes - 1 (n), changed in place
/// @throws ArgumentError unless 0 <= count <= n and classes >= 1
inline void redraw_classes(Vector<Index>& labels, Index classes, Index count,
                           const Stream& stream) {
  require(count >= 0 && count <= labels.size(), "count", count, "in [0, number of labels]");
  require(classes >= 1, "classes", classes, ">= 1");
  Stream choice = stream.child("redrawn");
  Stream draws = stream.child("new classes");
  const std::vector<Index> order = random_permutation(choice, labels.size());
  for (Index k = 0; k < count; ++k) {
    labels(order[static_cast<std::size_t>(k)]) = uniform_index(draws, classes);
  }
}

} // namespace gradus::data
