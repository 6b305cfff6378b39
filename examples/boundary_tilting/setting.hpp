// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <cmath>
#include <numbers>
#include <vector>

#include <gradus/core/error.hpp>
#include <gradus/core/types.hpp>
#include <gradus/data/gaussian_classes.hpp>
#include <gradus/study/card.hpp>
#include <gradus/study/parameter.hpp>
#include <gradus/study/plan.hpp>
#include <gradus/theory/boundary_tilting.hpp>

namespace gradus::examples::tilting {

using namespace gradus::study;

inline constexpr double degrees = 180 / std::numbers::pi; ///< in a radian

/// Distance of the means from the boundary, in standard deviations, at 5 % error.
inline constexpr double five_percent = 1.645;

/// Settings of the boundaries tilted by hand, the paths on Gaussian classes and on images.
struct Params {
  Index dim = 100;
  Index num_train = 100;
  Index num_penalties = 29;
  Index num_lr_penalties = 19;
  double error = 0.05;
  Index num_test = 20'000;
  Index half_side = 16;
  Index corrupted = 5;
  Index digit_side = 20;
  Index digit_other_side = 40;
  Index digit_train = 100;
  Index swap = 3;
  Index digit_test = 1000;
  Index num_digit_penalties = 19;
  Index num_seeds = 6;
  Index path_seeds = 48;
  double tolerance = 1e-4;
  Index largest_half = 64;
  bool full = true;

  static void visit(auto&& self, auto&& field) {
    field("dim", self.dim, "dimensions of the Gaussian classes", between(10, 2000));
    field("num_train", self.num_train, "training samples of a class, half images too",
          between(10, 5000));
    field("num_penalties", self.num_penalties, "penalties of the SVM on Gaussian classes",
          between(3, 1000));
    field("num_lr_penalties", self.num_lr_penalties, "the same for logistic regression",
          between(3, 1000));
    field("error", self.error, "error of the nearest-centroid classifier of the two populations",
          between(1e-3, 0.4));
    field("num_test", self.num_test, "test points of the boundaries tilted by hand",
          between(100, 1e8));
    field("half_side", self.half_side, "side of the half images", between(4, 256), "pixels");
    field("corrupted", self.corrupted, "half images of a class that are noise everywhere",
          at_least(0));
    field("digit_side", self.digit_side, "side of the drawn digits", between(8, 256), "pixels");
    field("digit_other_side", self.digit_other_side, "side at which they are drawn again",
          outside_cells(between(8, 256)), "pixels");
    field("digit_train", self.digit_train, "training images of a digit", between(10, 5000));
    field("swap", self.swap, "of these, how many get the other label", at_least(0));
    field("digit_test", self.digit_test, "test images of a digit", between(10, 1e6));
    field("num_digit_penalties", self.num_digit_penalties, "penalties on digits", between(3, 1000));
    field("num_seeds", self.num_seeds, "seeds of each arm", outside_cells(at_least(1)));
    field("path_seeds", self.path_seeds, "seeds of the paths on Gaussian classes",
          outside_cells(at_least(1)));
    field("tolerance", self.tolerance, "bound on the SVM's projected gradient on Gaussian classes",
          between(1e-10, 0.1));
    field("largest_half", self.largest_half, "largest side of the half images",
          outside_cells(between(8, 256)), "pixels");
    field("full", self.full, "all sizes, and claims on test errors (true), or identities and laws",
          outside_cells(yes_or_no()));
  }

  /// Sides at which half images are drawn besides half_side, which the arm "half" has.
  [[nodiscard]] std::vector<double> half_sides() const {
    std::vector<double> sides{8};
    for (const Index side : {Index{32}, Index{64}, Index{100}}) {
      if (full && side <= largest_half) {
        sides.push_back(static_cast<double>(side));
      }
    }
    return sides;
  }
};

/// The three sizes.
inline Params preset(Preset which) {
  Params params;
  if (which == Preset::quick) {
    params.num_penalties = 15;
    params.num_lr_penalties = 10;
    params.digit_side = 14;
    params.digit_train = 60;
    params.digit_test = 200;
    params.num_digit_penalties = 7;
    params.num_seeds = 2;
    params.path_seeds = 2;
    params.full = false;
  } else if (which == Preset::paper) {
    params.digit_side = 56;
    params.digit_other_side = 28;
    params.digit_train = 1000;
    params.swap = 30;
    params.num_seeds = 10;
    params.path_seeds = 50;
    params.largest_half = 100;
  }
  return params;
}

/// Throws an ArgumentError for values that do not go together.
inline void validate(const Params& p) {
  require(p.half_side % 2 == 0, "half_side", p.half_side, "even");
  require(p.corrupted <= p.num_train, "corrupted", p.corrupted, "at most num_train");
  require(p.swap <= p.digit_train, "swap", p.swap, "at most digit_train");
}

/// count penalties from 10^first down to 10^last, times the number of pixels over that of the
/// reference size: |x|^2 grows with it.
inline std::vector<double> falling_penalties(double first, double last, Index count,
                                             double scale = 1) {
  std::vector<double> penalties;
  for (const double exponent : linspace(first, last, count)) {
    penalties.push_back(scale * std::pow(10.0, exponent));
  }
  return penalties;
}

/// Classes whose variances fall as 1 / k^2 and whose means fall faster, |mean_k| ~ sd_k / k with
/// random signs, such that the nearest-centroid classifier errs as asked.
inline data::GaussianClasses shrinking_classes(const Params& p) {
  data::GaussianClasses classes{Vector<double>(p.dim), data::power_law_variances(p.dim, 2)};
  for (Index k = 0; k < p.dim; ++k) {
    classes.mean(k) = std::sqrt(classes.variances(k)) / static_cast<double>(k + 1);
  }
  classes.mean *= theory::mean_scale_for_error(classes, p.error);
  return classes;
}

/// Control: all directions vary alike, and the mean lies along the first axis.
inline data::GaussianClasses isotropic_classes(const Params& p) {
  return {five_percent * Vector<double>::Unit(p.dim, 0), Vector<double>::Ones(p.dim)};
}

} // namespace gradus::examples::tilting
