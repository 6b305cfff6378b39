// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <algorithm>
#include <cmath>
#include <limits>
#include <span>
#include <string>
#include <type_traits>
#include <utility>

#include <gradus/core/error.hpp>
#include <gradus/core/scalar.hpp>
#include <gradus/core/types.hpp>
#include <gradus/objective/concepts.hpp>
#include <gradus/optim/minibatches.hpp>
#include <gradus/optim/rule.hpp>

namespace gradus::optim {

/// What an observer is shown: the state of a run after `step` updates, before the next one.
template <Scalar T>
struct Progress {
  Index step;                ///< updates done; 0 for the starting point
  T loss;                    ///< objective (of the mini-batch, if any) at theta
  const Vector<T>& theta;    ///< parameters (P)
  const Vector<T>& gradient; ///< gradient at theta (P); that of the last step at the very end
  bool last;                 ///< no update follows
};

/// How long to descend.
template <Scalar T>
struct DescendOptions {
  Index steps = 100; ///< number of updates
  /// Stops as soon as the loss is at or below this. Off by default.
  RealOf<T> target_loss = -std::numeric_limits<RealOf<T>>::infinity();
};

/// How a run ended.
enum class Status {
  finished, ///< all steps were made
  stopped,  ///< the target loss was reached or an observer asked to stop
  diverged  ///< a loss or gradient was not finite
};

/// The end of a run.
template <Scalar T>
struct [[nodiscard]] DescendResult {
  /// How the run ended.
  Status status = Status::finished;
  Index steps = 0;      ///< updates made
  T loss = T(0);        ///< last loss evaluated
  std::string diverged; ///< what was not finite: "loss" or "gradient"
};

/// Calls `observer` at every k-th step, the first and the last.
template <class Observer>
[[nodiscard]] auto every(Index k, Observer observer) {
  require(k >= 1, "k", k, ">= 1");
  return [k, observer = std::move(observer)](const auto& progress) mutable {
    using Result = decltype(observer(progress));
    const bool due = progress.step % k == 0 || progress.last;
    if constexpr (std::is_same_v<Result, bool>) {
      return due && observer(progress);
    } else if (due) {
      observer(progress);
    }
  };
}

/// Calls `observer` at steps that are evenly spaced in the logarithm, per_decade of them in each
/// factor of ten, and at steps 0 and last.
template <class Observer>
[[nodiscard]] auto logarithmically(Index per_decade, Observer observer) {
  require(per_decade >= 1, "per_decade", per_decade, ">= 1");
  const double factor = std::pow(10.0, 1.0 / static_cast<double>(per_decade));
  return [factor, next = 0.0, observer = std::move(observer)](const auto& progress) mutable {
    using Result = decltype(observer(progress));
    const auto step = static_cast<double>(progress.step);
    const bool due = step >= next || progress.step == 0 || progress.last; // 0: another run begins
    if (due) {
      next = std::max(step + 1.0, std::ceil(step * factor));
    }
    if constexpr (std::is_same_v<Result, bool>) {
      return due && observer(progress);
    } else if (due) {
      observer(progress);
    }
  };
}

namespace detail {

/// Shows progress to one observer; true if it asks to stop.
template <class Observer, class P>
bool show(Observer& observer, const P& progress) {
  if constexpr (std::is_convertible_v<decltype(observer(progress)), bool>) {
    return observer(progress);
  } else {
    observer(progress);
    return false;
  }
}

} // namespace detail

/// A run that can be driven step by step: parameters, gradient, and the state of the rule, sized
/// once. descend() is the loop over it.
template <objective::HasGradient F, Rule R>
class Descent {
public:
  /// Scalar type.
  using T = typename F::Value;
  static_assert(std::is_same_v<T, typename R::Value>, "rule and objective differ in scalar type");
  static_assert(!objective::needs_linear_rule<F> || is_linear_rule<R>,
                "this objective is written in other coordinates than theta: only rules that are "
                "linear in theta and gradient (such as Sgd) give the same trajectory there");

