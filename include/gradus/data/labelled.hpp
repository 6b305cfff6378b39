// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include <gradus/core/distributions.hpp>
#include <gradus/core/error.hpp>
#include <gradus/core/random.hpp>
#include <gradus/core/scalar.hpp>
#include <gradus/core/types.hpp>

/// Samples of two classes, and changes made to them.

namespace gradus::data {

/// Inputs with labels -1 and +1.
template <Scalar T>
struct LabelledSamples {
  Matrix<T> x;      ///< inputs (d, n), a column is a sample
  Vector<T> labels; ///< -1 or +1 (n)
};

/// Labels of two balanced classes: count times -1, then count times +1.
template <Scalar T>
[[nodiscard]] Vector<T> balanced_labels(Index count) {
  require(count >= 0, "count", count, ">= 0");
  Vector<T> labels(2 * count);
  labels.head(count).setConstant(T(-1));
  labels.tail(count).setConstant(T(1));
  return labels;
}

/// Gives `count` random samples of each class the label of the other, so that balanced classes stay
/// balanced. The choice for a smaller count is part of that for a larger one.
/// @param labels  -1 or +1 (n), changed in place   @throws ArgumentError if a class has fewer
template <RealScalar T>
void swap_labels(Vector<T>& labels, Index count, const Stream& stream) {
  require(count >= 0, "count", count, ">= 0");
  std::vector<Index> swapped;
  for (const int sign : {-1, 1}) {
    std::vector<Index> members;
    for (Index i = 0; i < labels.size(); ++i) {
      if (labels(i) == static_cast<T>(sign)) {
        members.push_back(i);
      }
    }
    const auto size = static_cast<Index>(members.size());
    require(count <= size, "count", count,
            "at most " + gradus::detail::to_text(size) + ", the samples of class " +
                gradus::detail::to_text(sign));
    Stream draws = stream.child("swap", sign > 0 ? 1 : 0);
    const std::vector<Index> order = random_permutation(draws, size);
    for (Index k = 0; k < count; ++k) {
      swapped.push_back(members[static_cast<std::size_t>(order[static_cast<std::size_t>(k)])]);
    }
  }
  for (const Index i : swapped) {
    labels(i) = -labels(i);
  }
}

/// Repeats every feature `times` times, one after the other: an enlarged image, as far as anything
/// sees it that does not know where pixels lie. Inner products grow by that factor.
/// @param x  (d, n)   @return (d times, n)   @throws ArgumentError if times < 1
template <Scalar T>
[[nodiscard]] Matrix<T> replicate_features(ConstMatrixRef<T> x, Index times) {
  require(times >= 1, "times", times, ">= 1");
  Matrix<T> result(x.rows() * times, x.cols());
  for (Index i = 0; i < x.cols(); ++i) {
    for (Index k = 0; k < x.rows(); ++k) {
      result.col(i).segment(k * times, times).setConstant(x(k, i));
    }
  }
  return result;
}

} // namespace gradus::data
