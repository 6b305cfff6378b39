// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <algorithm>
#include <cmath>
#include <limits>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include <fmt/format.h>

namespace gradus::study {

/// The range of the values that an axis must show, in display units (log10 on a log axis).
struct Extent {
  double low = std::numeric_limits<double>::infinity();   ///< least value; +infinity without any
  double high = -std::numeric_limits<double>::infinity(); ///< greatest value; -infinity without any

  /// Widens the range to hold a value; NaN and infinities are passed over.
  void add(double value) {
    if (std::isfinite(value)) {
      low = std::min(low, value);
      high = std::max(high, value);
    }
  }
  /// No value was added.
  [[nodiscard]] bool empty() const noexcept { return !(low <= high); }
};

/// A mark on an axis.
struct Tick {
  double at;         ///< position on the axis, 0 at its lower end and 1 at its upper
  std::string label; ///< "10^{3}" stands for a raised 3; empty for a minor tick
};

/// An axis of a figure: maps values to [0, 1], from the lower end to the upper, and knows where its
/// ticks stand. Values that it can't show (NaN, infinity, on a log axis everything up to 0) map to
/// NaN.
class FigureAxis {
public:
  /// @param extent what must be seen, in display units   @param log logarithmic to base 10
  /// @param margin share of the range that is left free at both ends
  /// @param fixed  range in the units of the data; an end that is not usable (not finite, or not
  ///               positive on a log axis) is chosen from the extent
  FigureAxis(Extent extent, bool log, double margin,
             const std::optional<std::pair<double, double>>& fixed = {})
      : log_(log) {
    empty_ = extent.empty();
    Extent ends;
    double given_low = std::numeric_limits<double>::quiet_NaN();
    double given_high = given_low;
    if (fixed) {
      given_low = display(std::min(fixed->first, fixed->second));
      given_high = display(std::max(fixed->first, fixed->second));
    }
    if (empty_) {
      ends.add(given_low);
      ends.add(given_high);
      if (ends.empty()) {
        ends.add(0.0);
        ends.add(1.0);
      }
    } else {
      const double free = margin * (extent.high / 2 - extent.low / 2) * 2;
      ends = {extent.low - free, extent.high + free};
    }
    low_ = std::isfinite(given_low) ? given_low : ends.low;
    high_ = std::isfinite(given_high) ? given_high : ends.high;
    // Too narrow to draw or to tell the ticks apart: one value, or less than its rounding.
    if (!(high_ - low_ > 1e-12 * std::max(std::abs(low_), std::abs(high_)))) {
      const double middle = low_ / 2 + high_ / 2;
      const double half = log_ ? 0.5 : (middle == 0.0 ? 0.5 : 0.1 * std::abs(middle));
      low_ = middle - half;
      high_ = middle + half;
    }
    constexpr double limit = 1e300; // keeps every difference finite
    low_ = std::clamp(low_, -limit, limit);
    high_ = std::clamp(high_, -limit, limit);
  }

  /// The extent it was made from had no value.
  [[nodiscard]] bool empty() const noexcept { return empty_; }
  /// Logarithmic to base 10.
  [[nodiscard]] bool log() const noexcept { return log_; }
  /// Upper end minus lower end, in display units.
  [[nodiscard]] double span() const noexcept { return high_ - low_; }

  /// The value in display units: itself, or its log10; NaN if it can't be shown.
  [[nodiscard]] double display(double value) const { return display(value, log_); }
  /// The same where there is no axis yet.
  [[nodiscard]] static double display(double value, bool log) {
    const double shown = log ? (value > 0.0 ? std::log10(value) : std::nan("")) : value;
    return std::isfinite(shown) ? shown : std::nan("");
  }
  /// Position of a number in display units; beyond [0, 1] outside the axis.
  [[nodiscard]] double place(double shown) const {
    return std::clamp((shown - low_) / (high_ - low_), -1000.0, 1000.0); // NaN stays
  }
  /// Position of a value in the units of the data.
  [[nodiscard]] double operator()(double value) const { return place(display(value)); }

