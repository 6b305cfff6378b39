// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <algorithm>
#include <cmath>
#include <vector>

#include <gradus/core/error.hpp>
#include <gradus/core/types.hpp>
#include <gradus/study/card.hpp>
#include <gradus/study/parameter.hpp>

namespace gradus::examples::baselines {

using namespace gradus::study;

/// Settings of the linear model and of the network that starts too large.
struct Params {
  Index dim = 800;
  double linear_rate = 0.05;
  double epsilon = 1e-3;
  double last_step = 2e5;
  Index num_times = 400;
  Index linear_seeds = 5;
  Index teacher = 0;
  Index num_samples = 60;
  Index num_test = 1000;
  Index width = 64;
  double learning_rate = 0.01;
  double weight_decay = 0.1;
  double alpha = 3;
  Index num_steps = 2000;
  Index log_every = 20;
  Index network_seeds = 4;
  bool full = true;

  static void visit(auto&& self, auto&& field) {
    field("dim", self.dim, "inputs d of the linear model", between(10, 4000));
    field("linear_rate", self.linear_rate, "its step length eta", positive());
    field("epsilon", self.epsilon, "squared residual up to which a sample counts as right",
          positive());
    field("last_step", self.last_step, "last step that is looked at", between(100, 1e9), "steps");
    field("num_times", self.num_times, "times looked at, evenly spaced in the logarithm",
          at_least(10));
    field("linear_seeds", self.linear_seeds, "seeds of the linear model",
          outside_cells(at_least(1)));
    field("teacher", self.teacher, "which tanh teacher the network learns, the same for all seeds",
          at_least(0));
    field("num_samples", self.num_samples, "training samples of the network", at_least(1));
    field("num_test", self.num_test, "test samples", at_least(1));
    field("width", self.width, "units of each hidden layer", at_least(1));
    field("learning_rate", self.learning_rate, "step length of AdamW", positive());
    field("weight_decay", self.weight_decay, "decoupled weight decay", at_least(0));
    field("alpha", self.alpha, "factor of the initial weights", positive());
    field("num_steps", self.num_steps, "fewest steps of the network", at_least(20), "steps");
    field("log_every", self.log_every, "steps between two looks", at_least(1), "steps");
    field("network_seeds", self.network_seeds, "seeds of the network", outside_cells(at_least(1)));
    field("full", self.full, "all ratios, decays and starts (true), or two of each",
          outside_cells(yes_or_no()));
  }

  /// Weight decays of the network's runs from alpha: those of the law, and the main one.
  [[nodiscard]] std::vector<double> decays() const {
    std::vector<double> list =
        full ? std::vector<double>{0, 0.05, 0.1, 0.2, 0.4} : std::vector<double>{};
    if (std::find(list.begin(), list.end(), weight_decay) == list.end()) {
      list.push_back(weight_decay);
    }
    return list;
  }
  /// Ratios lambda = d / N of the linear model.
  [[nodiscard]] std::vector<double> ratios() const {
    return full ? std::vector<double>{0.1, 0.5, 0.8, 0.9, 0.95} : std::vector<double>{0.1, 0.9};
  }
};

/// The three sizes. The papers' own are not known to us: paper is more of the default.
inline Params preset(Preset which) {
  Params params;
  if (which == Preset::quick) {
    params.dim = 400;
    params.weight_decay = 0.2;
    params.num_steps = 1000;
    params.network_seeds = 1;
    params.full = false;
  } else if (which == Preset::paper) {
    params.dim = 1600;
    params.linear_seeds = 10;
    params.network_seeds = 10;
  }
  return params;
}

/// Throws an ArgumentError for values that do not go together.
inline void validate(const Params& params) {
  // The largest eigenvalue of the control's data is about (1 + sqrt 1.5)^2.
  require(params.linear_rate < 0.2, "linear_rate", params.linear_rate,
          "below 0.2, where the largest mode diverges at d/N = 1.5");
}

} // namespace gradus::examples::baselines