  /// @throws ArgumentError for a bad hyper-parameter, ShapeError if theta has the wrong size
  Descent(F& objective, R rule, Vector<T>& theta)
      : objective_(objective), rule_(std::move(rule)), theta_(theta), gradient_(theta.size()),
        state_(rule_.make_state(theta.size())) {
    rule_.validate();
    require_size(theta, "theta", objective.num_parameters());
    gradient_.setZero();
  }

  /// Evaluates loss and gradient at the present parameters.
  T evaluate() { return objective_.value_and_gradient(theta_, gradient_); }
  /// The same on a mini-batch.
  T evaluate(std::span<const Index> batch) requires objective::HasMinibatches<F> {
    return objective_.value_and_gradient(theta_, batch, gradient_);
  }
  /// Moves the parameters by the gradient last evaluated.
  void update() { rule_.update(theta_, gradient_, state_); }

  /// Present parameters (P).
  [[nodiscard]] const Vector<T>& theta() const { return theta_; }
  /// Gradient last evaluated (P).
  [[nodiscard]] const Vector<T>& gradient() const { return gradient_; }
  /// What the rule remembers.
  [[nodiscard]] const typename R::State& state() const { return state_; }
  /// The rule; hyper-parameters may be changed between steps.
  [[nodiscard]] R& rule() { return rule_; }

private:
  F& objective_;
  R rule_;
  Vector<T>& theta_;
  Vector<T> gradient_;
  typename R::State state_;
};

namespace detail {

/// The loop of descend(): `evaluate` returns the loss and leaves the gradient in `run`.
template <class Run, class Evaluate, class... Observers>
auto descend_loop(Run& run, const DescendOptions<typename Run::T>& options, Evaluate&& evaluate,
                  Observers&... observers) {
  using T = typename Run::T;
  require(options.steps >= 0, "steps", options.steps, ">= 0");
  DescendResult<T> result;
  for (Index step = 0;; ++step) {
    const bool last = step == options.steps;
    result.steps = step;
    result.loss = evaluate();
    if (!is_finite(result.loss)) {
      result.status = Status::diverged;
      result.diverged = "loss";
      return result;
    }
    // x - x is 0 for a finite x and NaN otherwise: a check that costs one read of the gradient.
    if (const auto& g = run.gradient(); !last && !is_finite(T((g - g).sum()))) {
      result.status = Status::diverged;
      result.diverged = "gradient";
      return result;
    }
    [[maybe_unused]] const Progress<T> progress{step, result.loss, run.theta(), run.gradient(),
                                                last};
    bool stop = primal(result.loss) <= options.target_loss;
    ((stop = show(observers, progress) || stop), ...);
    if (last) {
      return result;
    }
    if (stop) {
      result.status = Status::stopped;
      return result;
    }
    run.update();
  }
}

} // namespace detail

/// Minimises an objective from theta by full-batch steps of the rule.
/// @param theta  start (P); holds the end point afterwards: if the run diverges, the point at which
///               loss or gradient was not finite
/// @param observers  callables taking a Progress; one that returns true stops the run. See every()
///               and logarithmically().
/// @return how it ended; divergence is a status, not an exception
/// @throws ArgumentError for bad hyper-parameters or a negative number of steps
template <objective::HasGradient F, Rule R, class... Observers>
DescendResult<typename F::Value>
descend(F& objective, Vector<typename F::Value>& theta, const R& rule,
        const DescendOptions<typename F::Value>& options, Observers&&... observers) {
  Descent<F, R> run(objective, rule, theta);
  return detail::descend_loop(
      run, options, [&] { return run.evaluate(); }, observers...);
}

/// The same by mini-batch steps; the loss that observers see is that of the step's own batch.
template <objective::HasMinibatches F, Rule R, class... Observers>
DescendResult<typename F::Value>
descend(F& objective, Vector<typename F::Value>& theta, const R& rule, Minibatches& batches,
        const DescendOptions<typename F::Value>& options, Observers&&... observers) {
  Descent<F, R> run(objective, rule, theta);
  return detail::descend_loop(
      run, options, [&] { return run.evaluate(batches.next()); }, observers...);
}

} // namespace gradus::optim
