// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "setting.hpp"
#include <gradus/study/claims.hpp>
#include <gradus/study/results.hpp>

namespace gradus::examples::longer {

/// Walks in random potentials.
void judge_walks(const Params& p, const Results& r, Claims& claims);

/// Noise of mini-batches, the gap and what closes it, the distance of networks.
void judge_networks(const Params& p, const Results& r, Claims& claims);

/// The changes that must make the phenomena vanish.
void judge_controls(const Params& p, const Results& r, Claims& claims);

} // namespace gradus::examples::longer
