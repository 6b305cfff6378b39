// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <algorithm>
#include <cmath>
#include <limits>
#include <utility>
#include <vector>

#include <Eigen/Eigenvalues>

#include <gradus/core/error.hpp>
#include <gradus/core/parallel.hpp>
#include <gradus/core/types.hpp>
#include <gradus/curvature/operator.hpp>

namespace gradus::curvature {

/// What k Lanczos steps know of a symmetric matrix A, seen from a start vector v: the tridiagonal
/// matrix V^T A V on an orthonormal basis V of span(v, A v, ..., A^(k-1) v).
template <RealScalar T>
struct LanczosResult {
  Vector<T> diagonal;     ///< (k)
  Vector<T> off_diagonal; ///< (k - 1)
  T squared_norm = T(0);  ///< |v|^2
  bool exhausted = false; ///< the space became invariant before all steps: eigenvalues are exact
  bool finite = true;     ///< false if a product was not finite: diagonal ends before it
};

/// Nodes and weights of the Gauss quadrature of a Lanczos run: sum_j weight_j f(node_j)
/// approximates v . f(A) v, exactly for polynomials f of degree 2 k - 1.
/// Source: Golub and Welsch 1969.
template <RealScalar T>
struct Quadrature {
  Vector<T> nodes;   ///< Ritz values, ascending (k)
  Vector<T> weights; ///< >= 0, sum |v|^2 (k)
};

/// The quadrature of a Lanczos run; empty for a run without steps.
template <RealScalar T>
[[nodiscard]] Quadrature<T> quadrature(const LanczosResult<T>& run) {
  const Index k = run.diagonal.size();
  if (k == 0) {
    return {};
  }
  if (k == 1) {
    return {run.diagonal, Vector<T>::Constant(1, run.squared_norm)};
  }
  Eigen::SelfAdjointEigenSolver<Matrix<T>> solver;
  solver.computeFromTridiagonal(run.diagonal, run.off_diagonal);
  return {solver.eigenvalues(),
          solver.eigenvectors().row(0).array().square().transpose() * run.squared_norm};
}

namespace detail {

/// Takes the components of w in the first `count` columns of the basis out of w, twice: once leaves
/// what rounding had left. Source: Kahan's "twice is enough", Parlett 1980.
template <class T>
void reorthogonalise(const Matrix<T>& basis, Index count, Vector<T>& w, Vector<T>& components) {
  const auto v = basis.leftCols(count);
  for (int pass = 0; pass < 2; ++pass) {
    components.head(count).noalias() = v.transpose() * w;
    w.noalias() -= v * components.head(count);
  }
}

} // namespace detail

/// Lanczos runs from several starts in step, each product for all of them at once, with full
/// reorthogonalisation: no copies of eigenvalues, and orthogonality to rounding. Memory: steps
/// vectors of P numbers a start. Costs 8 P steps^2 operations a start beside the products.
/// @param starts  (P, m), columns not 0   @param steps  >= 1; at most P are made
/// @param observer  called as observer(step, steps) after each step
/// @return one result a start   @throws ArgumentError, ShapeError
template <SymmetricOperator A, class Observer>
[[nodiscard]] std::vector<LanczosResult<typename A::Value>>
lanczos(A& a, ConstMatrixRef<typename A::Value> starts, Index steps, Observer&& observer) {
  using T = typename A::Value;
  using std::sqrt;
  const Index size = a.size();
  const Index m = starts.cols();
  require(steps >= 1, "steps", steps, ">= 1");
  require_shape(starts, "starts", size, m);
  steps = std::min(steps, size);
  struct Run {
    Matrix<T> basis;
    Vector<T> w, components;
    T largest = T(0);
    bool done = false;
  };
  std::vector<Run> runs(static_cast<std::size_t>(m));
  std::vector<LanczosResult<T>> results(static_cast<std::size_t>(m));
  Matrix<T> v(size, m);
  Matrix<T> av(size, m);
  for (Index j = 0; j < m; ++j) {
    auto& run = runs[static_cast<std::size_t>(j)];
    auto& result = results[static_cast<std::size_t>(j)];
    result.squared_norm = starts.col(j).squaredNorm();
    require(result.squared_norm > T(0) && is_finite(result.squared_norm), "|start|^2",
            result.squared_norm, "> 0 and finite");
    result.diagonal.resize(steps);
    result.off_diagonal.resize(steps);
    run.basis.resize(size, steps);
    run.w.resize(size);
    run.components.resize(steps);
    v.col(j) = starts.col(j) / sqrt(result.squared_norm);
  }
  for (Index step = 0; step < steps; ++step) {
    a.apply(v, av);
    parallel_for(m, [&](Index j) {
      auto& run = runs[static_cast<std::size_t>(j)];
      auto& result = results[static_cast<std::size_t>(j)];
      if (run.done) {
        return;
      }
      run.basis.col(step) = v.col(j);
      run.w = av.col(j);
      const T diagonal = v.col(j).dot(run.w);
      detail::reorthogonalise(run.basis, step + 1, run.w, run.components);
      const T rest = run.w.norm();
      if (!is_finite(diagonal) || !is_finite(rest)) {
        result.finite = false;
        run.done = true;
        result.diagonal.conservativeResize(step);
        result.off_diagonal.conservativeResize(std::max<Index>(0, step - 1));
        return;
      }
      result.diagonal(step) = diagonal;
      run.largest = std::max({run.largest, T(std::abs(diagonal)), rest});
      const bool exhausted =
          rest <= run.largest * std::numeric_limits<T>::epsilon() * sqrt(T(size));
      if (exhausted || step + 1 == steps) {
        result.exhausted = exhausted || step + 1 == size;
        run.done = true;
        result.diagonal.conservativeResize(step + 1);
        result.off_diagonal.conservativeResize(step);
        return;
      }
      result.off_diagonal(step) = rest;
      v.col(j) = run.w / rest;
    });
    observer(step + 1, steps);
    if (std::all_of(runs.begin(), runs.end(), [](const Run& run) { return run.done; })) {
      break;
    }
  }
  return results;
}

/// The same without an observer.
template <SymmetricOperator A>
[[nodiscard]] std::vector<LanczosResult<typename A::Value>>
lanczos(A& a, ConstMatrixRef<typename A::Value> starts, Index steps) {
  return lanczos(a, starts, steps, [](Index, Index) {});
}

} // namespace gradus::curvature
