// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <numbers>

#include <boost/math/special_functions/erf.hpp>

namespace gradus::theory {

/// Distribution function of the standard normal law. (Its inverse: normal_quantile() of
/// core/distributions.hpp.)
[[nodiscard]] inline double normal_cdf(double x) {
  return 0.5 * boost::math::erfc(-x / std::numbers::sqrt2);
}

} // namespace gradus::theory
