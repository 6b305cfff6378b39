// SPDX-License-Identifier: BSD-3-Clause
//
// diffGrad: An Optimization Method for Convolutional Neural Networks
// Dubey, Chakraborty, Roy, Mukherjee, Singh, Chaudhuri 2019 (arXiv 1909.11015)
//
// Adam's step times a friction coefficient xi = sigmoid(|g_{t-1} - g_t|) avoids Adam's overshoot on
// functions of one variable. Measured closely, the gain is that of halving Adam's step, in a
// network exactly so, and the printed regret theorem inherits Adam's counterexample.
//
// The parts: paths.hpp (functions of one variable), regret.hpp (online problems), network.hpp
// (drawn digits), claims.hpp, figures.hpp.

#include <string>
#include <utility>
#include <vector>

#include "diffgrad/claims.hpp"
#include "diffgrad/figures.hpp"
#include "diffgrad/metrics.hpp"
#include "diffgrad/network.hpp"
#include "diffgrad/paths.hpp"
#include "diffgrad/regret.hpp"
#include "diffgrad/setting.hpp"
#include <gradus/study/study.hpp>

namespace gradus::examples {
namespace gradient_friction {
namespace {

struct DiffGradStudy {
  static constexpr Card card{
      .id = "diffgrad",
      .title = "diffGrad against Adam",
      .paper = "Dubey, Chakraborty, Roy, Mukherjee, Singh, Chaudhuri: diffGrad: An Optimization "
               "Method for Convolutional Neural Networks, 2019, arXiv 1909.11015",
      .line = "friction from the change of the gradient avoids Adam's overshoot in one dimension; "
              "in a network it is Adam at half the learning rate",
      .revision = 1};

  using Params = gradient_friction::Params;
  static Params preset(Preset which) { return gradient_friction::preset(which); }
  static void validate(const Params& params) { gradient_friction::validate(params); }
  static std::vector<Metric> metrics() { return metric_list(); }
  static void judge(const Params& p, const Results& r, Claims& claims) {
    gradient_friction::judge(p, r, claims);
  }
  static void draw(const Params& p, const Results& r, Figures& figures) {
    gradient_friction::draw(p, r, figures);
  }

  static Plan<Params> plan(const Params& p) {
    Plan<Params> plan{arm("paths", p).grid("function", {1, 2, 3}),
                      arm("sweep", p).grid("function", {1, 2, 3}),
                      arm("regret", p).seeds(p.regret_seeds),
                      arm("counterexample", p).grid("C", {2.2, 3, 4, 10}),
                      arm("control-beta1", p).with(&Params::beta1, 0.9).grid("function", {1, 2}),
                      arm("control-scale", p).with(&Params::scale, 100.0).grid("function", {1})};
    const auto network = [&](const char* rule, std::vector<double> rates) {
      plan.push_back(arm(std::string("network-") + rule, p)
                         .with(&Params::rule, rule)
                         .grid("learning_rate", std::move(rates))
                         .seeds(p.network_seeds));
    };
    const std::vector<double> usual =
        p.all_rules ? std::vector<double>{0.001, 0.003, 0.01, 0.03} : std::vector<double>{0.03};
    network("adam", usual);
    network("half", usual);
    network("diffgrad", usual);
    if (p.all_rules) {
      network("amsgrad", usual);
      network("rmsprop", usual);
      network("momentum", {0.003, 0.01, 0.03, 0.1});
      network("adagrad", {0.01, 0.03, 0.1, 0.3});
      network("adadelta", {0.3, 1, 3, 10});
    }
    return plan;
  }

  /// Floating-point operations of a cell, roughly.
  static double cost(const Params& p, const Point& at) {
    const std::string& name = at.arm();
    const auto step = 100.0; // of a parameter that is alone
    if (name == "sweep") {
      return 3 * step * static_cast<double>(p.sweep_starts * p.sweep_rates * p.positions);
    }
    if (name == "regret") {
      return 2 * step * static_cast<double>(p.streams * p.rounds);
    }
    if (name == "counterexample") {
      return 4 * step * static_cast<double>(p.rounds);
    }
    if (name.starts_with("network")) {
      return 6 * 74.0 * static_cast<double>(p.width * p.num_train * p.epochs);
    }
    return 12 * step * static_cast<double>(p.positions);
  }

  /// One cell. What is deterministic has one, whatever the seed.
  static void run(const Params& p, const Point& at, const Stream& stream, Record& out) {
    const std::string& name = at.arm();
    if (name == "sweep") {
      run_sweep(p, at, out);
    } else if (name == "regret") {
      run_stationary(p, stream, out);
    } else if (name == "counterexample") {
      run_counterexample(p, at, out);
    } else if (name.starts_with("network")) {
      run_network(p, at, stream, out);
    } else {
      run_paths(p, at, out);
    }
  }
};

} // namespace
} // namespace gradient_friction

study::Study diffgrad() { return study::make_study<gradient_friction::DiffGradStudy>(); }

} // namespace gradus::examples
