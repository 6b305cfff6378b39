// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <algorithm>
#include <cmath>
#include <limits>
#include <vector>

namespace gradus::study {

/// A measured number with the range of the values it was made from. Any NaN among these makes it
/// NaN, and a claim on a NaN does not hold.
struct Summary {
  /// The number that is reported and judged.
  double value = std::numeric_limits<double>::quiet_NaN();
  double low = value;  ///< least of the values it was made from
  double high = value; ///< greatest of them
  bool every = false;  ///< a claim must hold for low and for high, not only for value

  /// NaN: nothing was measured.
  Summary() = default;
  /// A single number, its own range.
  Summary(double x) : value(x), low(x), high(x) {} // NOLINT: implicit on purpose
  /// A number with its range. @param all  the member `every`
  Summary(double x, double lowest, double highest, bool all = false)
      : value(x), low(lowest), high(highest), every(all) {}
};

/// The values that are finite, in order.
[[nodiscard]] inline std::vector<double> finite(std::vector<double> values) {
  std::erase_if(values, [](double x) { return !std::isfinite(x); });
  return values;
}

namespace detail {
inline bool has_nan(const std::vector<double>& values) {
  return values.empty() ||
         std::any_of(values.begin(), values.end(), [](double x) { return std::isnan(x); });
}
} // namespace detail

/// Quantile by linear interpolation between order statistics, q in [0, 1]; NaN for no values or
/// any NaN.
[[nodiscard]] inline double quantile(std::vector<double> values, double q) {
  if (detail::has_nan(values)) {
    return std::numeric_limits<double>::quiet_NaN();
  }
  std::sort(values.begin(), values.end());
  const double place = q * static_cast<double>(values.size() - 1);
  const auto below = static_cast<std::size_t>(place);
  const std::size_t above = std::min(below + 1, values.size() - 1);
  const double share = place - static_cast<double>(below);
  return share == 0.0 ? values[below] : values[below] + share * (values[above] - values[below]);
}

namespace detail {
inline Summary with_range(double value, const std::vector<double>& values) {
  if (has_nan(values)) {
    return {};
  }
  const auto [low, high] = std::minmax_element(values.begin(), values.end());
  return {value, *low, *high};
}
} // namespace detail

/// Arithmetic mean and range; NaN for no values or any NaN.
[[nodiscard]] inline Summary mean_of(const std::vector<double>& values) {
  double sum = 0.0;
  for (const double x : values) {
    sum += x;
  }
  return detail::with_range(sum / static_cast<double>(values.size()), values);
}
/// Quantile and range; NaN for no values or any NaN. For a claim that some single values may miss:
/// quantile_of(values, 0.9) at most a bound asks it of nine in ten.
/// @param q  in [0, 1]
[[nodiscard]] inline Summary quantile_of(const std::vector<double>& values, double q) {
  return detail::with_range(quantile(values, q), values);
}
/// Median (two in the middle: their mean) and range; NaN for no values or any NaN.
[[nodiscard]] inline Summary median_of(const std::vector<double>& values) {
  return quantile_of(values, 0.5);
}
/// Least value and range; NaN for no values or any NaN.
[[nodiscard]] inline Summary min_of(const std::vector<double>& values) {
  return quantile_of(values, 0.0);
}
/// Greatest value and range; NaN for no values or any NaN.
[[nodiscard]] inline Summary max_of(const std::vector<double>& values) {
  return quantile_of(values, 1.0);
}

/// For a claim that every single value must meet; the reported number is the worst of them.
[[nodiscard]] inline Summary each(const std::vector<double>& values) {
  Summary summary = median_of(values);
  summary.every = true;
  return summary;
}

/// Standard error of the mean, from the sample standard deviation; NaN for fewer than two values.
[[nodiscard]] inline double standard_error(const std::vector<double>& values) {
  const auto n = static_cast<double>(values.size());
  const double mean = mean_of(values).value;
  double sum = 0.0;
  for (const double x : values) {
    sum += (x - mean) * (x - mean);
  }
  return n < 2 ? std::numeric_limits<double>::quiet_NaN() : std::sqrt(sum / (n - 1) / n);
}

/// Pearson correlation of two lists of one size; NaN if either is constant.
[[nodiscard]] inline double correlation(const std::vector<double>& x,
                                        const std::vector<double>& y) {
  const double mean_x = mean_of(x).value;
  const double mean_y = mean_of(y).value;
  double xx = 0.0;
  double yy = 0.0;
  double xy = 0.0;
  for (std::size_t i = 0; i < x.size() && i < y.size(); ++i) {
    xx += (x[i] - mean_x) * (x[i] - mean_x);
    yy += (y[i] - mean_y) * (y[i] - mean_y);
    xy += (x[i] - mean_x) * (y[i] - mean_y);
  }
  return xy / std::sqrt(xx * yy);
}

/// A value per position of a list of equally long series: the mean, a quantile ... over cells.
/// Series that are shorter (a cell without them) make the position NaN only if no series has it.
template <class Statistic>
[[nodiscard]] std::vector<double> across(const std::vector<std::vector<double>>& rows,
                                         Statistic statistic) {
  std::size_t length = 0;
  for (const auto& row : rows) {
    length = std::max(length, row.size());
  }
  std::vector<double> result(length);
  for (std::size_t i = 0; i < length; ++i) {
    std::vector<double> column;
    for (const auto& row : rows) {
      if (i < row.size()) {
        column.push_back(row[i]);
      }
    }
    result[i] = statistic(finite(column));
  }
  return result;
}

/// Mean over the series at each position, finite values only; NaN where there are none.
[[nodiscard]] inline std::vector<double> mean_across(const std::vector<std::vector<double>>& rows) {
  return across(rows, [](const std::vector<double>& v) { return mean_of(v).value; });
}
/// Quantile over the series at each position, finite values only; NaN where there are none.
/// @param q  in [0, 1]
[[nodiscard]] inline std::vector<double>
quantile_across(const std::vector<std::vector<double>>& rows, double q) {
  return across(rows, [q](const std::vector<double>& v) { return quantile(v, q); });
}

/// a(i) - b(i). @throws std::out_of_range if b is shorter
[[nodiscard]] inline std::vector<double> differences(std::vector<double> a,
                                                     const std::vector<double>& b) {
  for (std::size_t i = 0; i < a.size(); ++i) {
    a[i] -= b.at(i);
  }
  return a;
}
/// a(i) / b(i). @throws std::out_of_range if b is shorter
[[nodiscard]] inline std::vector<double> quotients(std::vector<double> a,
                                                   const std::vector<double>& b) {
  for (std::size_t i = 0; i < a.size(); ++i) {
    a[i] /= b.at(i);
  }
  return a;
}

/// Absolute differences, entry by entry, of two lists of rows: how far a law is from a measurement.
[[nodiscard]] inline std::vector<double>
absolute_differences(const std::vector<std::vector<double>>& a,
                     const std::vector<std::vector<double>>& b) {
  std::vector<double> result;
  for (std::size_t i = 0; i < a.size() && i < b.size(); ++i) {
    for (std::size_t k = 0; k < a[i].size() && k < b[i].size(); ++k) {
      result.push_back(std::abs(a[i][k] - b[i][k]));
    }
  }
  return result;
}

/// All entries of a list of rows, one after the other.
[[nodiscard]] inline std::vector<double> flatten(const std::vector<std::vector<double>>& rows) {
  std::vector<double> all;
  for (const auto& row : rows) {
    all.insert(all.end(), row.begin(), row.end());
  }
  return all;
}

/// Shares of values in evenly wide bins.
struct Histogram {
  std::vector<double> centres; ///< middles of the bins, ascending
  std::vector<double> shares;  ///< sum to 1 (to less if values lie outside the range)
};

/// Histogram over [low, high] with the given number of bins >= 1; low < high.
[[nodiscard]] inline Histogram histogram(const std::vector<double>& values, double low, double high,
                                         std::size_t bins) {
  const double width = (high - low) / static_cast<double>(bins);
  Histogram result{std::vector<double>(bins), std::vector<double>(bins, 0.0)};
  for (std::size_t b = 0; b < bins; ++b) {
    result.centres[b] = low + (static_cast<double>(b) + 0.5) * width;
  }
  for (const double x : values) {
    if (x >= low && x <= high) {
      const auto bin = std::min(bins - 1, static_cast<std::size_t>((x - low) / width));
      result.shares[bin] += 1.0 / static_cast<double>(values.size());
    }
  }
  return result;
}

} // namespace gradus::study
