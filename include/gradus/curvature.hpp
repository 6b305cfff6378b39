// SPDX-License-Identifier: BSD-3-Clause
/// @file
/// All of curvature/: Hessian products and spectra, gradients of single examples, sharpness.
#pragma once

#include <gradus/curvature/dense.hpp>
#include <gradus/curvature/eigenpairs.hpp>
#include <gradus/curvature/lanczos.hpp>
#include <gradus/curvature/operator.hpp>
#include <gradus/curvature/outliers.hpp>
#include <gradus/curvature/spectral_density.hpp>
#include <gradus/curvature/trace.hpp>
