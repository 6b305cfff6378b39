// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "equilibrium/problem.hpp"
#include <gradus/equilibrium/risk.hpp>

namespace support {

using gradus::Stream;
using gradus::equilibrium::ErrorSource;
using gradus::equilibrium::Nudge;
using gradus::equilibrium::RiskOptions;

/// Four classes told apart by which of the first four features is largest.
struct Task {
  Matrix<double> x = normal_matrix("task", 5, 60);
  Vector<Index> classes = Vector<Index>(60);
  Network<double> network{small_layers()};
  Vector<double> theta = network.initial_parameters({.gain = 0.8, .angle = 1}, Stream(3, "task"));

  Task() {
    for (Index i = 0; i < 60; ++i) {
      x.col(i).head(4).maxCoeff(&classes(i));
    }
  }
};

inline RiskOptions options(ErrorSource source, gradus::equilibrium::CouplingPenalty penalty = {}) {
  return {.source = source,
          .nudge = Nudge::of_points(4, 0.2),
          .free = {.max_steps = 40},
          .response = {.max_steps = 25},
          .penalty = penalty};
}

} // namespace support
