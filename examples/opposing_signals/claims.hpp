// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "setting.hpp"
#include <gradus/study/claims.hpp>
#include <gradus/study/results.hpp>

namespace gradus::examples::opposing {

/// The population model: flow, depth and descent.
void judge_population(const Results& r, Claims& claims);
/// The net on a finite sample, by full batches.
void judge_net(const Results& r, Claims& claims);
/// Update rules on mini-batches.
void judge_rules(const Results& r, Claims& claims);
/// The changes that must make the phenomenon vanish.
void judge_controls(const Results& r, Claims& claims);

/// What must hold.
void judge(const Params& p, const Results& r, Claims& claims);

} // namespace gradus::examples::opposing
