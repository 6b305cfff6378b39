// SPDX-License-Identifier: BSD-3-Clause
/// @file
/// All of optim/: update rules, schedules, descend() and its observers.
#pragma once

#include <gradus/optim/adadelta.hpp>
#include <gradus/optim/adagrad.hpp>
#include <gradus/optim/adam.hpp>
#include <gradus/optim/adamw.hpp>
#include <gradus/optim/amsgrad.hpp>
#include <gradus/optim/bernoulli_batches.hpp>
#include <gradus/optim/descend.hpp>
#include <gradus/optim/diffgrad.hpp>
#include <gradus/optim/epoch_schedule.hpp>
#include <gradus/optim/friction.hpp>
#include <gradus/optim/last_three.hpp>
#include <gradus/optim/levenberg_marquardt.hpp>
#include <gradus/optim/milestone_schedule.hpp>
#include <gradus/optim/minibatches.hpp>
#include <gradus/optim/momentum.hpp>
#include <gradus/optim/nesterov.hpp>
#include <gradus/optim/orthogonal_gradient.hpp>
#include <gradus/optim/projected.hpp>
#include <gradus/optim/rmsprop.hpp>
#include <gradus/optim/robust_gradient.hpp>
#include <gradus/optim/robust_mean.hpp>
#include <gradus/optim/rule.hpp>
#include <gradus/optim/schedule.hpp>
#include <gradus/optim/scheduled.hpp>
#include <gradus/optim/sgd.hpp>
#include <gradus/optim/sign_descent.hpp>
#include <gradus/optim/transformed_gradient.hpp>
