// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <gradus/core/error.hpp>
#include <gradus/core/scalar.hpp>
#include <gradus/core/types.hpp>
#include <gradus/linear/detail/data.hpp>

namespace gradus::linear::detail {

/// Throws unless x (d, n) is finite with d, n >= 1 and labels (n) are -1 or +1.
template <RealScalar T>
void require_training_set(ConstMatrixRef<T> x, ConstVectorRef<T> labels) {
  require_data<T>(x);
  require_size(labels, "labels", x.cols());
  for (Index i = 0; i < labels.size(); ++i) {
    require(labels(i) == T(1) || labels(i) == T(-1), "label", labels(i), "-1 or +1");
  }
}

/// Throws unless the penalty is positive and finite.
template <RealScalar T>
void require_penalty(T penalty) {
  require(penalty > T(0) && is_finite(penalty), "penalty", penalty, "> 0, finite");
}

/// The samples times their labels (d, n): a margin is then <w, column>.
template <RealScalar T>
[[nodiscard]] Matrix<T> signed_samples(ConstMatrixRef<T> x, ConstVectorRef<T> labels) {
  Matrix<T> result = x;
  for (Index i = 0; i < x.cols(); ++i) {
    result.col(i) *= labels(i);
  }
  return result;
}

} // namespace gradus::linear::detail
