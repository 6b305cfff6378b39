// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <concepts>
#include <span>
#include <string_view>
#include <utility>

#include <gradus/core/types.hpp>
#include <gradus/nn/detail/named.hpp>
#include <gradus/nn/loss/exact_softmax.hpp>
#include <gradus/nn/loss/margin.hpp>
#include <gradus/nn/loss/rounded_softmax.hpp>
#include <gradus/nn/loss/softmax.hpp>
#include <gradus/nn/loss/square.hpp>
#include <gradus/nn/loss/stablemax.hpp>

namespace gradus::nn {

/// A loss in output space: k outputs x n samples against targets, one value per sample. What a
/// model is trained on is the mean of the values; the loss itself averages nothing, so that a
/// batch may be worked through in panels. @tparam T the number type it must work with.
template <class L, class T = double>
concept Loss = std::copyable<L> &&
    requires(const L& loss, const Matrix<T>& z, Matrix<T>& dz, Vector<T>& values,
             const typename L::template Targets<T>& targets, typename L::template Targets<T>& some,
             std::span<const Index> indices, Index n) {
  { L::name } -> std::convertible_to<const char*>;
  L::validate(targets, n);
  { L::num_samples(targets) } -> std::convertible_to<Index>;
  { L::slice(targets, n, n) } -> std::convertible_to<typename L::template TargetsView<T>>;
  L::gather(targets, indices, some);
  loss.values(z, targets, values);
  loss.value_and_gradient(z, targets, values, dz);
  loss.hessian_product(z, targets, z, dz);
};

/// Calls visitor with the loss of the given name ("logistic", "hinge", "exponential",
/// "softmax-cross-entropy", "square") and returns what it returns.
/// @throws ArgumentError listing the valid names
template <class Visitor>
decltype(auto) with_loss(std::string_view name, Visitor&& visitor) {
  return detail::with_named<Logistic, Hinge, Exponential, SoftmaxCrossEntropy, Square>(
      "loss", name, std::forward<Visitor>(visitor));
}

} // namespace gradus::nn
