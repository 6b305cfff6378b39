// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <cmath>
#include <limits>

#include <gradus/core/error.hpp>
#include <gradus/core/scalar.hpp>
#include <gradus/core/types.hpp>

namespace gradus::metrics {

/// Margins y f of a binary classifier. @param f  outputs (1, n) or (n)   @param labels  -1 or +1
template <class F, class Y>
[[nodiscard]] auto margins(const Eigen::MatrixBase<F>& f, const Eigen::MatrixBase<Y>& labels) {
  using T = typename F::Scalar;
  require_size(labels, "labels", f.size());
  Vector<T> result(f.size());
  for (Index i = 0; i < f.size(); ++i) {
    result(i) = T(labels.coeff(i)) * (f.rows() == 1 ? f.coeff(0, i) : f.coeff(i, 0));
  }
  return result;
}

/// Share of positive margins. An output of exactly 0 or NaN counts as wrong. NaN for no samples.
template <class F, class Y>
[[nodiscard]] double binary_accuracy(const Eigen::MatrixBase<F>& f,
                                     const Eigen::MatrixBase<Y>& labels) {
  const auto m = margins(f, labels);
  Index correct = 0;
  for (Index i = 0; i < m.size(); ++i) {
    correct += primal(m(i)) > 0 ? 1 : 0;
  }
  return m.size() == 0 ? std::numeric_limits<double>::quiet_NaN()
                       : static_cast<double>(correct) / static_cast<double>(m.size());
}

/// Share of positive margins among the samples for which in_group(i) is true; NaN if there is none.
template <class F, class Y, class InGroup>
[[nodiscard]] double group_accuracy(const Eigen::MatrixBase<F>& f,
                                    const Eigen::MatrixBase<Y>& labels, InGroup&& in_group) {
  const auto m = margins(f, labels);
  Index correct = 0;
  Index count = 0;
  for (Index i = 0; i < m.size(); ++i) {
    if (in_group(i)) {
      ++count;
      correct += primal(m(i)) > 0 ? 1 : 0;
    }
  }
  return count == 0 ? std::numeric_limits<double>::quiet_NaN()
                    : static_cast<double>(correct) / static_cast<double>(count);
}

/// Share of samples whose largest logit is, without a tie, that of their class.
/// @param logits  (classes, n)   @param classes  n numbers in [0, classes)
template <class F, class Y>
[[nodiscard]] double class_accuracy(const Eigen::MatrixBase<F>& logits, const Y& classes) {
  require_size(classes, "classes", logits.cols());
  Index correct = 0;
  for (Index i = 0; i < logits.cols(); ++i) {
    const auto own = static_cast<Index>(classes(i));
    require(own >= 0 && own < logits.rows(), "class", own, "below the number of logits");
    bool best = true;
    for (Index k = 0; k < logits.rows(); ++k) {
      best = best && (k == own || primal(logits.coeff(own, i)) > primal(logits.coeff(k, i)));
    }
    correct += best ? 1 : 0;
  }
  return logits.cols() == 0 ? std::numeric_limits<double>::quiet_NaN()
                            : static_cast<double>(correct) / static_cast<double>(logits.cols());
}

} // namespace gradus::metrics
