// SPDX-License-Identifier: BSD-3-Clause
//
// A boundary tilting perspective on adversarial examples
// Tanay, Griffin 2016 (arXiv 1608.07690)
//
// The mean distance of two classes to a linear boundary is half the distance of their centroids
// times the cosine of the angle to the nearest-centroid classifier. Tilting along directions of
// little variance makes it as small as one likes at unchanged accuracy; weak regularisation does.
//
// The parts: planned.hpp (boundaries tilted by hand), gaussian.hpp (paths of penalties on Gaussian
// classes), images.hpp (half images and drawn digits), fits.hpp, claims.hpp, figures.hpp.

#include <algorithm>

#include "boundary_tilting/claims.hpp"
#include "boundary_tilting/figures.hpp"
#include "boundary_tilting/gaussian.hpp"
#include "boundary_tilting/images.hpp"
#include "boundary_tilting/metrics.hpp"
#include "boundary_tilting/planned.hpp"
#include "boundary_tilting/setting.hpp"
#include <gradus/study/study.hpp>

namespace gradus::examples {
namespace tilting {
namespace {

struct BoundaryTilting {
  static constexpr Card card{
      .id = "boundary-tilting",
      .title = "Adversarial examples of linear classifiers are tilted boundaries",
      .paper = "Tanay, Griffin: A Boundary Tilting Perspective on the Phenomenon of Adversarial "
               "Examples, 2016, arXiv 1608.07690",
      .line = "a boundary tilted along directions of little variance is near every sample at "
              "unchanged accuracy, and weak regularisation tilts it",
      .revision = 1};

  using Params = tilting::Params;
  static Params preset(Preset which) { return tilting::preset(which); }
  static void validate(const Params& params) { tilting::validate(params); }
  static std::vector<Metric> metrics() { return metric_list(); }
  static void judge(const Params& p, const Results& r, Claims& claims) {
    tilting::judge(p, r, claims);
  }
  static void draw(const Params& p, const Results& r, Figures& figures) {
    tilting::draw(p, r, figures);
  }

  static Plan<Params> plan(const Params& p) {
    const Index seeds = p.num_seeds;
    return {
        arm("toy", p).seeds(1),
        arm("planned", p).seeds(seeds),
        arm("zero-variance", p).seeds(seeds),
        arm("path", p).seeds(p.path_seeds),
        arm("replicate", p).seeds(std::min<Index>(seeds, 2)),
        arm("half", p).grid("corrupted", {0, 2, 5, 10}).seeds(seeds),
        arm("half-size", p).grid("half_side", p.half_sides()).seeds(seeds),
        arm("digits", p).seeds(seeds),
        arm("digits-other-size", p)
            .with(&Params::digit_side, p.digit_other_side)
            .seeds(p.full ? seeds : 0),
        arm("control-isotropic-tilt", p).seeds(seeds),
        arm("control-isotropic", p).seeds(seeds),
        arm("control-clean-digits", p).with(&Params::swap, 0).seeds(seeds),
    };
  }

  /// Floating-point operations of a cell, roughly.
  static double cost(const Params& p, const Point& at) {
    const std::string& name = at.arm();
    const auto n = static_cast<double>(2 * p.num_train);
    if (name == "path" || name == "control-isotropic") {
      return 2e3 * n * n + 10 * static_cast<double>(p.num_lr_penalties) * n * 1e4;
    }
    if (name == "replicate") {
      return 4e3 * n * n;
    }
    if (name == "half" || name == "half-size") {
      const auto d = static_cast<double>(p.half_side * p.half_side);
      return n * n * d + 13 * (5 * n * n * n + 10 * n * d) + 2e3 * d;
    }
    if (name.find("digits") != std::string::npos) {
      const auto m = static_cast<double>(2 * p.digit_train);
      const auto d = static_cast<double>(p.digit_side * p.digit_side);
      return m * m * d +
             static_cast<double>(p.num_digit_penalties) * (20 * m * m * m + 20 * m * d) +
             100 * d * static_cast<double>(p.digit_test);
    }
    return 100 * static_cast<double>(p.num_test);
  }

  /// One cell.
  static void run(const Params& p, const Point& at, const Stream& stream, Record& out) {
    const std::string& name = at.arm();
    if (name == "toy") {
      run_toy(stream, out);
    } else if (name == "planned") {
      run_planned(p, stream, out);
    } else if (name == "control-isotropic-tilt") {
      run_isotropic_tilt(p, stream, out);
    } else if (name == "zero-variance") {
      run_zero_variance(p, stream, out);
    } else if (name == "path") {
      run_path(p, shrinking_classes(p), true, stream, out);
    } else if (name == "control-isotropic") {
      run_path(p, isotropic_classes(p), false, stream, out);
    } else if (name == "replicate") {
      run_replicated(p, stream, out);
    } else if (name == "half" || name == "half-size") {
      run_half_images(p, stream, out);
    } else {
      run_digits(p, name != "digits-other-size", stream, out);
    }
  }
};

} // namespace
} // namespace tilting

study::Study boundary_tilting() { return study::make_study<tilting::BoundaryTilting>(); }

} // namespace gradus::examples
