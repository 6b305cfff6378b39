// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <cstdint>

#include <gradus/core/buffer.hpp>
#include <gradus/core/error.hpp>
#include <gradus/core/product.hpp>
#include <gradus/core/random.hpp>
#include <gradus/core/scalar.hpp>
#include <gradus/core/types.hpp>
#include <gradus/nn/initialization.hpp>

namespace gradus::nn {

/// Diagonal linear network, the smallest model that is linear in its inputs and not in its
/// parameters:
///   f(x) = <a o b, x> = sum_k a_k b_k x_k,   theta = (a, b), each of `inputs` numbers, one output.
/// Its second derivatives are exact: f is quadratic in theta.
template <Scalar T>
class DiagonalLinear {
public:
  /// Scalar type of parameters and values.
  using Value = T;

  /// Memory of one pass; see Mlp::Workspace.
  struct Workspace {
    Buffer<T> beta, ///< a o b; directional derivatives of it
        f,          ///< outputs
        back,       ///< X d: derivative by beta
        d,          ///< d loss / d f at the point of linearise()
        f_dot,      ///< directional derivatives of f
        inputs,     ///< scaled inputs of per_example_gram()
        partial;    ///< partial results of products
  };

  /// @param num_inputs  features of a sample, >= 1   @throws ArgumentError
  explicit DiagonalLinear(Index num_inputs) : num_inputs_(num_inputs) {
    require(num_inputs >= 1, "num_inputs", num_inputs, ">= 1");
  }

  /// Features of a sample.
  [[nodiscard]] Index num_inputs() const { return num_inputs_; }
  /// Always 1.
  [[nodiscard]] Index num_outputs() const { return 1; }
  /// Size P of theta, twice the inputs.
  [[nodiscard]] Index num_parameters() const { return 2 * num_inputs_; }

  /// a inside theta, shape (inputs): a view, writable if theta is.
  template <class V>
  [[nodiscard]] auto first(V&& theta) const {
    return view_as_vector(theta.data(), num_inputs_);
  }
  /// b inside theta, shape (inputs): a view, writable if theta is.
  template <class V>
  [[nodiscard]] auto second(V&& theta) const {
    return view_as_vector(theta.data() + num_inputs_, num_inputs_);
  }
  /// beta = a o b, the linear function that the network is (inputs).
  [[nodiscard]] Vector<T> coefficients(ConstVectorRef<T> theta) const {
    require_size(theta, "theta", num_parameters());
    return first(theta).cwiseProduct(second(theta));
  }

  /// Parameters drawn by the given initialisation, a from stream.child("layer", 1), b from 2.
  template <Initialization Init>
  [[nodiscard]] Vector<T> initial_parameters(const Init& init, const Stream& stream) const {
    Vector<T> theta(num_parameters());
    for (Index l = 0; l < 2; ++l) {
      Stream layer = stream.child("layer", static_cast<std::uint64_t>(l + 1));
      MatrixRef<T> w = view_as_matrix(theta.data() + l * num_inputs_, num_inputs_, 1);
      init.fill(w, layer);
    }
    return theta;
  }

  /// Outputs (1, samples): a view into the workspace, valid until its next use.
  MatrixMap<T> forward(ConstVectorRef<T> theta, ConstMatrixRef<T> x, Workspace& ws) const {
    const Index n = x.cols();
    auto f = ws.f.matrix(1, n);
    auto beta = ws.beta.matrix(num_inputs_, 1);
    beta.col(0) = first(theta).cwiseProduct(second(theta));
    apply(f, beta, x);
    return f;
  }

  /// gradient = sum_i J_i^T d_i; see Mlp::backward.
  void backward(ConstVectorRef<T> theta, ConstMatrixRef<T> x, ConstMatrixRef<T> d_outputs,
                Workspace& ws, VectorRef<T> gradient) const {
    const auto a = first(theta);
    const auto b = second(theta);
    if (x.cols() == 1) { // a step on a single sample, in one pass
      const T d = d_outputs(0, 0);
      first(gradient) = (d * x.col(0)).cwiseProduct(b);
      second(gradient) = (d * x.col(0)).cwiseProduct(a);
      return;
    }
    auto back = ws.back.matrix(num_inputs_, 1);
    apply_back(back, x, d_outputs);
    first(gradient) = back.col(0).cwiseProduct(b);
    second(gradient) = back.col(0).cwiseProduct(a);
  }

  /// See Mlp::linearise.
  void linearise(ConstVectorRef<T> /*theta*/, ConstMatrixRef<T> d_outputs, Workspace& ws) const {
    ws.d.matrix(1, d_outputs.cols()) = d_outputs;
  }

