// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <cmath>
#include <limits>
#include <vector>

#include <Eigen/Cholesky>

#include <gradus/core/buffer.hpp>
#include <gradus/core/error.hpp>
#include <gradus/core/product.hpp>
#include <gradus/core/scalar.hpp>
#include <gradus/core/types.hpp>
#include <gradus/linear/detail/labels.hpp>

namespace gradus::linear {

/// What a fit of a logistic regression needs to know.
template <RealScalar T>
struct LogisticOptions {
  T penalty = T(1); ///< lambda > 0
  /// Bound on the norm of the gradient in units of its norm at w = 0, > 0; the default is
  /// epsilon^(2/3), 4e-11 in double precision.
  T tolerance =
      static_cast<T>(std::pow(static_cast<double>(std::numeric_limits<T>::epsilon()), 2.0 / 3.0));
  Index max_iterations = 200; ///< Newton steps, >= 0
};

/// A fitted logistic regression with the certificate of how well it is solved.
template <RealScalar T>
struct LogisticFit {
  Vector<T> weights;      ///< w (d)
  T objective;            ///< (1/n) sum_i log(1 + exp(-y_i <w, x_i>)) + lambda |w|^2
  T gradient_norm;        ///< |gradient|; |w - w*| is at most this over 2 lambda
  Index iterations = 0;   ///< Newton steps
  bool converged = false; ///< whether the bound of the options is met
};

/// Logistic regression without a bias, for two classes,
///   min_w (1/n) sum_i log(1 + exp(-y_i <w, x_i>)) + penalty |w|^2,
/// by Newton's method with step lengths halved until the objective falls. With S^2 = diag(s (1 -
/// s)) of the probabilities s the step solves either the d x d system
///   (X S^2 X^T / n + 2 penalty) p = -gradient,
/// or, by Woodbury's identity, the n x n one of the next point w + p = X q,
///   q = (h - S (2 penalty n + S X^T X S)^-1 S X^T X h) / (2 penalty),  h = (S^2 margins + s) / n,
/// whichever is smaller. One object serves many penalties; samples of one class alone are no
/// mistake.
template <RealScalar T>
class LogisticRegression {
public:
  /// @param x  inputs (d, n), d and n >= 1, finite   @param labels  -1 or +1 (n)
  /// @throws ArgumentError, ShapeError   Cost: n d, and n^2 d if n < d
  LogisticRegression(ConstMatrixRef<T> x, ConstVectorRef<T> labels)
      : samples_(
            (detail::require_training_set<T>(x, labels), detail::signed_samples<T>(x, labels))) {
    if (samples_.cols() < samples_.rows()) {
      gram_.resize(samples_.cols(), samples_.cols());
      Buffer<T> scratch;
      multiply<T>(gram_, samples_.transpose(), samples_, scratch);
    }
  }

  /// Fits from w = 0. @throws ArgumentError for options outside their ranges
  [[nodiscard]] LogisticFit<T> fit(const LogisticOptions<T>& options) const {
    return fit(options, Vector<T>::Zero(samples_.rows()));
  }

  /// Fits from given weights, such as those of a larger penalty.
  /// @param start  (d), finite
  /// @throws ArgumentError, ShapeError   Cost: a step n m^2 + m^3 / 3 with m = min(d, n)
  [[nodiscard]] LogisticFit<T> fit(const LogisticOptions<T>& options,
                                   ConstVectorRef<T> start) const {
    detail::require_penalty(options.penalty);
    require(options.tolerance > T(0), "tolerance", options.tolerance, "> 0");
    require(options.max_iterations >= 0, "max_iterations", options.max_iterations, ">= 0");
    require_size(start, "start", samples_.rows());
    require_finite(start, "start");
    const Index n = samples_.cols();
    const T count = static_cast<T>(n);
    const T scale = samples_.rowwise().sum().norm() / (T(2) * count); // |gradient| at w = 0
    State now(samples_.rows(), n);
    Vector<T> direction(samples_.rows());
    Vector<T> along(n); // change of the margins per step
    LogisticFit<T> result;
    result.weights = start;
    now.margins.noalias() = samples_.transpose() * result.weights;
    T before = std::numeric_limits<T>::infinity();
    while (true) {
      look(now, result.weights, options.penalty);
      result.objective = value(now.margins, result.weights.squaredNorm(), options.penalty);
      result.gradient_norm = now.gradient.norm();
      result.converged = result.gradient_norm <= options.tolerance * scale;
      if (result.converged || result.iterations == options.max_iterations ||
          !is_finite(result.gradient_norm)) {
        return result;
      }
      newton_direction(now, result.weights, options.penalty, direction);
      along.noalias() = samples_.transpose() * direction;
      const T slope = now.gradient.dot(direction);
      T step(1);
      if (-slope > noise * (T(1) + result.objective)) {
        const T square = result.weights.squaredNorm();
        const T cross = result.weights.dot(direction);
        const T quadratic = direction.squaredNorm();
        for (; step > shortest; step /= T(2)) {
          now.trial = now.margins + step * along;
          const T norm = square + step * (T(2) * cross + step * quadratic);
          if (value(now.trial, norm, options.penalty) <=
              result.objective + T(1e-4) * step * slope) {
            break;
          }
        }
      } else if (!(result.gradient_norm < before / T(2))) {
        return result; // the objective is flat to rounding and the gradient no longer falls
      }
      before = result.gradient_norm;
      result.weights += step * direction;
      now.margins.noalias() = samples_.transpose() * result.weights;
      ++result.iterations;
    }
  }

private:
  static constexpr T noise = T(64) * std::numeric_limits<T>::epsilon();
  static constexpr T shortest = T(1e-9);

