// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <algorithm>
#include <cmath>
#include <limits>
#include <utility>
#include <vector>

#include <gradus/core/error.hpp>
#include <gradus/core/scalar.hpp>
#include <gradus/core/types.hpp>

namespace gradus::optim {

/// Orthogonal gradient (perpGrad) for TransformedGradient: takes from the gradient its part along
/// the parameters, block by block (each weight matrix by itself) or over all of theta at once,
///   g' = g - (<w, g> / <w, w>) w,  g'' = g' |g| / |g'|   (the second step if keep_norm)
/// so that a step never just scales a layer, which in a network without biases changes no
/// prediction. Parameters outside the blocks keep their gradient. A block whose weights are all 0
/// keeps it too.
/// Source: Prieto et al. 2025 (arXiv 2501.04697) and the authors' code.
template <RealScalar T>
struct OrthogonalGradient {
  /// Blocks of theta, such as Mlp::weight_blocks(); none for all of theta as one block.
  std::vector<ParameterBlock> blocks = {};
  /// Whether the gradient of a block is stretched to the length it had.
  bool keep_norm = true;

  /// @throws ArgumentError for a block that starts below 0 or has a negative size
  void validate() const {
    for (const ParameterBlock& block : blocks) {
      require(block.start >= 0, "block start", block.start, ">= 0");
      require(block.size >= 0, "block size", block.size, ">= 0");
    }
  }

  /// @param theta (P)   @param gradient (P)   @param out (P), written
  /// @throws ArgumentError for a block that reaches beyond theta
  void operator()(ConstVectorRef<T> theta, ConstVectorRef<T> gradient, VectorRef<T> out) const {
    if (blocks.empty()) {
      project(theta, gradient, out);
      return;
    }
    out = gradient;
    for (const ParameterBlock& block : blocks) {
      require(block.start + block.size <= theta.size(), "block end", block.start + block.size,
              "at most the number of parameters");
      project(theta.segment(block.start, block.size), gradient.segment(block.start, block.size),
              out.segment(block.start, block.size));
    }
  }

private:
  void project(ConstVectorRef<T> w, ConstVectorRef<T> g, VectorRef<T> out) const {
    using std::sqrt;
    constexpr T tiny = std::numeric_limits<T>::min();
    const T length = w.squaredNorm();
    const T along = length > tiny ? T(w.dot(g) / length) : T(0);
    out = g - along * w;
    if (keep_norm) {
      const T left = out.squaredNorm();
      if (left > tiny) {
        out *= T(sqrt(T(g.squaredNorm() / left)));
      }
    }
  }
};

} // namespace gradus::optim
