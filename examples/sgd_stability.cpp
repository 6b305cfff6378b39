// SPDX-License-Identifier: BSD-3-Clause
//
// The Implicit Regularization of Dynamical Stability in Stochastic Gradient Descent
// Wu, Su 2023 (arXiv 2305.17490, ICML 2023)
//
// A minimum at which SGD stays has Tr(H) <= 2 / eta; full gradient descent asks only for
// lambda_max(H) <= 2 / eta. The trace bounds the l1 norm of a diagonal linear network and the path
// norm of a ReLU network, so a larger step size makes SGD, not GD, find simpler solutions.
//
// The parts: linear.cpp (thresholds of linear models), diagonal.cpp, relu.cpp (networks),
// training.hpp (runs and when they end), minimum.cpp (what is measured), claims_*.cpp, figures.cpp.

#include <string>

#include "sgd_stability/claims.hpp"
#include "sgd_stability/experiments.hpp"
#include "sgd_stability/figures.hpp"
#include "sgd_stability/metrics.hpp"
#include "sgd_stability/setting.hpp"
#include <gradus/study/study.hpp>

namespace gradus::examples {
namespace dynamical_stability {
namespace {

struct SgdStability {
  static constexpr Card card{
      .id = "sgd-stability",
      .title = "The implicit regularisation of SGD by dynamical stability",
      .paper = "Wu, Su: The Implicit Regularization of Dynamical Stability in Stochastic Gradient "
               "Descent, 2023, arXiv 2305.17490",
      .line = "SGD stays only where Tr(H) <= 2 / eta, so a larger step size finds a smaller norm; "
              "full gradient descent is held by lambda_max alone and finds none",
      .revision = 1};

  using Params = dynamical_stability::Params;
  static Params preset(Preset which) { return dynamical_stability::preset(which); }
  static void validate(const Params& params) { dynamical_stability::validate(params); }
  static std::vector<Metric> metrics() { return metric_list(); }
  static void judge(const Params& p, const Results& r, Claims& claims) {
    judge_linear(r, claims);
    judge_diagonal(p, r, claims);
    judge_motion(p, r, claims);
    judge_relu(p, r, claims);
    judge_controls(p, r, claims);
  }
  static void draw(const Params& p, const Results& r, Figures& figures) {
    dynamical_stability::draw(p, r, figures);
  }

  static Plan<Params> plan(const Params& p) {
    const Index seeds = p.num_seeds;
    Plan<Params> plan{
        arm("gauss", p).seeds(seeds),
        arm("spiked", p).seeds(seeds),
        arm("steep", p).seeds(seeds),
        arm("control-coherent", p).seeds(seeds),
        arm("diagonal", p).grid("rate", p.rates()).grid("batch", p.batches()).seeds(seeds),
        arm("imbalance", p).grid("batch", {1, all_examples}).seeds(seeds),
        arm("escape", p).seeds(seeds),
    };
    if (p.full()) {
      plan.push_back(arm("balance", p)
                         .grid("start_ratio", {2, 4, 8})
                         .grid("batch", {1, all_examples})
                         .seeds(seeds));
      plan.push_back(arm("relu", p).grid("rate", p.relu_rates()).seeds(p.relu_seeds));
      plan.push_back(
          arm("control-relu-descent", p).grid("rate", p.relu_descent_rates()).seeds(p.relu_seeds));
    }
    return plan;
  }

  /// Floating-point operations of a cell, roughly.
  static double cost(const Params& p, const Point& at) {
    const std::string& name = at.arm();
    const auto steps = 0.4 * static_cast<double>(p.max_steps);
    const auto d = static_cast<double>(p.dim);
    const auto n = static_cast<double>(p.examples);
    const auto units = static_cast<double>(p.relu_dim * p.relu_width);
    if (name == "diagonal" || name == "balance") {
      const double batch = at["batch"];
      return steps * (500 + 4 * d * (batch == all_examples ? n : batch));
    }
    if (name == "escape") {
      return steps * (500 + 12 * d * n);
    }
    if (name == "relu") {
      return steps * (4000 + 6 * units);
    }
    if (name == "control-relu-descent") {
      return 0.5 * steps * (4000 + 6 * units * static_cast<double>(p.relu_examples));
    }
    return 300 * static_cast<double>(p.linear_runs);
  }

  /// One cell.
  static void run(const Params& p, const Point& at, const Stream& stream, Record& out) {
    const std::string& name = at.arm();
    if (name == "gauss") {
      run_linear(p, LinearData::gauss, stream, out);
    } else if (name == "spiked") {
      run_linear(p, LinearData::spiked, stream, out);
    } else if (name == "steep") {
      run_linear(p, LinearData::steep, stream, out);
    } else if (name == "control-coherent") {
      run_linear(p, LinearData::coherent, stream, out);
    } else if (name == "diagonal") {
      run_diagonal(p, at, stream, out);
    } else if (name == "imbalance") {
      run_imbalance(p, at, stream, out);
    } else if (name == "escape") {
      run_escape(p, stream, out);
    } else if (name == "balance") {
      run_balance(p, at, stream, out);
    } else {
      run_relu(p, at["rate"], name == "relu" ? 1 : all_examples, stream, out);
    }
  }
};

} // namespace
} // namespace dynamical_stability

study::Study sgd_stability() { return study::make_study<dynamical_stability::SgdStability>(); }

} // namespace gradus::examples
