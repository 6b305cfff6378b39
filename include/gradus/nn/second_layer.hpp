// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <algorithm>
#include <utility>

#include <gradus/core/error.hpp>
#include <gradus/core/parallel.hpp>
#include <gradus/core/scalar.hpp>
#include <gradus/core/types.hpp>
#include <gradus/nn/activation.hpp>

namespace gradus::nn {

/// The frozen upper half of a two-layer network: from pre-activations z (width x samples) to
/// outputs f = A activation(z), A (outputs x width) fixed. How z comes about is somebody else's
/// matter: from weights and data (TwoLayer), or from Gram matrices (objective::SpanRisk).
template <Scalar T, Activation Act = Relu>
class FrozenSecondLayer {
public:
  /// @param weights  A, shape (outputs, width), outputs and width >= 1
  /// @throws ArgumentError if A is empty
  explicit FrozenSecondLayer(Matrix<T> weights, Act activation = {})
      : weights_(std::move(weights)), activation_(std::move(activation)) {
    require(weights_.rows() >= 1, "outputs", weights_.rows(), ">= 1");
    require(weights_.cols() >= 1, "width", weights_.cols(), ">= 1");
  }

  /// A, shape (outputs, width).
  [[nodiscard]] const Matrix<T>& weights() const { return weights_; }
  /// The activation.
  [[nodiscard]] const Act& activation() const { return activation_; }
  /// Number of hidden units m.
  [[nodiscard]] Index width() const { return weights_.cols(); }
  /// Outputs of a sample, k.
  [[nodiscard]] Index num_outputs() const { return weights_.rows(); }

  /// @param z  pre-activations (width, samples)   @param a, slope  activation(z) and
  /// activation'(z), same shape, written   @param f  outputs (outputs, samples), written
  void forward(ConstMatrixRef<T> z, MatrixRef<T> a, MatrixRef<T> slope, MatrixRef<T> f) const {
    for_columns(z.cols(), [&](Index start, Index count) {
      apply_with_derivative(activation_, z.middleCols(start, count), a.middleCols(start, count),
                            slope.middleCols(start, count));
      for (Index i = start; i < start + count; ++i) {
        if (weights_.rows() == 1) {
          f(0, i) = single_output().cwiseProduct(a.col(i)).sum();
        } else {
          f.col(i).noalias() = weights_ * a.col(i);
        }
      }
    });
  }

  /// delta = (A^T d) * slope, the derivative with respect to z. In parallel when there is much to
  /// do.
  /// @param d  derivative with respect to the outputs (outputs, samples)
  /// @param delta  (width, samples), written; may be `slope` itself
  void backward(ConstMatrixRef<T> d, ConstMatrixRef<T> slope, MatrixRef<T> delta) const {
    const auto columns = [&](Index start, Index count) {
      for (Index i = start; i < start + count; ++i) {
        if (weights_.rows() == 1) {
          delta.col(i) = single_output().cwiseProduct(slope.col(i)) * d(0, i);
        } else {
          delta.col(i) = (weights_.transpose() * d.col(i)).cwiseProduct(slope.col(i));
        }
      }
    };
    constexpr Index worth_a_thread = Index{1} << 14U; // entries
    const Index n = d.cols();
    const Index run = std::max<Index>(1, worth_a_thread / width());
    if (n <= 2 * run) {
      columns(0, n);
      return;
    }
    parallel_panels((n + run - 1) / run,
                    [&](Index r) { columns(r * run, std::min(run, n - r * run)); });
  }

private:
  /// The weights of the only output, as a vector that is contiguous for all to see.
  [[nodiscard]] ConstVectorMap<T> single_output() const { return {weights_.data(), width()}; }

  /// Calls body(start, count) on runs of columns that fit the nearest cache.
  template <class Body>
  void for_columns(Index n, Body&& body) const {
    const Index run = std::max<Index>(1, 2048 / width());
    for (Index start = 0; start < n; start += run) {
      body(start, std::min(run, n - start));
    }
  }

  Matrix<T> weights_;
  Act activation_;
};

/// Second layer of the theory papers: one output, +1/sqrt(m) for the first half of the m units and
/// -1/sqrt(m) for the rest. @param width  m, even, >= 2
template <Scalar T>
[[nodiscard]] Matrix<T> balanced_signs(Index width) {
  require(width >= 2 && width % 2 == 0, "width", width, "an even number >= 2");
  using std::sqrt;
  const RealOf<T> size = RealOf<T>(1) / sqrt(RealOf<T>(width));
  Matrix<T> weights(1, width);
  weights.leftCols(width / 2).setConstant(T(size));
  weights.rightCols(width / 2).setConstant(T(-size));
  return weights;
}

} // namespace gradus::nn
