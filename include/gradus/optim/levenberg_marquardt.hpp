// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <algorithm>
#include <cmath>
#include <limits>

#include <Eigen/Cholesky>

#include <gradus/core/buffer.hpp>
#include <gradus/core/error.hpp>
#include <gradus/core/product.hpp>
#include <gradus/core/scalar.hpp>
#include <gradus/core/types.hpp>
#include <gradus/objective/concepts.hpp>
#include <gradus/optim/descend.hpp>

namespace gradus::optim {

/// Constants of Levenberg-Marquardt. The damping falls after a step that is taken and grows after
/// one that is not.
template <RealScalar T>
struct LevenbergMarquardtOptions {
  Index steps = 100;               ///< trial steps, taken or not, >= 0
  T ridge = T(0);                  ///< rho >= 0: minimises |r|^2 + rho |theta|^2
  T damping = T(1e-2);             ///< mu at the start, > 0
  T damping_fall = T(3);           ///< mu is divided by it after a step that is taken, >= 1
  T damping_growth = T(4);         ///< mu is multiplied by it after one that is not, > 1
  T least_damping = T(1e-12);      ///< mu falls no further, > 0
  T gradient_tolerance = T(1e-13); ///< converged where |J^T r + rho theta| is at most this, >= 0

  /// @throws ArgumentError that names the field outside its range
  void validate() const {
    const auto finite = [](T x) { return is_finite(x); };
    require(steps >= 0, "steps", steps, ">= 0");
    require(ridge >= T(0) && finite(ridge), "ridge", ridge, ">= 0, finite");
    require(damping > T(0) && finite(damping), "damping", damping, "> 0, finite");
    require(damping_fall >= T(1) && finite(damping_fall), "damping_fall", damping_fall,
            ">= 1, finite");
    require(damping_growth > T(1) && finite(damping_growth), "damping_growth", damping_growth,
            "> 1, finite");
    require(least_damping > T(0) && finite(least_damping), "least_damping", least_damping,
            "> 0, finite");
    require(gradient_tolerance >= T(0), "gradient_tolerance", gradient_tolerance, ">= 0");
  }
};

/// How Levenberg-Marquardt ended.
enum class LevenbergMarquardtStatus {
  converged, ///< the gradient is small enough
  stalled,   ///< no step lowers the loss any more, however short: rounding has the last word
  finished,  ///< all trial steps were made
  stopped,   ///< an observer asked to stop
  diverged   ///< residuals or Jacobian were not finite at a point that was reached
};

/// The end of a run.
template <RealScalar T>
struct [[nodiscard]] LevenbergMarquardtResult {
  LevenbergMarquardtStatus status = LevenbergMarquardtStatus::finished; ///< how it ended
  Index steps = 0;                                                      ///< trial steps made
  Index taken = 0;                                       ///< how many of them lowered the loss
  T loss = std::numeric_limits<T>::quiet_NaN();          ///< |r|^2 + rho |theta|^2 at the end
  T gradient_norm = std::numeric_limits<T>::quiet_NaN(); ///< |J^T r + rho theta| last looked at
  T damping = std::numeric_limits<T>::quiet_NaN();       ///< mu at the end
};

/// What an observer of Levenberg-Marquardt is shown after each trial step.
template <RealScalar T>
struct LevenbergMarquardtProgress {
  Index step;             ///< trial steps made
  T loss;                 ///< |r|^2 + rho |theta|^2 at theta
  T damping;              ///< mu of the next trial step
  const Vector<T>& theta; ///< parameters (P)
};

/// Minimises |r(theta)|^2 + rho |theta|^2 by Levenberg and Marquardt's method: a trial step solves
///   (J^T J + rho + mu) d = J^T r + rho theta,  theta_new = theta - d,
/// with the P x P matrix, or in its dual form with the n x n matrix J J^T if parameters outnumber
/// residuals; it is taken if the loss falls.
/// Source: Levenberg 1944, Marquardt 1963 (damping by the identity).
/// @param theta  start (P), finite; holds the best point afterwards
/// @param observers  callables taking a LevenbergMarquardtProgress; one that returns true stops
/// @return how it ended; what is not finite is a status (a trial step that leads there is rejected)
/// @throws ArgumentError, ShapeError   Cost of a step that follows a taken one: Jacobian,
///         n P min(n, P) + min(n, P)^3 / 3; after a rejected one without the first two
template <objective::LeastSquares F, class... Observers>
LevenbergMarquardtResult<typename F::Value>
levenberg_marquardt(F& objective, Vector<typename F::Value>& theta,
                    const LevenbergMarquardtOptions<typename F::Value>& options = {},
                    Observers&&... observers) {
  using T = typename F::Value;
  using End = LevenbergMarquardtStatus;
  options.validate();
  const Index p = objective.num_parameters();
  const Index n = objective.num_residuals();
  require_size(theta, "theta", p);
  require_finite(theta, "theta");
  const bool dual = p > n;
  const Index size = std::min(p, n);
  const T rho = options.ridge;
  Vector<T> residuals(n), trial_residuals(n), gradient(p), step(p), trial(p), image(size);
  Matrix<T> jacobian(p, n), gram(size, size), damped(size, size);
  Eigen::LLT<Matrix<T>> cholesky(size);
  Buffer<T> scratch;
  const auto loss_of = [&](const Vector<T>& r, const Vector<T>& at) {
    return r.squaredNorm() + rho * at.squaredNorm();
  };

  LevenbergMarquardtResult<T> result;
  result.damping = options.damping;
  bool fresh = true; // theta has moved since the Jacobian was taken
  while (true) {
    if (fresh) {
      objective.residuals_and_jacobian(theta, residuals, jacobian);
      if (result.steps == 0) { // later it is the trial step's, so that it never rises
        result.loss = loss_of(residuals, theta);
      }
      gradient.noalias() = jacobian * residuals;
      gradient += rho * theta;
      result.gradient_norm = gradient.norm();
      if (!is_finite(result.loss) || !is_finite(result.gradient_norm)) {
        result.status = End::diverged;
        return result;
      }
      if (result.gradient_norm <= options.gradient_tolerance) {
        result.status = End::converged;
        return result;
      }
    }
    if (result.steps == options.steps) {
      return result;
    }
    if (fresh) {
      if (dual) {
        multiply<T>(gram, jacobian.transpose(), jacobian, scratch);
      } else {
        multiply<T>(gram, jacobian, jacobian.transpose(), scratch);
      }
      fresh = false;
    }
    ++result.steps;
    const T shift = rho + result.damping;
    T length = std::numeric_limits<T>::infinity();
    damped = gram;
    damped.diagonal().array() += shift;
    cholesky.compute(damped);
    T loss = std::numeric_limits<T>::infinity();
    if (cholesky.info() == Eigen::Success) {
      if (dual) {
        // (J^T J + s)^-1 (J^T r + rho theta) = rho / s theta + J^T (J J^T + s)^-1 (r - rho / s J
        // theta).
        image.noalias() = jacobian.transpose() * theta;
        image = residuals - rho / shift * image;
        cholesky.solveInPlace(image);
        step.noalias() = jacobian * image;
        step += rho / shift * theta;
      } else {
        step = gradient;
        cholesky.solveInPlace(step);
      }
      length = step.norm();
      trial = theta - step;
      objective.residuals(trial, trial_residuals);
      loss = loss_of(trial_residuals, trial);
    }
    if (loss < result.loss) { // false for what is not finite
      theta.swap(trial);
      result.loss = loss;
      ++result.taken;
      fresh = true;
      result.damping = std::max(options.least_damping, result.damping / options.damping_fall);
    } else {
      result.damping *= options.damping_growth;
    }
    [[maybe_unused]] const LevenbergMarquardtProgress<T> progress{result.steps, result.loss,
                                                                  result.damping, theta};
    bool stop = false;
    ((stop = detail::show(observers, progress) || stop), ...);
    if (stop) {
      result.status = End::stopped;
      return result;
    }
    // Beyond this damping a step changes no digit of theta.
    if (!fresh && length <= std::numeric_limits<T>::epsilon() * theta.norm()) {
      result.status = End::stalled;
      return result;
    }
  }
}

} // namespace gradus::optim
