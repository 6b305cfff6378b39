// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <utility>

#include <gradus/core/error.hpp>
#include <gradus/core/scalar.hpp>
#include <gradus/core/types.hpp>

namespace gradus::objective {

/// Quadratic with a diagonal Hessian: f(theta) = 1/2 sum_i h_i theta_i^2, minimum 0 at 0. Lossless
/// for rotation-invariant methods; gradient descent on it is stable for learning rates below
/// 2 / max h.
template <Scalar T>
class Quadratic {
public:
  /// Scalar type of parameters and values.
  using Value = T;

  /// @param curvatures  h (P), P >= 1: the eigenvalues of the Hessian, any sign
  explicit Quadratic(Vector<T> curvatures) : curvatures_(std::move(curvatures)) {
    require(curvatures_.size() >= 1, "number of curvatures", curvatures_.size(), ">= 1");
    require_finite(curvatures_, "curvatures");
  }

  /// Size P of theta.
  [[nodiscard]] Index num_parameters() const { return curvatures_.size(); }
  /// h, the eigenvalues of the Hessian (P).
  [[nodiscard]] const Vector<T>& curvatures() const { return curvatures_; }

  /// Value at theta (P). @throws ShapeError
  T value(ConstVectorRef<T> theta) const {
    require_size(theta, "theta", num_parameters());
    return (curvatures_.array() * theta.array().square()).sum() / T(2);
  }
  /// Value at theta; writes the gradient (P). @throws ShapeError
  T value_and_gradient(ConstVectorRef<T> theta, VectorRef<T> gradient) const {
    require_size(theta, "theta", num_parameters());
    require_size(gradient, "gradient", num_parameters());
    gradient = curvatures_.cwiseProduct(theta);
    return value(theta);
  }
  /// Writes the Hessian-vector product H(theta) v (P). @throws ShapeError
  void hvp(ConstVectorRef<T> theta, ConstVectorRef<T> v, VectorRef<T> product) const {
    require_size(theta, "theta", num_parameters());
    require_size(v, "v", num_parameters());
    require_size(product, "product", num_parameters());
    product = curvatures_.cwiseProduct(v);
  }

private:
  Vector<T> curvatures_;
};

} // namespace gradus::objective
