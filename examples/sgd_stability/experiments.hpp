// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "setting.hpp"
#include <gradus/core/random.hpp>
#include <gradus/study/plan.hpp>
#include <gradus/study/record.hpp>

/// The experiments of the study, one cell each.

namespace gradus::examples::dynamical_stability {

/// Gradients that a linear model has at every point.
enum class LinearData {
  gauss,   ///< N(0, I)
  spiked,  ///< coordinate k times k^(-1/2)
  steep,   ///< coordinate k times k^(-1)
  coherent ///< control: one common N(0, I) vector + 0.1 N(0, I)
};

/// Thresholds and bounds of a linear model, and simulations against them.
void run_linear(const Params& p, LinearData data, const Stream& stream, Record& out);

/// A diagonal network trained at one step size and batch, and the minimum it finds.
void run_diagonal(const Params& p, const Point& at, const Stream& stream, Record& out);

/// A diagonal network from a start of given imbalance.
void run_balance(const Params& p, const Point& at, const Stream& stream, Record& out);

/// 1000 steps of a diagonal network against the law of a^2 - b^2.
void run_imbalance(const Params& p, const Point& at, const Stream& stream, Record& out);

/// From the minimum of full gradient descent on: descent and SGD at four step sizes.
void run_escape(const Params& p, const Stream& stream, Record& out);

/// A ReLU network trained at one step size.
void run_relu(const Params& p, double rate, double batch, const Stream& stream, Record& out);

} // namespace gradus::examples::dynamical_stability
