// SPDX-License-Identifier: BSD-3-Clause
/// @file
/// All numeric areas; never the study harness.
#pragma once

#include <gradus/core.hpp>
#include <gradus/curvature.hpp>
#include <gradus/data.hpp>
#include <gradus/equilibrium.hpp>
#include <gradus/linear.hpp>
#include <gradus/metrics.hpp>
#include <gradus/nn.hpp>
#include <gradus/objective.hpp>
#include <gradus/optim.hpp>
#include <gradus/theory.hpp>
#include <gradus/version.hpp>
