// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <string>

#include <gradus/core/error.hpp>
#include <gradus/core/types.hpp>
#include <gradus/optim/adadelta.hpp>
#include <gradus/optim/adagrad.hpp>
#include <gradus/optim/adam.hpp>
#include <gradus/optim/amsgrad.hpp>
#include <gradus/optim/diffgrad.hpp>
#include <gradus/optim/momentum.hpp>
#include <gradus/optim/rmsprop.hpp>
#include <gradus/study/card.hpp>
#include <gradus/study/parameter.hpp>

namespace gradus::examples::gradient_friction {

using namespace gradus::study;

/// Settings of all experiments: three functions of one variable, two online problems, one network.
struct Params {
  double learning_rate = 0.1;
  double beta1 = 0.95;
  double start = -1;
  Index positions = 300;
  double scale = 1;
  std::string wave_gradient = "correct";
  Index sweep_starts = 61;
  Index sweep_rates = 19;
  Index rounds = 30'000;
  Index streams = 4;
  Index regret_seeds = 3;
  Index num_train = 2000;
  Index num_test = 2000;
  double pixel_noise = 0.3;
  Index width = 32;
  Index batch_size = 50;
  Index epochs = 20;
  Index last_epochs = 4;
  Index network_seeds = 3;
  bool all_rules = true;
  std::string rule = "adam";

  static void visit(auto&& self, auto&& field) {
    field("learning_rate", self.learning_rate, "step length on the functions of one variable",
          positive());
    field("beta1", self.beta1, "decay of the mean gradient on the functions of one variable",
          from_below(0, 1));
    field("start", self.start, "where paths on these functions start", between(-1.5, 1.5));
    field("positions", self.positions, "points of a path, the start included", at_least(52));
    field("scale", self.scale, "factor of the first function", positive());
    field("wave_gradient", self.wave_gradient,
          "derivative of the second function: correct, or the notebook's, which lacks a factor 8",
          one_of({"correct", "notebook"}));
    field("sweep_starts", self.sweep_starts, "starts of the sweep, from -1.4 to -0.8", at_least(2));
    field("sweep_rates", self.sweep_rates, "learning rates of the sweep, from 0.02 to 0.20",
          at_least(2));
    field("rounds", self.rounds, "rounds T of the online problems", between(2000, 1e8));
    field("streams", self.streams, "random streams whose regret is averaged", at_least(1));
    field("regret_seeds", self.regret_seeds, "seeds of the random online problem",
          outside_cells(at_least(1)));
    field("num_train", self.num_train, "training images", at_least(10));
    field("num_test", self.num_test, "test images", at_least(10));
    field("pixel_noise", self.pixel_noise, "standard deviation of the pixels' noise", at_least(0));
    field("width", self.width, "hidden units of the network", at_least(1));
    field("batch_size", self.batch_size, "images of a mini-batch", at_least(1));
    field("epochs", self.epochs, "passes over the training images", at_least(2));
    field("last_epochs", self.last_epochs, "of these, the last ones with a tenth of the step",
          at_least(1));
    field("network_seeds", self.network_seeds, "seeds of the network's runs",
          outside_cells(at_least(1)));
    field("all_rules", self.all_rules,
          "all rules and learning rates on the network (true), or Adam and diffGrad at 0.03",
          outside_cells(yes_or_no()));
    field("rule", self.rule, "update rule of a network's run; every arm sets its own",
          one_of({"adam", "half", "diffgrad", "amsgrad", "momentum", "rmsprop", "adagrad",
                  "adadelta"}));
  }
};

/// The three sizes. The paper's own, residual networks on CIFAR, is not attempted.
inline Params preset(Preset which) {
  Params params;
  if (which == Preset::quick) {
    params.sweep_starts = 21;
    params.sweep_rates = 10;
    params.rounds = 10'000;
    params.regret_seeds = 1;
    params.network_seeds = 1;
    params.all_rules = false;
  } else if (which == Preset::paper) {
    params.sweep_starts = 121;
    params.sweep_rates = 37;
    params.rounds = 300'000;
    params.regret_seeds = 10;
    params.network_seeds = 10;
  }
  return params;
}

/// Throws an ArgumentError for values that do not go together.
inline void validate(const Params& params) {
  require(params.last_epochs < params.epochs, "last_epochs", params.last_epochs, "below epochs");
  require(params.batch_size <= params.num_train, "batch_size", params.batch_size,
          "at most num_train");
}

/// The rules of the figures on functions of one variable; only Adam and diffGrad are the paper's.
/// Calls body(name, rule) for each.
template <class Body>
void for_each_rule(const Params& p, Body&& body) {
  using namespace gradus::optim;
  const double rate = p.learning_rate;
  body("adam", Adam<double>{.learning_rate = rate, .beta1 = p.beta1});
  body("diffgrad", DiffGrad<double>{.learning_rate = rate, .beta1 = p.beta1});
  body("half", DiffGrad<double, ConstantFriction>{.learning_rate = rate, .beta1 = p.beta1});
  body("aliased", DiffGrad<double, AliasedGradientChange>{.learning_rate = rate, .beta1 = p.beta1});
  body("signed", DiffGrad<double, SignedGradientChange>{.learning_rate = rate, .beta1 = p.beta1});
  body("wide", DiffGrad<double, WideGradientChange>{.learning_rate = rate, .beta1 = p.beta1});
  body("mean", DiffGrad<double, MeanDistance>{.learning_rate = rate, .beta1 = p.beta1});
  body("amsgrad", Amsgrad<double>{.learning_rate = rate, .beta1 = p.beta1});
  body("momentum", Momentum<double>{.learning_rate = rate / 10});
  body("adagrad", Adagrad<double>{.learning_rate = rate});
  body("adadelta", Adadelta<double>{.learning_rate = 10 * rate});
  body("rmsprop", Rmsprop<double>{.learning_rate = rate / 10});
}

} // namespace gradus::examples::gradient_friction
