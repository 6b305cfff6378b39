// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <cstdint>
#include <span>
#include <utility>
#include <vector>

#include <gradus/core/buffer.hpp>
#include <gradus/core/distributions.hpp>
#include <gradus/core/error.hpp>
#include <gradus/core/random.hpp>
#include <gradus/core/scalar.hpp>
#include <gradus/core/types.hpp>
#include <gradus/equilibrium/certificate.hpp>
#include <gradus/equilibrium/homeostasis.hpp>
#include <gradus/equilibrium/network.hpp>
#include <gradus/equilibrium/nudge.hpp>
#include <gradus/equilibrium/solver.hpp>
#include <gradus/nn/loss/class_targets.hpp>

namespace gradus::equilibrium {

/// Where the error vectors of a gradient come from.
enum class ErrorSource {
  nudge,              ///< fixed points at finite nudges: equilibrium propagation as it is run
  tangent,            ///< its limit of no nudge at all, Solver::tangent()
  recurrent_backprop, ///< the exact gradient, Solver::adjoint()
};

/// How a Risk is evaluated.
struct RiskOptions {
  ErrorSource source = ErrorSource::nudge;    ///< of the gradient
  Nudge nudge = {};                           ///< for ErrorSource::nudge
  RelaxOptions free = {.max_steps = 200};     ///< of the free phase
  RelaxOptions response = {.max_steps = 200}; ///< of nudged phases, tangent or adjoint
  CouplingPenalty penalty = {};               ///< beside the mean loss
  bool tied = false;                          ///< gradient of couplings tied by M = M^T
  bool any_continuation = false; ///< complex nudges whether the activation is holomorphic or not

  /// @throws ArgumentError that names the field outside its range
  void validate() const {
    nudge.validate();
    free.validate();
    response.validate();
    penalty.validate();
  }
};

/// Mean softmax cross-entropy of a network at its fixed points, plus a penalty on its couplings, as
/// an objective over theta (objective/concepts.hpp): it has a value, and a "gradient" from the
/// chosen source, which is the value's own for recurrent backpropagation, and for equilibrium
/// propagation where M is symmetric. Any update rule trains on it.
///
/// Where a relaxation is given a tolerance, reaching it is demanded: a ConvergenceError names the
/// residual reached. Without one (tolerance 0) each makes its steps, as usual in training, and what
/// is no longer finite becomes a loss that is not, which optim::descend() reports.
/// The inputs are referred to, not copied: they must outlive the objective.
template <Scalar T, nn::Activation A = nn::SteepSigmoid>
class Risk {
public:
  /// Scalar type of parameters and values.
  using Value = T;

  /// @param x  inputs (num_inputs, n), n >= 1, finite   @param classes  (n), in [0, num_classes)
  /// @param stream  of the penalty's draws: evaluation k takes child("penalty", k)
  /// @throws ArgumentError, ShapeError
  Risk(Network<T, A> network, ConstMatrixRef<T> x, Vector<Index> classes, RiskOptions options = {},
       const Stream& stream = Stream(0, "homeostasis"))
      : solver_(std::move(network)), x_(x), classes_(std::move(classes)), options_(options),
        penalty_(layout()), stream_(stream) {
    options_.validate();
    require(x.cols() >= 1, "number of samples", x.cols(), ">= 1");
    require_shape(x, "x", layout().num_inputs(), x.cols());
    require_finite(x, "x");
    nn::ClassTargets::validate(classes_, layout().num_classes());
    require_size(classes_, "classes", x.cols());
    if (options_.source == ErrorSource::nudge) {
      phases_ = phases_of(options_.nudge);
      require(!options_.nudge.is_complex() || A::is_holomorphic || options_.any_continuation,
              "activation", A::name, "holomorphic, for a nudge that is not real");
    }
  }
  /// Inputs that live nowhere else would be gone at once.
  template <class X>
  requires(gradus::detail::is_temporary<X>)
      Risk(Network<T, A>, X&&, Vector<Index>, RiskOptions = {}, const Stream& = Stream(0))
  = delete;

  /// Size P of theta.
  [[nodiscard]] Index num_parameters() const { return layout().num_parameters(); }
  /// Number of samples n.
  [[nodiscard]] Index num_examples() const { return x_.cols(); }
  /// The solver with the state of the last evaluation.
  [[nodiscard]] Solver<T, A>& solver() { return solver_; }
  /// How the last free phase ended.
  [[nodiscard]] const Certificate& free_phase() const { return free_; }
  /// How the last nudged, tangent or adjoint relaxation ended.
  [[nodiscard]] const Certificate& response_phase() const { return response_; }

