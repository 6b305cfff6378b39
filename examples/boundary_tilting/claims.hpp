// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <algorithm>
#include <cmath>
#include <string>
#include <vector>

#include "setting.hpp"
#include <gradus/metrics/trend.hpp>
#include <gradus/study/claims.hpp>
#include <gradus/study/results.hpp>
#include <gradus/study/summary.hpp>

namespace gradus::examples::tilting {

/// f(a, b) of two lists, entry by entry.
template <class F>
std::vector<double> combine(std::vector<double> a, const std::vector<double>& b, F f) {
  for (std::size_t i = 0; i < a.size(); ++i) {
    a[i] = f(a[i], b.at(i));
  }
  return a;
}

/// Number a minus number b of each cell.
inline std::vector<double> minus(const ArmResults& arm, const std::string& a,
                                 const std::string& b) {
  return combine(arm.numbers(a), arm.numbers(b), [](double x, double y) { return x - y; });
}
/// Number a over number b of each cell.
inline std::vector<double> over(const ArmResults& arm, const std::string& a, const std::string& b) {
  return combine(arm.numbers(a), arm.numbers(b), [](double x, double y) { return x / y; });
}
/// The value that the given share of the seeds reaches or exceeds; the range is that of all.
inline Summary reached_by(double share, const std::vector<double>& values) {
  const Summary range = median_of(values);
  return {quantile(values, 1 - share), range.low, range.high};
}
/// The value that the given share of the seeds does not exceed.
inline Summary kept_by(double share, const std::vector<double>& values) {
  const Summary range = median_of(values);
  return {quantile(values, share), range.low, range.high};
}

/// The largest of the named numbers, of both learners where there are two.
inline Summary largest(const Results& r, const std::vector<const char*>& arms,
                       const std::vector<std::string>& names) {
  std::vector<double> all;
  for (const char* arm : arms) {
    for (const std::string& name : names) {
      for (const double x : r[arm].numbers(name)) {
        all.push_back(x);
      }
    }
  }
  return max_of(all);
}

inline void judge_exact(const Results& r, Claims& claims) {
  const std::vector<const char*> fitted{"path", "digits", "control-clean-digits", "half"};
  claims.expect("identity", "every fit: |d_adv - |z| cos(theta) / 2|")
      .source("theorem")
      .measured([=, &r] {
        return largest(r, fitted, {"svm_identity", "lr_identity"});
      })
      .at_most(1e-12);
  claims.expect("mirror", "every fit: |score of the mirror image + score|")
      .source("definition")
      .measured([=, &r] {
        return largest(r, fitted, {"svm_mirror", "lr_mirror"});
      })
      .at_most(1e-12);
  claims.expect("solved", "fits whose certificate is not within its tolerance")
      .source("duality gap, gradient norm")
      .measured([=, &r] {
        return max_of({largest(r, fitted, {"svm_unsolved", "lr_unsolved"}).value,
                       largest(r, {"half-size"}, {"svm_unsolved", "lr_unsolved"}).value,
                       largest(r, {"toy", "replicate"}, {"unsolved"}).value});
      })
      .equals(0);
}

inline void judge_planned(const Results& r, Claims& claims) {
  const ArmResults toy = r["toy"];
  claims.expect("toy-2d", "2-D toy, boundary turned by 0 to 89.9 degrees: largest error")
      .source("toy problem of the authors")
      .measured([=] { return max_of(toy.numbers("error")); })
      .equals(0);
  claims.expect("toy-2d-distance", "... |d_adv - 0.6 cos t|")
      .source("theorem")
      .measured([=] { return max_of(toy.numbers("distance_error")); })
      .at_most(1e-12);
  claims.expect("toy-2d-strength", "... strength at 89.9 degrees")
      .source("toy problem of the authors")
      .measured([=] { return min_of(toy.numbers("strength")); })
      .at_least(500);
  const double hard = degrees * theory::noisy_point_tilt(0.2, 0.07, -0.07);
  claims.expect("toy-noisy", "one noisy point: tilt of the SVM at penalty 1e-7 (degrees)")
      .source("derived: atan(27/7)")
      .measured([=] { return mean_of(toy.numbers("tilt_weak")); })
      .within(hard, 0.01);
  claims.expect("toy-noisy-reg", "... at penalty 1")
      .source("toy problem of the authors")
      .measured([=] { return max_of(toy.numbers("tilt_strong")); })
      .at_most(1);
  claims.expect("toy-noisy-fit", "... training errors at penalty 1e-7")
      .source("toy problem of the authors")
      .measured([=] { return max_of(toy.numbers("errors_weak")); })
      .equals(0);
  claims.expect("toy-noisy-error", "... at penalty 1: the noisy point")
      .source("toy problem of the authors")
      .measured([=] { return mean_of(toy.numbers("errors_strong")); })
      .equals(1);
  const ArmResults zero = r["zero-variance"];
  claims.expect("zero-var", "tilt of 1e6 along coordinates that are 0: changed predictions")
      .source("idea of the paper")
      .measured([=] { return max_of(zero.numbers("changed")); })
      .equals(0);
  claims.expect("zero-var-strength", "... strength over 1e6")
      .source("derived")
      .measured([=] {
        std::vector<double> shares = zero.numbers("strength");
        for (double& s : shares) {
          s /= 1e6;
        }
        return each(shares);
      })
      .within(1, 1e-6);
  const ArmResults planned = r["planned"];
  claims.expect("tilt-law", "error of 30 planned tilts against its closed form: largest |z-score|")
      .source("derived")
      .measured([=] { return max_of(planned.numbers("z_score")); })
      .at_most(4);
  claims
      .expect("tilt-slope",
              "tilt allowed at + 1 point of error: power of the spread, mean over seeds")
      .source("derived")
      .measured([=] {
        std::vector<double> slopes;
        for (const CellResult* cell : planned.cells()) {
          const ArmResults one({cell});
          std::vector<double> spreads, tilts;
          const std::vector<double> axes = one.axis("largest_tilt");
          const std::vector<double> row = one.series("largest_tilt").front();
          for (std::size_t k = 0; k < row.size(); ++k) {
            spreads.push_back(-std::log(axes[k]));
            tilts.push_back(std::log(row[k]));
          }
          slopes.push_back(metrics::fit_line(spreads, tilts).slope);
        }
        return mean_of(slopes);
      })
      .within(-1, 0.06);
  claims.expect("strength-cheap", "strength at + 1 point of error, along the axis of sd 1/100")
      .source("idea of the paper")
      .measured([=] { return min_of(planned.numbers("strength")); })
      .at_least(22);
}

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
        std::vector<double> ratios;
        const auto s = [&](double c) { return with(c).numbers("svm_strength_last"); };
        for (const double x : combine(s(5), s(2), [](double a, double b) { return a / b; })) {
          ratios.push_back(x);
        }
        for (const double x : combine(s(10), s(5), [](double a, double b) { return a / b; })) {
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
        return max_of(combine(digits.numbers("svm_theta_last"),
                              r["digits-other-size"].numbers("svm_theta_last"),
                              [](double a, double b) { return std::abs(a - b); }));
      })
      .at_most(6);
}

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
