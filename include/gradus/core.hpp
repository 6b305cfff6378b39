// SPDX-License-Identifier: BSD-3-Clause
/// @file
/// All of core/: scalar concepts, typed errors, random streams, parallel loops, buffers.
#pragma once

#include <gradus/core/autodiff.hpp>
#include <gradus/core/buffer.hpp>
#include <gradus/core/distributions.hpp>
#include <gradus/core/error.hpp>
#include <gradus/core/parallel.hpp>
#include <gradus/core/product.hpp>
#include <gradus/core/random.hpp>
#include <gradus/core/scalar.hpp>
#include <gradus/core/types.hpp>
