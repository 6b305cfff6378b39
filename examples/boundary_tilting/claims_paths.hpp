// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "claims_exact.hpp"
#include "setting.hpp"
#include <gradus/study/claims.hpp>
#include <gradus/study/results.hpp>
#include <gradus/study/summary.hpp>

namespace gradus::examples::tilting {

inline void judge_path_laws(const Results& r, Claims& claims) {
  const ArmResults path = r["path"];
  claims.expect("plateau", "SVM at 1.0001 and 4 times the plateau penalty: theta (degrees)")
      .source("derived")
      .measured([=, &r] {
        return largest(r, {"path"}, {"plateau_edge", "plateau_inside"});
      })
      .at_most(1e-6);
  claims.expect("plateau-lr", "logistic regression at 4 times that penalty: theta")
      .source("derived")
      .measured([=] { return max_of(path.numbers("plateau_lr")); })
      .at_most(0.5);
  claims.expect("front", "least excess of any fit's error over the front at its angle")
      .source("derived")
      .measured([=] {
        return min_of({min_of(path.numbers("svm_front_excess")).value,
                       min_of(path.numbers("lr_front_excess")).value});
      })
      .at_least(0);
  claims.expect("lr-path-norm", "logistic path: steps along which |w| falls")
      .source("theorem")
      .measured([=] { return max_of(path.numbers("lr_norm_back")); })
      .equals(0);
  claims.expect("lr-path-monotone", "... steps of d_adv, d_err the wrong way, nine seeds in ten")
      .source("paper; numbers chosen")
      .measured([=] { return kept_by(0.9, path.numbers("lr_wrong_way")); })
      .equals(0);
  claims.expect("replicate", "pixels repeated 1, 4, 16 times: change of the relative distances")
      .source("paper; exact")
      .measured([&r] { return max_of(r["replicate"].numbers("change")); })
      .at_most(1e-4);
}

/// Single training sets scatter widely (some are separated with a wide margin and tilt little), so
/// these claims are on what most seeds do.
inline void judge_path_shape(const Results& r, Claims& claims) {
  const ArmResults path = r["path"];
  claims
      .expect("svm-path-back",
              "SVM, nine seeds in ten: largest step back of theta as the penalty falls")
      .source("paper, last experiment")
      .measured([=] { return kept_by(0.9, path.numbers("svm_step_back")); })
      .at_most(0.5);
  claims.expect("svm-path-first", "SVM: theta at the largest penalty (degrees)")
      .source("paper, last experiment")
      .measured([=] { return max_of(path.numbers("svm_theta_first")); })
      .at_most(0.1);
  claims.expect("svm-path-last", "... and at the smallest, nine seeds in ten")
      .source("paper, last experiment")
      .measured([=] { return reached_by(0.9, path.numbers("svm_theta_last")); })
      .at_least(60);
  claims
      .expect("svm-U-first",
              "SVM, nine seeds in ten: test error at the largest penalty over the least")
      .source("paper, last experiment")
      .measured([=] { return reached_by(0.9, minus(path, "svm_test_first", "svm_test_best")); })
      .at_least(0.01);
  claims.expect("svm-U-last", "... at the smallest, four in five")
      .source("paper, last experiment")
      .measured([=] { return reached_by(0.8, minus(path, "svm_test_last", "svm_test_best")); })
      .at_least(0.001);
  claims.expect("svm-U-median", "... median")
      .source("paper, last experiment")
      .measured([=] { return median_of(minus(path, "svm_test_last", "svm_test_best")); })
      .at_least(0.004);
  claims.expect("lr-path-first", "logistic regression: theta at the largest penalty")
      .source("paper; numbers chosen")
      .measured([=] { return max_of(path.numbers("lr_theta_first")); })
      .at_most(0.3);
  claims.expect("lr-path-last", "... and at the smallest, nine seeds in ten")
      .source("paper; numbers chosen")
      .measured([=] { return reached_by(0.9, path.numbers("lr_theta_last")); })
      .at_least(58);
  claims.expect("lr-U-first", "... test error at the largest penalty over the least, nine in ten")
      .source("paper; numbers chosen")
      .measured([=] { return reached_by(0.9, minus(path, "lr_test_first", "lr_test_best")); })
      .at_least(0.01);
  claims.expect("lr-U-median", "... at the smallest, median")
      .source("paper; numbers chosen")
      .measured([=] { return median_of(minus(path, "lr_test_last", "lr_test_best")); })
      .at_least(0.003);
  claims.expect("lr-svm", "angle between both learners at their smallest penalties")
      .source("derived: hard margin")
      .measured([=] { return max_of(path.numbers("lr_svm_angle")); })
      .at_most(15);
  claims.expect("types", "type 2 is strong, four seeds in five: SVM, strength last over best")
      .source("taxonomy of the paper; numbers chosen")
      .measured(
          [=] { return reached_by(0.8, over(path, "svm_strength_last", "svm_strength_best")); })
      .at_least(1.2);
  claims.expect("types-median", "... its median")
      .source("taxonomy of the paper; numbers chosen")
      .measured([=] { return median_of(over(path, "svm_strength_last", "svm_strength_best")); })
      .at_least(2);
  claims.expect("off-manifold-first", "logistic: share of |w|^2 on the leading axes, first")
      .source("idea of the paper; numbers chosen")
      .measured([=] { return min_of(path.numbers("lr_share_first")); })
      .at_least(0.98);
  claims.expect("off-manifold-last", "... last, nine seeds in ten")
      .source("idea of the paper; numbers chosen")
      .measured([=] { return kept_by(0.9, path.numbers("lr_share_last")); })
      .at_most(0.6);
  claims.expect("off-manifold-median", "... its median")
      .source("idea of the paper; numbers chosen")
      .measured([=] { return median_of(path.numbers("lr_share_last")); })
      .at_most(0.3);
  claims.expect("off-manifold-fall", "... last over best, nine seeds in ten")
      .source("idea of the paper; numbers chosen")
      .measured([=] { return kept_by(0.9, over(path, "lr_share_last", "lr_share_best")); })
      .at_most(1);
}

} // namespace gradus::examples::tilting
