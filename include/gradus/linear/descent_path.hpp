// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <vector>

#include <Eigen/Eigenvalues>

#include <gradus/core/buffer.hpp>
#include <gradus/core/error.hpp>
#include <gradus/core/product.hpp>
#include <gradus/core/scalar.hpp>
#include <gradus/core/types.hpp>
#include <gradus/linear/detail/data.hpp>
#include <gradus/linear/spectral_filter.hpp>

namespace gradus::linear {

/// The whole path of gradient descent on the mean squared error of a linear model,
///   L(w) = 1/n sum_i (<w, x_i> - y_i)^2,  w_{t+1} = w_t - learning_rate grad L(w_t),
/// from one eigendecomposition: the weights after any number of steps cost d^2, not t steps. With
/// Sigma = X X^T / n = U diag(nu) U^T, b = U^T X y / n and r = 1 - 2 learning_rate nu,
///   U^T w_t = r^t U^T w_0 + (1 - r^t) / nu b.
template <RealScalar T>
class DescentPath {
public:
  /// Cost: n d^2 + about 9 d^3.
  /// @param x  inputs (d, n), d and n >= 1, finite   @param y  targets (n), finite
  /// @param start  w_0 (d)   @param learning_rate  > 0
  /// @throws ArgumentError, ShapeError
  DescentPath(ConstMatrixRef<T> x, ConstVectorRef<T> y, ConstVectorRef<T> start, T learning_rate)
      : learning_rate_(learning_rate) {
    detail::require_data<T>(x);
    require_size(y, "y", x.cols());
    require_size(start, "start", x.rows());
    require_finite(y, "y");
    require(learning_rate > T(0) && is_finite(learning_rate), "learning_rate", learning_rate,
            "> 0, finite");
    Matrix<T> sigma(x.rows(), x.rows());
    Buffer<T> scratch;
    const T n(static_cast<T>(x.cols()));
    multiply<T>(sigma, x, x.transpose(), scratch, T(1) / n);
    const Eigen::SelfAdjointEigenSolver<Matrix<T>> solver(sigma);
    vectors_ = solver.eigenvectors();
    values_ = solver.eigenvalues().cwiseMax(T(0)); // rounding may leave a zero below 0
    start_ = vectors_.transpose() * start;
    pull_ = vectors_.transpose() * (x * y) / n;
  }

  /// Eigenvalues nu of Sigma, ascending (d).
  [[nodiscard]] const Vector<T>& eigenvalues() const { return values_; }
  /// Eigenvectors of Sigma, a column each (d, d).
  [[nodiscard]] const Matrix<T>& eigenvectors() const { return vectors_; }
  /// Whether the path stays bounded for ever: learning_rate nu <= 1 for all nu.
  [[nodiscard]] bool is_stable() const { return learning_rate_ * values_.maxCoeff() <= T(1); }

  /// w_t (d). @param t  steps, >= 0
  [[nodiscard]] Vector<T> weights(Index t) const { return vectors_ * coordinates(t); }
  /// w_t for several t, a column each (d, times).
  [[nodiscard]] Matrix<T> weights(const std::vector<Index>& times) const {
    Matrix<T> all(values_.size(), static_cast<Index>(times.size()));
    for (std::size_t k = 0; k < times.size(); ++k) {
      all.col(static_cast<Index>(k)) = coordinates(times[k]);
    }
    Matrix<T> result(all.rows(), all.cols());
    Buffer<T> scratch;
    multiply<T>(result, vectors_, all, scratch);
    return result;
  }

private:
  /// U^T w_t.
  Vector<T> coordinates(Index t) const {
    require(t >= 0, "t", t, ">= 0");
    const GradientDescent<T> filter{T(2) * learning_rate_, t};
    Vector<T> result(values_.size());
    for (Index k = 0; k < values_.size(); ++k) {
      const T nu = values_(k);
      const T gain = nu > T(0) ? filter.gain(nu) : T(filter.learning_rate * static_cast<T>(t));
      result(k) = filter.left(nu) * start_(k) + gain * pull_(k);
    }
    return result;
  }

  T learning_rate_;
  Matrix<T> vectors_;
  Vector<T> values_;
  Vector<T> start_;
  Vector<T> pull_;
};

} // namespace gradus::linear
