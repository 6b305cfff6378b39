// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <cmath>
#include <cstddef>
#include <limits>
#include <utility>
#include <vector>

#include <boost/math/tools/minima.hpp>

#include <gradus/core/error.hpp>
#include <gradus/metrics/trend.hpp>

/// Fits of curves with one scale and one more number by least squares in y itself, so that
/// different curves can be told apart by what they leave unexplained: a power law fitted to
/// logarithms and scored in y loses unfairly.

namespace gradus::metrics {

/// y = scale f(x; shape).
struct ShapeFit {
  double shape = std::numeric_limits<double>::quiet_NaN();     ///< exponent, shift ...
  double scale = std::numeric_limits<double>::quiet_NaN();     ///< factor
  double r_squared = std::numeric_limits<double>::quiet_NaN(); ///< share of y's variance explained
};

namespace detail {

/// Where f is greatest on [low, high]: the best of `grid` + 1 points, then Brent's method between
/// its neighbours. NaN values count as lowest.
template <class F>
double argmax(F&& f, double low, double high, int grid = 200) {
  const double step = (high - low) / grid;
  double best = low;
  double best_value = -std::numeric_limits<double>::infinity();
  for (int i = 0; i <= grid; ++i) {
    const double x = low + step * i;
    const double value = f(x);
    if (value > best_value) {
      best = x;
      best_value = value;
    }
  }
  constexpr int bits = std::numeric_limits<double>::digits / 2; // all that a flat top can give
  const auto [end, value] = boost::math::tools::brent_find_minima(
      [&](double x) { return -f(x); }, std::fmax(low, best - step), std::fmin(high, best + step),
      bits);
  return -value >= best_value ? end : best;
}

} // namespace detail

/// The least-squares fit of y = c f(x; s): s is sought on [low, high], c has a closed form. NaN in
/// all parts for fewer than two points or where a number is not finite.
/// @param f  (x, s) -> number   @throws ArgumentError if the lists differ in size
template <class F>
[[nodiscard]] ShapeFit fit_shape(const std::vector<double>& x, const std::vector<double>& y, F&& f,
                                 double low, double high) {
  require(x.size() == y.size(), "size of y", y.size(), "that of x");
  double mean = 0;
  double total = 0;
  for (const double v : y) {
    mean += v / static_cast<double>(y.size());
  }
  for (const double v : y) {
    total += (v - mean) * (v - mean);
  }
  if (x.size() < 2 || !(total > 0) || !std::isfinite(total)) {
    return {};
  }
  std::vector<double> curve(x.size());
  const auto scale_at = [&](double s) {
    double ff = 0;
    double fy = 0;
    for (std::size_t i = 0; i < x.size(); ++i) {
      curve[i] = f(x[i], s);
      ff += curve[i] * curve[i];
      fy += curve[i] * y[i];
    }
    return fy / ff;
  };
  const auto score = [&](double s) {
    const double c = scale_at(s);
    double rest = 0;
    for (std::size_t i = 0; i < x.size(); ++i) {
      rest += (y[i] - c * curve[i]) * (y[i] - c * curve[i]);
    }
    return 1 - rest / total;
  };
  const double s = detail::argmax(score, low, high);
  const double r_squared = score(s);
  return std::isfinite(r_squared) ? ShapeFit{s, scale_at(s), r_squared} : ShapeFit{};
}

/// y = c x^p by least squares in y, p on [low, high]; x > 0.
[[nodiscard]] inline ShapeFit fit_power_law(const std::vector<double>& x,
                                            const std::vector<double>& y, double low = 0,
                                            double high = 4) {
  return fit_shape(
      x, y, [](double at, double p) { return std::pow(at, p); }, low, high);
}

/// The power p on [low, high] for which y^p is straightest in x, by the share of its variance that
/// a line explains; y > 0. scale is the slope of that line. NaN as for fit_line().
[[nodiscard]] inline ShapeFit straightest_power(const std::vector<double>& x,
                                                const std::vector<double>& y, double low = 0.02,
                                                double high = 4) {
  std::vector<double> bent(y.size());
  const auto line_at = [&](double p) {
    for (std::size_t i = 0; i < y.size(); ++i) {
      bent[i] = std::pow(y[i], p);
    }
    return fit_line(x, bent);
  };
  const double p = detail::argmax([&](double at) { return line_at(at).r_squared; }, low, high);
  const LineFit line = line_at(p);
  return std::isfinite(line.r_squared) ? ShapeFit{p, line.slope, line.r_squared} : ShapeFit{};
}

} // namespace gradus::metrics
