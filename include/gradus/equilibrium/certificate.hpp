// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <algorithm>
#include <cmath>
#include <limits>
#include <stdexcept>
#include <string>

#include <gradus/core/error.hpp>
#include <gradus/core/types.hpp>

namespace gradus::equilibrium {

/// How a fixed point is approached: u <- u + dt F(u), all units at once.
struct RelaxOptions {
  Index max_steps = 200; ///< >= 0
  double tolerance = 0;  ///< stops once max |F| is at or below it; 0: exactly max_steps steps
  double dt = 0.5;       ///< in (0, 1]; 1 may oscillate where 1/2 settles, in the same fixed point

  /// @throws ArgumentError that names the field outside its range
  void validate() const {
    require(max_steps >= 0, "max_steps", max_steps, ">= 0");
    require(tolerance >= 0 && std::isfinite(tolerance), "tolerance", tolerance, ">= 0, finite");
    require(dt > 0 && dt <= 1, "dt", dt, "in (0, 1]");
  }
};

/// How a relaxation ended.
enum class RelaxStatus {
  converged, ///< max |F| is at or below the tolerance (or below any: none was asked for)
  exhausted, ///< the steps ran out first
  diverged   ///< a state is not finite
};

/// What a relaxation can say of the state it left.
struct [[nodiscard]] Certificate {
  RelaxStatus status = RelaxStatus::converged; ///< how it ended
  Index steps = 0;                             ///< made, of the slowest sample
  double residual = 0; ///< max |F| of the state that was left; NaN if diverged

  /// Whether the state is as good as was asked for.
  [[nodiscard]] bool converged() const { return status == RelaxStatus::converged; }

  /// Both relaxations together: the worse of each.
  void include(const Certificate& other) {
    status = std::max(status, other.status);
    steps = std::max(steps, other.steps);
    residual = std::isnan(residual) || std::isnan(other.residual)
                   ? std::numeric_limits<double>::quiet_NaN()
                   : std::max(residual, other.residual);
  }
};

/// A fixed point that was asked for to some tolerance was not reached.
class ConvergenceError : public std::runtime_error {
public:
  /// @param what  which relaxation   @param reached  how it ended   @param tolerance  asked for
  ConvergenceError(const std::string& what, const Certificate& reached, double tolerance)
      : std::runtime_error(
            what + (reached.status == RelaxStatus::diverged ? " diverged" : " did not converge") +
            ": residual " + gradus::detail::to_text(reached.residual) + " after " +
            gradus::detail::to_text(reached.steps) + " steps; asked for " +
            gradus::detail::to_text(tolerance)),
        reached_(reached) {}

  /// How the relaxation ended, with the residual reached.
  [[nodiscard]] const Certificate& reached() const noexcept { return reached_; }

private:
  Certificate reached_;
};

/// Throws ConvergenceError unless the relaxation converged; nothing if no tolerance was asked for.
inline void require_converged(const Certificate& reached, const RelaxOptions& options,
                              const char* what) {
  if (options.tolerance > 0 && !reached.converged()) {
    throw ConvergenceError(what, reached, options.tolerance);
  }
}

} // namespace gradus::equilibrium
