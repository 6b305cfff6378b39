// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <algorithm>

#include <gradus/core/parallel.hpp>
#include <gradus/core/product.hpp>
#include <gradus/core/types.hpp>

/// Loops of the passes that work on many directions of parameter space at once. Direction j of n
/// samples takes columns j n ... (j + 1) n - 1 of every array.
namespace gradus::nn::detail {

/// Calls body(j) for each of `count` directions: over the cores when each is too small a product to
/// be cut by itself, otherwise one after the other, each over the cores.
/// @param multiplications  of the largest product in one call of body
template <class Body>
void for_directions(Index count, Index multiplications, const Body& body) {
  if (multiplications <= gradus::detail::small_product &&
      multiplications * count > gradus::detail::small_product) {
    parallel_panels(count, body);
    return;
  }
  for (Index j = 0; j < count; ++j) {
    body(j);
  }
}

/// Cuts columns start ... start + count - 1 where a new direction begins: body(c, i, m) is called
/// for runs of m columns from c on, which belong to samples i, i + 1, ...
template <class Body>
void for_sample_runs(Index start, Index count, Index n, const Body& body) {
  for (Index c = start; c < start + count;) {
    const Index i = c % n;
    const Index m = std::min(n - i, start + count - c);
    body(c, i, m);
    c += m;
  }
}

/// sum = the columns of m, added up in order: rowwise().sum(), which Eigen 3.4 lacks for half
/// numbers.
template <class Columns, class Sum>
void sum_columns(const Columns& m, Sum&& sum) {
  sum.setZero();
  for (Index i = 0; i < m.cols(); ++i) {
    sum += m.col(i);
  }
}

} // namespace gradus::nn::detail
