// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "setting.hpp"
#include <gradus/study/figures.hpp>
#include <gradus/study/results.hpp>

namespace gradus::examples::binary {

/// The estimators themselves.
void draw_shapes(Figures& figures);

/// All figures of results.
void draw(const Params& p, const Results& r, Figures& figures);

} // namespace gradus::examples::binary
