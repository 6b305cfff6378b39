// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "setting.hpp"
#include <gradus/study/claims.hpp>
#include <gradus/study/results.hpp>

namespace gradus::examples::equiprop {

/// What must hold.
void judge(const Params& p, const Results& r, Claims& claims);

} // namespace gradus::examples::equiprop
