// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include <gradus/core/distributions.hpp>
#include <gradus/core/error.hpp>
#include <gradus/core/random.hpp>
#include <gradus/core/types.hpp>

namespace gradus::optim {

/// An endless sequence of mini-batches that each example enters by itself with the same
/// probability: their size scatters around the mean, and a batch may be empty. Divide the sum of
/// gradients by the mean size to have an unbiased one. The batch of a given number depends on the
/// stream alone.
class BernoulliBatches {
public:
  /// @param num_examples  n >= 1   @param mean_size  in [1, n]
  /// @param stream  batch b comes from stream.child("bernoulli", b)   @throws ArgumentError
  BernoulliBatches(Index num_examples, Index mean_size, const Stream& stream)
      : num_examples_(num_examples),
        probability_(static_cast<double>(mean_size) / static_cast<double>(num_examples)),
        stream_(stream) {
    require(num_examples >= 1, "num_examples", num_examples, ">= 1");
    require(mean_size >= 1 && mean_size <= num_examples, "mean_size", mean_size,
            "in [1, number of examples]");
    chosen_.resize(static_cast<std::size_t>(num_examples));
  }

  /// Indices of the next batch, ascending; valid until the next call. Allocates nothing.
  std::span<const Index> next() {
    Stream draw = stream_.child("bernoulli", batch_++);
    std::size_t size = 0;
    for (Index i = 0; i < num_examples_; ++i) {
      chosen_[size] = i;
      size += bernoulli(draw, probability_) ? 1 : 0;
    }
    return std::span<const Index>(chosen_).first(size);
  }

  /// Probability of each example.
  [[nodiscard]] double probability() const noexcept { return probability_; }

private:
  Index num_examples_;
  double probability_;
  Stream stream_;
  std::vector<Index> chosen_;
  std::uint64_t batch_ = 0;
};

} // namespace gradus::optim
