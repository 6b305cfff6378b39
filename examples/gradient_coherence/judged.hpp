// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "setting.hpp"
#include <gradus/study/claims.hpp>
#include <gradus/study/figures.hpp>
#include <gradus/study/results.hpp>

namespace gradus::examples::agreement {

/// What must hold: claims.cpp. Long runs of networks are for full runs alone.
void judge(const Params& p, const Results& r, Claims& claims);
/// ... of linear models, the bound and the closed forms: claims_exact.cpp.
void judge_exact(const Params& p, const Results& r, Claims& claims);
void judge_clusters(const Params& p, const Results& r, Claims& claims);
/// ... of networks on digits: claims_digits.cpp.
void judge_digits(const Params& p, const Results& r, Claims& claims);
/// ... under robust means, and all controls: claims_robust.cpp.
void judge_robust(const Params& p, const Results& r, Claims& claims);

/// What is seen: figures.cpp, figures_toys.cpp.
void draw(const Params& p, const Results& r, Figures& figures);
void draw_toys(const Results& r, Figures& figures);
void draw_clusters(const Results& r, Figures& figures);

} // namespace gradus::examples::agreement
