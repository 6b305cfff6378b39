// SPDX-License-Identifier: BSD-3-Clause
/// @file
/// All of objective/: the concepts, empirical risk, analytic test functions.
#pragma once

#include <gradus/objective/concepts.hpp>
#include <gradus/objective/empirical_risk.hpp>
#include <gradus/objective/opposing_outliers.hpp>
#include <gradus/objective/piecewise.hpp>
#include <gradus/objective/quadratic.hpp>
#include <gradus/objective/residuals.hpp>
#include <gradus/objective/span_risk.hpp>
#include <gradus/objective/test_functions.hpp>
