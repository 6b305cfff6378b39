// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "setting.hpp"
#include <gradus/core/random.hpp>
#include <gradus/study/record.hpp>

namespace gradus::examples::opposing {

/// One cell of an update rule on mini-batches. Rules share data, start and mini-batches.
void run_rule(const Params& p, double rate, const Stream& stream, Record& out);

} // namespace gradus::examples::opposing
