// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <string>
#include <vector>

#include <gradus/core/error.hpp>
#include <gradus/core/types.hpp>
#include <gradus/study/card.hpp>
#include <gradus/study/parameter.hpp>
#include <gradus/study/plan.hpp>

namespace gradus::examples::hessian {

using namespace gradus::study;

/// Largest number of outliers that the gap rule can find. Fixed, so that it knows nothing of m.
inline constexpr Index window = 24;

/// One network on one data set, and how far it is trained.
struct Params {
  Index dim = 20;
  Index clusters = 4;
  Index outputs = 2;
  double separation = 4;
  double spread = 0.2;
  std::string inputs = "clusters";
  std::string labels = "cluster";
  double redrawn = 0;
  Index num_samples = 240;
  Index width = 32;
  Index hidden_layers = 1;
  std::string activation = "relu";
  double rate = 0.2;
  Index steps = 20'000;
  double target = 1e-3;
  Index batch = 5;
  Index sgd_steps = 6000;
  Index dense_limit = 5000;
  Index num_seeds = 6;
  Index start_seeds = 40;
  Index width_seeds = 12;
  bool full = true;
  bool paper_nets = false;

  static void visit(auto&& self, auto&& field) {
    field("dim", self.dim, "coordinates of an input", between(2, 1000));
    field("clusters", self.clusters, "clusters m of the inputs", between(1, 24));
    field("outputs", self.outputs, "outputs K; 0: as many as clusters", between(0, 24));
    field("separation", self.separation, "distance of two centres", positive());
    field("spread", self.spread, "standard deviation inside a cluster", at_least(0));
    field("inputs", self.inputs, "clusters, or one isotropic Gaussian of the same mean square",
          one_of({"clusters", "one-gaussian"}));
    field("labels", self.labels, "cluster modulo K, at random, or by a linear teacher",
          one_of({"cluster", "random", "teacher"}));
    field("redrawn", self.redrawn, "share of the labels drawn anew, uniformly", between(0, 1));
    field("num_samples", self.num_samples, "samples N, all clusters together", between(10, 1e5));
    field("width", self.width, "units of a hidden layer", between(1, 1000));
    field("hidden_layers", self.hidden_layers, "hidden layers", between(1, 4));
    field("activation", self.activation, "of the hidden units", one_of({"relu", "tanh"}));
    field("rate", self.rate, "step length", positive());
    field("steps", self.steps, "most full-batch steps", between(1, 1e7));
    field("target", self.target, "loss at which training ends", at_least(0));
    field("batch", self.batch, "samples of a step of SGD", between(1, 1e5));
    field("sgd_steps", self.sgd_steps, "steps of SGD in arm basin", between(10, 1e7));
    field("dense_limit", self.dense_limit, "parameters up to which all eigenvalues are found",
          between(50, 15'000));
    field("num_seeds", self.num_seeds, "seeds of each arm", outside_cells(at_least(1)));
    field("start_seeds", self.start_seeds, "seeds of the networks before training",
          outside_cells(at_least(1)));
    field("width_seeds", self.width_seeds, "seeds of the widths and spreads",
          outside_cells(at_least(1)));
    field("full", self.full, "all arms (true), or the main ones at one width",
          outside_cells(yes_or_no()));
    field("paper_nets", self.paper_nets, "two hidden layers of up to 70 units, m = K = 10, too",
          outside_cells(yes_or_no()));
  }

  /// Outputs K of the network.
  [[nodiscard]] Index num_outputs() const { return outputs == 0 ? clusters : outputs; }
  /// Parameters of a network with one hidden layer.
  [[nodiscard]] Index size_of_shallow() const { return width * (dim + num_outputs()); }
  /// Zero eigenvalues that its Hessian must have: P - rank G - rank R.
  [[nodiscard]] Index certain_zeros() const {
    return size_of_shallow() - (num_samples + 2 * width) * (num_outputs() - 1);
  }
};

/// The three sizes.
inline Params preset(Preset which) {
  Params params;
  if (which == Preset::quick) {
    params.num_samples = 120;
    params.width = 16;
    params.sgd_steps = 2000;
    params.num_seeds = 1;
    params.full = false;
  } else if (which == Preset::paper) {
    params.num_seeds = 10;
    params.start_seeds = 100;
    params.width_seeds = 20;
    params.paper_nets = true;
  }
  return params;
}

/// Throws an ArgumentError for values that do not go together.
inline void validate(const Params& p) {
  require(p.clusters <= p.dim, "clusters", p.clusters, "at most dim");
  require(p.num_outputs() >= 2, "outputs", p.num_outputs(), ">= 2 for a softmax");
  require(p.batch <= p.num_samples, "batch", p.batch, "at most num_samples");
  require(p.inputs == "clusters" || p.labels != "cluster", "labels", p.labels,
          "random or teacher where the inputs have no clusters");
  require(p.labels != "teacher" || p.num_outputs() == 2, "outputs", p.num_outputs(),
          "2 with labels of a teacher");
}

} // namespace gradus::examples::hessian
