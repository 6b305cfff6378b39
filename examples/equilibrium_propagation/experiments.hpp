// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "setting.hpp"
#include <gradus/core/random.hpp>
#include <gradus/study/plan.hpp>
#include <gradus/study/record.hpp>

namespace gradus::examples::equiprop {

/// Errors of the estimates for every number of points and radius, against the response at no nudge
/// and against the exact gradient.
void run_order(const Params& p, const Stream& stream, Record& out);
/// The same with an activation that is not holomorphic.
void run_not_holomorphic(const Params& p, const Stream& stream, Record& out);
/// Rates of two units along the whole circle of nudges.
void run_circle(const Params& p, const Stream& stream, Record& out);

/// Cosine of error vectors and exact ones, layer by layer, at the arm's angle.
void run_angle(const Params& p, const Stream& stream, Record& out);
/// Expansion of the bias in the asymmetry, at small angles.
void run_perturbation(const Params& p, const Stream& stream, Record& out);
/// The penalty against its estimate.
void run_hutchinson(const Params& p, const Stream& stream, Record& out);

/// One training run.
void run_training(const Params& p, const Stream& stream, Record& out);

} // namespace gradus::examples::equiprop
