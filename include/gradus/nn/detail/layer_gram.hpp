// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <gradus/core/buffer.hpp>
#include <gradus/core/product.hpp>
#include <gradus/core/types.hpp>

/// Inner products of the gradients of single samples with respect to one layer. A sample's gradient
/// is the outer product of its delta with its layer input (and 1 for the bias), so that products of
/// gradients are products of deltas times products of inputs; none is ever formed.
namespace gradus::nn::detail {

/// What a Gram matrix is made of, layer by layer (n x n each).
template <class T>
struct GramParts {
  Buffer<T> inputs; ///< inner products of layer inputs
  Buffer<T> deltas; ///< inner products of deltas
};

/// gram += (D^T D) * (inputs + bias), entry by entry; columns are independent of each other.
/// @param delta  D, (units, n)   @param inputs  Gram matrix of the layer's inputs, (n, n)
template <class T>
void add_layer_gram(MatrixRef<T> gram, ConstMatrixRef<T> delta, ConstMatrixRef<T> inputs,
                    bool biases, Buffer<T>& deltas, Buffer<T>& scratch) {
  const Index n = gram.cols();
  auto d = deltas.matrix(n, n);
  multiply_then<T>(d, delta.transpose(), delta, scratch, [&](Index start, Index count) {
    gram.middleCols(start, count).array() +=
        d.middleCols(start, count).array() *
        (inputs.middleCols(start, count).array() + T(biases ? 1 : 0));
  });
}

/// norms(i) += |delta_i|^2 (|input_i|^2 + bias).
template <class T>
void add_layer_norms(VectorRef<T> norms, ConstMatrixRef<T> delta, ConstVectorRef<T> inputs,
                     bool biases) {
  for (Index i = 0; i < norms.size(); ++i) {
    norms(i) += delta.col(i).cwiseProduct(delta.col(i)).sum() * (inputs(i) + T(biases ? 1 : 0));
  }
}

} // namespace gradus::nn::detail
