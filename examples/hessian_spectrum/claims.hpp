// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <string>
#include <vector>

#include "setting.hpp"
#include <gradus/study/claims.hpp>
#include <gradus/study/figures.hpp>
#include <gradus/study/results.hpp>
#include <gradus/study/summary.hpp>

namespace gradus::examples::hessian {

/// What must hold: all of it.
void judge(const Params& p, const Results& r, Claims& claims);
/// Counts, bulk, parts and gradients of the main arm; closed forms.
void judge_main(const Params& p, const Results& r, Claims& claims);
/// Networks before training.
void judge_start(const Params& p, const Results& r, Claims& claims);
/// Widths, spreads, classes, depth, and the paper's networks.
void judge_arms(const Params& p, const Results& r, Claims& claims);
/// Large and small batches; tools that need products only.
void judge_batches(const Params& p, const Results& r, Claims& claims);
/// Changes that must make it vanish.
void judge_controls(const Params& p, const Results& r, Claims& claims);

/// What is seen.
void draw(const Params& p, const Results& r, Figures& figures);

/// Share of the values that are exactly `wanted`, with 0 and 1 as its range.
Summary share_that_is(const std::vector<double>& values, double wanted);
/// The same where the number of clusters is what is wanted.
Summary share_of_clusters(const ArmResults& arm, const std::string& count);
/// For a claim on all but the lowest twentieth of the nets: that quantile.
Summary nearly_lowest(const std::vector<double>& values);
/// A number of one selection over that of another, seed by seed.
std::vector<double> over(const ArmResults& a, const ArmResults& b, const std::string& name);

} // namespace gradus::examples::hessian
