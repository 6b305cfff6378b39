// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <cmath>

#include <gradus/core/error.hpp>
#include <gradus/core/types.hpp>

/// Sizes of parameters that know the function: path norms of two-layer networks, and how evenly
/// two factors share what only their product does.

namespace gradus::metrics {

/// Path norm of f(x) = sum_j a_j relu(<w_j, x>): sum_j |a_j| |w_j|, which rescaling w_j by c > 0
/// and a_j by 1 / c leaves as it is.
/// @param first_layer  w_j in rows, (width, inputs)   @param second_layer  a (width)
/// @throws ShapeError
template <class W, class A>
[[nodiscard]] double path_norm(const Eigen::MatrixBase<W>& first_layer,
                               const Eigen::MatrixBase<A>& second_layer) {
  require_size(second_layer, "second_layer", first_layer.rows());
  double sum = 0;
  for (Index j = 0; j < first_layer.rows(); ++j) {
    sum += std::abs(static_cast<double>(second_layer(j))) *
           static_cast<double>(first_layer.row(j).norm());
  }
  return sum;
}

/// sum_k |a_k^2 - b_k^2|, what gradient flow on a function of a o b keeps entry by entry.
/// @param a, b  of one size   @throws ShapeError
template <class A, class B>
[[nodiscard]] double imbalance(const Eigen::MatrixBase<A>& a, const Eigen::MatrixBase<B>& b) {
  require_size(b, "b", a.size());
  double sum = 0;
  for (Index k = 0; k < a.size(); ++k) { // as a product: no difference of large numbers
    sum += std::abs(static_cast<double>((a(k) - b(k)) * (a(k) + b(k))));
  }
  return sum;
}

/// (|a|^2 + |b|^2) / (2 |a o b|_1) >= 1, and 1 only if |a_k| = |b_k| throughout.
/// @param a, b  of one size   @return NaN if both are 0, infinite if a o b = 0   @throws ShapeError
template <class A, class B>
[[nodiscard]] double balance_ratio(const Eigen::MatrixBase<A>& a, const Eigen::MatrixBase<B>& b) {
  require_size(b, "b", a.size());
  const auto product = static_cast<double>(a.cwiseProduct(b).cwiseAbs().sum());
  return static_cast<double>(a.squaredNorm() + b.squaredNorm()) / (2 * product);
}

} // namespace gradus::metrics
