// SPDX-License-Identifier: BSD-3-Clause
/// @file
/// All of metrics/: accuracy, margins, alignment of features.
#pragma once

#include <gradus/metrics/alignment.hpp>
#include <gradus/metrics/binarisation.hpp>
#include <gradus/metrics/boundary.hpp>
#include <gradus/metrics/classification.hpp>
#include <gradus/metrics/collapse.hpp>
#include <gradus/metrics/features.hpp>
#include <gradus/metrics/groups.hpp>
#include <gradus/metrics/jackknife.hpp>
#include <gradus/metrics/kolmogorov_smirnov.hpp>
#include <gradus/metrics/learning_time.hpp>
#include <gradus/metrics/parameter_norms.hpp>
#include <gradus/metrics/prominence.hpp>
#include <gradus/metrics/rank_correlation.hpp>
#include <gradus/metrics/ratio_of_means.hpp>
#include <gradus/metrics/regret.hpp>
#include <gradus/metrics/running_mean.hpp>
#include <gradus/metrics/shape_fit.hpp>
#include <gradus/metrics/trend.hpp>
