// SPDX-License-Identifier: BSD-3-Clause
/// @file
/// All of nn/: activations, losses, initialisations, networks over one flat parameter vector.
#pragma once

#include <gradus/nn/activation.hpp>
#include <gradus/nn/batch_norm.hpp>
#include <gradus/nn/binary_linear.hpp>
#include <gradus/nn/binary_mlp.hpp>
#include <gradus/nn/diagonal_linear.hpp>
#include <gradus/nn/initialization.hpp>
#include <gradus/nn/input.hpp>
#include <gradus/nn/loss.hpp>
#include <gradus/nn/loss/class_targets.hpp>
#include <gradus/nn/loss/exact_softmax.hpp>
#include <gradus/nn/loss/margin.hpp>
#include <gradus/nn/loss/rounded_softmax.hpp>
#include <gradus/nn/loss/softmax.hpp>
#include <gradus/nn/loss/square.hpp>
#include <gradus/nn/loss/stablemax.hpp>
#include <gradus/nn/mirrored.hpp>
#include <gradus/nn/mlp.hpp>
#include <gradus/nn/mlp_curvature.hpp>
#include <gradus/nn/model.hpp>
#include <gradus/nn/normalized_mlp.hpp>
#include <gradus/nn/piecewise_linear.hpp>
#include <gradus/nn/second_layer.hpp>
#include <gradus/nn/steep_sigmoid.hpp>
#include <gradus/nn/surrogate.hpp>
#include <gradus/nn/surrogate_schedule.hpp>
#include <gradus/nn/two_layer.hpp>
