// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <algorithm>
#include <cmath>
#include <functional>
#include <limits>
#include <type_traits>
#include <utility>
#include <vector>

#include <gradus/core/error.hpp>
#include <gradus/core/scalar.hpp>
#include <gradus/core/types.hpp>
#include <gradus/nn/activation.hpp>
#include <gradus/nn/loss.hpp>
#include <gradus/nn/mlp.hpp>
#include <gradus/nn/piecewise_linear.hpp>
#include <gradus/objective/empirical_risk.hpp>

/// The residual R = H - G of a two-layer network with a piecewise linear activation, block by
/// block. Inside a cell of the activation the outputs are bilinear in both layers, so that R
/// couples only what goes into a hidden unit with what comes out of it:
///   R = sum of (0, B_j; B_j^T, 0) over units j,  B_j = (1/n) sum_i slope_ij x_i d_i^T,
/// d_i being the gradient of example i's loss by the outputs. Its eigenvalues are the singular
/// values of all B_j with both signs, and zeros. Source: derived.

namespace gradus::curvature {

/// Singular values of a matrix by rotations of its columns against each other (one-sided Jacobi):
/// each to rounding of the largest. For few columns.
/// @return (cols), falling; NaN for a matrix that is not finite   Cost: some ten sweeps of rows
/// cols^2   Source: Hestenes 1958
template <RealScalar T>
[[nodiscard]] Vector<T> singular_values(Matrix<T> b) {
  using std::abs;
  using std::sqrt;
  if (!b.allFinite()) { // an order of NaN is none
    return Vector<T>::Constant(b.cols(), std::numeric_limits<T>::quiet_NaN());
  }
  const T small = std::numeric_limits<T>::epsilon();
  bool rotated = true;
  for (int sweep = 0; rotated && sweep < 60; ++sweep) {
    rotated = false;
    for (Index p = 0; p < b.cols(); ++p) {
      for (Index q = p + 1; q < b.cols(); ++q) {
        const T pp = b.col(p).squaredNorm();
        const T qq = b.col(q).squaredNorm();
        const T pq = b.col(p).dot(b.col(q));
        if (!(abs(pq) > small * sqrt(pp) * sqrt(qq))) {
          continue;
        }
        rotated = true;
        const T zeta = (qq - pp) / (T(2) * pq);
        const T t = (zeta < T(0) ? T(-1) : T(1)) / (abs(zeta) + sqrt(T(1) + zeta * zeta));
        const T c = T(1) / sqrt(T(1) + t * t);
        for (Index i = 0; i < b.rows(); ++i) {
          const T left = b(i, p);
          const T right = b(i, q);
          b(i, p) = c * (left - t * right);
          b(i, q) = c * (t * left + right);
        }
      }
    }
  }
  Vector<T> values = b.colwise().norm();
  std::sort(values.begin(), values.end(), std::greater<>());
  return values;
}

/// B_j of every hidden unit, (inputs, outputs) each; with biases one more row for the unit's bias.
/// @param theta  (P)   @throws ArgumentError unless the network has one hidden layer; ShapeError
template <RealScalar T, nn::Activation A, nn::Loss L>
requires nn::is_piecewise_linear<A>
[[nodiscard]] std::vector<Matrix<T>>
residual_blocks(objective::EmpiricalRisk<nn::Mlp<T, A>, L>& risk,
                std::type_identity_t<ConstVectorRef<T>> theta) {
  const auto& net = risk.model();
  require(net.depth() == 2, "weight layers", net.depth(), "2: one hidden layer");
  require_size(theta, "theta", risk.num_parameters());
  Vector<T> gradient(theta.size());
  risk.value_and_gradient(theta, gradient);
  const Matrix<T> d = risk.latest_output_gradients(); // of the mean: 1/n is in it
  const Index n = risk.num_examples();
  Matrix<T> x = Matrix<T>::Ones(net.num_inputs() + (net.has_biases() ? 1 : 0), n);
  x.topRows(net.num_inputs()) = risk.inputs();
  Matrix<T> z = net.weights(theta, 1) * risk.inputs();
  if (net.has_biases()) {
    z.colwise() += net.bias(theta, 1);
  }
  Matrix<T> a(z.rows(), n);
  Matrix<T> slope(z.rows(), n);
  nn::apply_with_derivative(net.activation(), z, a, slope);
  std::vector<Matrix<T>> blocks;
  Matrix<T> scaled(d.rows(), n);
  for (Index j = 0; j < net.width(1); ++j) {
    scaled.array() = d.array().rowwise() * slope.row(j).array();
    blocks.emplace_back(x * scaled.transpose());
  }
  return blocks;
}

/// All eigenvalues of the residual (P), falling, from its blocks (NaN if they are not finite): at
/// the cost of a gradient and one small singular value problem a unit, instead of an eigensolve of
/// size P.
/// @throws ArgumentError unless the network has one hidden layer; ShapeError
template <RealScalar T, nn::Activation A, nn::Loss L>
requires nn::is_piecewise_linear<A>
[[nodiscard]] Vector<T> residual_spectrum(objective::EmpiricalRisk<nn::Mlp<T, A>, L>& risk,
                                          std::type_identity_t<ConstVectorRef<T>> theta) {
  Vector<T> values = Vector<T>::Zero(theta.size());
  Index next = 0;
  bool finite = true;
  for (Matrix<T>& block : residual_blocks(risk, theta)) {
    if (block.cols() > block.rows()) { // the fewer columns, of which some would be zero
      block = Matrix<T>(block.transpose());
    }
    const Vector<T> s = singular_values(std::move(block));
    finite = finite && s.allFinite();
    values.segment(next, s.size()) = s;
    values.segment(next + s.size(), s.size()) = -s;
    next += 2 * s.size();
  }
  if (!finite) {
    return Vector<T>::Constant(theta.size(), std::numeric_limits<T>::quiet_NaN());
  }
  std::sort(values.begin(), values.end(), std::greater<>());
  return values;
}

} // namespace gradus::curvature
