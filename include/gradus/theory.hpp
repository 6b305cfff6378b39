// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <gradus/theory/arc_cosine.hpp>
#include <gradus/theory/boundary_tilting.hpp>
#include <gradus/theory/common_feature.hpp>
#include <gradus/theory/dense_stopped_law.hpp>
#include <gradus/theory/error_angle_front.hpp>
#include <gradus/theory/gaussian_moments.hpp>
#include <gradus/theory/golosov_kesten.hpp>
#include <gradus/theory/gradient_flow.hpp>
#include <gradus/theory/high_dim_dynamics.hpp>
#include <gradus/theory/linear_chain.hpp>
#include <gradus/theory/linear_grokking.hpp>
#include <gradus/theory/marchenko_pastur.hpp>
#include <gradus/theory/normal.hpp>
#include <gradus/theory/opposing_outliers.hpp>
#include <gradus/theory/random_features_risk.hpp>
#include <gradus/theory/stopped_walk.hpp>
#include <gradus/theory/tangent_kernel.hpp>
#include <gradus/theory/update_covariance.hpp>
#include <gradus/theory/xor_clusters.hpp>
