// SPDX-License-Identifier: BSD-3-Clause
/// @file
/// All of curvature/: Hessian products and spectra, gradients of single examples, sharpness.
#pragma once

#include <gradus/curvature/coherence.hpp>
#include <gradus/curvature/coherence_bound.hpp>
#include <gradus/curvature/dense.hpp>
#include <gradus/curvature/eigenpairs.hpp>
#include <gradus/curvature/gauss_newton_gram.hpp>
#include <gradus/curvature/gradient_modes.hpp>
#include <gradus/curvature/gradient_noise.hpp>
#include <gradus/curvature/lanczos.hpp>
#include <gradus/curvature/mean_square_stability.hpp>
#include <gradus/curvature/operator.hpp>
#include <gradus/curvature/outliers.hpp>
#include <gradus/curvature/residual_blocks.hpp>
#include <gradus/curvature/sharpness.hpp>
#include <gradus/curvature/slices.hpp>
#include <gradus/curvature/spectral_density.hpp>
#include <gradus/curvature/trace.hpp>
