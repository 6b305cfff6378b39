// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <cmath>
#include <concepts>

#include <gradus/core/error.hpp>
#include <gradus/core/parallel.hpp>
#include <gradus/core/scalar.hpp>
#include <gradus/core/types.hpp>
#include <gradus/optim/rule.hpp>

namespace gradus::optim {

/// A function that changes a gradient before a rule sees it: (theta, gradient, out) -> writes out.
template <class F, class T>
concept GradientTransform = std::copyable<F> &&
    requires(const F& f, ConstVectorRef<T> theta, ConstVectorRef<T> gradient, VectorRef<T> out) {
  f.validate();
  f(theta, gradient, out);
};

/// A rule that is given a changed gradient:
///   TransformedGradient{Adam<double>{}, ClipNorm<double>{.max_norm = 1}}
/// Memory: that of the rule and one number a parameter.
template <Rule R, GradientTransform<typename R::Value> F>
struct TransformedGradient {
  /// Scalar type of parameters and values.
  using Value = typename R::Value;

  R rule;      ///< the rule
  F transform; ///< what is done to the gradient

  /// What the rule remembers.
  struct State {
    /// State of the rule inside.
    typename R::State inner;
    /// The changed gradient of the last step (P).
    Vector<Value> gradient;
    /// Steps taken.
    Index step = 0;
  };

  /// @throws ArgumentError that names the hyper-parameter outside its range
  void validate() const {
    rule.validate();
    transform.validate();
  }

  /// @param size  number of parameters P
  [[nodiscard]] State make_state(Index size) const {
    return {rule.make_state(size), Vector<Value>::Zero(size), 0};
  }

  /// One step. @param theta (P), updated   @param gradient (P), finite
  /// @throws ShapeError if sizes differ, ArgumentError for a gradient that is not finite
  void update(VectorRef<Value> theta, ConstVectorRef<Value> gradient, State& state) const {
    require_size(gradient, "gradient", theta.size());
    require_size(state.gradient, "state", theta.size());
    transform(theta, gradient, state.gradient);
    rule.update(theta, state.gradient, state.inner);
    ++state.step;
  }
};

template <class R, class F>
TransformedGradient(R, F) -> TransformedGradient<R, F>;

/// Scales the whole gradient to the Euclidean norm max_norm if it is longer.
/// Source: Pascanu, Mikolov, Bengio 2013.
template <Scalar T>
struct ClipNorm {
  /// Greatest norm, > 0.
  RealOf<T> max_norm = RealOf<T>(1);

  /// @throws ArgumentError unless max_norm > 0
  void validate() const {
    require(max_norm > RealOf<T>(0) && is_finite(max_norm), "max_norm", max_norm, "> 0, finite");
  }
  /// @param gradient (P)   @param out (P), written
  void operator()(ConstVectorRef<T> /*theta*/, ConstVectorRef<T> gradient, VectorRef<T> out) const {
    const RealOf<T> norm = gradient.stableNorm(); // no overflow at large gradients
    if (norm > max_norm) {
      out = gradient * T(RealOf<T>(max_norm / norm));
    } else {
      out = gradient;
    }
  }
};

/// Clips every coordinate of the gradient to [-max_size, max_size].
template <RealScalar T>
struct ClipValue {
  /// Greatest size of a coordinate, > 0.
  T max_size = T(1);

  /// @throws ArgumentError unless max_size > 0
  void validate() const {
    require(max_size > T(0) && is_finite(max_size), "max_size", max_size, "> 0, finite");
  }
  /// @param gradient (P)   @param out (P), written
  void operator()(ConstVectorRef<T> /*theta*/, ConstVectorRef<T> gradient, VectorRef<T> out) const {
    // Written so that NaN passes and is found by the rule.
    out = gradient.unaryExpr([this](const T& g) {
      return g > max_size ? max_size : g < -max_size ? T(-max_size) : g;
    });
  }
};

} // namespace gradus::optim
