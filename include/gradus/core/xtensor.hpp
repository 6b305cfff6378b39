// SPDX-License-Identifier: BSD-3-Clause
#pragma once

/// The one place that includes xtensor, whose 0.26 moved every header into sub-folders. n-d tables
/// after a run are xtensor's; hot loops are Eigen's.

#if __has_include(<xtensor/containers/xarray.hpp>)
#include <xtensor/containers/xadapt.hpp>
#include <xtensor/containers/xarray.hpp>
#include <xtensor/views/xview.hpp>
#else
#include <xtensor/xadapt.hpp>
#include <xtensor/xarray.hpp>
#include <xtensor/xview.hpp>
#endif
