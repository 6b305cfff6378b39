// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "claims_controls.hpp"
#include "claims_exact.hpp"
#include "claims_images.hpp"
#include "claims_paths.hpp"
#include "setting.hpp"
#include <gradus/study/claims.hpp>
#include <gradus/study/results.hpp>

namespace gradus::examples::tilting {

/// What must hold. U shapes and types are for full runs alone.
inline void judge(const Params& p, const Results& r, Claims& claims) {
  judge_exact(r, claims);
  judge_planned(r, claims);
  judge_path_laws(r, claims);
  judge_half_images(p, r, claims);
  if (p.full) {
    judge_path_shape(r, claims);
    judge_digits(r, claims);
  }
  judge_controls(p, r, claims);
}

} // namespace gradus::examples::tilting
