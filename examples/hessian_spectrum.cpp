// SPDX-License-Identifier: BSD-3-Clause
//
// Empirical analysis of the Hessian of over-parametrized neural networks
// Sagun, Evci, Guney, Dauphin, Bottou 2017 (arXiv 1706.04454)
//
// After training the Hessian is a heap of zeros and a few outliers. There are as many outliers as
// the inputs have clusters, whatever the network is; more parameters add zeros only; the outliers
// belong to the Gauss-Newton part; small batches lead on from a large-batch solution in one basin.
//
// The parts: network.hpp (data, network, descent), measures.hpp (a function for each experiment;
// measures.cpp, matrix_free.cpp, basin.cpp), spectra.hpp (eigensolvers), claims.hpp, figures.cpp.

#include <string>
#include <utility>

#include "hessian_spectrum/claims.hpp"
#include "hessian_spectrum/measures.hpp"
#include "hessian_spectrum/metrics.hpp"
#include "hessian_spectrum/setting.hpp"
#include <gradus/study/study.hpp>

namespace gradus::examples {
namespace hessian {
namespace {

struct HessianSpectrum {
  static constexpr Card card{
      .id = "hessian-spectrum",
      .title = "The Hessian's outliers count the clusters of the data",
      .paper = "Sagun, Evci, Guney, Dauphin, Bottou: Empirical Analysis of the Hessian of "
               "Over-Parametrized Neural Networks, 2017, arXiv 1706.04454",
      .line =
          "the Hessian of a trained network is a heap of zeros and one outlier for each cluster "
          "of the data, whatever the network",
      .revision = 1};

  using Params = hessian::Params;
  static Params preset(Preset which) { return hessian::preset(which); }
  static void validate(const Params& params) { hessian::validate(params); }
  static std::vector<Metric> metrics() { return metric_list(); }
  static void judge(const Params& p, const Results& r, Claims& claims) {
    hessian::judge(p, r, claims);
  }
  static void draw(const Params& p, const Results& r, Figures& figures) {
    hessian::draw(p, r, figures);
  }

  /// Six clusters that overlap, as many classes, some labels wrong, a fixed number of steps.
  static Arm<Params> basin_arm(std::string name, const Params& p) {
    return arm(std::move(name), p)
        .with(&Params::clusters, 6)
        .with(&Params::outputs, 0)
        .with(&Params::spread, 1.0)
        .with(&Params::redrawn, 0.1)
        .with(&Params::num_samples, 300)
        .with(&Params::width, 32)
        .with(&Params::steps, 500)
        .with(&Params::target, 0.0)
        .seeds(p.num_seeds);
  }
  /// Labels or inputs without what makes the outliers; trained for long, not to a loss.
  static Arm<Params> control_arm(std::string name, const Params& p) {
    return arm(std::move(name), p).with(&Params::steps, 3000).seeds(p.num_seeds);
  }
  /// Two hidden layers.
  static Arm<Params> deep_arm(std::string name, const char* activation, const Params& p) {
    return arm(std::move(name), p)
        .with(&Params::hidden_layers, 2)
        .with(&Params::width, 24)
        .with(&Params::activation, activation)
        .seeds(p.num_seeds);
  }

  static Plan<Params> plan(const Params& p) {
    const Index seeds = p.num_seeds;
    Plan<Params> plan{
        arm("main", p).grid("clusters", {2, 4, 6, 8}).seeds(seeds),
        arm("identities", p)
            .with(&Params::width, 16)
            .grid("clusters", {2, 4, 6, 8})
            .seeds(p.full ? 3 : 1),
        basin_arm("basin", p),
        control_arm("control-no-clusters", p)
            .with(&Params::inputs, "one-gaussian")
            .with(&Params::labels, "random"),
        basin_arm("control-far", p),
        basin_arm("control-full-batch", p),
    };
    if (p.full) {
      plan.push_back(arm("init", p).grid("clusters", {6, 8}).seeds(p.start_seeds));
      plan.push_back(
          arm("classes", p).with(&Params::outputs, 0).grid("clusters", {4, 6, 8}).seeds(seeds));
      plan.push_back(arm("width", p).grid("width", {16, 32, 64}).seeds(p.width_seeds));
      plan.push_back(arm("separability", p).grid("spread", {0.3, 0.5, 0.7}).seeds(p.width_seeds));
      plan.push_back(deep_arm("deep-relu", "relu", p));
      plan.push_back(deep_arm("deep-tanh", "tanh", p));
      plan.push_back(arm("same-init", p).with(&Params::spread, 0.5).seeds(seeds));
      plan.push_back(arm("matrix-free", p).seeds(3));
      plan.push_back(control_arm("control-teacher", p)
                         .with(&Params::inputs, "one-gaussian")
                         .with(&Params::labels, "teacher"));
      plan.push_back(control_arm("control-random-labels", p).with(&Params::labels, "random"));
      plan.push_back(control_arm("control-random-3", p)
                         .with(&Params::outputs, 3)
                         .with(&Params::labels, "random"));
    }
    if (p.paper_nets) {
      plan.push_back(arm("paper", p)
                         .with(&Params::dim, 100)
                         .with(&Params::clusters, 10)
                         .with(&Params::outputs, 0)
                         .with(&Params::num_samples, 1000)
                         .with(&Params::hidden_layers, 2)
                         .grid("width", {10, 30, 50, 70})
                         .seeds(3));
    }
    return plan;
  }

  /// Parameters of a cell's network.
  static double size_of(const Params& p) {
    const auto h = static_cast<double>(p.width);
    return h * static_cast<double>(p.dim + p.num_outputs()) +
           h * h * static_cast<double>(p.hidden_layers - 1);
  }
  static bool is_large(const Params& p) { return size_of(p) > static_cast<double>(p.dense_limit); }

  /// Floating-point operations of a cell, roughly: eigensolves and steps.
  static double cost(const Params& p, const Point& at) {
    const std::string& name = at.arm();
    const double size = size_of(p);
    const auto n = static_cast<double>(p.num_samples);
    const double step = 10 * size * n;
    const double solve = 4 * size * size * size;
    if (name == "basin" || name == "control-full-batch") {
      return step * static_cast<double>(name == "basin" ? p.sgd_steps / 5 : p.sgd_steps);
    }
    if (name == "control-far") {
      return 1000 * step;
    }
    if (is_large(p)) {
      return 1500 * step;
    }
    const double steps = name == "init" ? 0 : name.rfind("control", 0) == 0 ? 3000 : 500;
    const double solves = name == "identities" ? 6 : name == "main" || name == "same-init" ? 2 : 1;
    return steps * step + solves * solve + n * size * size;
  }

  /// One cell.
  static void run(const Params& p, const Point& at, const Stream& stream, Record& out) {
    const std::string& name = at.arm();
    if (name == "main") {
      run_main(p, stream, out);
    } else if (name == "init") {
      run_start(p, stream, out);
    } else if (name == "identities") {
      run_identities(p, stream, out);
    } else if (name == "matrix-free") {
      run_matrix_free(p, stream, out);
    } else if (name == "basin") {
      run_basin(p, stream, out);
    } else if (name == "control-far") {
      run_far(p, stream, out);
    } else if (name == "control-full-batch") {
      run_full_batch(p, stream, out);
    } else if (name == "same-init") {
      run_same_start(p, stream, out);
    } else if (is_large(p)) {
      run_large(p, stream, out);
    } else {
      run_trained(p, stream, out);
    }
  }
};

} // namespace
} // namespace hessian

study::Study hessian_spectrum() { return study::make_study<hessian::HessianSpectrum>(); }

} // namespace gradus::examples
