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
#include <gradus/nn/initialization.hpp>
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
    Buffer<T> z, ///< pre-activations
        a,       ///< activations
        slope,   ///< activation'(z)
        delta,   ///< d loss / d z
        f,       ///< outputs
        z_dot,   ///< directional derivative of z
        a_dot,   ///< directional derivative of a
        d_dot,   ///< directional derivative of delta
        f_dot,   ///< directional derivative of f
        partial; ///< partial results of products
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

  /// Column i is J_i v; see Mlp::forward_derivative.
  MatrixMap<T> forward_derivative(ConstVectorRef<T> /*theta*/, ConstVectorRef<T> v,
                                  ConstMatrixRef<T> x, Workspace& ws) const {
    const Index n = x.cols();
    auto z_dot = ws.z_dot.matrix(width(), n);
    auto a_dot = ws.a_dot.matrix(width(), n);
    auto f_dot = ws.f_dot.matrix(num_outputs(), n);
    multiply<T>(z_dot, weights(v), x, ws.partial);
    a_dot = z_dot.cwiseProduct(ws.slope.matrix(width(), n));
    f_dot.noalias() = top_.weights() * a_dot;
    return f_dot;
  }

  /// See Mlp::backward_derivative.
  void backward_derivative(ConstVectorRef<T> /*theta*/, ConstVectorRef<T> /*v*/,
                           ConstMatrixRef<T> x, ConstMatrixRef<T> d_outputs,
                           ConstMatrixRef<T> d_outputs_dot, Workspace& ws,
                           VectorRef<T> product) const {
    const Index n = x.cols();
    auto d_dot = ws.d_dot.matrix(width(), n);
    const auto z = ws.z.matrix(width(), n);
    const auto z_dot = ws.z_dot.matrix(width(), n);
    top_.backward(d_outputs_dot, ws.slope.matrix(width(), n), d_dot);
    for (Index i = 0; i < n; ++i) {
      for (Index j = 0; j < width(); ++j) {
        const T back = top_.weights().col(j).cwiseProduct(d_outputs.col(i)).sum();
        d_dot(j, i) += back * top_.activation().second_derivative(z(j, i)) * z_dot(j, i);
      }
    }
    multiply<T>(weights(product), d_dot, x.transpose(), ws.partial);
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

private:
  Index num_inputs_;
  FrozenSecondLayer<T, Act> top_;
};

} // namespace gradus::nn
