// SPDX-License-Identifier: BSD-3-Clause
/// @file
/// All of optim/: update rules, schedules, descend() and its observers.
#pragma once

#include <gradus/optim/descend.hpp>
#include <gradus/optim/minibatches.hpp>
#include <gradus/optim/rule.hpp>
#include <gradus/optim/sgd.hpp>
