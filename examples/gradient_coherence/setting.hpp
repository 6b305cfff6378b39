// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <cstddef>
#include <vector>

#include <gradus/core/types.hpp>
#include <gradus/study/card.hpp>
#include <gradus/study/parameter.hpp>
#include <gradus/study/plan.hpp>

namespace gradus::examples::agreement {

using namespace gradus::study;

/// Settings of all arms. The names of the arms' axes are names of parameters.
struct Params {
  // Digits (arms noise, size, easy, pixels).
  double noise = 0;
  Index num_train = 1000;
  Index num_test = 1000;
  double pixel_noise = 0.15;
  Index width = 64;
  Index hidden_layers = 2;
  double last_scale = 0.1;
  Index batch = 50;
  double rate = 0.1;
  Index epochs = 120;
  Index redraws = 150;
  Index easy_train = 2000;
  Index easy_epochs = 20;
  Index alone_epochs = 40;
  Index timing_nets = 3;
  Index pixel_epochs = 25;
  bool random_labels = false;
  Index step_draws = 400;
  // Two classes under robust means.
  double share = 0.25;
  double flip = 0.2;
  double robust_rate = 0.1;
  Index robust_epochs = 60;
  // Linear toys.
  double flipped_share = 0.1;
  Index median_epochs = 1500;
  // Generalisation gap.
  double separation = 3;
  Index gap_sets = 100;
  Index gap_steps = 200;
  // Gaussian clusters.
  Index sample_size = 20;
  Index cluster_sets = 40;
  Index draws = 4000;
  Index classes = 10;
  // Seeds.
  Index noise_seeds = 3;
  Index size_seeds = 5;
  Index easy_seeds = 3;
  Index pixel_seeds = 3;
  Index robust_seeds = 4;
  Index gap_seeds = 3;
  Index cluster_seeds = 3;
  bool full = true;

  static void visit(auto&& self, auto&& field) {
    field("noise", self.noise, "probability of a digit's label to be redrawn", between(0, 1));
    field("num_train", self.num_train, "training digits", between(50, 1e5));
    field("num_test", self.num_test, "test digits", between(10, 1e5));
    field("pixel_noise", self.pixel_noise, "standard deviation of a pixel's noise", between(0, 10));
    field("width", self.width, "units of a hidden layer", between(2, 1024));
    field("hidden_layers", self.hidden_layers, "hidden layers under label noise", between(1, 20));
    field("last_scale", self.last_scale, "factor on the last layer's initial weights",
          between(0, 10));
    field("batch", self.batch, "digits of a mini-batch", between(1, 1e4));
    field("rate", self.rate, "learning rate on digits", positive());
    field("epochs", self.epochs, "epochs on digits under label noise", between(4, 1e4));
    field("redraws", self.redraws, "random labellings of the same digits and network",
          between(2, 1e4));
    field("easy_train", self.easy_train, "digits sorted into easy and hard, noisy pixels too",
          between(40, 1e5));
    field("easy_epochs", self.easy_epochs, "epochs in which they are sorted", between(1, 1000));
    field("alone_epochs", self.alone_epochs, "epochs on the easy or the hard alone",
          between(10, 1000));
    field("timing_nets", self.timing_nets, "networks over which a learning time is averaged",
          between(1, 100));
    field("pixel_epochs", self.pixel_epochs, "epochs on pixels of different noise",
          between(2, 1000));
    field("random_labels", self.random_labels, "whether these digits have random labels",
          yes_or_no());
    field("step_draws", self.step_draws, "single steps tried at a point of a run",
          between(100, 1e5));
    field("share", self.share, "values clipped at either end by winsorising; 0: the mean",
          between(0, 0.5));
    field("flip", self.flip, "probability of a label of two classes to be flipped", between(0, 1));
    field("robust_rate", self.robust_rate, "learning rate on two classes", positive());
    field("robust_epochs", self.robust_epochs, "epochs on two classes", between(2, 1e4));
    field("flipped_share", self.flipped_share, "flipped labels of the linear toy", between(0, 0.5));
    field("median_epochs", self.median_epochs, "epochs of the toy under medians", between(2, 1e5));
    field("separation", self.separation, "distance of two clusters from the origin",
          between(0, 100), "standard deviations");
    field("gap_sets", self.gap_sets, "training sets of a gap", between(10, 1e5));
    field("gap_steps", self.gap_steps, "steps of gradient descent on each", between(1, 1e5));
    field("sample_size", self.sample_size, "samples of a set of the finite-sample law",
          between(2, 1e5));
    field("cluster_sets", self.cluster_sets, "data sets of the closed forms", between(4, 1e5));
    field("draws", self.draws,
          "data sets of the laws on small samples, and a fifth of the random "
          "labellings of one",
          between(50, 1e6));
    field("classes", self.classes, "clusters under a softmax", between(2, 20));
    field("noise_seeds", self.noise_seeds, "seeds of the runs under label noise",
          outside_cells(at_least(1)));
    field("size_seeds", self.size_seeds, "seeds of what is measured at the start alone",
          outside_cells(at_least(1)));
    field("easy_seeds", self.easy_seeds, "seeds of easy and hard digits",
          outside_cells(at_least(1)));
    field("pixel_seeds", self.pixel_seeds, "seeds of noisy pixels", outside_cells(at_least(1)));
    field("robust_seeds", self.robust_seeds, "seeds of two classes under robust means",
          outside_cells(at_least(1)));
    field("gap_seeds", self.gap_seeds, "seeds of the generalisation gap",
          outside_cells(at_least(1)));
    field("cluster_seeds", self.cluster_seeds, "seeds of Gaussian clusters",
          outside_cells(at_least(1)));
    field("full", self.full, "all arms (true), or without long runs of networks",
          outside_cells(yes_or_no()));
  }

  /// Widths of the hidden layers.
  [[nodiscard]] std::vector<Index> hidden() const {
    return std::vector<Index>(static_cast<std::size_t>(hidden_layers), width);
  }
};

/// The three sizes.
Params preset(Preset which);
/// Throws an ArgumentError for values that do not go together.
void validate(const Params& p);
/// All arms.
Plan<Params> plan(const Params& p);
/// Floating-point operations of a cell, roughly.
double cost(const Params& p, const Point& at);

} // namespace gradus::examples::agreement
