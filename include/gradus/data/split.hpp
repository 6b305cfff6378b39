// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <span>
#include <vector>

#include <gradus/core/distributions.hpp>
#include <gradus/core/error.hpp>
#include <gradus/core/random.hpp>
#include <gradus/core/types.hpp>

namespace gradus::data {

/// Positions of the training and test examples of one data set.
struct Split {
  /// Positions of the training examples.
  std::vector<Index> train;
  /// Positions of the test examples.
  std::vector<Index> test;
};

/// Uniformly random split with exactly num_train training examples, each part in random order.
/// @throws ArgumentError unless 0 <= num_train <= num_examples
[[nodiscard]] inline Split random_split(Index num_examples, Index num_train, Stream stream) {
  require(num_examples >= 0, "num_examples", num_examples, ">= 0");
  require(num_train >= 0 && num_train <= num_examples, "num_train", num_train,
          "between 0 and the number of examples");
  const std::vector<Index> order = random_permutation(stream, num_examples);
  return {{order.begin(), order.begin() + num_train}, {order.begin() + num_train, order.end()}};
}

/// Copies the chosen columns. @param x  (features, samples)   @return (features, chosen.size())
template <class T>
[[nodiscard]] Matrix<T> take_samples(const Matrix<T>& x, std::span<const Index> chosen) {
  Matrix<T> taken(x.rows(), static_cast<Index>(chosen.size()));
  for (std::size_t k = 0; k < chosen.size(); ++k) {
    require(chosen[k] >= 0 && chosen[k] < x.cols(), "sample", chosen[k],
            "below the number of samples");
    taken.col(static_cast<Index>(k)) = x.col(chosen[k]);
  }
  return taken;
}

} // namespace gradus::data
