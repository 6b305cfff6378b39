// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <utility>

#include <gradus/core/buffer.hpp>
#include <gradus/core/error.hpp>
#include <gradus/core/scalar.hpp>
#include <gradus/core/types.hpp>
#include <gradus/nn/model.hpp>

namespace gradus::objective {

/// Residuals of a model with one output over a data set, as functions of its flat parameter vector:
///   r_i(theta) = model(theta, x_i) - y_i,
/// with their Jacobian. Satisfies LeastSquares. Owns its work buffers, sized at the first call.
///
/// The inputs are referred to, not copied: they must outlive the objective. Targets are copied.
template <nn::PerExampleModel M>
requires RealScalar<typename M::Value>
class Residuals {
public:
  /// Scalar type of parameters and values.
  using Value = typename M::Value;
  /// Scalar type.
  using T = Value;

  /// @param model  with one output   @param x  inputs (model.num_inputs(), n), n >= 1, finite
  /// @param targets  y (n), finite   @throws ArgumentError, ShapeError
  Residuals(M model, ConstMatrixRef<T> x, Vector<T> targets)
      : model_(std::move(model)), x_(x), targets_(std::move(targets)),
        ones_(Matrix<T>::Ones(1, x.cols())) {
    require(model_.num_outputs() == 1, "number of outputs", model_.num_outputs(), "1");
    require(x.cols() >= 1, "number of samples", x.cols(), ">= 1");
    require_shape(x, "x", model_.num_inputs(), x.cols());
    require_finite(x, "x");
    require_size(targets_, "targets", x.cols());
    require_finite(targets_, "targets");
  }

  /// Inputs that live nowhere else, a temporary matrix or an expression, would be gone at once.
  template <class X>
  requires(gradus::detail::is_temporary<X>) Residuals(M, X&&, Vector<T>)
  = delete;

  /// The model.
  [[nodiscard]] const M& model() const { return model_; }
  /// Size P of theta.
  [[nodiscard]] Index num_parameters() const { return model_.num_parameters(); }
  /// Number n of residuals, one a sample.
  [[nodiscard]] Index num_residuals() const { return x_.cols(); }

  /// Writes r (n). @throws ShapeError
  void residuals(ConstVectorRef<T> theta, VectorRef<T> residuals) {
    require_size(theta, "theta", num_parameters());
    require_size(residuals, "residuals", num_residuals());
    residuals = model_.forward(theta, x_, workspace_).row(0).transpose() - targets_;
  }
  /// Writes r (n) and the gradients of its entries, a column each (P, n). @throws ShapeError
  void residuals_and_jacobian(ConstVectorRef<T> theta, VectorRef<T> residuals,
                              MatrixRef<T> jacobian) {
    require_shape(jacobian, "jacobian", num_parameters(), num_residuals());
    this->residuals(theta, residuals);
    model_.per_example_backward(theta, x_, ones_, workspace_, jacobian);
  }

private:
  M model_;
  ConstMatrixRef<T> x_;
  Vector<T> targets_;
  Matrix<T> ones_;
  typename M::Workspace workspace_;
};

} // namespace gradus::objective
