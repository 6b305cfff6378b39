// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <vector>

#include <gradus/core/error.hpp>
#include <gradus/core/types.hpp>
#include <gradus/study/card.hpp>
#include <gradus/study/parameter.hpp>
#include <gradus/study/plan.hpp>

namespace gradus::examples::binary {

using namespace gradus::study;

/// Task, network, training and estimator.
struct Params {
  Index num_train = 4000;
  Index num_test = 2000;
  double noise = 0.2;
  Index width = 24;
  Index binary_layers = 4;
  Index batch = 100;
  Index epochs = 20;
  double rate = 0.1;
  double momentum = 0.9;
  double weight_decay = 1e-4;
  double order = 3;
  double flat = 0.1;
  double clip = 1.5;
  Index theory_width = 200;
  Index theory_samples = 200;
  Index seeds = 5;
  Index rate_seeds = 3;
  Index steady_seeds = 20;
  bool full = true;

  static void visit(auto&& self, auto&& field) {
    field("num_train", self.num_train, "training images", between(10, 1e6));
    field("num_test", self.num_test, "test images", between(10, 1e6));
    field("noise", self.noise, "standard deviation of a pixel's noise", between(0, 10));
    field("width", self.width, "units of each hidden layer", between(2, 4096));
    field("binary_layers", self.binary_layers, "binary layers", between(1, 100));
    field("batch", self.batch, "images of a mini-batch", between(2, 1e5));
    field("epochs", self.epochs, "passes over the training images", between(1, 1e5));
    field("rate", self.rate, "learning rate of the first epoch", positive());
    field("momentum", self.momentum, "momentum", from_below(0, 1));
    field("weight_decay", self.weight_decay, "L2 coefficient of every parameter", at_least(0));
    field("order", self.order, "order o of the rectified estimator, at the end", between(1, 1000));
    field("flat", self.flat, "below this |z| its derivative is flat", between(0, 100));
    field("clip", self.clip, "above this |z| its derivative is 0", between(0, 100));
    field("theory_width", self.theory_width, "units of each hidden layer, theory",
          between(2, 4096));
    field("theory_samples", self.theory_samples, "images, theory", between(2, 1e5));
    field("seeds", self.seeds, "seeds of an arm", outside_cells(at_least(1)));
    field("rate_seeds", self.rate_seeds, "seeds at other learning rates",
          outside_cells(at_least(1)));
    field("steady_seeds", self.steady_seeds, "seeds of the spread at orders 5 and 10",
          outside_cells(at_least(1)));
    field("full", self.full, "all arms (true), or the quick ones", outside_cells(yes_or_no()));
  }
};

/// The three sizes.
inline Params preset(Preset which) {
  Params params;
  if (which == Preset::quick) {
    params.num_train = 2000;
    params.epochs = 10;
    params.seeds = 2;
    params.full = false;
  } else if (which == Preset::paper) {
    params.num_train = 50'000;
    params.num_test = 10'000;
    params.width = 64;
    params.batch = 256;
    params.epochs = 100;
  }
  return params;
}

/// Throws an ArgumentError for values that do not go together.
inline void validate(const Params& p) {
  require(p.batch <= p.num_train, "batch", p.batch, "at most num_train");
  require(p.clip >= p.flat, "clip", p.clip, "at least flat");
}

/// Orders of the rectified estimator at the end of a run, ascending.
inline std::vector<double> orders(bool full) {
  return full ? std::vector<double>{1, 1.5, 2, 3, 5, 10} : std::vector<double>{1, 3, 10};
}
/// Orders whose indicators are predicted.
inline std::vector<double> theory_orders() { return orders(true); }
/// Orders whose spreads are so near to each other that they take more seeds to tell apart.
inline std::vector<double> close_orders() { return {5, 10}; }
/// Flat middles that are too thin.
inline std::vector<double> thin_flats() { return {0.03, 0.01, 0.001}; }
/// Learning rates of the comparison.
inline std::vector<double> rates() { return {0.01, 0.03, 0.1, 0.3}; }

} // namespace gradus::examples::binary
