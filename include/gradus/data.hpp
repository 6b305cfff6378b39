// SPDX-License-Identifier: BSD-3-Clause
/// @file
/// All of data/: samplers of the settings, train/test splits.
#pragma once

#include <gradus/data/class_labels.hpp>
#include <gradus/data/clusters.hpp>
#include <gradus/data/common_feature.hpp>
#include <gradus/data/digit_stream.hpp>
#include <gradus/data/digits.hpp>
#include <gradus/data/fractional_brownian.hpp>
#include <gradus/data/gaussian_classes.hpp>
#include <gradus/data/gaussian_clusters.hpp>
#include <gradus/data/half_images.hpp>
#include <gradus/data/heat_bath_walk.hpp>
#include <gradus/data/label_noise.hpp>
#include <gradus/data/labelled.hpp>
#include <gradus/data/modular.hpp>
#include <gradus/data/opposing_outliers.hpp>
#include <gradus/data/split.hpp>
#include <gradus/data/stroke_digits.hpp>
#include <gradus/data/teacher.hpp>
#include <gradus/data/xor_clusters.hpp>
#include <gradus/data/xor_gram.hpp>
