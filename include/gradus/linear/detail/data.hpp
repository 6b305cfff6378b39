// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <gradus/core/error.hpp>
#include <gradus/core/scalar.hpp>
#include <gradus/core/types.hpp>

namespace gradus::linear::detail {

/// Throws unless x (d, n) is finite with d, n >= 1.
template <RealScalar T>
void require_data(ConstMatrixRef<T> x) {
  require(x.rows() >= 1, "dim", x.rows(), ">= 1");
  require(x.cols() >= 1, "number of samples", x.cols(), ">= 1");
  require_finite(x, "x");
}

} // namespace gradus::linear::detail
