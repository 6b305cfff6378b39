// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <gradus/core/distributions.hpp>
#include <gradus/core/error.hpp>
#include <gradus/core/random.hpp>
#include <gradus/core/scalar.hpp>
#include <gradus/core/types.hpp>

/// Labels of which some are wrong, kept beside the truth.

namespace gradus::data {

/// Labels as a learner is given them, and what they should be.
template <class Label>
struct NoisyLabels {
  Vector<Label> given; ///< what is trained on (n)
  Vector<Label> truth; ///< what is right (n)

  /// Whether the label of sample i is wrong.
  [[nodiscard]] bool corrupt(Index i) const { return given(i) != truth(i); }
  /// How many are wrong.
  [[nodiscard]] Index num_corrupt() const { return (given.array() != truth.array()).count(); }
};

/// Redraws every class label with the given probability, uniformly from all classes: it may come
/// out right, so that (1 - 1/k) probability of the labels end up wrong. The labels redrawn at a
/// smaller probability are among those of a larger one, and come out the same.
/// @param truth  classes (n), in [0, num_classes)   @param probability  in [0, 1]
/// @throws ArgumentError
[[nodiscard]] inline NoisyLabels<Index> redraw_classes(const Vector<Index>& truth,
                                                       Index num_classes, double probability,
                                                       const Stream& stream) {
  require(num_classes >= 1, "num_classes", num_classes, ">= 1");
  require(probability >= 0 && probability <= 1, "probability", probability, "in [0, 1]");
  Stream chosen = stream.child("redrawn");
  Stream classes = stream.child("classes");
  NoisyLabels<Index> labels{truth, truth};
  for (Index i = 0; i < truth.size(); ++i) {
    require(truth(i) >= 0 && truth(i) < num_classes, "class", truth(i),
            "below the number of classes");
    const Index drawn = uniform_index(classes, num_classes);
    if (bernoulli(chosen, probability)) {
      labels.given(i) = drawn;
    }
  }
  return labels;
}

/// Gives every sample of two classes the label of the other with the given probability. The labels
/// flipped at a smaller probability are among those of a larger one.
/// @param truth  -1 or +1 (n)   @param probability  in [0, 1]   @throws ArgumentError
template <RealScalar T>
[[nodiscard]] NoisyLabels<T> flip_labels(const Vector<T>& truth, double probability,
                                         const Stream& stream) {
  require(probability >= 0 && probability <= 1, "probability", probability, "in [0, 1]");
  Stream chosen = stream.child("flipped");
  NoisyLabels<T> labels{truth, truth};
  for (Index i = 0; i < truth.size(); ++i) {
    require(truth(i) == T(1) || truth(i) == T(-1), "label", truth(i), "-1 or +1");
    if (bernoulli(chosen, probability)) {
      labels.given(i) = -truth(i);
    }
  }
  return labels;
}

} // namespace gradus::data
