// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <string_view>

#include <gradus/core/error.hpp>
#include <gradus/core/scalar.hpp>

/// Ranges that hyper-parameters of update rules have in common.
namespace gradus::optim::detail {

/// @throws ArgumentError unless the hyper-parameter is >= 0 and finite
template <class Real>
void require_nonnegative(Real value, std::string_view name) {
  require(value >= Real(0) && is_finite(value), name, value, ">= 0, finite");
}

/// @throws ArgumentError unless the hyper-parameter is in [0, 1)
template <class Real>
void require_share(Real value, std::string_view name) {
  require(value >= Real(0) && value < Real(1), name, value, "in [0, 1)");
}

} // namespace gradus::optim::detail
