// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <concepts>

#include <gradus/core/types.hpp>

namespace gradus::nn {

/// A function of one flat parameter vector and a batch of inputs, with the passes from which
/// gradients and Hessian products are made. Mlp is the pattern; see there for what each pass means.
template <class M>
concept Model = std::copyable<M> &&
    requires(const M& model, typename M::Workspace& ws, const Vector<typename M::Value>& theta,
             const Matrix<typename M::Value>& x, Vector<typename M::Value>& gradient) {
  typename M::Value;
  typename M::Workspace;
  { model.num_parameters() } -> std::convertible_to<Index>;
  { model.num_inputs() } -> std::convertible_to<Index>;
  { model.num_outputs() } -> std::convertible_to<Index>;
  { model.forward(theta, x, ws) } -> std::convertible_to<ConstMatrixRef<typename M::Value>>;
  model.backward(theta, x, x, ws, gradient);
};

/// A model that also has directional derivatives of both passes, for blocks of directions.
template <class M>
concept TwiceDifferentiableModel = Model<M> &&
    requires(const M& model, typename M::Workspace& ws, const Vector<typename M::Value>& theta,
             const Matrix<typename M::Value>& x, Matrix<typename M::Value>& products,
             bool with_residual) {
  model.linearise(theta, x, ws);
  {
    model.forward_derivatives(theta, x, x, ws)
    } -> std::convertible_to<ConstMatrixRef<typename M::Value>>;
  model.backward_derivatives(theta, x, x, x, ws, products, with_residual);
};

/// A model that can tell the gradients of single samples apart.
template <class M>
concept PerExampleModel = Model<M> &&
    requires(const M& model, typename M::Workspace& ws, const Vector<typename M::Value>& theta,
             const Matrix<typename M::Value>& x, Matrix<typename M::Value>& gradients) {
  model.per_example_backward(theta, x, x, ws, gradients);
};

/// A model that knows the inner products of the gradients of single samples without forming them.
template <class M>
concept PerExampleGramModel = Model<M> &&
    requires(const M& model, typename M::Workspace& ws, const Vector<typename M::Value>& theta,
             const Matrix<typename M::Value>& x, Matrix<typename M::Value>& gram,
             Vector<typename M::Value>& norms) {
  model.per_example_gram(theta, x, x, ws, gram);
  model.per_example_squared_norms(theta, x, x, ws, norms);
};

} // namespace gradus::nn
