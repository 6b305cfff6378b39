// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <cmath>
#include <string>
#include <vector>

#include "setting.hpp"
#include <gradus/metrics/trend.hpp>
#include <gradus/study/claims.hpp>
#include <gradus/study/results.hpp>
#include <gradus/study/summary.hpp>

namespace gradus::examples::tilting {

/// Number a minus number b of each cell.
inline std::vector<double> minus(const ArmResults& arm, const std::string& a,
                                 const std::string& b) {
  return differences(arm.numbers(a), arm.numbers(b));
}
/// Number a over number b of each cell.
inline std::vector<double> over(const ArmResults& arm, const std::string& a, const std::string& b) {
  return quotients(arm.numbers(a), arm.numbers(b));
}
/// The value that the given share of the seeds reaches or exceeds; the range is that of all.
inline Summary reached_by(double share, const std::vector<double>& values) {
  return quantile_of(values, 1 - share);
}
/// The value that the given share of the seeds does not exceed.
inline Summary kept_by(double share, const std::vector<double>& values) {
  return quantile_of(values, share);
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

} // namespace gradus::examples::tilting
