// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <cmath>
#include <string>

#include <gradus/core/error.hpp>

namespace gradus::study {

/// A number as labels show it: with the digits it needs, up to ten, and whole powers of ten from
/// 1e4 on and below 1e-3 as such.
[[nodiscard]] inline std::string number_text(double x) {
  const double power = x > 0 ? std::round(std::log10(x)) : 0.0;
  const bool is_power = x > 0 && std::abs(x / std::pow(10.0, power) - 1) < 1e-12;
  return is_power && (power >= 4 || power < -3) ? "1e" + std::to_string(std::lround(power))
                                                : gradus::detail::to_text(x);
}

} // namespace gradus::study
