// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <array>
#include <numeric>
#include <span>
#include <vector>

#include <gradus/core/buffer.hpp>
#include <gradus/core/error.hpp>
#include <gradus/core/types.hpp>
#include <gradus/objective/concepts.hpp>
#include <gradus/optim/robust_mean.hpp>

/// Objectives whose gradient is no longer the mean over a mini-batch but something that ignores
/// what few examples ask for. Any rule and descend() work with them as with the objective inside,
/// which they refer to.

namespace gradus::optim {

/// The winsorised mean of the gradients of single examples, coordinate by coordinate. The value is
/// the mean loss all the same. Memory: P (batch size).
template <objective::HasPerExampleMinibatches F>
class WinsorisedGradient {
public:
  /// Scalar type of parameters and values.
  using Value = typename F::Value;

  /// @param share  see WinsorisedMean   @throws ArgumentError
  WinsorisedGradient(F& objective, double share) : objective_(&objective), mean_(share) {}

  /// Size P of theta.
  [[nodiscard]] Index num_parameters() const { return objective_->num_parameters(); }
  /// Number of examples n.
  [[nodiscard]] Index num_examples() const { return objective_->num_examples(); }
  /// Mean loss.
  Value value(ConstVectorRef<Value> theta) { return objective_->value(theta); }
  /// Mean loss, and the aggregate over all examples (P).
  Value value_and_gradient(ConstVectorRef<Value> theta, VectorRef<Value> gradient) {
    auto each = each_.matrix(num_parameters(), num_examples());
    objective_->per_example_gradients(theta, each);
    mean_(each, gradient);
    return objective_->latest_losses().mean();
  }
  /// The same over the given examples.
  Value value_and_gradient(ConstVectorRef<Value> theta, std::span<const Index> batch,
                           VectorRef<Value> gradient) {
    auto each = each_.matrix(num_parameters(), static_cast<Index>(batch.size()));
    const Value loss = objective_->per_example_gradients(theta, batch, each);
    mean_(each, gradient);
    return loss;
  }

private:
  F* objective_;
  WinsorisedMean<Value> mean_;
  Buffer<Value> each_;
};

/// M3: the coordinate-wise median of the gradients of three micro-batches, into which the batch is
/// cut in order, as evenly as it goes.
template <objective::HasMinibatches F>
class MedianOfThirds {
public:
  /// Scalar type of parameters and values.
  using Value = typename F::Value;

  /// @throws ArgumentError for fewer than three examples
  explicit MedianOfThirds(F& objective) : objective_(&objective) {
    require(num_examples() >= 3, "number of examples", num_examples(), ">= 3");
    all_.resize(static_cast<std::size_t>(num_examples()));
    std::iota(all_.begin(), all_.end(), Index{0});
    for (auto& part : parts_) {
      part.resize(num_parameters());
    }
  }

  /// Size P of theta.
  [[nodiscard]] Index num_parameters() const { return objective_->num_parameters(); }
  /// Number of examples n.
  [[nodiscard]] Index num_examples() const { return objective_->num_examples(); }
  /// Mean loss.
  Value value(ConstVectorRef<Value> theta) { return objective_->value(theta); }
  /// Mean loss, and the median over the thirds of all examples (P).
  Value value_and_gradient(ConstVectorRef<Value> theta, VectorRef<Value> gradient) {
    return value_and_gradient(theta, all_, gradient);
  }
  /// The same over the given examples; of fewer than three, as at the end of an epoch, none is a
  /// majority, and the gradient is 0. @throws ArgumentError for no examples
  Value value_and_gradient(ConstVectorRef<Value> theta, std::span<const Index> batch,
                           VectorRef<Value> gradient) {
    const std::size_t size = batch.size();
    if (size < 3) {
      const Value loss = objective_->value_and_gradient(theta, batch, gradient);
      gradient.setZero();
      return loss;
    }
    Value total(0);
    for (std::size_t k = 0; k < 3; ++k) {
      const auto part = batch.subspan(size * k / 3, size * (k + 1) / 3 - size * k / 3);
      total +=
          objective_->value_and_gradient(theta, part, parts_[k]) * static_cast<Value>(part.size());
    }
    median_of_three<Value>(parts_[0], parts_[1], parts_[2], gradient);
    return total / static_cast<Value>(size);
  }

private:
  F* objective_;
  std::vector<Index> all_;
  std::array<Vector<Value>, 3> parts_;
};

} // namespace gradus::optim