  /// Ticks inside the axis, about `count` of them with a label, in ascending order.
  [[nodiscard]] std::vector<Tick> ticks(int count) const {
    while (true) {
      std::vector<Tick> ticks = log_ ? log_ticks(count) : linear_ticks(count, low_, high_);
      const auto named = std::count_if(ticks.begin(), ticks.end(),
                                       [](const Tick& tick) { return !tick.label.empty(); });
      if (named > 1 || count >= 20) { // one tick shows no scale
        return ticks;
      }
      ++count;
    }
  }

private:
  static std::string minus(std::string number) {
    const auto sign = number.find('-');
    return sign == std::string::npos ? number : number.replace(sign, 1, "\xE2\x88\x92");
  }
  static std::string scientific(double value, int digits) {
    const int exponent = static_cast<int>(std::floor(std::log10(std::abs(value)) + 1e-9));
    const double mantissa = value / std::pow(10.0, exponent);
    const std::string power = fmt::format("10^{{{}}}", minus(std::to_string(exponent)));
    return std::abs(mantissa - 1.0) < 1e-9
               ? power
               : minus(fmt::format("{:.{}g}", mantissa, digits)) + "\xC3\x97" + power;
  }
  static std::string label(double value, double step, double largest) {
    if (std::abs(value) < 1e-6 * step) {
      return "0";
    }
    if (largest >= 1e6 || largest < 1e-3) {
      const double distinct = std::ceil(std::log10(largest / step) - 1e-9);
      return scientific(value, std::clamp(static_cast<int>(distinct) + 1, 2, 14));
    }
    const int decimals = std::clamp(static_cast<int>(std::ceil(-std::log10(step) - 1e-9)), 0, 12);
    const double tenth = step * std::pow(10.0, decimals);
    const bool half = std::abs(tenth - std::round(tenth)) > 1e-6; // steps of 0.25
    return minus(fmt::format("{:.{}f}", value, half ? decimals + 1 : decimals));
  }

  [[nodiscard]] std::vector<Tick> linear_ticks(int count, double from, double to) const {
    const double raw = (to - from) / std::max(count, 1);
    const double power = std::pow(10.0, std::floor(std::log10(raw)));
    double step = 10 * power;
    for (const double nice : {1.0, 2.0, 2.5, 5.0}) {
      if (nice * power >= raw * 0.999) {
        step = nice * power;
        break;
      }
    }
    const double largest = std::max(std::abs(from), std::abs(to));
    std::vector<Tick> ticks;
    for (double i = std::ceil(from / step - 1e-9); i * step <= to + 1e-9 * step; ++i) {
      const double at = log_ ? (*this)(i * step) : place(i * step);
      if (at >= -1e-9 && at <= 1 + 1e-9) {
        ticks.push_back({at, label(i * step, step, largest)});
      }
    }
    return ticks;
  }

  [[nodiscard]] std::vector<Tick> log_ticks(int count) const {
    const double first = std::ceil(low_ - 1e-9);
    const double last = std::floor(high_ + 1e-9);
    const int decades = static_cast<int>(std::min(last - first, 1000.0)) + 1;
    if (decades < 2) {
      return high_ - low_ < 0.75 && std::abs(low_) < 300
                 ? linear_ticks(count, std::pow(10.0, low_), std::pow(10.0, high_))
                 : minor_ticks(first - 1, last + 1, true, false);
    }
    int stride = 1;
    for (const int nice : {1, 2, 3, 5, 10, 20, 50, 100, 200}) {
      stride = nice;
      if (decades <= nice * std::max(count, 1)) {
        break;
      }
    }
    const bool plain = first >= -2 && last <= 3;
    if (stride == 1 && decades <= 7) {
      return minor_ticks(first - 1, last, false, plain);
    }
    std::vector<Tick> ticks;
    for (int i = 0; i < decades; ++i) {
      const double exponent = first + i;
      const bool named = std::remainder(exponent, stride) == 0.0;
      if (named || decades <= 30) {
        ticks.push_back({place(exponent), named ? power_label(exponent, plain) : ""});
      }
    }
    return ticks;
  }
  static std::string power_label(double exponent, bool plain) {
    return plain ? fmt::format("{:g}", std::pow(10.0, exponent))
                 : fmt::format("10^{{{}}}", minus(fmt::format("{:g}", exponent)));
  }
  /// All of 1, 2, ..., 9 times a power of ten; labels on the powers or on 1, 2 and 5.
  [[nodiscard]] std::vector<Tick> minor_ticks(double first, double last, bool one_two_five,
                                              bool plain) const {
    std::vector<Tick> ticks;
    for (double exponent = first; exponent <= last; ++exponent) {
      for (int digit = 1; digit < 10; ++digit) {
        const double shown = exponent + std::log10(digit);
        if (shown < low_ - 1e-9 || shown > high_ + 1e-9) {
          continue;
        }
        std::string text;
        if (one_two_five && (digit == 1 || digit == 2 || digit == 5)) {
          const double value = digit * std::pow(10.0, exponent);
          text = exponent >= -3 && exponent <= 4 ? fmt::format("{:g}", value)
                 : digit == 1                    ? power_label(exponent, false)
                              : fmt::format("{}\xC3\x97{}", digit, power_label(exponent, false));
        } else if (!one_two_five && digit == 1) {
          text = power_label(exponent, plain);
        }
        ticks.push_back({place(shown), std::move(text)});
      }
    }
    return ticks;
  }

  bool log_;
  bool empty_ = false;
  double low_ = 0.0;
  double high_ = 1.0;
};

} // namespace gradus::study
