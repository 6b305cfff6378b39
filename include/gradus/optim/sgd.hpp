// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <gradus/core/error.hpp>
#include <gradus/core/scalar.hpp>
#include <gradus/core/types.hpp>
#include <gradus/optim/rule.hpp>

namespace gradus::optim {

/// (Stochastic) gradient descent with momentum and weight decay:
///   g = gradient + weight_decay theta
///   buffer = g at the first step, then momentum buffer + (1 - dampening) g
///   theta -= learning_rate (nesterov ? g + momentum buffer : buffer)
/// With momentum = 0 there is no buffer: theta -= learning_rate g. The weight decay is the L2 kind:
/// it passes through the momentum.
/// Source: Polyak 1964; Sutskever et al. 2013 for the Nesterov form; variant and first step as in
/// torch.optim.SGD. Memory: one number a parameter with momentum, none without.
template <Scalar T>
struct Sgd {
  /// Scalar type of parameters and values.
  using Value = T;
  /// Real type of the same precision.
  using Real = RealOf<T>;
  /// The step is linear in theta, gradient and state.
  static constexpr bool is_linear = true;

  /// Step length, >= 0.
  Real learning_rate = Real(0.01);
  /// In [0, 1).
  Real momentum = Real(0);
  /// Share of the gradient kept out of the buffer after the first step, in [0, 1].
  Real dampening = Real(0);
  /// L2 coefficient, >= 0, in units of loss / parameter^2.
  Real weight_decay = Real(0);
  /// Nesterov's form; needs momentum > 0 and dampening 0.
  bool nesterov = false;

  /// What the rule remembers: the momentum buffer (empty without momentum) and the steps taken.
  struct State {
    /// Momentum buffer (P), or empty.
    Vector<T> buffer;
    /// Steps taken.
    Index step = 0;
  };

  /// @throws ArgumentError that names the hyper-parameter outside its range
  void validate() const {
    require(learning_rate >= Real(0) && is_finite(learning_rate), "learning_rate", learning_rate,
            ">= 0, finite");
    require(momentum >= Real(0) && momentum < Real(1), "momentum", momentum, "in [0, 1)");
    require(dampening >= Real(0) && dampening <= Real(1), "dampening", dampening, "in [0, 1]");
    require(weight_decay >= Real(0) && is_finite(weight_decay), "weight_decay", weight_decay,
            ">= 0, finite");
    require(!nesterov || (momentum > Real(0) && dampening == Real(0)), "nesterov", nesterov,
            "true only with momentum > 0 and dampening 0");
  }

  /// @param size  number of parameters P
  [[nodiscard]] State make_state(Index size) const {
    State state;
    if (momentum > Real(0)) {
      state.buffer = Vector<T>::Zero(size);
    }
    return state;
  }

  /// One step. @param theta (P), updated   @param gradient (P)
  /// @throws ShapeError if the sizes of theta, gradient and state differ
  void update(VectorRef<T> theta, ConstVectorRef<T> gradient, State& state) const {
    require_size(gradient, "gradient", theta.size());
    const T rate(learning_rate);
    const T decay(weight_decay);
    if (momentum == Real(0)) {
      detail::for_each_segment(theta.size(), [&](Index start, Index length) {
        auto x = theta.segment(start, length);
        const auto g = gradient.segment(start, length);
        if (weight_decay == Real(0)) {
          x -= rate * g;
        } else {
          x -= rate * (g + decay * x);
        }
      });
    } else {
      require_size(state.buffer, "state", theta.size());
      const bool first = state.step == 0;
      const T keep = first ? T(0) : T(momentum);
      const T add = first ? T(1) : T(Real(1) - dampening);
      const T ahead = nesterov ? T(momentum) : T(1);
      const T direct = nesterov ? T(1) : T(0);
      detail::for_each_segment(theta.size(), [&](Index start, Index length) {
        auto x = theta.segment(start, length);
        auto b = state.buffer.segment(start, length);
        const auto g = gradient.segment(start, length);
        if (nesterov) {
          b = keep * b + add * (g + decay * x);
          x -= rate * (direct * (g + decay * x) + ahead * b);
        } else {
          b = keep * b + add * (g + decay * x);
          x -= rate * b;
        }
      });
    }
    ++state.step;
  }
};

} // namespace gradus::optim
