// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <string>
#include <vector>

#include <gradus/core/error.hpp>
#include <gradus/core/types.hpp>
#include <gradus/study/card.hpp>
#include <gradus/study/parameter.hpp>
#include <gradus/study/plan.hpp>

namespace gradus::examples::opposing {

using namespace gradus::study;

/// Settings of the population model, of the net on a finite sample and of the update rules.
struct Params {
  Index dim = 20;
  double beta_norm = 4;
  double alpha = 50;
  Index depth = 2;
  double bulk_start = 0.05;
  double outlier_start = 0.4;
  double factor_start = 0.6;
  Index descent_steps = 3000;
  Index num_samples = 200;
  Index outliers = 10;
  double size = 10;
  double outlier_weight = 0.3;
  double scale = 1;
  bool opposed = true;
  Index width = 8;
  double start = 0.1;
  Index net_steps = 600;
  Index sharpness_every = 1;
  Index window = 60;
  std::string rule = "sgd";
  Index batch_size = 20;
  Index num_seeds = 8;
  Index rule_seeds = 8;
  bool full = true;

  static void visit(auto&& self, auto&& field) {
    field("dim", self.dim, "features of the bulk", between(1, 1000));
    field("beta_norm", self.beta_norm, "length of beta, what is to be learned of the bulk",
          between(0.5, 64));
    field("alpha", self.alpha, "population: second moment of the outliers' feature",
          between(1, 1e5));
    field("depth", self.depth, "population: layers, of which all but one are scalars",
          between(1, 8));
    field("bulk_start", self.bulk_start, "population: standard deviation of b at the start",
          positive());
    field("outlier_start", self.outlier_start, "population: b_o at the start", positive());
    field("factor_start", self.factor_start, "population: scalar layers at the start", positive());
    field("descent_steps", self.descent_steps, "population: steps of gradient descent",
          between(600, 1e6));
    field("num_samples", self.num_samples, "samples, outliers among them", between(2, 1e6));
    field("outliers", self.outliers, "samples in each group of outliers", at_least(1));
    field("size", self.size, "feature of the outliers, +- this", positive());
    field("outlier_weight", self.outlier_weight, "what the feature's size adds to a target",
          any_number());
    field("scale", self.scale,
          "factor of the outliers' feature in what is trained on; the learning rate is that for 1",
          at_least(0));
    field("opposed", self.opposed, "whether the groups have features of opposite sign",
          yes_or_no());
    field("width", self.width, "hidden units of the net", between(1, 1e4));
    field("start", self.start, "factor of the net's initial weights", positive());
    field("net_steps", self.net_steps, "steps of the net", between(200, 1e6));
    field("sharpness_every", self.sharpness_every, "steps from one sharpness to the next",
          between(1, 100));
    field("window", self.window, "steps after the crossing over which groups are compared",
          between(2, 1e5));
    field("rule", self.rule, "update rule on mini-batches",
          one_of({"sgd", "momentum", "adam", "sign"}));
    field("batch_size", self.batch_size, "samples of a mini-batch", at_least(1));
    field("num_seeds", self.num_seeds, "seeds of each arm", outside_cells(at_least(1)));
    field("rule_seeds", self.rule_seeds, "seeds of the arms of update rules",
          outside_cells(at_least(1)));
    field("full", self.full, "all ratios and learning rates (true), or those that are judged",
          outside_cells(yes_or_no()));
  }
};

/// The three sizes.
Params preset(Preset which);
/// Throws an ArgumentError for values that do not go together.
void validate(const Params& p);

/// Ratios of the flow's end sharpness to 2 / learning rate at which the population descends.
inline const std::vector<double> descent_ratios{1 / 0.9, 1 / 0.7};
inline constexpr double small_descent_ratio = 1 / 1.1;
/// The same for the net, the main one first.
inline const std::vector<double> net_ratios{1.3, 1.1, 1.6};
inline constexpr double small_net_ratio = 0.9;

/// Learning rates of a rule; the first is the one that is judged.
std::vector<double> rates_of(const std::string& rule, bool full);

} // namespace gradus::examples::opposing
