// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "setting.hpp"
#include <gradus/core/random.hpp>
#include <gradus/study/record.hpp>

namespace gradus::examples::longer {

/// Covariance formulas against every mini-batch of seven gradients there is.
void run_enumeration(const Stream& stream, Record& out);

/// Variance of a network's mini-batch gradients along a random direction, over its formula.
void run_covariance(const Params& p, const Stream& stream, Record& out);

/// The gradient with ghost batches against the blocks' own, and against finite differences.
void run_ghost_gradient(const Params& p, const Stream& stream, Record& out);

/// Training on a finite set, with batch normalisation, in the regime of the arm.
void run_normalized(const Params& p, const Regime& regime, const Stream& stream, Record& out);
/// The same without batch normalisation.
void run_plain(const Params& p, const Regime& regime, const Stream& stream, Record& out);

/// Distance from the start on an endless stream of images.
void run_stream(const Params& p, Index batch, bool scaled, const Stream& stream, Record& out);

} // namespace gradus::examples::longer
