// SPDX-License-Identifier: BSD-3-Clause
// A double-descent curve of random features, in double: 200 samples of 30 inputs, ReLU features at
// 40 widths up to 800, least squares of smallest norm or ridge at each, errors on 1000 test
// samples.
#include <cmath>
#include <utility>
#include <vector>

#include <benchmark/benchmark.h>

#include "support.hpp"
#include <gradus/core/distributions.hpp>
#include <gradus/core/random.hpp>
#include <gradus/linear/random_features.hpp>
#include <gradus/linear/refined_spectrum.hpp>
#include <gradus/linear/width_sweep.hpp>

namespace gradus::bench {
namespace {

constexpr Index inputs = 30;
constexpr Index samples = 200;
constexpr Index tests = 1000;
constexpr Index widest = 800;
constexpr Index num_widths = 40;
constexpr double penalty = 0.1;

struct Problem {
  Matrix<double> x{inputs, samples};
  Vector<double> y{samples};
  Matrix<double> test_x{inputs, tests};
  Vector<double> test_y;
  linear::RandomFeatures<double> features;
  std::vector<Index> widths;

  Problem()
      : features(inputs, widest, Stream(1, "double_descent"),
                 {.scale = 1 / std::sqrt(static_cast<double>(inputs))}) {
    Stream stream(2, "double_descent");
    Vector<double> beta(inputs);
    fill_normal(stream, x);
    fill_normal(stream, test_x);
    fill_normal(stream, beta, 1 / std::sqrt(static_cast<double>(inputs)));
    fill_normal(stream, y, 0.5);
    y += x.transpose() * beta;
    test_y = test_x.transpose() * beta;
    for (Index k = 1; k <= num_widths; ++k) {
      widths.push_back(k * widest / num_widths);
    }
  }
  static const Problem& get() {
    static const Problem problem;
    return problem;
  }
  /// Test error at each width: all that is timed.
  [[nodiscard]] Vector<double> curve(double ridge) const {
    const Matrix<double> z = features(x);
    const Matrix<double> test_z = features(test_x);
    const auto fits = linear::sweep_widths<double>(z, y, widths, {.ridge = ridge});
    Matrix<double> errors = linear::predictions<double>(fits, test_z);
    errors.colwise() -= test_y;
    return errors.colwise().squaredNorm().transpose() / static_cast<double>(tests);
  }
};

/// The same from singular values, width by width.
bool is_right(const Problem& problem, double ridge) {
  const Vector<double> curve = problem.curve(ridge);
  const Matrix<double> z = problem.features(problem.x);
  const Matrix<double> test_z = problem.features(problem.test_x);
  for (std::size_t k = 0; k < problem.widths.size(); k += 3) {
    const Index width = problem.widths[k];
    const auto spectrum = linear::refined_spectrum<double>(z.topRows(width));
    const auto& s = spectrum.values.array();
    const Vector<double> a =
        spectrum.left *
        ((spectrum.right.transpose() * problem.y).array() * s / (s * s + ridge)).matrix();
    const double error = (test_z.topRows(width).transpose() * a - problem.test_y).squaredNorm() /
                         static_cast<double>(tests);
    if (!(error > 0) || !(std::abs(curve(static_cast<Index>(k)) / error - 1) < 1e-6)) {
      return false;
    }
  }
  return true;
}

/// Multiply-adds count twice; factorisations by their leading terms.
double flops(bool penalised) {
  constexpr double n = samples;
  constexpr double w = widest;
  double sum = 2 * w * inputs * (n + tests) + 2 * w * tests * num_widths; // features, predictions
  sum += 2 * n * n * w;                                                   // Gram matrix
  sum += penalised ? 0 : 4.0 / 3 * n * n * n; // orthogonal factorisation
  for (const Index width : Problem::get().widths) {
    const auto m = static_cast<double>(width);
    sum += width > samples ? n * n * n / 3 : penalised ? n * m * m * 2 + m * m * m / 3 : m * m;
  }
  return sum;
}

void time_curve(benchmark::State& state, double ridge) {
  const int count = static_cast<int>(state.range(0));
  const Threads threads(count);
  const Problem& problem = Problem::get();
  expect(state, is_right(problem, ridge), "double_descent: not the errors of the singular values");
  for (auto unused : state) {
    benchmark::DoNotOptimize(problem.curve(ridge));
  }
  report_work(state, flops(ridge > 0), 8.0 * widest * (samples + tests) * 2, count);
}

void least_squares(benchmark::State& state) { time_curve(state, 0); }
BENCHMARK(least_squares)
    ->Name("double_descent/least_squares")
    ->ArgName("threads")
    ->Arg(1)
    ->Arg(2)
    ->UseRealTime()
    ->Unit(benchmark::kMillisecond);

void ridge(benchmark::State& state) { time_curve(state, penalty); }
BENCHMARK(ridge)
    ->Name("double_descent/ridge")
    ->ArgName("threads")
    ->Arg(1)
    ->Arg(2)
    ->UseRealTime()
    ->Unit(benchmark::kMillisecond);

} // namespace
} // namespace gradus::bench
