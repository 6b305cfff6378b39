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

inline void judge_half_images(const Params& p, const Results& r, Claims& claims) {
  const ArmResults half = r["half"];
  const auto with = [=](double count) { return half.where("corrupted", count); };
  claims.expect("half-clean", "clean half images, SVM at the smallest penalty: theta (degrees)")
      .source("toy images of the paper")
      .measured([=] { return max_of(with(0).numbers("svm_theta_last")); })
      .at_most(5);
  claims.expect("half-clean-step", "... |x - mirror image| over |x|, means")
      .source("toy images of the paper")
      .measured([=] { return min_of(with(0).numbers("relative_step")); })
      .at_least(1.6);
  claims.expect("half-clean-error", "... largest test error")
      .source("toy images of the paper")
      .measured([=] { return max_of(with(0).numbers("test_largest")); })
      .equals(0);
  claims.expect("half-corrupt", "five corrupted images a class: strength, SVM, smallest penalty")
      .source("remark of the authors")
      .measured([=] { return min_of(with(5).numbers("svm_strength_last")); })
      .at_least(2.5);
  claims.expect("half-corrupt-lr", "... logistic regression")
      .source("remark of the authors")
      .measured([=] { return min_of(with(5).numbers("lr_strength_last")); })
      .at_least(1.5);
  claims.expect("half-corrupt-error", "... largest error on clean test images, all penalties")
      .source("remark of the authors")
      .measured([=] { return max_of(with(5).numbers("test_largest")); })
      .at_most(0.001);
  claims.expect("half-dose", "strength grows with the corrupted images, 2, 5, 10: least ratio")
      .source("number chosen")
      .measured([=] {
        const auto s = [&](double c) { return with(c).numbers("svm_strength_last"); };
        std::vector<double> ratios = quotients(s(5), s(2));
        for (const double x : quotients(s(10), s(5))) {
          ratios.push_back(x);
        }
        return min_of(ratios);
      })
      .at_least(1 + 1e-9);
  claims.expect("half-reg", "regularisation removes them: theta at the largest penalty")
      .source("remark of the authors")
      .measured([=] { return max_of(with(5).numbers("svm_theta_first")); })
      .at_most(0.1);
  claims.expect("half-reg-strength", "... strength")
      .source("remark of the authors")
      .measured([=] { return max_of(with(5).numbers("svm_strength_first")); })
      .at_most(1.001);
  if (p.full) {
    const ArmResults large = r["half-size"];
    claims.expect("size-free", "mean strength at 64 x 64 pixels over that at 16 x 16")
        .source("paper")
        .measured([=] {
          return Summary(mean_of(large.where("half_side", 64).numbers("svm_strength_last")).value /
                         mean_of(with(5).numbers("svm_strength_last")).value);
        })
        .in(0.8, 1.35);
  }
  claims.expect("ctl-no-corruption", "no corrupted images: strength at the smallest penalty")
      .source("control")
      .control()
      .measured([=] { return max_of(with(0).numbers("svm_strength_last")); })
      .at_most(1.01);
}

inline void judge_digits(const Results& r, Claims& claims) {
  const ArmResults digits = r["digits"];
  claims
      .expect("digits-svm-first",
              "digits, SVM: test error at the largest penalty over the least, median")
      .source("figure on digits in the paper")
      .measured([=] { return median_of(minus(digits, "svm_test_first", "svm_test_best")); })
      .at_least(0.01);
  claims.expect("digits-svm-last", "... at the smallest")
      .source("figure on digits in the paper")
      .measured([=] { return each(minus(digits, "svm_test_last", "svm_test_best")); })
      .at_least(0.01);
  claims.expect("digits-tilt", "... theta at the smallest penalty (degrees)")
      .source("figure on digits in the paper")
      .measured([=] { return min_of(digits.numbers("svm_theta_last")); })
      .at_least(50);
  claims.expect("digits-tilt-strength", "... strength over that of the best")
      .source("figure on digits in the paper")
      .measured([=] { return each(over(digits, "svm_strength_last", "svm_strength_best")); })
      .at_least(1.2);
  claims.expect("digits-tilt-fit", "... training error")
      .source("figure on digits in the paper")
      .measured([=] { return max_of(digits.numbers("svm_train_last")); })
      .equals(0);
  claims.expect("digits-lr", "logistic regression: theta at the smallest penalty")
      .source("figure on digits in the paper")
      .measured([=] { return min_of(digits.numbers("lr_theta_last")); })
      .at_least(45);
  claims.expect("digits-lr-last", "... test error over the least")
      .source("figure on digits in the paper")
      .measured([=] { return each(minus(digits, "lr_test_last", "lr_test_best")); })
      .at_least(0.006);
  claims.expect("digits-size", "drawn at another size: change of theta at the smallest penalty")
      .source("figure on digits in the paper")
      .measured([=, &r] {
        return max_of(absolute_differences({digits.numbers("svm_theta_last")},
                                           {r["digits-other-size"].numbers("svm_theta_last")}));
      })
      .at_most(6);
}

} // namespace gradus::examples::tilting
