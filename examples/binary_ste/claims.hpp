// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "setting.hpp"
#include <gradus/study/claims.hpp>
#include <gradus/study/results.hpp>

namespace gradus::examples::binary {

/// Estimating error and gradient stability, measured and predicted.
void judge_indicators(const Params& p, const Results& r, Claims& claims);

/// What training makes of the trade-off.
void judge_training(const Params& p, const Results& r, Claims& claims);

/// The changes that must make the phenomena vanish.
void judge_controls(const Params& p, const Results& r, Claims& claims);

} // namespace gradus::examples::binary
