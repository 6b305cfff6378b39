// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <concepts>

#include <gradus/core/error.hpp>
#include <gradus/core/scalar.hpp>
#include <gradus/core/types.hpp>
#include <gradus/optim/rule.hpp>

namespace gradus::optim {

/// A projection onto a set of parameters: changes theta into the set's nearest point.
template <class P, class T>
concept Projection = std::copyable<P> && requires(const P& project, VectorRef<T> theta) {
  project.validate();
  project(theta);
};

/// A rule whose every step is followed by a projection:
///   Projected{Sgd<double>{.learning_rate = 0.1}, Box<double>{.low = 0, .high = 1}}
template <Rule R, Projection<typename R::Value> P>
struct Projected {
  /// Scalar type of parameters and values.
  using Value = typename R::Value;
  /// What the rule inside remembers.
  using State = typename R::State;

  R rule;       ///< the rule
  P projection; ///< the set

  /// @throws ArgumentError that names the hyper-parameter outside its range
  void validate() const {
    rule.validate();
    projection.validate();
  }

  /// @param size  number of parameters P
  [[nodiscard]] State make_state(Index size) const { return rule.make_state(size); }

  /// One step. @param theta (P), updated   @param gradient (P), finite
  /// @throws ShapeError if sizes differ, ArgumentError for a gradient that is not finite
  void update(VectorRef<Value> theta, ConstVectorRef<Value> gradient, State& state) const {
    rule.update(theta, gradient, state);
    projection(theta);
  }
};

template <class R, class P>
Projected(R, P) -> Projected<R, P>;

/// The box [low, high]^P.
template <RealScalar T>
struct Box {
  T low = T(0);  ///< smallest value of a coordinate
  T high = T(1); ///< greatest value, >= low

  /// @throws ArgumentError unless low <= high
  void validate() const { require(low <= high, "low", low, "a number <= high"); }
  /// @param theta (P), updated
  void operator()(VectorRef<T> theta) const {
    for (Index i = 0; i < theta.size(); ++i) { // NaN passes
      theta(i) = theta(i) < low ? low : theta(i) > high ? high : theta(i);
    }
  }
};

/// The ball of the given radius around 0 in the Euclidean norm.
template <Scalar T>
struct Ball {
  /// > 0.
  RealOf<T> radius = RealOf<T>(1);

  /// @throws ArgumentError unless radius > 0
  void validate() const {
    require(radius > RealOf<T>(0) && is_finite(radius), "radius", radius, "> 0, finite");
  }
  /// @param theta (P), updated
  void operator()(VectorRef<T> theta) const {
    const RealOf<T> norm = theta.stableNorm();
    if (norm > radius) {
      theta *= T(RealOf<T>(radius / norm));
    }
  }
};

} // namespace gradus::optim
