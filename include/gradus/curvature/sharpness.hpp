// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <algorithm>
#include <cmath>
#include <functional>
#include <limits>
#include <utility>
#include <vector>

#include <Eigen/Eigenvalues>

#include <gradus/core/distributions.hpp>
#include <gradus/core/error.hpp>
#include <gradus/core/random.hpp>
#include <gradus/core/types.hpp>
#include <gradus/curvature/lanczos.hpp>
#include <gradus/curvature/operator.hpp>

namespace gradus::curvature {

/// How far the largest eigenvalue is taken.
struct SharpnessOptions {
  double tolerance = 1e-6; ///< of |A u - l u| in units of |l|, > 0
  Index most_steps = 100;  ///< most Lanczos steps, >= 1; at most P are made
  double stir = 0.1; ///< share of a random vector in a start that is an old eigenvector, >= 0: what
                     ///< has become largest in the meantime is found by it
};

/// The largest eigenvalue of a symmetric matrix.
template <RealScalar T>
struct [[nodiscard]] Sharpness {
  T value = std::numeric_limits<T>::quiet_NaN(); ///< lambda_max, not in magnitude
  Vector<T> vector;                              ///< its unit eigenvector (P); empty if not finite
  bool converged = false;                        ///< to the tolerance
  Index products = 0;                            ///< matrix-vector products taken
};

/// Largest eigenvalue and its vector by Lanczos with full reorthogonalisation, stopped as soon as
/// the residual, which the recursion knows, is small. Memory: one vector a step.
/// @param start  (P), not 0: the nearer to the eigenvector the fewer steps
/// @throws ArgumentError for a bad option or start, ShapeError
template <SymmetricOperator A>
Sharpness<typename A::Value> largest_eigenvalue(A& a, ConstVectorRef<typename A::Value> start,
                                                const SharpnessOptions& options = {}) {
  using T = typename A::Value;
  const Index size = a.size();
  require(options.tolerance > 0, "tolerance", options.tolerance, "> 0");
  require(options.most_steps >= 1, "most_steps", options.most_steps, ">= 1");
  require_size(start, "start", size);
  const T length = start.norm();
  require(length > T(0) && is_finite(length), "|start|", length, "> 0 and finite");
  const Index steps = std::min(options.most_steps, size);
  Matrix<T> basis(size, std::min<Index>(steps, 8));
  Vector<T> w(size);
  Vector<T> components(steps);
  Vector<T> diagonal(steps);
  Vector<T> off_diagonal(steps);
  Sharpness<T> result;
  basis.col(0) = start / length;
  for (Index k = 1; k <= steps; ++k) {
    a.apply(basis.middleCols(k - 1, 1), MatrixMap<T>(w.data(), size, 1));
    ++result.products;
    diagonal(k - 1) = basis.col(k - 1).dot(w);
    detail::reorthogonalise(basis, k, w, components);
    const T rest = w.norm();
    if (!is_finite(diagonal(k - 1)) || !is_finite(rest)) {
      result.value = std::numeric_limits<T>::quiet_NaN();
      result.converged = false;
      return result;
    }
    Eigen::SelfAdjointEigenSolver<Matrix<T>> ritz;
    ritz.computeFromTridiagonal(diagonal.head(k), off_diagonal.head(k - 1));
    const auto top = ritz.eigenvectors().col(k - 1);
    result.value = ritz.eigenvalues()(k - 1);
    const T scale = ritz.eigenvalues().cwiseAbs().maxCoeff();
    const T residual = rest * std::abs(top(k - 1));
    const T rounding = scale * std::numeric_limits<T>::epsilon() * std::sqrt(T(size));
    result.converged =
        residual <= std::max(T(options.tolerance) * std::abs(result.value), rounding);
    if (result.converged || k == steps) {
      result.converged = result.converged || k == size;
      result.vector = (basis.leftCols(k) * top).normalized();
      return result;
    }
    if (k == basis.cols()) {
      basis.conservativeResize(size, std::min(steps, 2 * k));
    }
    off_diagonal(k - 1) = rest;
    basis.col(k) = w / rest;
  }
  return result;
}

/// Observer of a run that follows the largest Hessian eigenvalue. Each search starts from the last
/// eigenvector, stirred, so that it takes a few products where a cold one takes dozens.
///
///     curvature::SharpnessTracker sharpness(risk, stream);
///     optim::descend(risk, theta, rule, {.steps = 1000}, optim::every(10, std::ref(sharpness)));
///     sharpness.values();
///
/// The objective is referred to. It may be the one that is being minimised: products have memory of
/// their own there, though EmpiricalRisk::latest_outputs() are then those of the full data.
template <objective::HasHvp F>
class SharpnessTracker {
public:
  /// Scalar type.
  using T = typename F::Value;

  /// @param stream  start of the first search, and what later ones are stirred with
  explicit SharpnessTracker(F& objective, const Stream& stream, Curvature kind = Curvature::hessian,
                            SharpnessOptions options = {})
      : operator_(objective, Vector<T>::Zero(objective.num_parameters()), kind), stream_(stream),
        options_(options) {
    require(options.stir >= 0, "stir", options.stir, ">= 0");
  }

  /// Measures at progress.theta and keeps the result.
  template <class Progress>
  void operator()(const Progress& progress) {
    (void)measure(progress.theta, progress.step);
  }

  /// Measures at theta (P). @param step  what it is kept under   @throws ShapeError
  const Sharpness<T>& measure(ConstVectorRef<T> theta, Index step) {
    operator_.move_to(theta);
    Stream draw = stream_.child("search", static_cast<std::uint64_t>(searches_++));
    Vector<T> start(operator_.size());
    fill_normal(draw, start);
    if (last_.vector.size() > 0) {
      start = last_.vector + start.normalized() * T(options_.stir);
    }
    last_ = largest_eigenvalue(operator_, start, options_);
    steps_.push_back(step);
    values_.push_back(static_cast<double>(last_.value));
    products_ += last_.products;
    all_converged_ = all_converged_ && last_.converged;
    return last_;
  }

  /// Steps at which it was measured.
  [[nodiscard]] const std::vector<Index>& steps() const { return steps_; }
  /// The largest eigenvalue at each of them; NaN where products were not finite.
  [[nodiscard]] const std::vector<double>& values() const { return values_; }
  /// The last search.
  [[nodiscard]] const Sharpness<T>& last() const { return last_; }
  /// Products taken in all.
  [[nodiscard]] Index products() const { return products_; }
  /// Whether every search reached its tolerance.
  [[nodiscard]] bool all_converged() const { return all_converged_; }

private:
  CurvatureOperator<F> operator_;
  Stream stream_;
  SharpnessOptions options_;
  Sharpness<T> last_;
  std::vector<Index> steps_;
  std::vector<double> values_;
  Index searches_ = 0;
  Index products_ = 0;
  bool all_converged_ = true;
};

} // namespace gradus::curvature
