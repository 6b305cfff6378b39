// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <algorithm>
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
  independent      ///< every example of every batch is drawn anew, with replacement
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

  /// Epochs completed.
  [[nodiscard]] Index epoch() const noexcept { return epoch_; }
  /// Batches of an epoch, a short last one included.
  [[nodiscard]] Index batches_per_epoch() const {
    return (num_examples_ + batch_size_ - 1) / batch_size_;
  }

private:
  Index num_examples_;
  Index batch_size_;
  Stream stream_;
  Sampling sampling_;
  std::vector<Index> order_;
  Index position_ = 0;
  Index epoch_ = 0;
  Index batch_ = 0;
};

} // namespace gradus::optim
