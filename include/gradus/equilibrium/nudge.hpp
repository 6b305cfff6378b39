// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <cmath>
#include <complex>
#include <numbers>
#include <vector>

#include <gradus/core/error.hpp>
#include <gradus/core/types.hpp>

namespace gradus::equilibrium {

/// How the derivative d r*/d beta at beta = 0 of the fixed point under the nudged dynamics
///   du/dt = W x + b + M r + beta dL/dr_out - u
/// is estimated from fixed points at finite beta (positive beta pushes the loss up).
struct Nudge {
  /// Which fixed points.
  enum class Kind {
    one_sided, ///< (r(beta) - r(0)) / beta: error O(beta)
    centred,   ///< (r(beta) - r(-beta)) / (2 beta): error O(beta^2)
    cauchy ///< mean of r(beta_k) / beta_k over N points of the circle |beta_k| = beta: O(beta^N)
  };
  Kind kind = Kind::centred; ///< which of them
  double beta = 0.1;         ///< nonzero; > 0 for Cauchy's circle
  Index points = 8;          ///< N >= 2 of Cauchy's circle

  /// The one of N points: one-sided for N = 1, otherwise Cauchy's (N = 2 is the centred one).
  [[nodiscard]] static Nudge of_points(Index points, double beta) {
    return points == 1 ? Nudge{.kind = Kind::one_sided, .beta = beta, .points = 1}
                       : Nudge{.kind = Kind::cauchy, .beta = beta, .points = points};
  }

  /// @throws ArgumentError that names the field outside its range
  void validate() const {
    require(std::isfinite(beta) && beta != 0, "beta", beta, "finite and not 0");
    if (kind == Kind::cauchy) {
      require(beta > 0, "beta", beta, "> 0, the radius of a circle");
      require(points >= 2, "points", points, ">= 2 (one point is the one-sided nudge)");
    }
  }
  /// Whether some of the nudges are not real, which needs a holomorphic activation.
  [[nodiscard]] bool is_complex() const { return kind == Kind::cauchy && points > 2; }
};

/// A nudged phase and its weight in the estimate: e = sum_k Re(weight_k (r(beta_k) - r(0))).
struct Phase {
  std::complex<double> beta;   ///< strength of the nudge
  std::complex<double> weight; ///< 1 / (N beta), doubled where it stands for its conjugate, too
};

/// The phases that must be simulated, complex ones first. As r(conj beta) = conj r(beta) for real
/// parameters, of a conjugate pair one is enough: N points of a circle take ceil(N / 2) - 1 complex
/// phases and one or two real ones. The weights of all N points sum to 0 for N >= 2, so that taking
/// r(0) off changes nothing but the rounding.
/// @throws ArgumentError for a bad nudge
[[nodiscard]] inline std::vector<Phase> phases_of(const Nudge& nudge) {
  nudge.validate();
  const double beta = nudge.beta;
  if (nudge.kind == Nudge::Kind::one_sided) {
    return {{beta, 1 / beta}};
  }
  if (nudge.kind == Nudge::Kind::centred) {
    return {{beta, 1 / (2 * beta)}, {-beta, -1 / (2 * beta)}};
  }
  const Index count = nudge.points;
  const auto n = static_cast<double>(count);
  std::vector<Phase> phases;
  for (Index k = 1; 2 * k < count; ++k) {
    const std::complex<double> point =
        std::polar(beta, 2 * std::numbers::pi * static_cast<double>(k) / n);
    phases.push_back({point, 2.0 / (n * point)});
  }
  phases.push_back({beta, 1 / (n * beta)});
  if (count % 2 == 0) {
    phases.push_back({-beta, -1 / (n * beta)});
  }
  return phases;
}

} // namespace gradus::equilibrium
