// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "claims_controls.hpp"
#include "claims_features.hpp"
#include "claims_network.hpp"
#include "claims_theory.hpp"
#include "setting.hpp"
#include <gradus/study/claims.hpp>
#include <gradus/study/results.hpp>

namespace gradus::examples::double_descent {

/// What must hold.
inline void judge(const Params& p, const Results& r, Claims& claims) {
  judge_rule(p, r, claims);
  judge_optimizers(p, r, claims);
  judge_designs(p, r, claims);
  judge_conditions(p, r, claims);
  judge_risk(p, r, claims);
  judge_time(r, claims);
  judge_network(p, r, claims);
  judge_controls(p, r, claims);
}

} // namespace gradus::examples::double_descent
