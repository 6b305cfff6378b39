// SPDX-License-Identifier: BSD-3-Clause
#include "walk.hpp"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <numbers>
#include <string>
#include <vector>

#include "landscapes.hpp"
#include <gradus/core/distributions.hpp>
#include <gradus/data/heat_bath_walk.hpp>
#include <gradus/metrics/jackknife.hpp>
#include <gradus/metrics/kolmogorov_smirnov.hpp>
#include <gradus/metrics/shape_fit.hpp>
#include <gradus/metrics/trend.hpp>
#include <gradus/study/summary.hpp>
#include <gradus/theory/golosov_kesten.hpp>

namespace gradus::examples::longer {

namespace {

std::vector<double> powers(const std::vector<double>& values, double exponent) {
  std::vector<double> result;
  for (const double x : values) {
    result.push_back(std::pow(x, exponent));
  }
  return result;
}

std::vector<double> logarithms(const std::vector<double>& values) {
  std::vector<double> result;
  for (const double x : values) {
    result.push_back(std::log(x));
  }
  return result;
}

/// Fits of the mean distance in y itself: c (ln tau - b)^2 and c tau^p.
void compare_laws(const std::vector<double>& ln_tau, const std::vector<double>& distance,
                  Record& out) {
  // A scale of the power law is kept near 1: tau is counted from the longest.
  const auto power = metrics::fit_shape(
      ln_tau, distance,
      [&](double x, double exponent) { return std::exp(exponent * (x - ln_tau.back())); }, 0, 1);
  const auto square = metrics::fit_shape(
      ln_tau, distance, [](double x, double shift) { return (x - shift) * (x - shift); }, -20,
      ln_tau.front());
  out.number("square_r2", square.r_squared);
  out.number("square_gain", square.r_squared - power.r_squared);
  out.number("shift", square.shape);
}

} // namespace

double upper_exponent(const std::vector<double>& x, const std::vector<double>& y) {
  const auto half = static_cast<std::ptrdiff_t>(x.size() / 2);
  const auto upper = [&](const std::vector<double>& v) {
    return logarithms(std::vector<double>(v.begin() + half, v.end()));
  };
  return metrics::fit_line(upper(x), upper(y)).slope;
}

void run_direct(const Params& p, const Stream& stream, Record& out) {
  const Index reach = 1000;
  const double tau = std::exp(8.0);
  data::FractionalBrownian field(1, 1, reach);
  theory::StoppedWalk exact({tau});
  data::HeatBathWalk walk(Vector<double>::Zero(1));
  Vector<double> distance(1);
  Vector<double> square(1);
  std::vector<double> offs;
  std::vector<double> seen;
  Index longest = 0;
  Stream steps = stream.child("steps");
  for_landscapes(field, p.walkers, stream, [&](ConstVectorRef<double> v) {
    exact.moments(v, distance, square);
    walk.reset(v);
    const Index count = data::steps_before_stop(steps, data::stop_probability(tau));
    longest = std::max(longest, count);
    walk.walk(steps, count);
    seen.push_back(static_cast<double>(std::abs(walk.position())));
    offs.push_back(seen.back() - distance(0));
  });
  out.number("z", mean_of(offs).value / standard_error(offs));
  out.number("distance", mean_of(seen).value);
  out.number("longest", static_cast<double>(longest));
}

void run_walk(const Params& p, double alpha, const Stream& stream, Record& out) {
  const WalkSetting& setting = *std::find_if(
      walks.begin(), walks.end(), [&](const WalkSetting& w) { return w.alpha == alpha; });
  const std::vector<double> ln_tau = linspace(setting.low, setting.high, 24);
  data::FractionalBrownian field(alpha, setting.sigma, setting.reach);
  WalkMeans means(exponentials(ln_tau), setting.reach, p.landscapes);
  double valley = 0;
  for_landscapes(field, p.landscapes, stream, [&](ConstVectorRef<double> v) {
    means.add(v);
    valley += static_cast<double>(std::abs(theory::valley_bottom(v, setting.high))) /
              static_cast<double>(p.landscapes);
  });
  const Walks result = means.finish();
  out.number("power", metrics::straightest_power(ln_tau, result.distance).shape / (alpha / 2));
  out.number("exponent", upper_exponent(ln_tau, result.distance));
  out.number("valley", metrics::fit_line(ln_tau, powers(result.distance, alpha / 2)).slope *
                           setting.high / std::pow(valley, alpha / 2));
  out.number("near_end", share_near_end(result.law));
  compare_laws(ln_tau, result.distance, out);
  out.series("distance", {"ln tau", ln_tau}, result.distance);
}

void run_sinai(const Params& p, const Stream& stream, Record& out) {
  const WalkSetting setting{1, 1.5, 5, 30, 3000};
  const std::vector<double> ln_tau = linspace(setting.low, setting.high, 26);
  data::FractionalBrownian field(setting.alpha, setting.sigma, setting.reach);
  WalkMeans means(exponentials(ln_tau), setting.reach, p.sinai_landscapes);
  for_landscapes(field, p.sinai_landscapes, stream,
                 [&](ConstVectorRef<double> v) { means.add(v); });
  const Walks result = means.finish();

  const double limit = std::sqrt(theory::golosov_mean);
  const auto slope_of = [&](const std::vector<double>& distance) {
    return setting.sigma * metrics::fit_line(ln_tau, powers(distance, 0.5)).slope / limit;
  };
  const double slope = slope_of(result.distance);
  const auto n = static_cast<double>(p.sinai_landscapes);
  const double error = metrics::jackknife_error(p.sinai_landscapes, [&](Index skip) {
    std::vector<double> without = result.distance;
    for (std::size_t t = 0; t < without.size(); ++t) {
      without[t] += (without[t] - result.each(static_cast<Index>(t), skip)) / (n - 1);
    }
    return slope_of(without);
  });
  out.number("slope", slope);
  out.number("slope_error", error);
  out.number("slope_z", (slope - 1) / error);
  out.number("straight_r2", metrics::fit_line(ln_tau, powers(result.distance, 0.5)).r_squared);
  const double mean = result.distance.back();
  out.number("moment_ratio", result.square.back() / (mean * mean));
  out.number("near_end", share_near_end(result.law));
  compare_laws(ln_tau, result.distance, out);

  std::vector<double> scaled;
  for (std::size_t d = 0; d < result.law.size(); ++d) {
    scaled.push_back(static_cast<double>(d) / mean);
  }
  out.number("ks_golosov", metrics::ks_distance(scaled, result.law, [](double x) {
               return theory::golosov_cdf(x * theory::golosov_mean);
             }));
  out.number("ks_half_normal", metrics::ks_distance(scaled, result.law, [](double x) {
               return std::erf(x * std::numbers::inv_sqrtpi);
             }));
  out.number("ks_exponential",
             metrics::ks_distance(scaled, result.law, [](double x) { return 1 - std::exp(-x); }));
  std::vector<double> cdf;
  const std::vector<double> places = linspace(0, 5, 101);
  for (const double place : places) {
    double sum = 0;
    for (std::size_t d = 0; d < scaled.size() && scaled[d] <= place; ++d) {
      sum += result.law[d];
    }
    cdf.push_back(sum);
  }
  out.series("distance", {"ln tau", ln_tau}, result.distance);
  out.series("cdf", {"|x| / mean", places}, cdf);
}

void run_barrier(const Params& p, const Stream& stream, Record& out) {
  const Index reach = 4000;
  data::FractionalBrownian field(1, 1, reach);
  const std::vector<double> depths{10, 20, 30};
  std::vector<double> mean(depths.size(), 0);
  for_landscapes(field, p.valley_landscapes, stream, [&](ConstVectorRef<double> v) {
    for (std::size_t k = 0; k < depths.size(); ++k) {
      mean[k] += static_cast<double>(std::abs(theory::valley_bottom(v, depths[k]))) /
                 static_cast<double>(p.valley_landscapes);
    }
  });
  out.number("slope",
             (std::sqrt(mean[2]) - std::sqrt(mean[0])) / 20 / std::sqrt(theory::golosov_mean));
  out.series("distance", {"depth", depths}, mean);
}

void run_paths(const Params& p, const Stream& stream, Record& out) {
  const Index reach = 400;
  data::FractionalBrownian field(1, 1.5, reach);
  Matrix<double> v(field.num_sites(), 1);
  Stream draw = stream.child("landscape");
  field.fill(draw, v);
  std::vector<double> sites;
  std::vector<double> potential;
  for (Index i = -reach / 4; i <= reach / 4; ++i) {
    sites.push_back(static_cast<double>(i));
    potential.push_back(v(reach + i, 0));
  }
  std::vector<double> times{0};
  for (const double t : logspace(1, static_cast<double>(p.path_steps), 240)) {
    if (const double step = std::floor(t); step > times.back()) {
      times.push_back(step);
    }
  }
  data::HeatBathWalk walk(v.col(0));
  for (Index k = 0; k < 4; ++k) {
    Stream steps = stream.child("steps", static_cast<std::uint64_t>(k));
    walk.restart();
    std::vector<double> path{0};
    for (std::size_t i = 1; i < times.size(); ++i) {
      walk.walk(steps, static_cast<Index>(times[i] - times[i - 1]));
      path.push_back(static_cast<double>(walk.position()));
    }
    out.series("path" + std::to_string(k), {"step", times}, path);
  }
  out.series("potential", {"site", sites}, potential);
}

} // namespace gradus::examples::longer
