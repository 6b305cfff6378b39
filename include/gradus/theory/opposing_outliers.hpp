// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <utility>
#include <vector>

#include <boost/math/tools/toms748_solve.hpp>
#include <boost/numeric/odeint/integrate/integrate_times.hpp>
#include <boost/numeric/odeint/stepper/controlled_runge_kutta.hpp>
#include <boost/numeric/odeint/stepper/generation.hpp>
#include <boost/numeric/odeint/stepper/runge_kutta_dopri5.hpp>

#include <gradus/core/error.hpp>
#include <gradus/core/types.hpp>

namespace gradus::theory {

/// Gradient flow of a product of scalars and a linear layer on opposing outliers
/// (objective/opposing_outliers.hpp), whose scalars start equal and stay so, for alpha so large
/// that two phases come apart: b_o goes to 0 at once, while b stands still and c^2 - b_o^2 is
/// conserved; then b, parallel to beta, learns,
///   db/dt = P (|beta| - P b),  P = c^(depth-1),  c^2 = C + b^2,
/// and the sharpness alpha P^2 rises with it. C = c_i^2 - |b|^2 - b_o^2 is conserved throughout, so
/// that the end point is exact at any alpha. What b has beside beta only decays, as b_o does, and
/// may be counted to `outlier`. Derived here; that the end sharpness of depth 2 is
/// linear in |beta|: Rosenfeld and Risteski 2023 (arXiv 2311.04163), theorem 3.2.
struct OpposingOutliers {
  double alpha = 50;    ///< second moment of the outliers' feature, > 0
  double beta_norm = 4; ///< |beta| > 0
  double factor = 0.6;  ///< c at the start, > 0, of every scalar layer
  double outlier = 0.4; ///< b_o at the start, |b_o| < c
  double bulk = 0.2;    ///< b at the start, its component along beta, any sign
  Index depth = 2;      ///< layers, >= 1

  /// @throws ArgumentError that names the field outside its range
  void validate() const {
    require(alpha > 0 && std::isfinite(alpha), "alpha", alpha, "> 0, finite");
    require(beta_norm > 0 && std::isfinite(beta_norm), "beta_norm", beta_norm, "> 0, finite");
    require(factor > 0 && std::isfinite(factor), "factor", factor, "> 0, finite");
    require(std::abs(outlier) < factor, "outlier", outlier, "of a smaller size than the factor");
    require(std::isfinite(bulk), "bulk", bulk, "finite");
    require(depth >= 1, "depth", depth, ">= 1");
  }

  /// C = c^2 - |b|^2 - b_o^2, conserved.
  [[nodiscard]] double conserved() const {
    return factor * factor - bulk * bulk - outlier * outlier;
  }
  /// alpha P^2 with b_o = 0 and |b| = b.
  [[nodiscard]] double sharpness_at(double b) const {
    return alpha * std::pow(std::max(0.0, conserved() + b * b), static_cast<double>(depth - 1));
  }
  /// Sharpness at the end of the fast phase, b_o = 0 and b where it started; for depth 2
  /// alpha (c^2 - b_o^2).
  [[nodiscard]] double fallen_sharpness() const {
    validate();
    return sharpness_at(bulk);
  }
  /// Sharpness at the end of the flow, where P |b| = |beta|: for depth 2
  /// alpha (C + sqrt(C^2 + 4 |beta|^2)) / 2, otherwise from the root; grows as
  /// |beta|^(2 (depth - 1) / depth).
  [[nodiscard]] double end_sharpness() const {
    validate();
    if (depth == 1) {
      return alpha;
    }
    if (depth == 2) {
      const double c = conserved();
      const double root = std::hypot(c, 2 * beta_norm);
      // Without cancellation for a C far below 0.
      return alpha * (c >= 0 ? (c + root) / 2 : 2 * beta_norm * beta_norm / (root - c));
    }
    const auto excess = [&](double b) { return product_at(b) * b - beta_norm; };
    double low = std::sqrt(std::max(0.0, -conserved()));
    double high = std::max(1.0, 2 * low);
    while (excess(high) < 0) {
      low = high;
      high *= 2;
    }
    std::uintmax_t most = 200;
    const auto bracket = boost::math::tools::toms748_solve(
        excess, low, high, boost::math::tools::eps_tolerance<double>(), most);
    return sharpness_at((bracket.first + bracket.second) / 2);
  }

  /// Sharpness along the slow phase, from the end of the fast one, at the given times.
  /// @param times  ascending, >= 0   @param tolerance  relative, of one step, in (0, 1)
  /// @throws ArgumentError
  [[nodiscard]] std::vector<double> slow_sharpness(const std::vector<double>& times,
                                                   double tolerance = 1e-10) const {
    namespace odeint = boost::numeric::odeint;
    using State = std::vector<double>;
    validate();
    require(tolerance > 0 && tolerance < 1, "tolerance", tolerance, "in (0, 1)");
    double before = 0;
    for (const double t : times) {
      require(t >= before && std::isfinite(t), "time", t, "finite, ascending, >= 0");
      before = t;
    }
    std::vector<double> result;
    if (times.empty()) {
      return result;
    }
    std::vector<double> looks{0.0};
    looks.insert(looks.end(), times.begin(), times.end());
    State state{bulk};
    bool begun = false;
    odeint::integrate_times(
        odeint::make_controlled(tolerance * 1e-3, tolerance, odeint::runge_kutta_dopri5<State>{}),
        [this](const State& b, State& change, double) {
          const double p = product_at(b[0]);
          change[0] = p * (beta_norm - p * b[0]);
        },
        state, looks.begin(), looks.end(), 1e-3 / beta_norm,
        [&](const State& b, double) {
          if (begun) {
            result.push_back(sharpness_at(b[0]));
          }
          begun = true;
        });
    return result;
  }

private:
  [[nodiscard]] double product_at(double b) const {
    return std::pow(std::max(0.0, conserved() + b * b), static_cast<double>(depth - 1) / 2);
  }
};

} // namespace gradus::theory
