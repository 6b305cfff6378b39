// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <algorithm>
#include <cmath>
#include <limits>

#include <Eigen/SVD>

#include <gradus/core/error.hpp>
#include <gradus/core/scalar.hpp>
#include <gradus/core/types.hpp>

namespace gradus::linear {

/// Ridge regression over the whole path of penalties from one singular value decomposition:
///   w(g) = argmin |X^T w - y|^2 + g |w|^2 = (X X^T + g)^-1 X y,
/// and for g = 0 the least squares solution of smallest norm. Data that lack rank are handled by
/// definition: singular values below `tolerance` times the largest count as 0.
template <RealScalar T>
class RidgePath {
public:
  /// Cost: some 10 d n min(d, n).
  /// @param x  inputs (d, n), d and n >= 1, finite   @param y  targets (n), finite
  /// @param tolerance  relative size of a singular value that counts as 0, >= 0; if negative, the
  ///        rounding unit times the larger of d and n
  /// @throws ArgumentError, ShapeError
  RidgePath(ConstMatrixRef<T> x, ConstVectorRef<T> y, T tolerance = T(-1)) {
    require(x.rows() >= 1, "dim", x.rows(), ">= 1");
    require(x.cols() >= 1, "number of samples", x.cols(), ">= 1");
    require_size(y, "y", x.cols());
    require_finite(x, "x");
    require_finite(y, "y");
    const Eigen::BDCSVD<Matrix<T>> svd(Matrix<T>(x), Eigen::ComputeThinU | Eigen::ComputeThinV);
    values_ = svd.singularValues();
    left_ = svd.matrixU();
    projected_ = svd.matrixV().transpose() * y;
    const T relative =
        tolerance >= T(0)
            ? tolerance
            : T(static_cast<T>(std::max(x.rows(), x.cols())) * std::numeric_limits<T>::epsilon());
    rank_ = (values_.array() > relative * values_(0)).count();
  }

  /// Singular values of X, descending (min(d, n)).
  [[nodiscard]] const Vector<T>& singular_values() const { return values_; }
  /// How many of them count as not 0.
  [[nodiscard]] Index rank() const { return rank_; }
  /// Largest over smallest singular value that is not 0; NaN for X = 0.
  [[nodiscard]] T condition_number() const {
    return rank_ > 0 ? T(values_(0) / values_(rank_ - 1)) : std::numeric_limits<T>::quiet_NaN();
  }
  /// Sum of the eigenvalues of X X^T over the largest; NaN for X = 0.
  [[nodiscard]] T effective_rank() const {
    return rank_ > 0 ? T(values_.squaredNorm() / (values_(0) * values_(0)))
                     : std::numeric_limits<T>::quiet_NaN();
  }

  /// w(g) (d). Cost: d min(d, n).
  /// @param g  penalty, >= 0   @throws ArgumentError
  [[nodiscard]] Vector<T> weights(T g) const {
    check(g);
    Vector<T> share(rank_);
    for (Index k = 0; k < rank_; ++k) {
      share(k) = values_(k) / (values_(k) * values_(k) + g) * projected_(k);
    }
    return left_.leftCols(rank_) * share;
  }
  /// Effective degrees of freedom: sum of s^2 / (s^2 + g); the rank at g = 0.
  [[nodiscard]] T degrees_of_freedom(T g) const {
    check(g);
    T sum(0);
    for (Index k = 0; k < rank_; ++k) {
      const T square = values_(k) * values_(k);
      sum += square / (square + g);
    }
    return sum;
  }

private:
  static void check(T g) { require(g >= T(0) && is_finite(g), "g", g, ">= 0, finite"); }

  Index rank_ = 0;
  Vector<T> values_;    ///< s
  Matrix<T> left_;      ///< U (d, min(d, n))
  Vector<T> projected_; ///< V^T y
};

} // namespace gradus::linear
