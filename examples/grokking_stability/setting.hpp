// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <string>

#include <gradus/core/error.hpp>
#include <gradus/core/types.hpp>
#include <gradus/study/card.hpp>
#include <gradus/study/parameter.hpp>

namespace gradus::examples::numerical_stability {

using namespace gradus::study;

/// Settings of one run: addition modulo a prime by a bias-free ReLU network with two hidden layers,
/// full batch, AdamW. Every arm has its own; the defaults are those of the arms on perpGrad.
struct Params {
  Index prime = 53;
  std::string operation = "add";
  Index width = 128;
  double train_fraction = 0.5;
  std::string loss = "softmax";
  std::string loss_precision = "float";
  std::string softmax_sum = "once";
  bool orthogonal = false;
  double gradient_scale = 1;
  double learning_rate = 0.01;
  double beta2 = 0.99;
  double epsilon = 1e-25;
  double weight_decay = 0;
  Index epochs = 200;
  Index log_every = 10;
  Index scaling_epochs = 60;
  Index seeds = 1;
  bool full = true;

  static void visit(auto&& self, auto&& field) {
    field("prime", self.prime, "modulus p of the main arms, a prime", between(3, 1000));
    field("operation", self.operation, "operation modulo p",
          one_of({"add", "subtract", "multiply", "divide"}));
    field("width", self.width, "units of each hidden layer", at_least(1));
    field("train_fraction", self.train_fraction, "share of all pairs that is trained on",
          between(0.05, 0.95));
    field("loss", self.loss,
          "softmax: cross-entropy, every operation rounded; exact: without absorption; stablemax",
          one_of({"softmax", "exact", "stablemax"}));
    field("loss_precision", self.loss_precision,
          "arithmetic of the loss of the main arms; the network's is float",
          one_of({"bfloat16", "half", "float", "double"}));
    field("softmax_sum", self.softmax_sum,
          "softmax: the sum is rounded once, or after every addition",
          one_of({"once", "sequential"}));
    field("gradient_scale", self.gradient_scale,
          "factor of the gradient that AdamW sees, which changes nothing but keeps squares of tiny "
          "gradients from vanishing in float",
          positive());
    field("orthogonal", self.orthogonal, "whether the gradient is made orthogonal to the weights",
          yes_or_no());
    field("learning_rate", self.learning_rate, "step length of AdamW", positive());
    field("beta2", self.beta2, "decay of AdamW's mean squared gradient", from_below(0, 1));
    field("epsilon", self.epsilon, "AdamW's epsilon", at_least(0));
    field("weight_decay", self.weight_decay, "decoupled weight decay", at_least(0));
    field("epochs", self.epochs, "full-batch steps of the arms adamw and orthogonal", at_least(20),
          "steps");
    field("log_every", self.log_every, "epochs between two looks", at_least(1), "steps");
    field("scaling_epochs", self.scaling_epochs, "epochs of training before weights are scaled",
          at_least(1), "steps");
    field("seeds", self.seeds, "seeds of every arm", outside_cells(at_least(1)));
    field("full", self.full, "all arms (true), or the fast ones on perpGrad and scaling",
          outside_cells(yes_or_no()));
  }
};

/// The three sizes.
inline Params preset(Preset which) {
  Params params;
  if (which == Preset::quick) {
    params.full = false;
  } else if (which == Preset::paper) {
    params.prime = 113;
    params.width = 200;
    params.train_fraction = 0.4;
    params.epochs = 300;
    params.full = false;
  }
  return params;
}

/// Throws an ArgumentError for values that do not go together.
inline void validate(const Params& params) {
  for (Index d = 2; d * d <= params.prime; ++d) {
    require(params.prime % d != 0, "prime", params.prime, "a prime number");
  }
  require(params.loss == "softmax" || params.loss_precision == "float" ||
              params.loss_precision == "double",
          "loss_precision", params.loss_precision, "float or double for loss " + params.loss);
}

} // namespace gradus::examples::numerical_stability
