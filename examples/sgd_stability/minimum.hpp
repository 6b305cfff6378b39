// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <vector>

#include <gradus/core/types.hpp>
#include <gradus/study/record.hpp>

namespace gradus::examples::dynamical_stability {

/// What G = (1/n) sum g_i g_i^T says of a minimum; at an interpolating one it is the Hessian.
struct Flatness {
  double trace;     ///< Tr G
  double frobenius; ///< |G|_F
  double top;       ///< lambda_max(G)
  double threshold; ///< largest step size at which SGD stays in mean square
  double condition; ///< Tr G / B + (1 - 1/B) |G|_F^2 / Tr G
};

/// @param gram  g_i . g_j (n, n)   @param batch  B; all_examples for full gradient descent, which
///        has the threshold 2 / lambda_max and the condition |G|_F^2 / Tr G
Flatness flatness(const Matrix<double>& gram, double batch);

/// Writes trace, frobenius, top; `edge` = rate / threshold; and tilde_*, in units of 2 / rate:
/// tilde_trace, tilde_top, tilde_condition.
void record_flatness(const Flatness& flat, double rate, study::Record& out);

/// Alignment of noise and curvature along a run, looked at while it is not 0/0.
struct AlignmentTrace {
  std::vector<double> steps;  ///< when
  std::vector<double> values; ///< mu

  /// Takes a look, unless the loss |e|^2 / 2n is so small that mu is rounding errors.
  void look(Index step, const Matrix<double>& gram, const Vector<double>& residuals);
  /// Writes the series mu, and mu_median, mu_least.
  void record(study::Record& out);
};

} // namespace gradus::examples::dynamical_stability
