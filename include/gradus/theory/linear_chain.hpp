// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <cmath>
#include <cstddef>
#include <limits>
#include <utility>
#include <vector>

#include <boost/numeric/odeint/integrate/integrate_times.hpp>
#include <boost/numeric/odeint/stepper/controlled_runge_kutta.hpp>
#include <boost/numeric/odeint/stepper/dense_output_runge_kutta.hpp>
#include <boost/numeric/odeint/stepper/generation.hpp>
#include <boost/numeric/odeint/stepper/runge_kutta_dopri5.hpp>

#include <gradus/core/error.hpp>
#include <gradus/core/types.hpp>

namespace gradus::theory {

/// Gradient flow of a deep linear chain from a balanced start, reduced to its end-to-end weights.
///
/// A chain of `depth` weight layers, all hidden layers of rank one, with output beta . x descends
/// on 1/2 |y - X^T beta|^2. If W_l W_l^T = W_{l+1}^T W_{l+1} holds at the start it holds for ever,
/// and beta alone follows
///   dbeta/dt = |beta|^(2 - 2/depth) (I + (depth - 1) u u^T) (X y - X X^T beta),  u = beta /
///   |beta|.
/// depth 1 is the linear model. Source: Saxe, McClelland, Ganguli 2014; Advani and Saxe 2017;
/// Arora, Cohen, Hazan 2018 for this form.
class LinearChain {
public:
  /// @param gram  X X^T (N, N), symmetric, finite   @param pull  X y (N), finite
  /// @param depth  weight layers, >= 1
  /// @param tolerance  relative, of one step of the integrator, in (0, 1)
  /// @throws ArgumentError, ShapeError
  LinearChain(Matrix<double> gram, Vector<double> pull, Index depth, double tolerance = 1e-9)
      : gram_(std::move(gram)), pull_(std::move(pull)), depth_(depth), tolerance_(tolerance) {
    require(depth >= 1, "depth", depth, ">= 1");
    require(tolerance > 0 && tolerance < 1, "tolerance", tolerance, "in (0, 1)");
    require(pull_.size() >= 1, "dim", pull_.size(), ">= 1");
    require_shape(gram_, "gram", pull_.size(), pull_.size());
    require_finite(gram_, "gram");
    require_finite(pull_, "pull");
  }

  /// dbeta/dt, written to `change`. @param beta  (N)   @param change  (N)
  void velocity(ConstVectorRef<double> beta, VectorRef<double> change) const {
    change.noalias() = -gram_ * beta;
    change += pull_;
    if (depth_ == 1) {
      return;
    }
    const double square = beta.squaredNorm();
    if (square == 0) {
      change.setZero(); // the origin is a saddle: nothing moves
      return;
    }
    const double along = beta.dot(change) / square;
    change += static_cast<double>(depth_ - 1) * along * beta;
    change *= std::pow(square, 1 - 1 / static_cast<double>(depth_));
  }

  /// beta at the given times, a column each (N, times): adaptive Dormand-Prince steps of order 5.
  /// @param start  beta(0) (N), finite   @param times  ascending, >= 0
  /// @throws ArgumentError, ShapeError
  [[nodiscard]] Matrix<double> flow(ConstVectorRef<double> start,
                                    const std::vector<double>& times) const {
    check(start);
    double before = 0;
    for (const double t : times) {
      require(t >= before && std::isfinite(t), "time", t, "finite, ascending, >= 0");
      before = t;
    }
    Matrix<double> result(start.size(), static_cast<Index>(times.size()));
    if (times.empty()) {
      return result;
    }
    State state(start.data(), start.data() + start.size());
    // The integrator's list begins at time 0, where nothing is looked at.
    std::vector<double> looks{0.0};
    looks.insert(looks.end(), times.begin(), times.end());
    Index look = 0;
    boost::numeric::odeint::integrate_times(
        boost::numeric::odeint::make_controlled(0.0, tolerance_, Stepper{}), System{*this}, state,
        looks.begin(), looks.end(), first_step(start), [&](const State& now, double) {
          if (look > 0) {
            result.col(look - 1) = view(now);
          }
          ++look;
        });
    return result;
  }

  /// The first time at which |beta| reaches `level`, from a shorter start; infinity if it does not
  /// up to `last`.
  /// @param level  > 0   @param last  > 0, finite
  [[nodiscard]] double first_passage(ConstVectorRef<double> start, double level,
                                     double last) const {
    check(start);
    require(level > 0 && std::isfinite(level), "level", level, "> 0, finite");
    require(last > 0 && std::isfinite(last), "last", last, "> 0, finite");
    if (start.norm() >= level) {
      return 0;
    }
    auto dense = boost::numeric::odeint::make_dense_output(0.0, tolerance_, Stepper{});
    dense.initialize(State(start.data(), start.data() + start.size()), 0.0, first_step(start));
    while (dense.current_time() < last) {
      dense.do_step(System{*this});
      if (view(dense.current_state()).norm() < level) {
        continue;
      }
      double low = dense.previous_time();
      double high = dense.current_time();
      State between(static_cast<std::size_t>(start.size()));
      for (int halving = 0; halving < 60; ++halving) {
        const double middle = (low + high) / 2;
        dense.calc_state(middle, between);
        (view(between).norm() < level ? low : high) = middle;
      }
      return high <= last ? high : infinity;
    }
    return infinity;
  }

private:
  using State = std::vector<double>;
  using Stepper = boost::numeric::odeint::runge_kutta_dopri5<State>;
  static constexpr double infinity = std::numeric_limits<double>::infinity();

  static Eigen::Map<const Vector<double>> view(const State& state) {
    return {state.data(), static_cast<Index>(state.size())};
  }
  void check(ConstVectorRef<double> start) const {
    require_size(start, "start", pull_.size());
    require_finite(start, "start");
  }
  /// dbeta/dt as Odeint calls it.
  struct System {
    const LinearChain& chain;
    void operator()(const State& beta, State& change, double) const {
      chain.velocity(view(beta),
                     Eigen::Map<Vector<double>>(change.data(), static_cast<Index>(change.size())));
    }
  };
  /// A fraction of the fastest time scale; the controller takes it from there.
  [[nodiscard]] double first_step(ConstVectorRef<double> start) const {
    const double scale = std::pow(start.norm(), 2 - 2 / static_cast<double>(depth_));
    const double rate = (depth_ == 1 ? 1.0 : scale) * gram_.norm();
    return rate > 0 ? std::fmin(1.0, 1e-3 / rate) : 1e-3;
  }

  Matrix<double> gram_;
  Vector<double> pull_;
  Index depth_;
  double tolerance_;
};

} // namespace gradus::theory
