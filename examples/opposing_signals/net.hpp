// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "setting.hpp"
#include <gradus/core/random.hpp>
#include <gradus/study/record.hpp>

namespace gradus::examples::opposing {

/// One cell of full-batch descent of the net on a finite sample.
/// @param ratio  end sharpness of a run at a small rate over 2 / learning rate
void run_net(const Params& p, double ratio, const Stream& stream, Record& out);

} // namespace gradus::examples::opposing
