// SPDX-License-Identifier: BSD-3-Clause
//
// High-dimensional dynamics of generalization error in neural networks
// Advani, Saxe 2017 (arXiv 1710.03667; Neural Networks 132, 2020)
//
// A linear student descends on the noisy labels of a linear teacher. For many parameters N and
// samples P = alpha N the errors at every time follow from Marchenko and Pastur's law: overtraining
// is worst at alpha = 1, and weights along which no sample points are frozen where they started.
// Deep linear chains and ReLU students behave alike.
//
// The parts: linear.hpp, deep.hpp, relu.hpp, claims.hpp, figures.hpp.

#include <algorithm>
#include <string>
#include <vector>

#include "highdim_dynamics/claims.hpp"
#include "highdim_dynamics/deep.hpp"
#include "highdim_dynamics/figures.hpp"
#include "highdim_dynamics/linear.hpp"
#include "highdim_dynamics/metrics.hpp"
#include "highdim_dynamics/relu.hpp"
#include "highdim_dynamics/setting.hpp"
#include <gradus/study/study.hpp>

namespace gradus::examples {
namespace highdim {
namespace {

struct HighdimDynamics {
  static constexpr Card card{
      .id = "highdim-dynamics",
      .title = "High-dimensional dynamics of generalization error",
      .paper = "Advani, Saxe: High-dimensional dynamics of generalization error in neural "
               "networks, 2017, arXiv 1710.03667",
      .line = "overtraining is worst at samples = parameters and vanishes for much larger nets, "
              "by the integral over Marchenko-Pastur at every time",
      .revision = 2};

  using Params = highdim::Params;
  static Params preset(Preset which) { return highdim::preset(which); }
  static void validate(const Params& params) { highdim::validate(params); }
  static std::vector<Metric> metrics() { return metric_list(); }
  static void judge(const Params& p, const Results& r, Claims& claims) {
    highdim::judge(p, r, claims);
  }
  static void draw(const Params& p, const Results& r, Figures& figures) {
    highdim::draw(p, r, figures);
  }

  static Plan<Params> plan(const Params& p) {
    const std::vector<double> three{0.5, 1, 2};
    Plan<Params> plan{arm("curve", p).grid("alpha", three),
                      arm("curve-low-snr", p).with(&Params::snr, 1).grid("alpha", three)};
    if (p.full) {
      plan.push_back(arm("curve-start", p).with(&Params::inr, 2).grid("alpha", three));
    }
    plan.push_back(arm("sweep", p).grid("alpha", p.ratios()));
    plan.push_back(
        arm("stopping", p).grid("alpha", {0.5, 2, 4}).grid("snr", {0.3, 1, 3, 10, 30, 100}));
    plan.push_back(arm("noise-only", p).with(&Params::snr, 0).with(&Params::alpha, 1));
    plan.push_back(arm("finite-over", p).with(&Params::dim, 20).with(&Params::alpha, 2));
    plan.push_back(arm("steps", p).with(&Params::alpha, 0.5).with(&Params::inr, 2).seeds(3));
    plan.push_back(arm("theory", p));
    if (p.full) {
      plan.push_back(arm("finite-under", p).with(&Params::dim, 40).with(&Params::alpha, 0.5));
      plan.push_back(arm("deep", p).with(&Params::dim, 60).with(&Params::alpha, 0.5));
      plan.push_back(arm("deep-sweep", p).with(&Params::dim, 40).grid("alpha", p.ratios()));
    }
    plan.push_back(arm("relu", p).grid("width", p.widths()));
    const auto samples = static_cast<double>(p.relu_samples);
    const std::vector<double> few{samples / 2, samples, 2 * samples, 4 * samples};
    plan.push_back(arm("relu-clean", p).with(&Params::relu_noise, 0).grid("width", few));
    plan.push_back(
        arm("relu-misfit", p).with(&Params::relu_noise, 0).with(&Params::width, p.relu_samples));
    plan.push_back(arm("relu-steps", p).with(&Params::width, p.relu_samples / 2).seeds(3));
    if (p.full) {
      plan.push_back(arm("both", p).grid("width", both_widths()).seeds(p.both_draws));
    }
    return plan;
  }

  /// Floating-point operations of a cell, roughly; eigenvalue problems count five times.
  static double cost(const Params& p, const Point& at) {
    const auto n = static_cast<double>(p.dim);
    const double samples = n * p.alpha;
    const double small = std::min(n, samples);
    const double one = 2 * n * samples * small + 100 * small * small * small;
    const auto relu = [&] {
      const auto width = static_cast<double>(p.width);
      const auto m = static_cast<double>(p.relu_samples);
      const double least = std::min(width, m);
      return static_cast<double>(p.relu_draws) *
             (width * width * (200 + width / 3) + 100 * least * least * least);
    };
    if (at.arm() == "stopping") {
      return static_cast<double>(p.stopping_draws) * (one + 3e4 * n);
    }
    if (at.arm() == "finite-over" || at.arm() == "finite-under") {
      return static_cast<double>(p.finite_draws) * one;
    }
    if (at.arm() == "steps") {
      return 16000 * n * samples;
    }
    if (at.arm() == "deep") {
      return 30000 * (12 * 20 * n * samples + 2e4);
    }
    if (at.arm() == "deep-sweep") {
      return static_cast<double>(p.deep_draws) * 3e4 * n * n;
    }
    if (at.arm() == "both") {
      return static_cast<double>(p.both_steps) * (6e3 * static_cast<double>(p.width) + 1e4);
    }
    if (at.arm() == "theory") {
      return 2e8;
    }
    return at.arm().starts_with("relu") ? relu() : static_cast<double>(p.draws) * (one + 4e4 * n);
  }

  /// One cell.
  static void run(const Params& p, const Point& at, const Stream& stream, Record& out) {
    const std::string& arm = at.arm();
    if (arm.starts_with("curve")) {
      run_curves(p, stream, out);
    } else if (arm == "sweep") {
      run_sweep(p, stream, out);
    } else if (arm == "stopping") {
      run_stopping(p, stream, out);
    } else if (arm == "noise-only") {
      run_noise_only(p, stream, out);
    } else if (arm.starts_with("finite")) {
      run_finite(p, stream, out);
    } else if (arm == "steps") {
      run_steps(p, stream, out);
    } else if (arm == "theory") {
      run_theory(out);
    } else if (arm == "deep") {
      run_deep(p, stream, out);
    } else if (arm == "deep-sweep") {
      run_deep_sweep(p, stream, out);
    } else if (arm == "relu-steps") {
      run_relu_steps(p, stream, out);
    } else if (arm == "both") {
      run_both(p, stream, out);
    } else {
      run_relu(p, stream, out, arm == "relu-clean");
    }
  }
};

} // namespace
} // namespace highdim

study::Study highdim_dynamics() { return study::make_study<highdim::HighdimDynamics>(); }

} // namespace gradus::examples