  /// Column j n + i is J_i v_j; see Mlp::forward_derivatives.
  MatrixMap<T> forward_derivatives(ConstVectorRef<T> theta, ConstMatrixRef<T> directions,
                                   ConstMatrixRef<T> x, Workspace& ws) const {
    const Index n = x.cols();
    const Index k = directions.cols();
    auto f_dot = ws.f_dot.matrix(1, n * k);
    auto beta = ws.beta.matrix(num_inputs_, 1);
    for (Index j = 0; j < k; ++j) {
      const auto v = directions.col(j);
      beta.col(0) = first(theta).cwiseProduct(second(v)) + second(theta).cwiseProduct(first(v));
      MatrixRef<T> f = f_dot.middleCols(j * n, n);
      apply(f, beta, x);
    }
    return f_dot;
  }

  /// See Mlp::backward_derivatives.
  void backward_derivatives(ConstVectorRef<T> theta, ConstMatrixRef<T> directions,
                            ConstMatrixRef<T> x, ConstMatrixRef<T> d_outputs_dot, Workspace& ws,
                            MatrixRef<T> products, bool with_residual = true) const {
    const Index n = x.cols();
    auto back = ws.back.matrix(num_inputs_, 1);
    for (Index j = 0; j < products.cols(); ++j) {
      apply_back(back, x, d_outputs_dot.middleCols(j * n, n));
      auto product = products.col(j);
      first(product) = back.col(0).cwiseProduct(second(theta));
      second(product) = back.col(0).cwiseProduct(first(theta));
    }
    if (with_residual) { // the bending of f: J changes by (v_b o x, v_a o x)
      apply_back(back, x, ws.d.matrix(1, n));
      for (Index j = 0; j < products.cols(); ++j) {
        const auto v = directions.col(j);
        auto product = products.col(j);
        first(product) += back.col(0).cwiseProduct(second(v));
        second(product) += back.col(0).cwiseProduct(first(v));
      }
    }
  }

  /// J_i^T d_i for every sample by itself; see Mlp::per_example_backward.
  void per_example_backward(ConstVectorRef<T> theta, ConstMatrixRef<T> x,
                            ConstMatrixRef<T> d_outputs, Workspace& /*ws*/,
                            MatrixRef<T> gradients) const {
    for (Index i = 0; i < x.cols(); ++i) {
      auto gradient = gradients.col(i);
      first(gradient) = (d_outputs(0, i) * x.col(i)).cwiseProduct(second(theta));
      second(gradient) = (d_outputs(0, i) * x.col(i)).cwiseProduct(first(theta));
    }
  }

  /// See Mlp::per_example_gram: d_i d_j sum_k x_ik x_jk (a_k^2 + b_k^2).
  void per_example_gram(ConstVectorRef<T> theta, ConstMatrixRef<T> x, ConstMatrixRef<T> d_outputs,
                        Workspace& ws, MatrixRef<T> gram) const {
    const Index n = x.cols();
    auto inputs = ws.inputs.matrix(2 * num_inputs_, n);
    per_example_backward(theta, x, d_outputs, ws, inputs);
    multiply<T>(gram, inputs.transpose(), inputs, ws.partial);
  }
  /// See Mlp::per_example_squared_norms.
  void per_example_squared_norms(ConstVectorRef<T> theta, ConstMatrixRef<T> x,
                                 ConstMatrixRef<T> d_outputs, Workspace& ws,
                                 VectorRef<T> norms) const {
    auto scale = ws.beta.matrix(num_inputs_, 1);
    scale.col(0) =
        first(theta).cwiseProduct(first(theta)) + second(theta).cwiseProduct(second(theta));
    for (Index i = 0; i < x.cols(); ++i) {
      norms(i) = d_outputs(0, i) * d_outputs(0, i) *
                 x.col(i).cwiseProduct(x.col(i)).cwiseProduct(scale.col(0)).sum();
    }
  }

private:
  /// f = beta^T X and back = X d^T. Products of a matrix with one vector are bound by memory, and
  /// Eigen's are at that bound (and serial, so of the same bits at any number of threads).
  static void apply(MatrixRef<T> f, ConstMatrixRef<T> beta, ConstMatrixRef<T> x) {
    if (x.cols() == 1) {
      f(0, 0) = beta.col(0).cwiseProduct(x.col(0)).sum();
      return;
    }
    f.row(0).transpose().noalias() = x.transpose() * beta.col(0);
  }
  static void apply_back(MatrixRef<T> back, ConstMatrixRef<T> x, ConstMatrixRef<T> d) {
    back.col(0).noalias() = x * d.row(0).transpose();
  }

  Index num_inputs_;
};

} // namespace gradus::nn
