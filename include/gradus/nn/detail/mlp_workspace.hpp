// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <vector>

#include <gradus/core/buffer.hpp>
#include <gradus/nn/detail/layer_gram.hpp>

namespace gradus::nn::detail {

/// Memory of the passes of Mlp.
template <class T>
struct MlpWorkspace {
  /// Memory of one weight layer.
  struct Layer {
    Buffer<T> z;     ///< pre-activations
    Buffer<T> a;     ///< activations
    Buffer<T> slope; ///< activation'(z)
    Buffer<T> delta; ///< d loss / d z
    Buffer<T> curve; ///< derivative of delta by z at fixed delta above, elementwise
    Buffer<T> z_dot; ///< directional derivatives of z
    Buffer<T> a_dot; ///< directional derivatives of a, unless they fit into z_dot
    Buffer<T> d_dot; ///< directional derivatives of delta
  };
  /// One per weight layer.
  std::vector<Layer> layers;
  Buffer<T> partial; ///< partial results of products
  GramParts<T> gram; ///< of per_example_gram()
};

} // namespace gradus::nn::detail
