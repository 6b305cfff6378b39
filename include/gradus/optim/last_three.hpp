// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <gradus/core/error.hpp>
#include <gradus/core/scalar.hpp>
#include <gradus/core/types.hpp>
#include <gradus/optim/robust_mean.hpp>
#include <gradus/optim/rule.hpp>

namespace gradus::optim {

/// What LastThree makes of three gradients.
enum class Combine {
  median, ///< coordinate by coordinate (RM3)
  mean    ///< the control that takes nothing away (RA3)
};

/// A rule that is given the coordinate-wise median, or the mean, of the last three gradients; it
/// makes its first step when there are three.
/// Source: Zielinski, Krishnan and Chatterjee 2020 (arXiv 2003.07422), RM3.
/// Memory: that of the rule and four numbers a parameter.
template <Rule R>
requires(RealScalar<typename R::Value>) struct LastThree {
  /// Scalar type of parameters and values.
  using Value = typename R::Value;

  R rule;                            ///< the rule
  Combine combine = Combine::median; ///< of the last three gradients

  /// What the rule remembers.
  struct State {
    /// State of the rule inside.
    typename R::State inner;
    /// The last three gradients in any order (P, 3).
    Matrix<Value> last;
    /// What the rule was given last (P).
    Vector<Value> gradient;
    /// Gradients seen.
    Index step = 0;
  };

  /// @throws ArgumentError that names the hyper-parameter outside its range
  void validate() const { rule.validate(); }

  /// @param size  number of parameters P
  [[nodiscard]] State make_state(Index size) const {
    return {rule.make_state(size), Matrix<Value>::Zero(size, 3), Vector<Value>::Zero(size), 0};
  }

  /// One step. @param theta (P), updated from the third call on   @param gradient (P), finite
  /// @throws ShapeError if sizes differ, ArgumentError for a gradient that is not finite
  void update(VectorRef<Value> theta, ConstVectorRef<Value> gradient, State& state) const {
    require_size(gradient, "gradient", theta.size());
    require_size(state.gradient, "state", theta.size());
    state.last.col(state.step % 3) = gradient;
    ++state.step;
    if (state.step < 3) {
      return;
    }
    if (combine == Combine::median) {
      median_of_three<Value>(state.last.col(0), state.last.col(1), state.last.col(2),
                             state.gradient);
    } else {
      state.gradient = state.last.rowwise().mean();
    }
    rule.update(theta, state.gradient, state.inner);
  }
};

} // namespace gradus::optim
