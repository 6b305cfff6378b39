// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <algorithm>
#include <string>

#include <gradus/core/error.hpp>
#include <gradus/core/scalar.hpp>
#include <gradus/core/types.hpp>
#include <gradus/curvature/operator.hpp>

namespace gradus::curvature {

/// A caller's mistake: a matrix that does not fit the memory it may take. Says how much it needs
/// and what does without it.
class BudgetError : public ArgumentError {
public:
  /// @param needed, budget  bytes   @param size  P
  BudgetError(double needed, double budget, Index size)
      : ArgumentError("byte_budget", gradus::detail::to_text(budget),
                      ">= " + gradus::detail::to_text(needed) + " for a dense matrix of " +
                          gradus::detail::to_text(size) +
                          " parameters; without it: top_eigenpairs() and spectral_density(), which "
                          "need products only (Lanczos)"),
        needed_(needed) {}
  /// Bytes that the matrix and its assembly need.
  [[nodiscard]] double needed() const noexcept { return needed_; }

private:
  double needed_;
};

/// How a dense matrix is assembled.
struct DenseOptions {
  double byte_budget = 0x1p31; ///< most bytes of matrix and blocks of directions together, > 0
  Index block = 64;            ///< directions of one pass, >= 1
};

/// Bytes that dense_matrix() of P parameters takes; the objective's own work buffers, which grow
/// with block times samples times widths, are not among them.
template <RealScalar T>
[[nodiscard]] double dense_bytes(Index size, const DenseOptions& options = {}) {
  const auto p = static_cast<double>(size);
  return (p + static_cast<double>(std::min(options.block, size))) * p * sizeof(T);
}

namespace detail {

template <class T>
void check_budget(Index size, const DenseOptions& options) {
  require(options.block >= 1, "block", options.block, ">= 1");
  require(options.byte_budget > 0, "byte_budget", options.byte_budget, "> 0");
  if (const double needed = dense_bytes<T>(size, options); needed > options.byte_budget) {
    throw BudgetError(needed, options.byte_budget, size);
  }
}

/// See dense_matrix().
template <SymmetricOperator A>
void assemble(A& a, Matrix<typename A::Value>& result, const DenseOptions& options) {
  using T = typename A::Value;
  const Index size = a.size();
  check_budget<T>(size, options);
  result.resize(size, size);
  Matrix<T> units = Matrix<T>::Zero(size, std::min(options.block, size));
  for (Index start = 0; start < size; start += options.block) {
    const Index count = std::min(options.block, size - start);
    for (Index j = 0; j < count; ++j) {
      units(start + j, j) = T(1);
    }
    a.apply(units.leftCols(count), result.middleCols(start, count));
    units.middleRows(start, count).setZero();
  }
  constexpr Index tile = 64; // entries and their mirror images stay in the cache
  for (Index c = 0; c < size; c += tile) {
    for (Index r = c; r < size; r += tile) {
      for (Index j = c; j < std::min(c + tile, size); ++j) {
        for (Index i = std::max(r, j + 1); i < std::min(r + tile, size); ++i) {
          const T mean = (result(i, j) + result(j, i)) / T(2);
          result(i, j) = mean;
          result(j, i) = mean;
        }
      }
    }
  }
}

} // namespace detail

/// The matrix behind an operator, from its products with the unit vectors, blocks of them at once;
/// exactly symmetric: each entry is the mean of the two that rounding left.
/// @throws BudgetError before anything is allocated; ArgumentError for a bad option
template <SymmetricOperator A>
[[nodiscard]] Matrix<typename A::Value> dense_matrix(A& a, const DenseOptions& options = {}) {
  Matrix<typename A::Value> result;
  detail::assemble(a, result, options);
  return result;
}

/// Writes the dense Hessian (or another curvature matrix) of an objective at theta (P) into a
/// matrix that is kept between calls, resized if it has another size: fresh memory of many
/// megabytes can cost more than what is computed in it. Networks on dense inputs have a way of
/// their own (nn/mlp_curvature.hpp), all others products; see dense_matrix().
/// @throws BudgetError before anything is allocated; ArgumentError for a bad option; ShapeError
template <objective::HasHvp F>
void dense_curvature_into(Matrix<typename F::Value>& h, F& objective,
                          ConstVectorRef<typename F::Value> theta,
                          Curvature kind = Curvature::hessian, const DenseOptions& options = {}) {
  using T = typename F::Value;
  CurvatureOperator<F> a(objective, theta, kind);
  if constexpr (requires { objective.curvature_matrix(kind, h); }) {
    detail::check_budget<T>(theta.size(), options);
    h.resize(theta.size(), theta.size());
    objective.linearise(theta);
    objective.curvature_matrix(kind, h);
  } else {
    detail::assemble(a, h, options);
  }
}

/// The same as a new matrix. Its trace, Frobenius norm and spectrum are Eigen's .trace(), .norm()
/// and Eigen::SelfAdjointEigenSolver.
template <objective::HasHvp F>
[[nodiscard]] Matrix<typename F::Value>
dense_curvature(F& objective, ConstVectorRef<typename F::Value> theta,
                Curvature kind = Curvature::hessian, const DenseOptions& options = {}) {
  Matrix<typename F::Value> h;
  dense_curvature_into(h, objective, theta, kind, options);
  return h;
}

} // namespace gradus::curvature
