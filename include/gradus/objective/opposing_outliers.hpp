// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <cmath>
#include <utility>

#include <gradus/core/error.hpp>
#include <gradus/core/scalar.hpp>
#include <gradus/core/types.hpp>

namespace gradus::objective {

/// Population loss of a product of scalars and a linear layer,
///   f(x) = c_1 ... c_{depth-1} (<b, x_b> + b_o x_o),
/// on data with opposing outliers: E x_b x_b^T = I, targets <beta, x_b> + w |x_o| with x_o
/// symmetric and E x_o^2 = alpha. As E x_o |x_o| = 0 nothing linear is to be learned from x_o:
///   F(theta) = 1/2 |beta - P b|^2 + 1/2 alpha P^2 b_o^2,  P = c_1 ... c_{depth-1},
/// less the constant w^2 alpha / 2, the loss that the outliers keep. Minimum 0 where P b = beta and
/// P b_o = 0. theta = (b, b_o, c_1, ..., c_{depth-1}).
/// Source: Rosenfeld and Risteski 2023 (arXiv 2311.04163), the model of section 3, depth 2 there.
template <Scalar T>
class OpposingOutliersRisk {
public:
  /// Scalar type of parameters and values.
  using Value = T;
  /// Real type of the same precision.
  using Real = RealOf<T>;

  /// @param beta  what is to be learned (d), d >= 1, finite   @param alpha  E x_o^2 >= 0: for
  ///        x_o = +-k with probability p, p k^2   @param depth  layers, >= 1
  /// @throws ArgumentError
  OpposingOutliersRisk(Vector<Real> beta, Real alpha, Index depth = 2)
      : beta_(std::move(beta)), alpha_(alpha), depth_(depth) {
    require(beta_.size() >= 1, "dim", beta_.size(), ">= 1");
    require_finite(beta_, "beta");
    require(alpha >= Real(0) && is_finite(alpha), "alpha", alpha, ">= 0, finite");
    require(depth >= 1, "depth", depth, ">= 1");
  }

  /// Features of the bulk, d.
  [[nodiscard]] Index dim() const { return beta_.size(); }
  /// Layers, scalar ones included.
  [[nodiscard]] Index depth() const { return depth_; }
  /// What is to be learned (d).
  [[nodiscard]] const Vector<Real>& beta() const { return beta_; }
  /// Second moment of the outliers' feature.
  [[nodiscard]] Real alpha() const { return alpha_; }
  /// Size of theta, d + depth.
  [[nodiscard]] Index num_parameters() const { return dim() + depth_; }

  /// b inside theta (d): a view, writable if theta is.
  template <class V>
  [[nodiscard]] auto bulk_weights(V&& theta) const {
    return view_as_vector(theta.data(), dim());
  }
  /// b_o inside theta, by reference.
  template <class V>
  [[nodiscard]] auto& outlier_weight(V&& theta) const {
    return *(theta.data() + dim());
  }
  /// c_1, ..., c_{depth-1} inside theta: a view, writable if theta is.
  template <class V>
  [[nodiscard]] auto factors(V&& theta) const {
    return view_as_vector(theta.data() + dim() + 1, depth_ - 1);
  }

  /// P, the product of the scalar layers; 1 for depth 1. @throws ShapeError
  [[nodiscard]] T product(ConstVectorRef<T> theta) const {
    require_size(theta, "theta", num_parameters());
    return factors(theta).prod();
  }
  /// alpha P^2, the curvature along b_o: what the sharpness is once b_o is gone. @throws ShapeError
  [[nodiscard]] T outlier_curvature(ConstVectorRef<T> theta) const {
    const T p = product(theta);
    return T(alpha_) * p * p;
  }

  /// Value at theta. @throws ShapeError
  T value(ConstVectorRef<T> theta) const {
    const T p = product(theta);
    const auto b = bulk_weights(theta);
    T sum(0);
    for (Index j = 0; j < dim(); ++j) {
      const T residual = T(beta_(j)) - p * b(j);
      sum += residual * residual;
    }
    const T outlier = p * outlier_weight(theta);
    return (sum + T(alpha_) * outlier * outlier) / T(2);
  }

  /// Value at theta; writes the gradient (d + depth). @throws ShapeError
  T value_and_gradient(ConstVectorRef<T> theta, VectorRef<T> gradient) const {
    require_size(gradient, "gradient", num_parameters());
    const T p = product(theta);
    const auto b = bulk_weights(theta);
    const T b_o = outlier_weight(theta);
    T sum(0);
    T slope = T(alpha_) * p * b_o * b_o; // dF/dP
    for (Index j = 0; j < dim(); ++j) {
      const T residual = T(beta_(j)) - p * b(j);
      sum += residual * residual;
      slope -= b(j) * residual;
      gradient(j) = -(p * residual);
    }
    gradient(dim()) = T(alpha_) * p * p * b_o;
    const auto c = factors(theta);
    for (Index i = 0; i < c.size(); ++i) {
      gradient(dim() + 1 + i) = slope * without(c, c, i).first;
    }
    const T outlier = p * b_o;
    return (sum + T(alpha_) * outlier * outlier) / T(2);
  }

  /// Writes the Hessian-vector product H(theta) v (d + depth). @throws ShapeError
  void hvp(ConstVectorRef<T> theta, ConstVectorRef<T> v, VectorRef<T> product) const {
    require_size(theta, "theta", num_parameters());
    require_size(v, "v", num_parameters());
    require_size(product, "product", num_parameters());
    const auto b = bulk_weights(theta);
    const auto b_dot = bulk_weights(v);
    const T b_o = outlier_weight(theta);
    const T b_o_dot = outlier_weight(v);
    const auto c = factors(theta);
    const auto c_dot = factors(v);
    const auto [p, p_dot] = without(c, c_dot, c.size());
    const T alpha(alpha_);
    T slope = alpha * p * b_o * b_o;
    T slope_dot = alpha * (p_dot * b_o * b_o + T(2) * p * b_o * b_o_dot);
    for (Index j = 0; j < dim(); ++j) {
      const T residual = T(beta_(j)) - p * b(j);
      const T residual_dot = -(p_dot * b(j) + p * b_dot(j));
      slope -= b(j) * residual;
      slope_dot -= b_dot(j) * residual + b(j) * residual_dot;
      product(j) = -(p_dot * residual + p * residual_dot);
    }
    product(dim()) = alpha * (T(2) * p * p_dot * b_o + p * p * b_o_dot);
    for (Index i = 0; i < c.size(); ++i) {
      const auto [rest, rest_dot] = without(c, c_dot, i);
      product(dim() + 1 + i) = slope_dot * rest + slope * rest_dot;
    }
  }

private:
  /// Product of all factors but number `left_out`, and its derivative in direction c_dot.
  template <class C>
  static std::pair<T, T> without(const C& c, const C& c_dot, Index left_out) {
    T p(1);
    T p_dot(0);
    for (Index i = 0; i < c.size(); ++i) {
      if (i != left_out) {
        p_dot = p_dot * c(i) + p * c_dot(i);
        p = p * c(i);
      }
    }
    return {p, p_dot};
  }

  Vector<Real> beta_;
  Real alpha_;
  Index depth_;
};

} // namespace gradus::objective
