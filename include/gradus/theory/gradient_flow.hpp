// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <cmath>
#include <concepts>
#include <vector>

#include <boost/numeric/odeint/integrate/integrate_times.hpp>
#include <boost/numeric/odeint/stepper/controlled_runge_kutta.hpp>
#include <boost/numeric/odeint/stepper/generation.hpp>
#include <boost/numeric/odeint/stepper/runge_kutta_dopri5.hpp>
#include <boost/numeric/odeint/util/odeint_error.hpp>

#include <gradus/core/error.hpp>
#include <gradus/core/types.hpp>
#include <gradus/objective/concepts.hpp>

namespace gradus::theory {

/// How exactly a gradient flow is followed.
struct FlowOptions {
  double relative = 1e-10;  ///< error of a step in units of a coordinate, in (0, 1)
  double absolute = 1e-13;  ///< ... or of this, where coordinates vanish, > 0
  double first_step = 1e-4; ///< length of the first trial step, > 0; the controller goes on
};

/// How a flow ended.
struct [[nodiscard]] FlowResult {
  bool finished = true; ///< false: the step length went to 0, or theta was not finite
  double time = 0;      ///< last time that was reached
};

/// The limit of gradient descent for small steps, dtheta/dt = -grad F(theta), by adaptive
/// Dormand-Prince steps of order 5. Explicit: a time T costs some sharpness T / 3 steps at least.
/// @param theta  start (P), finite; holds the end point afterwards
/// @param times  at which the observer is called, ascending, >= 0; the flow ends at the last
/// @param observe  called with (time, theta)
/// @throws ArgumentError, ShapeError
template <objective::HasGradient F, class Observer>
requires std::same_as<typename F::Value, double>
    FlowResult gradient_flow(F& objective, Vector<double>& theta, const std::vector<double>& times,
                             Observer&& observe, const FlowOptions& options = {}) {
  namespace odeint = boost::numeric::odeint;
  using State = std::vector<double>;
  require_size(theta, "theta", objective.num_parameters());
  require_finite(theta, "theta");
  require(options.relative > 0 && options.relative < 1, "relative", options.relative, "in (0, 1)");
  require(options.absolute > 0, "absolute", options.absolute, "> 0");
  require(options.first_step > 0, "first_step", options.first_step, "> 0");
  double before = 0;
  for (const double t : times) {
    require(t >= before && std::isfinite(t), "time", t, "finite, ascending, >= 0");
    before = t;
  }
  FlowResult result;
  if (times.empty()) {
    return result;
  }
  State state(theta.data(), theta.data() + theta.size());
  Vector<double> point(theta.size());
  Vector<double> gradient(theta.size());
  const auto size = static_cast<Index>(state.size());
  const auto velocity = [&](const State& at, State& change, double) {
    point = ConstVectorMap<double>(at.data(), size);
    objective.value_and_gradient(point, gradient);
    VectorMap<double>(change.data(), size) = -gradient;
  };
  // The integrator's list begins at time 0, which is looked at only if the caller asks for it.
  std::vector<double> looks{0.0};
  looks.insert(looks.end(), times.begin(), times.end());
  bool begun = false;
  try {
    odeint::integrate_times(odeint::make_controlled(options.absolute, options.relative,
                                                    odeint::runge_kutta_dopri5<State>{}),
                            velocity, state, looks.begin(), looks.end(), options.first_step,
                            [&](const State& now, double time) {
                              theta = ConstVectorMap<double>(now.data(), size);
                              result.finished = result.finished && theta.allFinite();
                              if (begun && result.finished) {
                                result.time = time;
                                observe(time, theta);
                              }
                              begun = true;
                            });
  } catch (const odeint::odeint_error&) { // no step is short enough
    result.finished = false;
  }
  return result;
}

} // namespace gradus::theory
