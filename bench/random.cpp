// SPDX-License-Identifier: BSD-3-Clause
// Standard normals: gradus's counter-based streams against the standard library's generator.
#include <cmath>
#include <random>
#include <span>

#include <benchmark/benchmark.h>

#include "support.hpp"
#include <gradus/core/distributions.hpp>
#include <gradus/core/random.hpp>

namespace gradus::bench {
namespace {

constexpr Index size = Index{1} << 20U;

/// Mean, variance and fourth moment of n normals, each within six standard errors (1, 2, 96 are n
/// times the variances of the three estimates): a right generator fails once in 5e8 runs.
bool looks_normal(const Vector<float>& x) {
  const auto n = static_cast<double>(x.size());
  const Eigen::ArrayXd y = x.cast<double>().array();
  const auto near = [n](double value, double expected, double variance) {
    return std::abs(value - expected) <= 6 * std::sqrt(variance / n);
  };
  return near(y.mean(), 0, 1) && near(y.square().mean(), 1, 2) &&
         near(y.square().square().mean(), 3, 96);
}

void report(benchmark::State& state, const Vector<float>& x) {
  expect(state, looks_normal(x), "normals: moments are off");
  state.SetItemsProcessed(state.iterations() * size);
}

void gradus_normals(benchmark::State& state) {
  const Threads threads(static_cast<int>(state.range(0)));
  Stream stream(1, "normals");
  Vector<float> x(size);
  for (auto unused : state) {
    fill_normal(stream, x);
    benchmark::ClobberMemory();
  }
  report(state, x);
}
BENCHMARK(gradus_normals)
    ->Name("normals/gradus")
    ->ArgName("threads")
    ->Arg(1)
    ->Arg(2)
    ->UseRealTime()
    ->Unit(benchmark::kMicrosecond);

void std_normals(benchmark::State& state) {
  std::mt19937_64 generator(1);
  std::normal_distribution<float> normal;
  Vector<float> x(size);
  for (auto unused : state) {
    for (float& value : x) {
      value = normal(generator);
    }
    benchmark::ClobberMemory();
  }
  report(state, x);
}
BENCHMARK(std_normals)
    ->Name("normals/std")
    ->ArgName("threads")
    ->Arg(1)
    ->UseRealTime()
    ->Unit(benchmark::kMicrosecond);

} // namespace
} // namespace gradus::bench
