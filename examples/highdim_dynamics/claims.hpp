// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "claims_linear.hpp"
#include "claims_networks.hpp"
#include "setting.hpp"
#include <gradus/study/claims.hpp>
#include <gradus/study/results.hpp>

namespace gradus::examples::highdim {

/// What must hold.
inline void judge(const Params& p, const Results& r, Claims& claims) {
  judge_curves(p, r, claims);
  judge_sweep(p, r, claims);
  judge_stopping(r, claims);
  judge_structure(p, r, claims);
  if (p.full) {
    judge_deep(r, claims);
  }
  judge_relu(p, r, claims);
  if (p.full) {
    judge_both(r, claims);
  }
}

} // namespace gradus::examples::highdim
