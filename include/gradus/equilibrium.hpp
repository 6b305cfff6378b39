// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <gradus/equilibrium/certificate.hpp>
#include <gradus/equilibrium/coupling.hpp>
#include <gradus/equilibrium/homeostasis.hpp>
#include <gradus/equilibrium/implicit.hpp>
#include <gradus/equilibrium/layout.hpp>
#include <gradus/equilibrium/network.hpp>
#include <gradus/equilibrium/nudge.hpp>
#include <gradus/equilibrium/risk.hpp>
#include <gradus/equilibrium/solver.hpp>