  /// Mean loss plus penalty. @throws ConvergenceError
  T value(ConstVectorRef<T> theta) {
    return evaluate(theta, x_, classes_, losses_.vector(num_examples()));
  }
  /// The same, and the gradient (P). @throws ConvergenceError
  T value_and_gradient(ConstVectorRef<T> theta, VectorRef<T> gradient) {
    return value_and_gradient_on(theta, x_, classes_, gradient);
  }
  /// The same on a mini-batch: indices in [0, n), at least one.
  /// @throws ConvergenceError, ArgumentError
  T value_and_gradient(ConstVectorRef<T> theta, std::span<const Index> batch,
                       VectorRef<T> gradient) {
    const auto size = static_cast<Index>(batch.size());
    require(size >= 1, "batch size", size, ">= 1");
    auto x = batch_x_.matrix(x_.rows(), size);
    auto classes = batch_classes_.vector(size);
    for (Index k = 0; k < size; ++k) {
      const Index i = batch[static_cast<std::size_t>(k)];
      require(i >= 0 && i < num_examples(), "batch index", i, "below the number of examples");
      x.col(k) = x_.col(i);
      classes(k) = classes_(i);
    }
    return value_and_gradient_on(theta, x, classes, gradient);
  }

private:
  [[nodiscard]] const NetworkLayout& layout() const { return solver_.network().layout(); }
  [[nodiscard]] T weight() const { return T(static_cast<RealOf<T>>(options_.penalty.weight)); }

  T evaluate(ConstVectorRef<T> theta, ConstMatrixRef<T> x, ConstVectorRef<Index> classes,
             VectorRef<T> losses) {
    solver_.assign(theta);
    free_ = solver_.relax(x, options_.free);
    require_converged(free_, options_.free, "free phase");
    solver_.evaluate(classes, losses);
    T loss = losses.sum() / T(static_cast<RealOf<T>>(losses.size()));
    if (options_.penalty.weight > 0) {
      loss += weight() * penalty_value<T>(options_.penalty.kind, solver_.coupling().matrix());
    }
    return loss;
  }

  T value_and_gradient_on(ConstVectorRef<T> theta, ConstMatrixRef<T> x,
                          ConstVectorRef<Index> classes, VectorRef<T> gradient) {
    const Index n = x.cols();
    const T loss = evaluate(theta, x, classes, losses_.vector(n));
    MatrixRef<T> error = error_.matrix(layout().num_units(), n);
    if (options_.source == ErrorSource::recurrent_backprop) {
      response_ = solver_.adjoint(options_.response, error);
      require_converged(response_, options_.response, "adjoint phase");
    } else if (options_.source == ErrorSource::tangent) {
      response_ = solver_.tangent(options_.response, error);
      require_converged(response_, options_.response, "tangent phase");
    } else if constexpr (RealScalar<T>) {
      response_ =
          solver_.nudge(phases_, classes, options_.response, error, options_.any_continuation);
      require_converged(response_, options_.response, "nudged phase");
    } else {
      require(false, "source", "nudge", "tangent or recurrent_backprop, for complex parameters");
    }
    solver_.gradient(x, error, gradient);
    add_penalty(n, gradient);
    if (options_.tied) {
      solver_.network().tie_gradient(gradient);
    }
    return loss;
  }

  void add_penalty(Index samples, VectorRef<T>& gradient) {
    const CouplingPenalty& penalty = options_.penalty;
    if (penalty.weight == 0) {
      return;
    }
    if (penalty.draws == 0) {
      add_penalty_gradient<T>(penalty.kind, layout(), solver_.coupling(), weight(), gradient);
      return;
    }
    Stream draws = stream_.child("penalty", evaluation_++);
    auto eps = eps_.matrix(layout().num_units(), penalty.draws * samples);
    fill_normal(draws, std::span<T>(eps.data(), static_cast<std::size_t>(eps.size())));
    penalty_.add(penalty.kind, solver_.coupling(), eps, weight(), gradient);
  }

  Solver<T, A> solver_;
  ConstMatrixRef<T> x_;
  Vector<Index> classes_;
  RiskOptions options_;
  PenaltyGradient<T> penalty_;
  Stream stream_;
  std::vector<Phase> phases_;
  Certificate free_;
  Certificate response_;
  std::uint64_t evaluation_ = 0;
  Buffer<T> losses_, error_, batch_x_, eps_;
  Buffer<Index> batch_classes_;
};

} // namespace gradus::equilibrium
