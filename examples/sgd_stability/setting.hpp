// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <algorithm>
#include <string>
#include <vector>

#include <gradus/core/error.hpp>
#include <gradus/core/types.hpp>
#include <gradus/study/card.hpp>
#include <gradus/study/parameter.hpp>
#include <gradus/study/plan.hpp>

namespace gradus::examples::dynamical_stability {

using namespace gradus::study;

/// Batch size that stands for all examples at once: full gradient descent. (B = n draws with
/// replacement are not that.)
inline constexpr double all_examples = 0;

/// Settings of linear models, diagonal linear networks and ReLU networks.
struct Params {
  Index linear_dim = 12;
  Index linear_examples = 60;
  Index linear_runs = 20'000;
  Index dim = 100;
  Index examples = 50;
  double rate = 0.01;
  Index warm_up = 2000;
  Index descent_warm_up = 2000;
  Index max_steps = 60'000;
  double tolerance = 1e-7;
  Index relu_dim = 20;
  Index relu_width = 40;
  Index relu_examples = 60;
  Index relu_teacher = 3;
  double relu_rate = 0.001;
  Index relu_warm_up = 3000;
  double relu_tolerance = 1e-6;
  Index relu_test = 4000;
  Index check_every = 500;
  double kick = 1e-4;
  Index num_seeds = 10;
  Index relu_seeds = 10;
  std::string grid = "default";

  static void visit(auto&& self, auto&& field) {
    field("linear_dim", self.linear_dim, "parameters of the linear models", between(2, 60));
    field("linear_examples", self.linear_examples, "examples of the linear models",
          between(2, 400));
    field("linear_runs", self.linear_runs, "simulated runs of a linear model", between(100, 1e7));
    field("dim", self.dim, "inputs of the diagonal network", between(4, 10'000));
    field("examples", self.examples, "its training examples", between(2, 1000));
    field("rate", self.rate, "smallest step size of its grid; others are 2 to 16 times that",
          positive());
    field("warm_up", self.warm_up, "steps over which SGD's step size grows", between(0, 1e6));
    field("descent_warm_up", self.descent_warm_up, "the same for full gradient descent",
          between(0, 1e6));
    field("max_steps", self.max_steps, "steps of a run at most", between(1000, 1e8));
    field("tolerance", self.tolerance, "training loss below which a diagonal network is kicked",
          positive());
    field("relu_dim", self.relu_dim, "inputs of the ReLU network", between(2, 10'000));
    field("relu_width", self.relu_width, "its hidden units", between(1, 10'000));
    field("relu_examples", self.relu_examples, "its training examples", between(2, 1000));
    field("relu_teacher", self.relu_teacher, "hidden units of its teacher", between(1, 1000));
    field("relu_rate", self.relu_rate, "smallest step size of its grid", positive());
    field("relu_warm_up", self.relu_warm_up, "steps over which its step size grows",
          between(0, 1e6));
    field("relu_tolerance", self.relu_tolerance, "training loss below which it is kicked",
          positive());
    field("relu_test", self.relu_test, "its test points", between(10, 1e6));
    field("check_every", self.check_every, "steps from one look at the loss to the next",
          between(10, 1e5));
    field("kick", self.kick, "standard deviation of a kick, each parameter", positive());
    field("num_seeds", self.num_seeds, "seeds of linear models and diagonal networks",
          outside_cells(at_least(1)));
    field("relu_seeds", self.relu_seeds, "seeds of ReLU networks", outside_cells(at_least(1)));
    field("grid", self.grid, "which step sizes, batches and claims",
          outside_cells(one_of({"quick", "default", "paper"})));
  }

  /// Whether a preset has the arms that quick leaves out.
  [[nodiscard]] bool full() const { return grid != "quick"; }
  /// Step sizes of the diagonal network.
  [[nodiscard]] std::vector<double> rates() const {
    return multiples(rate,
                     full() ? std::vector<double>{1, 2, 4, 8, 16} : std::vector<double>{1, 4, 16});
  }
  /// Batch sizes of the diagonal network.
  [[nodiscard]] std::vector<double> batches() const {
    return full() ? std::vector<double>{1, 2, 4, 16, all_examples}
                  : std::vector<double>{1, all_examples};
  }
  /// Step sizes of the ReLU network under SGD.
  [[nodiscard]] std::vector<double> relu_rates() const {
    return multiples(relu_rate, grid == "paper" ? std::vector<double>{1, 10.0 / 3, 10}
                                                : std::vector<double>{1, 5, 10, 20, 40});
  }
  /// ... and under full gradient descent.
  [[nodiscard]] std::vector<double> relu_descent_rates() const {
    return multiples(relu_rate, grid == "paper" ? std::vector<double>{10, 100.0 / 3}
                                                : std::vector<double>{5, 20, 40});
  }

private:
  static std::vector<double> multiples(double unit, std::vector<double> factors) {
    for (double& factor : factors) {
      factor *= unit;
    }
    return factors;
  }
};

/// The three sizes.
inline Params preset(Preset which) {
  Params params;
  if (which == Preset::quick) {
    params.num_seeds = 8;
    params.relu_seeds = 1;
    params.grid = "quick";
  } else if (which == Preset::paper) {
    params.dim = 1000;
    params.examples = 300;
    params.rate = 0.001;
    params.warm_up = 4000;
    params.descent_warm_up = 500;
    params.relu_dim = 100;
    params.relu_width = 100;
    params.relu_examples = 300;
    params.relu_teacher = 10;
    params.relu_rate = 0.0003;
    params.num_seeds = 2;
    params.relu_seeds = 2;
    params.grid = "paper";
  }
  return params;
}

/// Throws an ArgumentError for values that do not go together.
inline void validate(const Params& p) {
  require(p.linear_examples >= p.linear_dim, "linear_examples", p.linear_examples,
          "at least linear_dim");
  require(p.max_steps % p.check_every == 0, "max_steps", p.max_steps, "a multiple of check_every");
  require(p.max_steps > std::max({p.warm_up, p.descent_warm_up, p.relu_warm_up}), "max_steps",
          p.max_steps, "more than the warm-ups");
  require(p.check_every % 10 == 0, "check_every", p.check_every, "a multiple of 10");
}

} // namespace gradus::examples::dynamical_stability
