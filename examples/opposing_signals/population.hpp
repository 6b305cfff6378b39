// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "setting.hpp"
#include <gradus/core/random.hpp>
#include <gradus/study/record.hpp>

namespace gradus::examples::opposing {

/// One cell of the population's gradient flow.
/// @param aligned  b starts along beta with the length bulk_start, so that the slow phase has a
///        closed equation; otherwise its entries are normal
void run_flow(const Params& p, bool aligned, const Stream& stream, Record& out);

/// One cell of the population's gradient descent.
/// @param ratio  the flow's end sharpness over 2 / learning rate
void run_descent(const Params& p, double ratio, const Stream& stream, Record& out);

} // namespace gradus::examples::opposing
