// SPDX-License-Identifier: BSD-3-Clause
#pragma once

/// The one place that states the version; CMake reads it from here.
#define GRADUS_VERSION_MAJOR 0
#define GRADUS_VERSION_MINOR 1
#define GRADUS_VERSION_PATCH 0
#define GRADUS_VERSION "0.1.0"