  struct State {
    State(Index dim, Index n)
        : margins(n), trial(n), slopes(n), roots(n), gradient(dim), coefficients(n) {}
    Vector<T> margins;      ///< y_i <w, x_i>
    Vector<T> trial;        ///< the same after a step
    Vector<T> slopes;       ///< minus the derivative of the loss, 1 / (1 + exp(margin))
    Vector<T> roots;        ///< square roots of its second derivative
    Vector<T> gradient;     ///< of the objective (d)
    Vector<T> coefficients; ///< of the gradient's loss part over the samples (n)
  };

  /// Mean loss plus penalty, in a form that neither overflows nor cancels.
  static T value(const Vector<T>& margins, T square, T penalty) {
    using std::abs;
    using std::exp;
    using std::log1p;
    T sum(0);
    for (Index i = 0; i < margins.size(); ++i) {
      const T m = margins(i);
      sum += log1p(T(exp(T(-abs(m))))) + (m < T(0) ? T(-m) : T(0));
    }
    return sum / static_cast<T>(margins.size()) + penalty * square;
  }

  /// Slopes, roots and gradient at the margins.
  void look(State& now, const Vector<T>& weights, T penalty) const {
    using std::abs;
    using std::exp;
    using std::sqrt;
    const T count = static_cast<T>(now.margins.size());
    for (Index i = 0; i < now.margins.size(); ++i) {
      const T e = exp(T(-abs(now.margins(i))));
      now.slopes(i) = (now.margins(i) > T(0) ? e : T(1)) / (T(1) + e);
      now.roots(i) = sqrt(e) / (T(1) + e);
    }
    now.coefficients = -now.slopes / count;
    now.gradient.noalias() = samples_ * now.coefficients;
    now.gradient += T(2) * penalty * weights;
  }

  void newton_direction(const State& now, const Vector<T>& weights, T penalty,
                        Vector<T>& direction) const {
    const T count = static_cast<T>(now.margins.size());
    const T ridge = T(2) * penalty;
    if (gram_.size() == 0) {
      const Matrix<T> scaled = samples_ * (now.roots / std::sqrt(count)).asDiagonal();
      Matrix<T> hessian(samples_.rows(), samples_.rows());
      Buffer<T> scratch;
      multiply<T>(hessian, scaled, scaled.transpose(), scratch);
      hessian.diagonal().array() += ridge;
      direction = -hessian.llt().solve(now.gradient);
      return;
    }
    // Newton's next point itself: (X S^2 X^T / n + ridge) w' = X right.
    const Vector<T> right =
        now.roots.array().square() * now.margins.array() / count - now.coefficients.array();
    Matrix<T> system = now.roots.asDiagonal() * gram_ * now.roots.asDiagonal();
    system.diagonal().array() += ridge * count;
    const Vector<T> seen = gram_ * right;
    const Vector<T> inner = system.llt().solve(Vector<T>(now.roots.cwiseProduct(seen)));
    direction.noalias() = samples_ * Vector<T>((right - now.roots.cwiseProduct(inner)) / ridge);
    direction -= weights;
  }

  Matrix<T> samples_; ///< y_i x_i (d, n)
  Matrix<T> gram_;    ///< inner products of samples_ (n, n), or empty
};

} // namespace gradus::linear
