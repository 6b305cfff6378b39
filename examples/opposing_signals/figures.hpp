// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <string>
#include <vector>

#include "setting.hpp"
#include <gradus/study/figures.hpp>
#include <gradus/study/results.hpp>

namespace gradus::examples::opposing {

/// Flow, depth and descent of the population model.
void draw_population(const Params& p, const Results& r, Figures& figures);
/// The net: groups, sharpness, changes of single losses.
void draw_net(const Params& p, const Results& r, Figures& figures);
/// Update rules on mini-batches.
void draw_rules(const Params& p, const Results& r, Figures& figures);

/// The figures of the study.
void draw(const Params& p, const Results& r, Figures& figures);

/// "2", "0.04": a coordinate in words.
std::string in_words(double value);

} // namespace gradus::examples::opposing
