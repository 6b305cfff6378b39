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

/// The share of runs that diverged.
inline double diverged_share(const ArmResults& arm) {
  return static_cast<double>(arm.num_diverged()) / static_cast<double>(arm.size());
}

/// A number of all runs that did not diverge. How many did is a claim of its own.
inline std::vector<double> calm(const ArmResults& arm, const char* name) {
  return finite(arm.numbers(name));
}

/// The value that nine in ten are at most (least: at least), with the range of all.
inline Summary most_at_most(const std::vector<double>& values) { return quantile_of(values, 0.9); }
inline Summary most_at_least(const std::vector<double>& values) { return quantile_of(values, 0.1); }

/// Both ends of the range when one value in twenty is left out at either end, each to be judged.
inline Summary all_but_few(const std::vector<double>& values) {
  return each({quantile(values, 0.05), quantile(values, 0.95)});
}

/// A number of several arms.
inline std::vector<double> numbers_of(const Results& r, std::initializer_list<const char*> arms,
                                      const char* name) {
  std::vector<double> all;
  for (const char* arm : arms) {
    for (const double x : finite(r[arm].numbers(name))) {
      all.push_back(x);
    }
  }
  return all;
}

/// How a number changes from one step size of a grid to the next, all of them, seed by seed, where
/// neither run diverged.
inline std::vector<double> changes(const ArmResults& arm, const std::vector<double>& rates,
                                   const char* name) {
  std::vector<double> ratios;
  for (std::size_t k = 1; k < rates.size(); ++k) {
    for (const double x : quotients(arm.where("rate", rates[k]).numbers(name),
                                    arm.where("rate", rates[k - 1]).numbers(name))) {
      ratios.push_back(x);
    }
  }
  return finite(ratios);
}

} // namespace gradus::examples::dynamical_stability
