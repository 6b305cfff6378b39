// SPDX-License-Identifier: BSD-3-Clause
/// @file
/// All of linear/: linear models and their exact paths.
#pragma once

#include <gradus/linear/descent_path.hpp>
#include <gradus/linear/ridge.hpp>
