// SPDX-License-Identifier: BSD-3-Clause
/// @file
/// The light half of study/: what a study file needs, without JSON, command line or plots.
#pragma once

#include <gradus/study/card.hpp>
#include <gradus/study/claims.hpp>
#include <gradus/study/figures.hpp>
#include <gradus/study/metric.hpp>
#include <gradus/study/parameter.hpp>
#include <gradus/study/plan.hpp>
#include <gradus/study/record.hpp>
#include <gradus/study/results.hpp>
#include <gradus/study/study.hpp>
#include <gradus/study/summary.hpp>
