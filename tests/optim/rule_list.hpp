// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <gradus/optim/adadelta.hpp>
#include <gradus/optim/adagrad.hpp>
#include <gradus/optim/adam.hpp>
#include <gradus/optim/adamw.hpp>
#include <gradus/optim/amsgrad.hpp>
#include <gradus/optim/diffgrad.hpp>
#include <gradus/optim/momentum.hpp>
#include <gradus/optim/nesterov.hpp>
#include <gradus/optim/projected.hpp>
#include <gradus/optim/rmsprop.hpp>
#include <gradus/optim/scheduled.hpp>
#include <gradus/optim/sgd.hpp>
#include <gradus/optim/sign_descent.hpp>
#include <gradus/optim/transformed_gradient.hpp>

namespace support {

/// Calls body(name, rule) for every rule of optim/ with settings that use all its parts.
template <class T, class Body>
void for_every_plain_rule(Body&& body) {
  using Real = gradus::RealOf<T>;
  const Real rate = Real(0.05);
  const Real decay = Real(0.01);
  namespace optim = gradus::optim;
  body("sgd", optim::Sgd<T>{.learning_rate = rate, .weight_decay = decay});
  body("sign descent", optim::SignDescent<T>{.learning_rate = rate, .weight_decay = decay});
  body("momentum", optim::Momentum<T>{.learning_rate = rate, .weight_decay = decay});
  body("nesterov", optim::Nesterov<T>{.learning_rate = rate, .weight_decay = decay});
  body("adagrad", optim::Adagrad<T>{.learning_rate = rate,
                                    .learning_rate_decay = decay,
                                    .initial_sum = decay,
                                    .weight_decay = decay});
  body("adadelta", optim::Adadelta<T>{.weight_decay = decay});
  body("rmsprop", optim::Rmsprop<T>{.learning_rate = rate, .weight_decay = decay});
  body("rmsprop, centered with momentum", optim::Rmsprop<T>{.learning_rate = rate,
                                                            .alpha = Real(0.9),
                                                            .epsilon = Real(1e-3),
                                                            .momentum = Real(0.5),
                                                            .centered = true});
  body("adam", optim::Adam<T>{.learning_rate = rate, .weight_decay = decay});
  body("adam without correction", optim::Adam<T>{.learning_rate = rate, .bias_correction = false});
  body("amsgrad", optim::Amsgrad<T>{.learning_rate = rate, .weight_decay = decay});
  body("adamw", optim::AdamW<T>{.learning_rate = rate});
  body("adamw, amsgrad", optim::AdamW<T>{.learning_rate = rate, .amsgrad = true});
  body("diffgrad", optim::DiffGrad<T>{.learning_rate = rate, .weight_decay = decay});
  body("diffgrad, amsgrad", optim::DiffGrad<T>{.learning_rate = rate, .amsgrad = true});
  body("diffgrad, signed", optim::DiffGrad<T, optim::SignedGradientChange>{.learning_rate = rate});
  body("diffgrad, wide", optim::DiffGrad<T, optim::WideGradientChange>{.learning_rate = rate});
  body("diffgrad, mean", optim::DiffGrad<T, optim::MeanDistance>{.learning_rate = rate});
  body("diffgrad, aliased",
       optim::DiffGrad<T, optim::AliasedGradientChange>{.learning_rate = rate});
  body("diffgrad, constant", optim::DiffGrad<T, optim::ConstantFriction>{.learning_rate = rate});
}

/// The same and one of each wrapper.
template <class T, class Body>
void for_every_rule(Body&& body) {
  namespace optim = gradus::optim;
  for_every_plain_rule<T>(body);
  const optim::Adam<T> adam{.learning_rate = gradus::RealOf<T>(0.05)};
  body("scheduled", optim::Scheduled{adam, optim::CosineSchedule{.steps = 50, .final = 0.1}});
  body("clipped", optim::TransformedGradient{adam, optim::ClipNorm<T>{.max_norm = 1}});
  body("projected", optim::Projected{adam, optim::Ball<T>{.radius = 100}});
}

} // namespace support
