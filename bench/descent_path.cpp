// SPDX-License-Identifier: BSD-3-Clause
// The weights of a linear model of 1000 inputs and 1000 samples at 200 times up to step 1e6 of
// gradient descent, in double: from one eigendecomposition, without a step.
#include <cmath>
#include <vector>

#include <benchmark/benchmark.h>

#include "support.hpp"
#include <gradus/data/teacher.hpp>
#include <gradus/linear/descent_path.hpp>

namespace gradus::bench {
namespace {

constexpr Index size = 1000;
constexpr Index num_times = 200;
constexpr double last_step =
    1e6; // the smallest eigenvalue is about 1e-6: no sooner is it all fitted
constexpr double rate = 0.05;

struct Problem {
  Vector<double> start = Vector<double>::Zero(size);
  data::RegressionSamples<double> samples;
  std::vector<Index> times;

  Problem() {
    const data::LinearTeacher setting{.dim = size, .noise = 0.1};
    const Stream stream(1, "descent_path");
    samples =
        data::draw_regression(setting, data::draw_teacher<double>(setting, stream), size, stream);
    for (Index k = 0; k < num_times; ++k) {
      const double share = static_cast<double>(k) / static_cast<double>(num_times - 1);
      times.push_back(std::lround(std::pow(last_step, share)));
    }
  }
  static const Problem& get() {
    static const Problem problem;
    return problem;
  }
  [[nodiscard]] Matrix<double> path() const {
    const linear::DescentPath<double> descent(samples.x, samples.y, start, rate);
    return descent.weights(times);
  }
};

/// The weights at an early time are those of the steps.
bool is_the_steps(const Problem& problem) {
  constexpr std::size_t place = 60; // step 64
  Vector<double> w = problem.start;
  for (Index t = 0; t < problem.times[place]; ++t) {
    const Vector<double> residual = problem.samples.x.transpose() * w - problem.samples.y;
    w -= rate * 2 / static_cast<double>(size) * (problem.samples.x * residual);
  }
  return w.norm() > 0 &&
         (problem.path().col(static_cast<Index>(place)) - w).norm() < 1e-10 * w.norm();
}

void descent_path(benchmark::State& state) {
  const int count = static_cast<int>(state.range(0));
  const Threads threads(count);
  const Problem& problem = Problem::get();
  static const bool right = is_the_steps(problem);
  expect(state, right, "descent_path: not the weights of the steps");
  for (auto unused : state) {
    benchmark::DoNotOptimize(problem.path());
  }
}
BENCHMARK(descent_path)
    ->Name("descent_path/1000x1000")
    ->ArgName("threads")
    ->Arg(1)
    ->Arg(2)
    ->UseRealTime()
    ->Unit(benchmark::kMillisecond);

} // namespace
} // namespace gradus::bench
