// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <utility>

#include <gradus/core/buffer.hpp>
#include <gradus/core/error.hpp>
#include <gradus/core/product.hpp>
#include <gradus/core/random.hpp>
#include <gradus/core/scalar.hpp>
#include <gradus/core/types.hpp>
#include <gradus/nn/activation.hpp>
#include <gradus/nn/detail/directions.hpp>
#include <gradus/nn/detail/layer_gram.hpp>
#include <gradus/nn/initialization.hpp>
#include <gradus/nn/input.hpp>
#include <gradus/nn/piecewise_linear.hpp>
#include <gradus/nn/second_layer.hpp>

namespace gradus::nn {

/// Two-layer network without biases whose first layer alone is trained:
///   f(x) = A activation(W x),  theta = W (width x inputs, column-major), A fixed.
/// Used by most theory papers on two-layer networks, with A = +-1/sqrt(width) (balanced_signs).
template <Scalar T, Activation Act = Relu>
class TwoLayer {
public:
  /// Scalar type of parameters and values.
  using Value = T;

  /// Memory of one pass; see Mlp::Workspace.
  struct Workspace {
    Buffer<T> z,               ///< pre-activations
        a,                     ///< activations
        slope,                 ///< activation'(z)
        delta,                 ///< d loss / d z
        f,                     ///< outputs
        curve,                 ///< derivative of delta by z, elementwise
        z_dot,                 ///< directional derivatives of z
        a_dot,                 ///< directional derivatives of a
        d_dot,                 ///< directional derivatives of delta
        f_dot,                 ///< directional derivatives of f
        partial;               ///< partial results of products
    detail::GramParts<T> gram; ///< of per_example_gram()
  };

  /// @param num_inputs  >= 1   @param second_layer  A with its activation
  TwoLayer(Index num_inputs, FrozenSecondLayer<T, Act> second_layer)
      : num_inputs_(num_inputs), top_(std::move(second_layer)) {
    require(num_inputs >= 1, "num_inputs", num_inputs, ">= 1");
  }

  /// Features of a sample.
  [[nodiscard]] Index num_inputs() const { return num_inputs_; }
  /// Number of hidden units m.
  [[nodiscard]] Index width() const { return top_.width(); }
  /// Outputs of a sample, k.
  [[nodiscard]] Index num_outputs() const { return top_.num_outputs(); }
  /// Size P of theta.
  [[nodiscard]] Index num_parameters() const { return width() * num_inputs_; }
  /// The frozen second layer.
  [[nodiscard]] const FrozenSecondLayer<T, Act>& second_layer() const { return top_; }

  /// W inside theta, shape (width, inputs): a view, writable if theta is.
  template <class V>
  [[nodiscard]] auto weights(V&& theta) const {
    return view_as_matrix(theta.data(), width(), num_inputs_);
  }

  /// Parameters drawn by the given initialisation.
  template <Initialization Init>
  [[nodiscard]] Vector<T> initial_parameters(const Init& init, const Stream& stream) const {
    Vector<T> theta(num_parameters());
    Stream layer = stream.child("layer", 1);
    MatrixRef<T> w = weights(theta);
    init.fill(w, layer);
    return theta;
  }

  /// Outputs (num_outputs, samples): a view into the workspace, valid until its next use.
  MatrixMap<T> forward(ConstVectorRef<T> theta, ConstMatrixRef<T> x, Workspace& ws) const {
    const Index n = x.cols();
    auto z = ws.z.matrix(width(), n);
    auto f = ws.f.matrix(num_outputs(), n);
    auto a = ws.a.matrix(width(), n);
    auto slope = ws.slope.matrix(width(), n);
    multiply_then<T>(z, weights(theta), x, ws.partial, [&](Index start, Index count) {
      top_.forward(z.middleCols(start, count), a.middleCols(start, count),
                   slope.middleCols(start, count), f.middleCols(start, count));
    });
    return f;
  }

  /// gradient = sum_i J_i^T d_i; see Mlp::backward.
  void backward(ConstVectorRef<T> /*theta*/, ConstMatrixRef<T> x, ConstMatrixRef<T> d_outputs,
                Workspace& ws, VectorRef<T> gradient) const {
    const Index n = x.cols();
    auto delta = ws.delta.matrix(width(), n);
    top_.backward(d_outputs, ws.slope.matrix(width(), n), delta);
    multiply<T>(weights(gradient), delta, x.transpose(), ws.partial);
  }

  /// See Mlp::linearise.
  void linearise(ConstVectorRef<T> /*theta*/, ConstMatrixRef<T> d_outputs, Workspace& ws) const {
    if constexpr (!is_piecewise_linear<Act>) {
      const Index n = d_outputs.cols();
      auto curve = ws.curve.matrix(width(), n);
      apply_with_derivatives(top_.activation(), ws.z.matrix(width(), n), ws.a.matrix(width(), n),
                             ws.slope.matrix(width(), n), curve);
      top_.backward(d_outputs, curve, curve);
    }
  }

