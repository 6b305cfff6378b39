// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <cmath>
#include <vector>

#include "claims_exact.hpp"
#include "setting.hpp"
#include <gradus/study/claims.hpp>
#include <gradus/study/results.hpp>
#include <gradus/study/summary.hpp>

namespace gradus::examples::tilting {

/// The changes that must make the phenomenon vanish.
inline void judge_controls(const Params& p, const Results& r, Claims& claims) {
  const ArmResults round = r["control-isotropic"];
  claims.expect("ctl-isotropic-law", "all variances 1: |error - Phi(-|mean| cos(angle))|")
      .source("derived")
      .control()
      .measured([=] { return max_of(round.numbers("svm_isotropic_law")); })
      .at_most(1e-12);
  claims
      .expect("ctl-isotropic", "... every tilt costs: test error at the smallest penalty over best")
      .source("derived")
      .control()
      .measured([=] { return each(minus(round, "svm_test_last", "svm_test_best")); })
      .at_least(0.02);
  claims.expect("ctl-isotropic-best", "... penalty of the least test error")
      .source("derived")
      .control()
      .measured([=] { return min_of(round.numbers("svm_best_penalty")); })
      .at_least(0.3);
  claims.expect("ctl-isotropic-tilt", "two variances of 1, tilt of 60 degrees: error, not 0.05")
      .source("derived")
      .control()
      .measured([&r] { return each(r["control-isotropic-tilt"].numbers("error")); })
      .within(0.2054, 0.012);
  claims.expect("ctl-strong-reg", "digits, SVM at 4 times the plateau penalty: theta (degrees)")
      .source("derived")
      .control()
      .measured([&r] { return max_of(r["digits"].numbers("plateau")); })
      .at_most(1e-6);
  if (!p.full) {
    return;
  }
  const ArmResults clean = r["control-clean-digits"];
  claims
      .expect("ctl-clean-digits", "no swapped labels: test error at the smallest penalty over best")
      .source("control")
      .control()
      .measured([=] { return each(minus(clean, "svm_test_last", "svm_test_best")); })
      .at_most(0.01);
  claims.expect("ctl-clean-digits-strength", "... strength over that of the best")
      .source("control")
      .control()
      .measured([=] { return each(over(clean, "svm_strength_last", "svm_strength_best")); })
      .at_most(1.25);
  claims.expect("ctl-clean-digits-tilt", "... theta at the smallest penalty")
      .source("control")
      .control()
      .measured([=] { return max_of(clean.numbers("svm_theta_last")); })
      .at_most(52);
}

} // namespace gradus::examples::tilting
