// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <cmath>
#include <string>

#include <gradus/data/xor_clusters.hpp>
#include <gradus/study/card.hpp>
#include <gradus/study/parameter.hpp>

namespace gradus::examples::xor_clusters {

using namespace gradus::study;

/// The setting of the experiment; lengths are in units of the noise's standard deviation.
struct Params {
  Index num_samples = 800;
  Index dim = 1'000'000;
  double mean_norm_squared = 12'500;
  Index width = 500;
  double label_noise = 0.1;
  double step = 0.1;
  double init = 0.01;
  Index num_steps = 40;
  Index num_test = 400;
  Index seeds = 16;
  std::string activation = "relu";
  std::string gates = "trained";
  std::string labels = "xor";
  std::string engine = "gram";
  std::string precision = "float";
  Index small_width = 200;
  double delayed_step = 0.03;
  Index delayed_seeds = 5;
  Index control_seeds = 4;
  Index sweep_seeds = 6;
  bool every_seed = true;

  static void visit(auto&& self, auto&& field) {
    field("num_samples", self.num_samples, "training samples n", at_least(8));
    field("dim", self.dim, "input dimension p", at_least(2));
    field("mean_norm_squared", self.mean_norm_squared, "squared norm of the cluster means",
          positive(), "noise variance of a coordinate");
    field("width", self.width, "neurons m of the main run, even", at_least(2));
    field("label_noise", self.label_noise, "probability eta of a flipped training label",
          between(0, 0.5));
    field("step", self.step, "learning rate alpha in units of n / p", positive());
    field("init", self.init,
          "initial pre-activation over the self-term of one step: omega = init alpha sqrt(p) / "
          "(2 n sqrt(m))",
          at_least(0));
    field("num_steps", self.num_steps, "gradient steps of the main run", at_least(1), "steps");
    field("num_test", self.num_test, "test samples, the same number in each cluster", at_least(4));
    field("seeds", self.seeds, "seeds of the main run", outside_cells(at_least(1)));
    field("activation", self.activation, "activation of the neurons", one_of({"relu", "identity"}));
    field("gates", self.gates, "activation pattern: trained, or frozen at the start (NTK)",
          one_of({"trained", "frozen"}));
    field("labels", self.labels, "clean labels: xor, or linearly separable",
          one_of({"xor", "linear"}));
    field(
        "engine", self.engine,
        "of the main run. gram: train on inner products, free of p; direct: on the data themselves",
        one_of({"gram", "direct"}));
    field("precision", self.precision,
          "arithmetic of engine gram: the Gram matrix is drawn in double, training runs in this",
          one_of({"float", "double"}));
    field("small_width", self.small_width, "neurons of the delayed runs, controls and sweep, even",
          outside_cells(at_least(2)));
    field("delayed_step", self.delayed_step, "step of the delayed runs, units of n / p",
          outside_cells(positive()));
    field("delayed_seeds", self.delayed_seeds, "seeds of the delayed runs",
          outside_cells(at_least(1)));
    field("control_seeds", self.control_seeds, "seeds of each control", outside_cells(at_least(1)));
    field("sweep_seeds", self.sweep_seeds, "seeds of each point of the sweep; 0 leaves it out",
          outside_cells(at_least(0)));
    field("every_seed", self.every_seed,
          "judge by all seeds or nine in ten of them (true), or by the median (false)",
          outside_cells(yes_or_no()));
  }

  [[nodiscard]] double n() const { return static_cast<double>(num_samples); }
  [[nodiscard]] double p() const { return static_cast<double>(dim); }
  [[nodiscard]] double learning_rate() const { return step * n() / p(); }
  [[nodiscard]] double omega() const {
    return init * learning_rate() * std::sqrt(p()) /
           (2 * n() * std::sqrt(static_cast<double>(width)));
  }
  [[nodiscard]] data::XorClusters setting() const {
    return {.dim = dim,
            .mean_norm_squared = mean_norm_squared,
            .label_noise = label_noise,
            .labels =
                labels == "xor" ? data::ClusterLabels::exclusive_or : data::ClusterLabels::linear};
  }
  /// |mu|^2 that makes n |mu|^4 / p = snr.
  [[nodiscard]] double norm_for_snr(double snr) const { return std::sqrt(snr * p() / n()); }
};

/// The three sizes. The original ones are unknown; all are ours.
inline Params preset(Preset which) {
  Params params;
  if (which == Preset::quick) {
    params.num_samples = 400;
    params.mean_norm_squared = 17'500;
    params.width = 100;
    params.small_width = 100;
    params.num_test = 200;
    params.seeds = 9;
    params.delayed_seeds = 3;
    params.control_seeds = 3;
    params.sweep_seeds = 0;
    params.every_seed = false;
  } else if (which == Preset::paper) {
    params.num_samples = 200;
    params.dim = 40'000;
    params.mean_norm_squared = 1'000;
    params.seeds = 20;
    params.delayed_seeds = 20;
    params.control_seeds = 20;
    params.every_seed = false;
    params.engine = "direct";
  }
  return params;
}

/// Throws an ArgumentError for values that do not go together.
inline void validate(const Params& params) {
  require(params.width % 2 == 0, "width", params.width, "even");
  require(params.small_width % 2 == 0, "small_width", params.small_width, "even");
  require(params.num_test % 4 == 0, "num_test", params.num_test, "a multiple of 4");
  const Index samples = params.num_samples + params.num_test;
  if (params.engine == "gram") {
    require(params.dim - 2 >= samples, "dim", params.dim,
            "at least num_samples + num_test + 2 = " + std::to_string(samples + 2) +
                " for engine gram");
  } else {
    const double gigabytes = 8e-9 * params.p() * static_cast<double>(samples + 3 * params.width);
    require(params.gates == "trained", "gates", params.gates, "trained for engine direct");
    require(gigabytes <= 8, "dim", params.dim,
            "data and weights within 8 GB for engine direct (they take " +
                std::to_string(static_cast<Index>(gigabytes + 1)) +
                " GB); engine gram has no such limit");
  }
}

} // namespace gradus::examples::xor_clusters
