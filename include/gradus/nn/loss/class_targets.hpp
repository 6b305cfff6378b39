// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <span>

#include <gradus/core/error.hpp>
#include <gradus/core/types.hpp>
#include <gradus/nn/detail/targets.hpp>

namespace gradus::nn {

/// What all losses over class labels share: one whole number in 0 .. k - 1 a sample.
struct ClassTargets {
  /// Class of each sample, 0 .. k - 1.
  template <class T>
  using Targets = Vector<Index>;
  /// Read-only view of labels.
  template <class T>
  using TargetsView = ConstVectorRef<Index>;

  /// @throws ArgumentError naming the first label outside 0 .. num_outputs - 1, or if num_outputs
  ///         is below 2
  template <class Labels>
  static void validate(const Eigen::DenseBase<Labels>& labels, Index num_outputs) {
    require(num_outputs >= 2, "num_outputs", num_outputs, ">= 2 for a softmax");
    for (Index i = 0; i < labels.size(); ++i) {
      const auto c = labels.derived().coeff(i);
      if (c < 0 || static_cast<Index>(c) >= num_outputs) [[unlikely]] {
        throw ArgumentError(detail::entry_name("labels", i), gradus::detail::to_text(c),
                            "0 .. " + gradus::detail::to_text(num_outputs - 1));
      }
    }
  }

  /// Number of samples that the labels belong to.
  template <class Labels>
  static Index num_samples(const Eigen::DenseBase<Labels>& labels) {
    return labels.size();
  }

  /// View of the labels of samples first .. first + count - 1.
  template <class I>
  static ConstVectorMap<I> slice(const Vector<I>& labels, Index first, Index count) {
    return {labels.data() + first, count};
  }

  /// out(i) = labels(indices[i]); allocates only if out has another size.
  /// @throws ArgumentError if an index is out of range
  template <class I>
  static void gather(const Vector<I>& labels, std::span<const Index> indices, Vector<I>& out) {
    detail::gather(labels, indices, out);
  }
};

} // namespace gradus::nn
