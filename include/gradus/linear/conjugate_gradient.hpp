// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <utility>

#include <gradus/core/error.hpp>
#include <gradus/core/scalar.hpp>
#include <gradus/core/types.hpp>
#include <gradus/linear/detail/data.hpp>

namespace gradus::linear {

/// How long conjugate gradients go on.
template <RealScalar T>
struct ConjugateGradientOptions {
  Index steps = 1000; ///< at most so many, >= 0
  /// Stops where |X (y - X^T w)| is at most this, >= 0; in units of the inputs times the targets.
  T tolerance = T(1e-13);
};

/// How they ended.
enum class ConjugateGradientStatus {
  converged, ///< the gradient is small enough
  finished,  ///< all steps were made
  diverged   ///< numbers left the finite range
};

/// The weights, with a certificate computed from them anew.
template <RealScalar T>
struct [[nodiscard]] ConjugateGradientResult {
  ConjugateGradientStatus status = ConjugateGradientStatus::finished; ///< how they ended
  Index steps = 0;                                                    ///< steps made
  Vector<T> weights;                                                  ///< w (d)
  T residual_norm = T(0);                                             ///< |y - X^T w|
  T gradient_norm = T(0); ///< |X (y - X^T w)|: 0 at a least squares solution
};

/// Least squares min |X^T w - y|^2 by conjugate gradients on the normal equations, which are never
/// formed (CGLS). From w_0 = 0 the limit is the solution of smallest norm; stopped early it is a
/// regularised one. In exact arithmetic it ends after as many steps as X has distinct singular
/// values that are not 0.
/// Source: Hestenes and Stiefel 1952; Paige and Saunders 1982 for this form.
/// @param x  inputs (d, n), d and n >= 1, finite   @param y  targets (n), finite
/// @param start  w_0 (d), finite; without entries: 0
/// @param observer  called as observer(step, w) after each step
/// @throws ArgumentError, ShapeError   Cost: 4 d n a step
template <RealScalar T, class Observer>
[[nodiscard]] ConjugateGradientResult<T>
conjugate_gradient(ConstMatrixRef<T> x, ConstVectorRef<T> y,
                   const ConjugateGradientOptions<T>& options, Observer&& observer,
                   Vector<T> start = {}) {
  detail::require_data<T>(x);
  require_size(y, "y", x.cols());
  require_finite(y, "y");
  require(options.steps >= 0, "steps", options.steps, ">= 0");
  require(options.tolerance >= T(0), "tolerance", options.tolerance, ">= 0");
  ConjugateGradientResult<T> result;
  result.weights = start.size() > 0 ? std::move(start) : Vector<T>(Vector<T>::Zero(x.rows()));
  require_size(result.weights, "start", x.rows());
  require_finite(result.weights, "start");

  Vector<T>& w = result.weights;
  Vector<T> residual = y - x.transpose() * w;
  Vector<T> gradient = x * residual;
  Vector<T> direction = gradient;
  Vector<T> image(x.cols());
  const T small = options.tolerance * options.tolerance;
  T square = gradient.squaredNorm();
  while (true) {
    if (square <= small) {
      result.status = ConjugateGradientStatus::converged;
      break;
    }
    if (result.steps == options.steps) {
      break;
    }
    image.noalias() = x.transpose() * direction;
    const T curvature = image.squaredNorm();
    if (!(curvature > T(0)) || !is_finite(curvature)) {
      result.status = ConjugateGradientStatus::diverged;
      break;
    }
    const T length = square / curvature;
    w += length * direction;
    residual -= length * image;
    gradient.noalias() = x * residual;
    const T before = square;
    square = gradient.squaredNorm();
    direction = gradient + square / before * direction;
    ++result.steps;
    observer(result.steps, static_cast<const Vector<T>&>(w));
  }
  residual = y - x.transpose() * w;
  gradient.noalias() = x * residual;
  result.residual_norm = residual.norm();
  result.gradient_norm = gradient.norm();
  return result;
}

/// The same without an observer.
template <RealScalar T>
[[nodiscard]] ConjugateGradientResult<T>
conjugate_gradient(ConstMatrixRef<T> x, ConstVectorRef<T> y,
                   const ConjugateGradientOptions<T>& options = {}) {
  return conjugate_gradient<T>(x, y, options, [](Index, const Vector<T>&) {});
}

} // namespace gradus::linear
