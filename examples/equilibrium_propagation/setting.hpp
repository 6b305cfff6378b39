// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <numbers>
#include <string>
#include <vector>

#include <gradus/core/error.hpp>
#include <gradus/core/types.hpp>
#include <gradus/study/card.hpp>
#include <gradus/study/parameter.hpp>
#include <gradus/study/plan.hpp>

namespace gradus::examples::equiprop {

using namespace gradus::study;

inline constexpr double degree = std::numbers::pi / 180; ///< in radians

/// Radii of the nudge in the static arms.
inline const std::vector<double> radii{0.0125, 0.025, 0.05, 0.1, 0.2};

/// One network on drawn 8 x 8 digits, examined at its initial point and trained.
struct Params {
  Index hidden = 32;
  double gain = 0.6;
  double angle = 90;
  Index inputs = 8;
  Index hutchinson_draws = 20'000;
  Index num_train = 1000;
  Index num_test = 1000;
  Index epochs = 10;
  Index batch = 20;
  double rate = 6e-3;
  Index free_steps = 60;
  Index nudged_steps = 25;
  std::string gradient = "tangent";
  Index points = 2;
  double beta = 0.5;
  std::string penalty = "none";
  double homeostasis = 10;
  double shrinkage = 0.1;
  Index static_seeds = 12;
  Index train_seeds = 5;
  bool full = true;

  static void visit(auto&& self, auto&& field) {
    field("hidden", self.hidden, "units of each of the two hidden layers", between(1, 2048));
    field("gain", self.gain, "standard deviation of initial weights times sqrt(fan-in)",
          between(0, 2));
    field("angle", self.angle, "initial angle between forward and feedback weights",
          between(0, 180), "degrees");
    field("inputs", self.inputs, "inputs of the static arms", between(1, 1000));
    field("hutchinson_draws", self.hutchinson_draws, "draws of the penalty's estimate",
          between(100, 1e7));
    field("num_train", self.num_train, "training images", between(10, 1e6));
    field("num_test", self.num_test, "test images", between(10, 1e6));
    field("epochs", self.epochs, "passes over the training images", between(1, 1000));
    field("batch", self.batch, "images of a mini-batch", between(1, 1e4));
    field("rate", self.rate, "learning rate of Adam, falling to 0 along a cosine", positive());
    field("free_steps", self.free_steps, "steps of the free phase in training", between(1, 1e4));
    field("nudged_steps", self.nudged_steps, "steps of the phase after it", between(1, 1e4));
    field("gradient", self.gradient,
          "error vectors: of no nudge (tangent), exact (adjoint), of finite nudges (nudge)",
          one_of({"tangent", "adjoint", "nudge"}));
    field("points", self.points, "nudges N; 1 is one-sided", between(1, 64));
    field("beta", self.beta, "their absolute value", positive());
    field("penalty", self.penalty, "what is punished beside the loss",
          one_of({"none", "homeostasis", "shrinkage"}));
    field("homeostasis", self.homeostasis, "weight of Jacobian homeostasis", at_least(0));
    field("shrinkage", self.shrinkage, "weight of the control |M|^2", at_least(0));
    field("static_seeds", self.static_seeds, "seeds of the static arms",
          outside_cells(at_least(1)));
    field("train_seeds", self.train_seeds, "seeds of the training arms",
          outside_cells(at_least(1)));
    field("full", self.full, "all arms and claims (true), or those that small runs can bear",
          outside_cells(yes_or_no()));
  }
};

/// The three sizes.
inline Params preset(Preset which) {
  Params params;
  if (which == Preset::quick) {
    params.num_train = 800;
    params.epochs = 6;
    params.inputs = 4;
    params.static_seeds = 6;
    params.train_seeds = 3;
    params.full = false;
  } else if (which == Preset::paper) {
    params.hidden = 256;
    params.num_train = 20'000;
    params.num_test = 10'000;
    params.epochs = 50;
    params.batch = 50;
    params.free_steps = 150;
    params.nudged_steps = 20;
  }
  return params;
}

/// Throws an ArgumentError for values that do not go together.
inline void validate(const Params& p) {
  require(p.batch <= p.num_train, "batch", p.batch, "at most num_train");
}

} // namespace gradus::examples::equiprop
