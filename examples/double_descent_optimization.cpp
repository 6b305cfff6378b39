// SPDX-License-Identifier: BSD-3-Clause
//
// Double descent needs an optimizer that gets there
// Liu, Flanigan 2023 (arXiv 2312.03951)
//
// The test error peaks where parameters are as many as samples if, and only if, the optimizer finds
// a minimum of low loss. Whatever slows it down (steps, rate, momentum, batch size, the scale of
// the first layer or of single features) acts through the condition number on the loss, and so on
// the peak.
//
// The parts: features.hpp (random features, with problem.hpp and optimizers.hpp), network.hpp (two
// layers), gaussian.hpp (condition numbers that have laws), curves.hpp, claims.hpp, figures.hpp.

#include <algorithm>
#include <vector>

#include "double_descent_optimization/claims.hpp"
#include "double_descent_optimization/features.hpp"
#include "double_descent_optimization/figures.hpp"
#include "double_descent_optimization/gaussian.hpp"
#include "double_descent_optimization/metrics.hpp"
#include "double_descent_optimization/network.hpp"
#include "double_descent_optimization/setting.hpp"
#include <gradus/study/study.hpp>

namespace gradus::examples {
namespace double_descent {
namespace {

struct DoubleDescentOptimization {
  static constexpr Card card{
      .id = "double-descent-optimization",
      .title = "Double descent needs an optimizer that gets there",
      .paper = "Liu, Flanigan: Understanding the Role of Optimization in Double Descent, 2023, "
               "arXiv 2312.03951",
      .line =
          "the peak at as many parameters as samples is there if and only if training reaches a "
          "low loss",
      .revision = 1};

  using Params = double_descent::Params;
  static Params preset(Preset which) { return double_descent::preset(which); }
  static void validate(const Params& params) { double_descent::validate(params); }
  static std::vector<Metric> metrics() { return metric_list(); }
  static void judge(const Params& p, const Results& r, Claims& claims) {
    double_descent::judge(p, r, claims);
  }
  static void draw(const Params& p, const Results& r, Figures& figures) {
    double_descent::draw(p, r, figures);
  }

  static Plan<Params> plan(const Params& p) {
    Plan<Params> plan{
        arm("relu", p).seeds(p.draws),
        arm("tanh", p).grid("scale", p.scales()).seeds(p.draws),
        arm("time", p).seeds(p.time_draws),
        arm("risk", p).seeds(p.risk_draws),
        arm("gaussian", p).seeds(p.full ? 8 : 2),
        arm("square", p).seeds((p.square_draws + squares_a_cell - 1) / squares_a_cell),
        arm("network", p).grid("width", p.widths()).seeds(p.net_draws)};
    if (p.full) {
      plan.push_back(arm("centred", p).seeds(p.draws));
      plan.push_back(arm("columns", p).grid("normed", {0, 1}).seeds(p.draws));
      plan.push_back(arm("minibatches", p).grid("batch", batch_sizes).seeds(p.draws));
    }
    return plan;
  }

  /// Milliseconds of a cell, roughly, at the default sizes; they grow with the cube of these.
  static double cost(const Params& p, const Point& at) {
    const auto cube = [](Index size, double standard) {
      const double ratio = static_cast<double>(size) / standard;
      return ratio * ratio * ratio;
    };
    if (at.arm() == "network") {
      return cube(p.net_samples, 60) * (50 + 5 * at["width"]);
    }
    if (at.arm() == "risk") {
      return cube(p.risk_samples, 150) * 150;
    }
    if (at.arm() == "gaussian") {
      return cube(p.gaussian_size, 400) * 200;
    }
    if (at.arm() == "square") {
      return cube(p.square_size, 100) * 10;
    }
    return cube(p.num_samples, 100) * (at.arm() == "relu" ? 400 : 80);
  }

  /// One cell.
  static void run(const Params& p, const Point& at, const Stream& stream, Record& out) {
    const std::string& arm = at.arm();
    if (arm == "relu") {
      run_relu(p, stream, out);
    } else if (arm == "minibatches") {
      run_minibatches(p, static_cast<Index>(at["batch"]), stream, out);
    } else if (arm == "centred") {
      run_centred(p, stream, out);
    } else if (arm == "tanh") {
      run_tanh(p, at["scale"], 0, false, stream, out);
    } else if (arm == "columns") {
      run_tanh(p, 1, 1.5, at["normed"] == 1, stream, out);
    } else if (arm == "time") {
      run_time(p, stream, out);
    } else if (arm == "risk") {
      run_risk(p, stream, out);
    } else if (arm == "gaussian") {
      run_gaussian(p, stream, out);
    } else if (arm == "square") {
      run_square(p, stream, out);
    } else {
      run_network(p, static_cast<Index>(at["width"]), stream, out);
    }
  }
};

} // namespace
} // namespace double_descent

study::Study double_descent_optimization() {
  return study::make_study<double_descent::DoubleDescentOptimization>();
}

} // namespace gradus::examples
