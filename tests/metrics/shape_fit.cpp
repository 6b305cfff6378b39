// SPDX-License-Identifier: BSD-3-Clause
// Fits of curves, distances of laws, errors by leaving one out.
#include <cmath>
#include <limits>
#include <numeric>
#include <vector>

#include "catch.hpp"
#include <gradus/core/distributions.hpp>
#include <gradus/core/error.hpp>
#include <gradus/core/random.hpp>
#include <gradus/metrics/jackknife.hpp>
#include <gradus/metrics/kolmogorov_smirnov.hpp>
#include <gradus/metrics/shape_fit.hpp>

using namespace gradus;

namespace {
std::vector<double> upto(int n) {
  std::vector<double> x(static_cast<std::size_t>(n));
  std::iota(x.begin(), x.end(), 1.0);
  return x;
}
} // namespace

TEST_CASE("shape fit: finds the law that made the points") {
  const std::vector<double> x = upto(20);
  std::vector<double> power;
  std::vector<double> parabola;
  for (const double v : x) {
    power.push_back(3 * std::pow(v, 0.37));
    parabola.push_back(0.5 * (v + 2.5) * (v + 2.5));
  }
  const auto law = metrics::fit_power_law(x, power);
  CHECK(std::abs(law.shape - 0.37) < 1e-6);
  CHECK(std::abs(law.scale - 3) < 1e-5);
  CHECK(std::abs(law.r_squared - 1) < 1e-12);
  const auto square = [](double at, double b) { return (at - b) * (at - b); };
  const auto fit = metrics::fit_shape(x, parabola, square, -20, 10);
  CHECK(std::abs(fit.shape + 2.5) < 1e-5);
  CHECK(std::abs(fit.scale - 0.5) < 1e-6);
  CHECK(metrics::fit_power_law(x, parabola).r_squared < 0.9999);
  const auto straight = metrics::straightest_power(x, parabola);
  CHECK(std::abs(straight.shape - 0.5) < 1e-5);
  CHECK(std::abs(straight.scale - std::sqrt(0.5)) < 1e-4);
  // The ends of the range are ends.
  CHECK(std::abs(metrics::fit_power_law(x, power, 0.5, 1).shape - 0.5) < 1e-9);
}

TEST_CASE("shape fit: a least-squares power law beats one fitted to logarithms, in y") {
  const std::vector<double> x = upto(30);
  std::vector<double> y;
  std::vector<double> log_x;
  std::vector<double> log_y;
  for (const double v : x) {
    y.push_back(1 + std::log(v));
    log_x.push_back(std::log(v));
    log_y.push_back(std::log(y.back()));
  }
  const auto line = metrics::fit_line(log_x, log_y);
  double mean = 0;
  for (const double v : y) {
    mean += v / 30;
  }
  double total = 0;
  double rest = 0;
  for (std::size_t i = 0; i < x.size(); ++i) {
    total += (y[i] - mean) * (y[i] - mean);
    const double off = y[i] - std::exp(line.intercept) * std::pow(x[i], line.slope);
    rest += off * off;
  }
  CHECK(metrics::fit_power_law(x, y).r_squared > 1 - rest / total);
}

TEST_CASE("shape fit: nothing to fit is NaN, not a number") {
  CHECK(std::isnan(metrics::fit_power_law({}, {}).shape));
  CHECK(std::isnan(metrics::fit_power_law({1}, {2}).r_squared));
  CHECK(std::isnan(metrics::fit_power_law({1, 2}, {3, 3}).r_squared));
  CHECK(std::isnan(metrics::fit_power_law({1, 2}, {3, std::nan("")}).r_squared));
  CHECK(std::isnan(metrics::straightest_power({1, 2, 3}, {1, std::nan(""), 2}).shape));
  CHECK_THROWS_AS(metrics::fit_power_law({1, 2}, {1}), ArgumentError);
}

TEST_CASE("Kolmogorov-Smirnov distance: by hand, and small for the right law") {
  const auto uniform_cdf = [](double x) { return std::min(1.0, std::max(0.0, x)); };
  CHECK(std::abs(metrics::ks_distance({0.5}, uniform_cdf) - 0.5) < 1e-15);
  CHECK(std::abs(metrics::ks_distance({0.9, 0.1}, uniform_cdf) - 0.4) < 1e-15);
  CHECK(std::abs(metrics::ks_distance({0.1, 0.9}, {3, 1}, uniform_cdf) - 0.65) < 1e-15);
  Stream stream(3);
  std::vector<double> sample(10'000);
  for (double& x : sample) {
    x = stream.uniform();
  }
  CHECK(metrics::ks_distance(sample, uniform_cdf) < 0.02); // 1.95 / sqrt(n): one in 1000
  CHECK(metrics::ks_distance(sample, [&](double x) { return uniform_cdf(x * x); }) > 0.2);
  CHECK(std::isnan(metrics::ks_distance({}, uniform_cdf)));
  CHECK(std::isnan(metrics::ks_distance({0.2, std::nan("")}, uniform_cdf)));
  CHECK(std::isnan(metrics::ks_distance({0.2}, {0.0}, uniform_cdf)));
  CHECK_THROWS_AS(metrics::ks_distance({0.2}, {1, 2}, uniform_cdf), ArgumentError);
  CHECK_THROWS_AS(metrics::ks_distance({0.2, 0.1}, {1, 2}, uniform_cdf), ArgumentError);
}

TEST_CASE("jackknife: the error of a mean is its standard error") {
  const std::vector<double> x{1, 4, 2, 8, 5};
  const auto mean_without = [&](Index skip) {
    double sum = 0;
    for (Index i = 0; i < 5; ++i) {
      sum += i == skip ? 0 : x[static_cast<std::size_t>(i)];
    }
    return sum / 4;
  };
  double squares = 0;
  for (const double v : x) {
    squares += (v - 4) * (v - 4);
  }
  CHECK(std::abs(metrics::jackknife_error(5, mean_without) - std::sqrt(squares / 4 / 5)) < 1e-14);
  CHECK(std::isnan(metrics::jackknife_error(1, mean_without)));
}
