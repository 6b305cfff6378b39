// SPDX-License-Identifier: BSD-3-Clause
/// @file
/// All of linear/: linear models and their exact paths.
#pragma once

#include <gradus/linear/compressed_samples.hpp>
#include <gradus/linear/condition_number.hpp>
#include <gradus/linear/conjugate_gradient.hpp>
#include <gradus/linear/descent_path.hpp>
#include <gradus/linear/logistic.hpp>
#include <gradus/linear/nearest_centroid.hpp>
#include <gradus/linear/principal_axes.hpp>
#include <gradus/linear/random_features.hpp>
#include <gradus/linear/refined_spectrum.hpp>
#include <gradus/linear/ridge.hpp>
#include <gradus/linear/spectral_filter.hpp>
#include <gradus/linear/spectral_path.hpp>
#include <gradus/linear/spectrum.hpp>
#include <gradus/linear/svm.hpp>
#include <gradus/linear/width_sweep.hpp>
