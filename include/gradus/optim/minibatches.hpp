// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <numeric>
#include <span>
#include <utility>
#include <vector>

#include <gradus/core/distributions.hpp>
#include <gradus/core/error.hpp>
#include <gradus/core/random.hpp>
#include <gradus/core/types.hpp>

namespace gradus::optim {

/// How examples are drawn for mini-batches.
enum class Sampling {
  shuffled_epochs, ///< each epoch visits every example once, in a new random order
  independent,     ///< every example of every batch is drawn anew, with replacement
  subsets          ///< every batch is drawn anew, without replacement inside it
};

/// An endless sequence of mini-batches from a named stream: the batch of a given number depends on
/// the stream alone. Epochs end with a shorter batch where the size does not divide.
class Minibatches {
public:
  /// @param num_examples  n >= 1   @param batch_size  in [1, n] (any size >= 1 with replacement)
  /// @param stream  the shuffles of epoch e come from stream.child("epoch", e)
  Minibatches(Index num_examples, Index batch_size, const Stream& stream,
              Sampling sampling = Sampling::shuffled_epochs)
      : num_examples_(num_examples), batch_size_(batch_size), stream_(stream), sampling_(sampling) {
    require(num_examples >= 1, "num_examples", num_examples, ">= 1");
    require(batch_size >= 1 && (sampling == Sampling::independent || batch_size <= num_examples),
            "batch_size", batch_size, "in [1, number of examples]");
    order_.resize(
        static_cast<std::size_t>(sampling == Sampling::independent ? batch_size : num_examples));
    if (sampling == Sampling::subsets) {
      std::iota(order_.begin(), order_.end(), Index{0});
      partners_.resize(static_cast<std::size_t>(batch_size));
    }
  }

  /// Indices of the next batch; valid until the next call. Allocates nothing.
  std::span<const Index> next() {
    if (sampling_ == Sampling::independent) {
      Stream draw = stream_.child("batch", static_cast<std::uint64_t>(batch_++));
      for (Index& index : order_) {
        index = uniform_index(draw, num_examples_);
      }
      return order_;
    }
    if (sampling_ == Sampling::subsets) {
      return next_subset();
    }
    if (position_ == 0) {
      for (Index i = 0; i < num_examples_; ++i) {
        order_[static_cast<std::size_t>(i)] = i;
      }
      Stream draw = stream_.child("epoch", static_cast<std::uint64_t>(epoch_));
      shuffle(draw, std::span(order_));
    }
    const Index size = std::min(batch_size_, num_examples_ - position_);
    const auto batch = std::span<const Index>(order_).subspan(static_cast<std::size_t>(position_),
                                                              static_cast<std::size_t>(size));
    position_ += size;
    if (position_ == num_examples_) {
      position_ = 0;
      ++epoch_;
    }
    return batch;
  }

  /// Epochs completed; 0 for batches that are drawn anew.
  [[nodiscard]] Index epoch() const noexcept { return epoch_; }
  /// Batches of an epoch, a short last one included.
  [[nodiscard]] Index batches_per_epoch() const {
    return (num_examples_ + batch_size_ - 1) / batch_size_;
  }

private:
  /// The first places of a shuffle of 0, ..., n - 1. What the last batch swapped is swapped back
  /// before, so that a batch costs its own size and depends on no other.
  std::span<const Index> next_subset() {
    const auto size = static_cast<std::size_t>(batch_size_);
    if (batch_ > 0) {
      for (std::size_t k = size; k-- > 0;) {
        std::swap(order_[k], order_[partners_[k]]);
      }
    }
    Stream draw = stream_.child("batch", static_cast<std::uint64_t>(batch_++));
    for (std::size_t k = 0; k < size; ++k) {
      const Index ahead = uniform_index(draw, num_examples_ - static_cast<Index>(k));
      partners_[k] = k + static_cast<std::size_t>(ahead);
      std::swap(order_[k], order_[partners_[k]]);
    }
    return std::span<const Index>(order_).first(size);
  }

  Index num_examples_;
  Index batch_size_;
  Stream stream_;
  Sampling sampling_;
  std::vector<Index> order_;
  std::vector<std::size_t> partners_; ///< of the swaps of the last subset
  Index position_ = 0;
  Index epoch_ = 0;
  Index batch_ = 0;
};

} // namespace gradus::optim
