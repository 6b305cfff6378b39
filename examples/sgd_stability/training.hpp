// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <cmath>
#include <cstdint>

#include "setting.hpp"
#include <gradus/core/distributions.hpp>
#include <gradus/core/random.hpp>
#include <gradus/core/types.hpp>
#include <gradus/optim/descend.hpp>
#include <gradus/optim/minibatches.hpp>
#include <gradus/optim/schedule.hpp>
#include <gradus/optim/sgd.hpp>

namespace gradus::examples::dynamical_stability {

/// How a run moves and when it ends.
struct Training {
  double rate = 0.01;       ///< step size after the warm-up
  double batch = 1;         ///< draws with replacement; all_examples for full gradient descent
  Index warm_up = 0;        ///< steps over which the step size grows
  Index max_steps = 60'000; ///< at most
  double tolerance = 1e-7;  ///< loss below which the parameters are kicked
  Index check_every = 500;  ///< steps between two such checks
  double kick = 1e-4;       ///< standard deviation of a kick
  Index look_every = 500;   ///< steps between two looks, a divisor of check_every
};

/// How it ended.
struct Ending {
  bool diverged = false;   ///< the loss passed 1e12 or was not finite
  bool at_minimum = false; ///< it came back from every kick; otherwise the step limit ended it
  Index steps = 0;         ///< steps made
  double loss = 0;         ///< training loss at the end
};

/// Minimum reached by luck but unstable is left again after a kick; one that a run comes back to
/// after three is called its own: the fourth time that the loss is found small ends the run.
inline constexpr Index checks_passed = 4;

/// Adds N(0, size^2) to every parameter.
inline void kick(Vector<double>& theta, double size, Stream stream) {
  for (Index k = 0; k < theta.size(); ++k) {
    theta(k) += size * normal(stream);
  }
}

/// Trains from theta, which holds the end point afterwards.
/// @param look  called with (step, training loss, theta) at step 0 and every look_every steps
template <class Risk, class Look>
Ending train(Risk& risk, Vector<double>& theta, const Training& how, const Stream& stream,
             Look&& look) {
  constexpr double too_large = 1e12;
  const bool full = how.batch == all_examples;
  optim::Descent run(risk, optim::Sgd<double>{.learning_rate = how.rate}, theta);
  optim::Minibatches batches(risk.num_examples(), full ? 1 : std::lround(how.batch),
                             stream.child("batches"), optim::Sampling::independent);
  const optim::WarmUp<> schedule{.steps = how.warm_up};
  Ending end;
  Index checks = 0;
  for (Index step = 0; step <= how.max_steps; ++step) {
    if (step % how.look_every == 0) {
      end.steps = step;
      end.loss = risk.value(theta);
      if (!(end.loss <= too_large)) {
        end.diverged = true;
        return end;
      }
      look(step, end.loss, theta);
      if (step % how.check_every == 0 && step > how.warm_up && end.loss < how.tolerance) {
        if (++checks == checks_passed) {
          end.at_minimum = true;
          return end;
        }
        kick(theta, how.kick, stream.child("kick", static_cast<std::uint64_t>(checks)));
      }
    }
    const double loss = full ? run.evaluate() : run.evaluate(batches.next());
    if (!(loss <= too_large)) {
      end.steps = step;
      end.loss = loss;
      end.diverged = true;
      return end;
    }
    if (step < how.max_steps) {
      run.rule().learning_rate = how.rate * schedule(step);
      run.update();
    }
  }
  return end;
}

} // namespace gradus::examples::dynamical_stability
