// SPDX-License-Identifier: BSD-3-Clause
//
// Outliers with opposing signals have an outsized effect on neural network optimization
// Rosenfeld, Risteski 2023 (arXiv 2311.04163)
//
// A few samples have one large feature that pulls two groups in opposite directions. Descent first
// unlearns the feature (the sharpness falls), then learns the rest (the sharpness rises with it, up
// to alpha |beta|), then oscillates between the groups where the sharpness passes 2 / learning
// rate: a spike, which the second layer ends by shrinking. Adam hardly moves along the feature.
//
// The parts: population.cpp (flow and descent of the model without samples), net.cpp (a linear net
// on a sample), rules.cpp (update rules on mini-batches), claims*.cpp, figures*.cpp.

#include <string>
#include <vector>

#include "opposing_signals/claims.hpp"
#include "opposing_signals/figures.hpp"
#include "opposing_signals/metrics.hpp"
#include "opposing_signals/net.hpp"
#include "opposing_signals/population.hpp"
#include "opposing_signals/rules.hpp"
#include "opposing_signals/setting.hpp"
#include <gradus/study/study.hpp>

namespace gradus::examples {
namespace opposing {
namespace {

/// Whether a cell is one of an update rule on mini-batches.
bool is_of_rules(const Point& at) { return at.coordinates().front().first == "rate"; }

struct OpposingSignals {
  static constexpr Card card{
      .id = "opposing-signals",
      .title = "Outliers with opposing signals drive sharpness and loss spikes",
      .paper = "Rosenfeld, Risteski: Outliers with Opposing Signals Have an Outsized Effect on "
               "Neural Network Optimization, 2023, arXiv 2311.04163",
      .line = "a large feature that pulls two groups of outliers apart makes descent sharpen in "
              "proportion to what it learns, and spike at 2 / learning rate",
      .revision = 1};

  using Params = opposing::Params;
  static Params preset(Preset which) { return opposing::preset(which); }
  static void validate(const Params& params) { opposing::validate(params); }
  static std::vector<Metric> metrics() { return metric_list(); }
  static void judge(const Params& p, const Results& r, Claims& claims) {
    opposing::judge(p, r, claims);
  }
  static void draw(const Params& p, const Results& r, Figures& figures) {
    opposing::draw(p, r, figures);
  }

  static Plan<Params> plan(const Params& p) {
    const Index seeds = p.num_seeds;
    const auto net = [&](const char* name, std::vector<double> ratios) {
      return arm(name, p).grid("ratio", std::move(ratios)).seeds(seeds);
    };
    Plan<Params> plan{
        arm("flow", p).grid("beta_norm", {2, 4, 8, 16}).seeds(seeds),
        arm("curve", p).grid("alpha", {50, 200, 1000}).seeds(1),
        arm("depth", p).grid("depth", {1, 2, 3, 4}).grid("beta_norm", {8, 16, 32}).seeds(1),
        net("descent", descent_ratios),
        net("control-descent", {small_descent_ratio}),
        net("net", p.full ? net_ratios : std::vector<double>{net_ratios.front()}),
        net("control-small-rate", {small_net_ratio}),
        net("control-no-outliers", {net_ratios.front()}).with(&Params::scale, 0),
        net("control-not-large", {net_ratios.front()}).with(&Params::scale, 1 / p.size),
        net("control-same-sign", {net_ratios.front()})
            .with(&Params::opposed, false)
            .with(&Params::window, 20),
    };
    for (const std::string rule : {"sgd", "momentum", "adam", "sign"}) {
      plan.push_back(arm(rule, p)
                         .with(&Params::rule, rule)
                         .grid("rate", rates_of(rule, p.full))
                         .seeds(p.full || rule != "sign" ? p.rule_seeds : 0));
    }
    for (const std::string rule : {"sgd", "adam"}) {
      plan.push_back(arm("control-none-" + rule, p)
                         .with(&Params::rule, rule)
                         .with(&Params::scale, 0)
                         .grid("rate", rates_of(rule, false))
                         .seeds(p.rule_seeds));
    }
    return plan;
  }

  /// Floating-point operations of a cell, roughly.
  static double cost(const Params& p, const Point& at) {
    const std::string& name = at.arm();
    const auto d = static_cast<double>(p.dim + 1);
    const auto width = static_cast<double>(p.width);
    const auto steps = static_cast<double>(p.net_steps);
    if (name == "flow" || name == "curve" || name == "depth") {
      return 1e4 * (p.alpha + 100) * d / 4;
    }
    if (name == "descent" || name == "control-descent") {
      return 20 * d * static_cast<double>(p.descent_steps);
    }
    if (is_of_rules(at)) {
      return steps * d *
             (10 * width * static_cast<double>(p.batch_size) + 1e4 +
              2 * static_cast<double>(p.num_samples));
    }
    return d * d * width *
           (8 * 4000 + 150 * steps / static_cast<double>(p.sharpness_every) + 10 * steps);
  }

  /// One cell.
  static void run(const Params& p, const Point& at, const Stream& stream, Record& out) {
    const std::string& name = at.arm();
    if (name == "flow" || name == "curve" || name == "depth") {
      run_flow(p, name == "curve", stream, out);
    } else if (name == "descent" || name == "control-descent") {
      run_descent(p, at["ratio"], stream, out);
    } else if (is_of_rules(at)) {
      run_rule(p, at["rate"], stream, out);
    } else {
      run_net(p, at["ratio"], stream, out);
    }
  }
};

} // namespace
} // namespace opposing

study::Study opposing_signals() { return study::make_study<opposing::OpposingSignals>(); }

} // namespace gradus::examples
