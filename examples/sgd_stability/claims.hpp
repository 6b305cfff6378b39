// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <initializer_list>
#include <string>
#include <vector>

#include "setting.hpp"
#include <gradus/study/claims.hpp>
#include <gradus/study/results.hpp>
#include <gradus/study/summary.hpp>

namespace gradus::examples::dynamical_stability {

/// Linear models: thresholds, bounds, identities.
void judge_linear(const Results& r, Claims& claims);
/// Minima of diagonal networks and what they were chosen by.
void judge_diagonal(const Params& p, const Results& r, Claims& claims);
/// Balance of the factors, escape from the minimum of gradient descent.
void judge_motion(const Params& p, const Results& r, Claims& claims);
/// ReLU networks.
void judge_relu(const Params& p, const Results& r, Claims& claims);
/// What must vanish.
void judge_controls(const Params& p, const Results& r, Claims& claims);

/// A number of the diagonal network at one step size and batch, seed by seed.
inline std::vector<double> numbers_at(const ArmResults& arm, double rate, double batch,
                                      const char* name) {
  return arm.where("rate", rate).where("batch", batch).numbers(name);
}

/// A number of several arms.
inline std::vector<double> numbers_of(const Results& r, std::initializer_list<const char*> arms,
                                      const char* name) {
  std::vector<double> all;
  for (const char* arm : arms) {
    for (const double x : r[arm].numbers(name)) {
      all.push_back(x);
    }
  }
  return all;
}

/// How a number changes from one step size of a grid to the next, all of them, seed by seed.
inline std::vector<double> changes(const ArmResults& arm, const std::vector<double>& rates,
                                   const char* name) {
  std::vector<double> ratios;
  for (std::size_t k = 1; k < rates.size(); ++k) {
    for (const double x : quotients(arm.where("rate", rates[k]).numbers(name),
                                    arm.where("rate", rates[k - 1]).numbers(name))) {
      ratios.push_back(x);
    }
  }
  return ratios;
}

} // namespace gradus::examples::dynamical_stability