  /// Column j n + i is J_i v_j; see Mlp::forward_derivatives.
  MatrixMap<T> forward_derivatives(ConstVectorRef<T> /*theta*/, ConstMatrixRef<T> directions,
                                   ConstMatrixRef<T> x, Workspace& ws) const {
    const Index n = x.cols();
    const Index k = directions.cols();
    auto z_dot = ws.z_dot.matrix(width(), n * k);
    auto a_dot = ws.a_dot.matrix(width(), n * k);
    auto f_dot = ws.f_dot.matrix(num_outputs(), n * k);
    const auto slope = ws.slope.matrix(width(), n);
    detail::for_directions(k, width() * num_inputs_ * n, [&](Index j) {
      MatrixRef<T> z = z_dot.middleCols(j * n, n);
      multiply<T>(z, weights(directions.col(j)), x, ws.partial);
      a_dot.middleCols(j * n, n) = z.cwiseProduct(slope);
    });
    multiply<T>(f_dot, top_.weights(), a_dot, ws.partial);
    return f_dot;
  }

  /// See Mlp::backward_derivatives.
  void backward_derivatives(ConstVectorRef<T> /*theta*/, ConstMatrixRef<T> /*directions*/,
                            ConstMatrixRef<T> x, ConstMatrixRef<T> d_outputs_dot, Workspace& ws,
                            MatrixRef<T> products, bool with_residual = true) const {
    const Index n = x.cols();
    const Index k = products.cols();
    auto d_dot = ws.d_dot.matrix(width(), n * k);
    const auto slope = ws.slope.matrix(width(), n);
    const auto z_dot = ws.z_dot.matrix(width(), with_residual ? n * k : 0);
    const auto curve = ws.curve.matrix(width(), is_piecewise_linear<Act> ? 0 : n);
    detail::for_directions(k, width() * num_inputs_ * n, [&](Index j) {
      MatrixRef<T> d = d_dot.middleCols(j * n, n);
      top_.backward(d_outputs_dot.middleCols(j * n, n), slope, d);
      if constexpr (!is_piecewise_linear<Act>) {
        if (with_residual) {
          d += curve.cwiseProduct(z_dot.middleCols(j * n, n));
        }
      }
      multiply<T>(weights(products.col(j)), d, x.transpose(), ws.partial);
    });
  }

  /// J_i^T d_i for every sample by itself; see Mlp::per_example_backward.
  void per_example_backward(ConstVectorRef<T> /*theta*/, ConstMatrixRef<T> x,
                            ConstMatrixRef<T> d_outputs, Workspace& ws,
                            MatrixRef<T> gradients) const {
    const Index n = x.cols();
    auto delta = ws.delta.matrix(width(), n);
    top_.backward(d_outputs, ws.slope.matrix(width(), n), delta);
    for (Index i = 0; i < n; ++i) {
      MatrixMap<T>(gradients.col(i).data(), width(), num_inputs_).noalias() =
          delta.col(i) * x.col(i).transpose();
    }
  }

  /// See Mlp::per_example_gram.
  void per_example_gram(ConstVectorRef<T> /*theta*/, ConstMatrixRef<T> x,
                        ConstMatrixRef<T> d_outputs, Workspace& ws, MatrixRef<T> gram) const {
    const Index n = x.cols();
    auto delta = ws.delta.matrix(width(), n);
    top_.backward(d_outputs, ws.slope.matrix(width(), n), delta);
    auto inputs = ws.gram.inputs.matrix(n, n);
    multiply<T>(inputs, x.transpose(), x, ws.partial);
    gram.setZero();
    detail::add_layer_gram<T>(gram, delta, inputs, false, ws.gram.deltas, ws.partial);
  }
  /// See Mlp::per_example_squared_norms.
  void per_example_squared_norms(ConstVectorRef<T> /*theta*/, ConstMatrixRef<T> x,
                                 ConstMatrixRef<T> d_outputs, Workspace& ws,
                                 VectorRef<T> norms) const {
    const Index n = x.cols();
    auto delta = ws.delta.matrix(width(), n);
    top_.backward(d_outputs, ws.slope.matrix(width(), n), delta);
    auto inputs = ws.gram.inputs.vector(n);
    DenseInput{}.squared_norms<T>(inputs, x);
    norms.setZero();
    detail::add_layer_norms<T>(norms, delta, inputs, false);
  }

private:
  Index num_inputs_;
  FrozenSecondLayer<T, Act> top_;
};

} // namespace gradus::nn
