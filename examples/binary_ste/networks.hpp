// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "setting.hpp"
#include <gradus/core/random.hpp>
#include <gradus/study/record.hpp>

namespace gradus::examples::binary {

/// Training with the straight-through estimator.
void run_ste(const Params& p, const Stream& stream, Record& out);
/// With the rectified one, whose order grows from 1 towards p.order.
void run_reste(const Params& p, const Stream& stream, Record& out);
/// With the error decay estimator.
void run_ede(const Params& p, const Stream& stream, Record& out);
/// With the soft quantiser.
void run_dsq(const Params& p, const Stream& stream, Record& out);
/// The same network with tanh in the place of sign and real weights.
void run_real(const Params& p, const Stream& stream, Record& out);

/// Both indicators of one binary layer at its initialisation, and their predictions.
void run_theory(const Params& p, const Stream& stream, Record& out);

} // namespace gradus::examples::binary
