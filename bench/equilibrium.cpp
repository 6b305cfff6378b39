// SPDX-License-Identifier: BSD-3-Clause
// The gradient of one batch by holomorphic equilibrium propagation: a free phase and eight nudges
// on a circle, 64-32-32-10 in double, symmetric weights.
#include <benchmark/benchmark.h>

#include "support.hpp"
#include <gradus/core/distributions.hpp>
#include <gradus/equilibrium/network.hpp>
#include <gradus/equilibrium/risk.hpp>

namespace gradus::bench {
namespace {

constexpr Index batch = 20;
constexpr Index points = 8;
constexpr Index free_steps = 60;
constexpr Index nudged_steps = 25;

equilibrium::RiskOptions options(equilibrium::ErrorSource source, Index free, Index response) {
  return {.source = source,
          .nudge = equilibrium::Nudge::of_points(points, 0.1),
          .free = {.max_steps = free},
          .response = {.max_steps = response}};
}

void cauchy(benchmark::State& state) {
  const int count = static_cast<int>(state.range(0));
  const Threads threads(count);
  const equilibrium::Network<double> network(
      equilibrium::NetworkLayout::layered({64, 32, 32, 10}, 10));
  const Stream stream(1, "equilibrium");
  Matrix<double> x(64, batch);
  Stream inputs = stream.child("inputs");
  fill_normal(inputs, x, 0.5);
  Vector<Index> classes(batch);
  for (Index i = 0; i < batch; ++i) {
    classes(i) = i % 10;
  }
  const Vector<double> theta = network.initial_parameters({.gain = 0.6}, stream);
  Vector<double> gradient(theta.size());
  Vector<double> exact(theta.size());
  // Symmetric weights: from fixed points, the estimate is the gradient but for O(beta^8).
  equilibrium::Risk<double> settled(network, x, classes,
                                    options(equilibrium::ErrorSource::nudge, 300, 300));
  (void)settled.value_and_gradient(theta, gradient);
  equilibrium::Risk<double> reference(
      network, x, classes, options(equilibrium::ErrorSource::recurrent_backprop, 300, 300));
  (void)reference.value_and_gradient(theta, exact);
  expect(state, exact.norm() > 0 && (gradient - exact).norm() < 1e-6 * exact.norm(),
         "equilibrium: eight nudges differ from backpropagation");

  equilibrium::Risk<double> risk(
      network, x, classes, options(equilibrium::ErrorSource::nudge, free_steps, nudged_steps));
  for (auto unused : state) {
    benchmark::DoNotOptimize(risk.value_and_gradient(theta, gradient));
  }
  // Eight columns a sample in the nudged phases, thanks to conjugate symmetry; exponentials and
  // sines are not counted.
  const double couplings = 2.0 * (32 * 32 + 32 * 10);
  const double readout = 2.0 * 10 * 10;
  report_work(
      state, 2.0 * batch * (free_steps * couplings + points * nudged_steps * (couplings + readout)),
      8.0 * static_cast<double>(theta.size()), count);
}
BENCHMARK(cauchy)
    ->Name("equilibrium/cauchy-8")
    ->ArgName("threads")
    ->Arg(1)
    ->Arg(2)
    ->UseRealTime()
    ->Unit(benchmark::kMicrosecond);

} // namespace
} // namespace gradus::bench
