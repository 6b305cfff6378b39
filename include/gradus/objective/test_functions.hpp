// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <cmath>

#include <gradus/core/error.hpp>
#include <gradus/core/scalar.hpp>
#include <gradus/core/types.hpp>

/// Analytic objectives with known minima, for trying optimizers and Hessian tools.

namespace gradus::objective {

/// Rosenbrock's valley in P >= 2 dimensions:
///   f = sum_{i<P-1} [ 100 (x_{i+1} - x_i^2)^2 + (1 - x_i)^2 ],  minimum 0 at (1, ..., 1).
/// Usual start for P = 2: (-1.2, 1). Source: Rosenbrock 1960, chained as in More et al. 1981.
template <Scalar T>
class Rosenbrock {
public:
  /// Scalar type of parameters and values.
  using Value = T;

  /// @param dim  P >= 2
  explicit Rosenbrock(Index dim = 2) : dim_(dim) { require(dim >= 2, "dim", dim, ">= 2"); }

  /// Size P of theta.
  [[nodiscard]] Index num_parameters() const { return dim_; }
  /// Where the minimum 0 lies: (1, ..., 1).
  [[nodiscard]] Vector<T> minimum() const { return Vector<T>::Ones(dim_); }

  /// Value at theta (P). @throws ShapeError
  T value(ConstVectorRef<T> theta) const {
    require_size(theta, "theta", dim_);
    T sum(0);
    for (Index i = 0; i + 1 < dim_; ++i) {
      const T bend = theta(i + 1) - theta(i) * theta(i);
      const T gap = T(1) - theta(i);
      sum += T(100) * bend * bend + gap * gap;
    }
    return sum;
  }
  /// Value at theta; writes the gradient (P). @throws ShapeError
  T value_and_gradient(ConstVectorRef<T> theta, VectorRef<T> gradient) const {
    require_size(theta, "theta", dim_);
    require_size(gradient, "gradient", dim_);
    gradient.setZero();
    for (Index i = 0; i + 1 < dim_; ++i) {
      const T bend = theta(i + 1) - theta(i) * theta(i);
      gradient(i) += T(-400) * bend * theta(i) - T(2) * (T(1) - theta(i));
      gradient(i + 1) += T(200) * bend;
    }
    return value(theta);
  }
  /// Writes the Hessian-vector product H(theta) v (P). @throws ShapeError
  void hvp(ConstVectorRef<T> theta, ConstVectorRef<T> v, VectorRef<T> product) const {
    require_size(theta, "theta", dim_);
    require_size(v, "v", dim_);
    require_size(product, "product", dim_);
    product.setZero();
    for (Index i = 0; i + 1 < dim_; ++i) {
      const T own = T(1200) * theta(i) * theta(i) - T(400) * theta(i + 1) + T(2);
      const T cross = T(-400) * theta(i);
      product(i) += own * v(i) + cross * v(i + 1);
      product(i + 1) += cross * v(i) + T(200) * v(i + 1);
    }
  }

private:
  Index dim_;
};

/// Himmelblau's function of two variables: (x^2 + y - 11)^2 + (x + y^2 - 7)^2, four minima of
/// value 0, one of them (3, 2). Source: Himmelblau 1972.
template <Scalar T>
class Himmelblau {
public:
  /// Scalar type of parameters and values.
  using Value = T;

  /// Size P of theta.
  [[nodiscard]] static Index num_parameters() { return 2; }

  /// Value at theta (P). @throws ShapeError
  T value(ConstVectorRef<T> theta) const {
    require_size(theta, "theta", 2);
    const T a = theta(0) * theta(0) + theta(1) - T(11);
    const T b = theta(0) + theta(1) * theta(1) - T(7);
    return a * a + b * b;
  }
  /// Value at theta; writes the gradient (P). @throws ShapeError
  T value_and_gradient(ConstVectorRef<T> theta, VectorRef<T> gradient) const {
    require_size(theta, "theta", 2);
    require_size(gradient, "gradient", 2);
    const T a = theta(0) * theta(0) + theta(1) - T(11);
    const T b = theta(0) + theta(1) * theta(1) - T(7);
    gradient(0) = T(4) * a * theta(0) + T(2) * b;
    gradient(1) = T(2) * a + T(4) * b * theta(1);
    return a * a + b * b;
  }
  /// Writes the Hessian-vector product H(theta) v (P). @throws ShapeError
  void hvp(ConstVectorRef<T> theta, ConstVectorRef<T> v, VectorRef<T> product) const {
    require_size(theta, "theta", 2);
    require_size(v, "v", 2);
    require_size(product, "product", 2);
    const T xx = T(12) * theta(0) * theta(0) + T(4) * theta(1) - T(42);
    const T xy = T(4) * (theta(0) + theta(1));
    const T yy = T(12) * theta(1) * theta(1) + T(4) * theta(0) - T(26);
    const T p0 = xx * v(0) + xy * v(1);
    const T p1 = xy * v(0) + yy * v(1);
    product(0) = p0;
    product(1) = p1;
  }
};

} // namespace gradus::objective
