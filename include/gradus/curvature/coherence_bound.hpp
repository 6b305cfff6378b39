// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <cmath>

#include <gradus/core/error.hpp>
#include <gradus/core/types.hpp>

namespace gradus::curvature {

/// Bound on the generalisation gap of gradient descent by the coherence of the population's
/// gradients along its path, summed up step by step:
///   theorem form  (L^2/m) sum_t eta_t prod_{s>t} (1 + eta_s beta) sqrt(2 (1 - alpha_t)),
///   path form     (L/m)   sum_t eta_t prod_{s>t} (1 + eta_s beta) sqrt(2 (1 - alpha_t) q_t),
/// for m examples and a loss that is L-Lipschitz and beta-smooth in the parameters, q_t = E |g|^2.
/// For a convex loss and eta <= 2 / beta the products drop: growth = 0. Each summand is what one
/// replaced example may move the parameters by: E |theta - theta'|^2 = 2 eta^2 (1 - alpha) q / m^2.
/// Source: Chatterjee and Zielinski 2022 (arXiv 2203.10036), after Hardt, Recht and Singer 2016.
/// The theorem takes alpha over the population and the expectation over training sets; along one
/// run it is a check, not a proof.
class CoherenceBound {
public:
  /// @param examples  m >= 1   @param lipschitz  L >= 0   @param growth  beta >= 0; 0: see above
  /// @throws ArgumentError
  explicit CoherenceBound(Index examples, double lipschitz = 1, double growth = 0)
      : examples_(static_cast<double>(examples)), lipschitz_(lipschitz), growth_(growth) {
    require(examples >= 1, "examples", examples, ">= 1");
    require(lipschitz >= 0 && std::isfinite(lipschitz), "lipschitz", lipschitz, ">= 0, finite");
    require(growth >= 0 && std::isfinite(growth), "growth", growth, ">= 0, finite");
  }

  /// Takes one step into account. @param rate  eta_t >= 0   @param alpha  in [0, 1], a little
  /// outside for rounding   @param mean_square  q_t   NaN in either makes the bounds NaN
  /// @throws ArgumentError for a negative rate
  void step(double rate, double alpha, double mean_square) {
    require(rate >= 0 && std::isfinite(rate), "rate", rate, ">= 0, finite");
    const double disagreement = 2 * (alpha > 1 ? 0.0 : 1 - alpha);
    theorem_ = theorem_ * (1 + rate * growth_) + rate * std::sqrt(disagreement);
    path_ = path_ * (1 + rate * growth_) + rate * std::sqrt(disagreement * mean_square);
  }

  /// The bound that knows the gradients' sizes by L alone.
  [[nodiscard]] double theorem_form() const {
    return lipschitz_ * lipschitz_ / examples_ * theorem_;
  }
  /// The bound with the gradients' own sizes; at most theorem_form() if q_t <= L^2.
  [[nodiscard]] double path_form() const { return lipschitz_ / examples_ * path_; }

private:
  double examples_;
  double lipschitz_;
  double growth_;
  double theorem_ = 0;
  double path_ = 0;
};

} // namespace gradus::curvature
