// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <cmath>

#include <gradus/core/error.hpp>
#include <gradus/core/scalar.hpp>
#include <gradus/core/types.hpp>
#include <gradus/nn/loss/softmax.hpp>
#include <gradus/nn/model.hpp>
#include <gradus/objective/empirical_risk.hpp>

namespace gradus::curvature {

/// The Gauss-Newton matrix of a softmax over two outputs seen from the examples' side:
///   G = S S^T / n,  column i of S = sqrt(p_i0 p_i1) (grad f_1 - grad f_0)(x_i),
/// so the (n, n) matrix S^T S / n has its non-zero eigenvalues. For n examples and P > n parameters
/// an eigensolve of size n takes the place of one of size P, and no gradient is formed.
/// Source: derived; softmax is blind to a common shift of its outputs, so one direction a sample
/// is all there is.
/// @param theta  (P)   @param gram  (n, n), written
/// @throws ArgumentError unless the model has two outputs; ShapeError
template <nn::PerExampleGramModel M>
requires RealScalar<typename M::Value>
void gauss_newton_gram(objective::EmpiricalRisk<M, nn::SoftmaxCrossEntropy>& risk,
                       ConstVectorRef<typename M::Value> theta, MatrixRef<typename M::Value> gram) {
  using T = typename M::Value;
  using std::abs;
  using std::exp;
  using std::sqrt;
  require(risk.model().num_outputs() == 2, "outputs", risk.model().num_outputs(), "2");
  const Index n = risk.num_examples();
  require_shape(gram, "gram", n, n);
  const auto f = risk.outputs(theta);
  Matrix<T> directions(2, n);
  for (Index i = 0; i < n; ++i) {
    // sqrt(p_0 p_1) from the smaller of both, which does not cancel where the other is almost 1.
    const T small = exp(-abs(f(1, i) - f(0, i)) / T(2));
    const T weight = small / (T(1) + small * small);
    directions(0, i) = -weight;
    directions(1, i) = weight;
  }
  risk.output_gram(theta, directions, gram);
  gram /= T(RealOf<T>(n));
}

} // namespace gradus::curvature
