// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <string>

#include "setting.hpp"
#include <gradus/core/error.hpp>
#include <gradus/core/random.hpp>
#include <gradus/core/types.hpp>
#include <gradus/data/digits.hpp>
#include <gradus/metrics/classification.hpp>
#include <gradus/nn/activation.hpp>
#include <gradus/nn/initialization.hpp>
#include <gradus/nn/loss.hpp>
#include <gradus/nn/mlp.hpp>
#include <gradus/objective/empirical_risk.hpp>
#include <gradus/optim/descend.hpp>
#include <gradus/optim/minibatches.hpp>
#include <gradus/study/plan.hpp>
#include <gradus/study/record.hpp>

namespace gradus::examples::gradient_friction {

/// Calls body(rule) with the network's rule of that name at that learning rate.
template <class Body>
void with_network_rule(const std::string& name, double rate, Body&& body) {
  using namespace gradus::optim;
  if (name == "adam") {
    body(Adam<double>{.learning_rate = rate});
  } else if (name == "half") {
    body(Adam<double>{.learning_rate = rate / 2});
  } else if (name == "diffgrad") {
    body(DiffGrad<double>{.learning_rate = rate});
  } else if (name == "amsgrad") {
    body(Amsgrad<double>{.learning_rate = rate});
  } else if (name == "momentum") {
    body(Momentum<double>{.learning_rate = rate});
  } else if (name == "rmsprop") {
    body(Rmsprop<double>{.learning_rate = rate});
  } else if (name == "adagrad") {
    body(Adagrad<double>{.learning_rate = rate});
  } else {
    body(Adadelta<double>{.learning_rate = rate});
  }
}

/// One cell of the network: train on drawn digits by one rule, and measure the test accuracy. Arms
/// share data, initial weights and mini-batches.
inline void run_network(const Params& p, const Point& at, const Stream& stream, Record& out) {
  const data::Digits setting{.noise = p.pixel_noise};
  const auto train = data::draw_digits<double>(setting, p.num_train, stream.child("train"));
  const auto test = data::draw_digits<double>(setting, p.num_test, stream.child("test"));
  const nn::Mlp<double, nn::Tanh> net(
      {.widths = {data::Digits::num_inputs, p.width, data::Digits::num_classes}});
  objective::EmpiricalRisk risk(net, nn::SoftmaxCrossEntropy{}, train.x, train.classes);
  optim::Minibatches batches(p.num_train, p.batch_size, stream.child("batches"));
  const Index steps = p.epochs * batches.batches_per_epoch();
  const Index early = (p.epochs - p.last_epochs) * batches.batches_per_epoch();
  with_network_rule(p.rule, at["learning_rate"], [&](const auto& rule) {
    Vector<double> theta = net.initial_parameters(nn::LeCunNormal{}, stream.child("weights"));
    optim::Descent run(risk, rule, theta);
    double friction = 0;
    double loss = 0;
    for (Index step = 0; step < steps; ++step) {
      run.rule().learning_rate = rule.learning_rate * (step < early ? 1.0 : 0.1);
      loss = run.evaluate(batches.next());
      if (!is_finite(loss)) {
        out.diverged(static_cast<double>(step), "loss");
        return;
      }
      if constexpr (requires { friction_coefficients(rule, run.state(), theta, run.gradient()); }) {
        if (step + 1 == steps) {
          friction = friction_coefficients(rule, run.state(), theta, run.gradient()).mean();
        }
      }
      run.update();
    }
    out.number("train_loss", risk.value(theta));
    out.number("train_accuracy", metrics::class_accuracy(risk.outputs(theta), train.classes));
    typename decltype(net)::Workspace workspace;
    out.number("test_accuracy",
               metrics::class_accuracy(net.forward(theta, test.x, workspace), test.classes));
    if (p.rule == "diffgrad") {
      out.number("friction", friction);
    }
  });
}

} // namespace gradus::examples::gradient_friction
