// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <cmath>

#include <gradus/core/buffer.hpp>
#include <gradus/core/error.hpp>
#include <gradus/core/product.hpp>
#include <gradus/core/scalar.hpp>
#include <gradus/core/types.hpp>
#include <gradus/equilibrium/coupling.hpp>
#include <gradus/equilibrium/layout.hpp>

/// Penalties on the Jacobian J = M - diag(1 / sigma') of the dynamics in rate space. Its diagonal
/// falls out of |J|^2 - tr J^2, so they are functions of the couplings M alone. Each has a form
/// that knows M and a stochastic one that needs products M eps, eps^T M with normal eps only.
/// Source: Laborieux and Zenke 2023 (arXiv 2309.02214).
namespace gradus::equilibrium {

/// A penalty and how it is estimated.
struct CouplingPenalty {
  /// What is punished.
  enum class Kind {
    homeostasis, ///< (|M|^2 - tr M^2) / n = |M - M^T|^2 / (2 n): asymmetry
    shrinkage    ///< |M|^2 / n: size, the negative control
  };
  Kind kind = Kind::homeostasis; ///< see Kind
  double weight = 0;             ///< of the penalty beside the mean loss, >= 0; 0: no penalty
  Index draws = 5;               ///< normal vectors per sample of a batch; 0: the exact gradient

  /// @throws ArgumentError that names the field outside its range
  void validate() const {
    require(weight >= 0 && std::isfinite(weight), "weight", weight, ">= 0, finite");
    require(draws >= 0, "draws", draws, ">= 0");
  }
};

/// The penalty itself, without its weight. @param m  couplings (n, n), n >= 1
/// @throws ShapeError unless square
template <Scalar T>
[[nodiscard]] T penalty_value(CouplingPenalty::Kind kind, ConstMatrixRef<T> m) {
  require_shape(m, "m", m.rows(), m.rows());
  const T n(static_cast<RealOf<T>>(m.rows()));
  if (kind == CouplingPenalty::Kind::shrinkage) {
    return m.cwiseProduct(m).sum() / n;
  }
  const auto odd = m - m.transpose(); // not |.|^2, which would conjugate complex couplings
  return odd.cwiseProduct(odd).sum() / (n + n);
}

/// One estimate per column of eps, (|M eps|^2 - eps^T M^2 eps) / n or |M eps|^2 / n: without bias
/// for normal entries. @param eps  (n, draws)   @return (draws)   @throws ShapeError
template <Scalar T>
[[nodiscard]] Vector<T> penalty_draws(CouplingPenalty::Kind kind, const Coupling<T>& m,
                                      ConstMatrixRef<T> eps) {
  const Index n = m.matrix().rows();
  require_shape(eps, "eps", n, eps.cols());
  const Matrix<T> from = eps;
  Matrix<T> once(n, eps.cols());
  Matrix<T> twice(n, eps.cols());
  m.multiply(from.data(), once.data(), eps.cols());
  m.multiply(once.data(), twice.data(), eps.cols());
  Vector<T> draws(eps.cols());
  for (Index j = 0; j < eps.cols(); ++j) {
    draws(j) = once.col(j).cwiseProduct(once.col(j)).sum();
    if (kind == CouplingPenalty::Kind::homeostasis) {
      draws(j) -= from.col(j).cwiseProduct(twice.col(j)).sum();
    }
  }
  return draws / T(static_cast<RealOf<T>>(n));
}

/// Variance of one draw of the homeostatic penalty for standard normal eps:
///   2 |sym(Q)|^2 / n^2, Q = M^T M - M^2.   @param m  couplings (n, n)
template <RealScalar T>
[[nodiscard]] T homeostasis_draw_variance(ConstMatrixRef<T> m) {
  require_shape(m, "m", m.rows(), m.rows());
  const Matrix<T> q = m.transpose() * m - m * m;
  const T n = static_cast<T>(m.rows());
  return T(2) * (T(0.5) * (q + q.transpose())).squaredNorm() / (n * n);
}

/// gradient += weight d penalty / d theta, exactly. @param gradient  (P)   @throws ShapeError
template <Scalar T>
void add_penalty_gradient(CouplingPenalty::Kind kind, const NetworkLayout& layout,
                          const Coupling<T>& m, T weight, VectorRef<T> gradient) {
  require_size(gradient, "gradient", layout.num_parameters());
  const Matrix<T>& all = m.matrix();
  const T scale = T(2) * weight / T(static_cast<RealOf<T>>(all.rows()));
  for (const CouplingBlock& b : layout.blocks()) {
    auto out = layout.coupling(gradient, b);
    out += scale * all.block(b.row, b.col, b.rows, b.cols);
    if (kind == CouplingPenalty::Kind::homeostasis) {
      out -= scale * all.block(b.col, b.row, b.cols, b.rows).transpose();
    }
  }
}

/// The same estimated from draws; keeps its memory between calls.
///   2 (M eps) eps^T - eps (M eps)^T - (M^T eps) eps^T   or   2 (M eps) eps^T,
/// averaged over the columns of eps, where M has blocks.
template <Scalar T>
class PenaltyGradient {
public:
  /// For networks of that layout.
  explicit PenaltyGradient(const NetworkLayout& layout) : layout_(layout), transposed_(layout) {}

  /// gradient += weight times the estimate. @param eps  normal, (n, draws), draws >= 1
  /// @param gradient  (P)   @throws ArgumentError, ShapeError
  void add(CouplingPenalty::Kind kind, const Coupling<T>& m, ConstMatrixRef<T> eps, T weight,
           VectorRef<T> gradient) {
    const Index n = layout_.num_units();
    const Index k = eps.cols();
    require(k >= 1, "number of draws", k, ">= 1");
    require_shape(eps, "eps", n, k);
    require_size(gradient, "gradient", layout_.num_parameters());
    auto from = from_.matrix(n, k);
    auto once = once_.matrix(n, k);
    auto left = left_.matrix(n, k);
    from = eps;
    m.multiply(from.data(), once.data(), k);
    const bool homeostatic = kind == CouplingPenalty::Kind::homeostasis;
    if (homeostatic) {
      transposed_.assign_transposed(m);
      transposed_.multiply(from.data(), left.data(), k);
      left = T(2) * once - left;
    } else {
      left = T(2) * once;
    }
    const T scale = weight / T(static_cast<RealOf<T>>(n * k));
    for (const CouplingBlock& b : layout_.blocks()) {
      const auto rows = [&](MatrixMap<T>& a) { return a.middleRows(b.row, b.rows); };
      const auto cols = [&](MatrixMap<T>& a) { return a.middleRows(b.col, b.cols).transpose(); };
      multiply<T>(layout_.coupling(gradient, b), rows(left), cols(from), scratch_, scale, true);
      if (homeostatic) {
        multiply<T>(layout_.coupling(gradient, b), rows(from), cols(once), scratch_, -scale, true);
      }
    }
  }

private:
  NetworkLayout layout_;
  Coupling<T> transposed_;
  Buffer<T> from_, once_, left_, scratch_;
};

} // namespace gradus::equilibrium
