// SPDX-License-Identifier: BSD-3-Clause
// One step of every update rule from a given gradient, in float: at 10^4 parameters, in the caches,
// and at 10^7, where the rate at which memory moves is all there is.
#include <cmath>
#include <string>

#include <benchmark/benchmark.h>

#include "support.hpp"
#include <gradus/core/distributions.hpp>
#include <gradus/core/random.hpp>
#include <gradus/optim.hpp>

namespace gradus::bench {
namespace {

/// The step against the same rule on one coordinate in double, to float's precision.
template <template <class> class Rule>
bool agrees_with_double(const Vector<float>& start, const Vector<float>& gradient) {
  const Rule<float> rule{};
  const Rule<double> precise{};
  Vector<float> theta = start;
  auto state = rule.make_state(theta.size());
  for (int k = 0; k < 3; ++k) {
    rule.update(theta, gradient, state);
  }
  bool ok = true;
  for (const Index i : {Index{0}, theta.size() / 3, theta.size() - 1}) {
    Vector<double> one = Vector<double>::Constant(1, static_cast<double>(start(i)));
    const Vector<double> g = Vector<double>::Constant(1, static_cast<double>(gradient(i)));
    auto one_state = precise.make_state(1);
    for (int k = 0; k < 3; ++k) {
      precise.update(one, g, one_state);
    }
    const double moved = std::abs(one(0) - static_cast<double>(start(i)));
    ok = ok && moved > 0 && std::abs(one(0) - static_cast<double>(theta(i))) <= 1e-6 + 1e-4 * moved;
  }
  return ok;
}

template <template <class> class Rule>
void step(benchmark::State& state, const std::string& name, int state_vectors, Index size,
          int count) {
  const Threads threads(count);
  Stream stream(1, "optimizer_step");
  Vector<float> theta(size);
  Vector<float> gradient(size);
  fill_normal(stream, theta);
  fill_normal(stream, gradient);
  expect(state, agrees_with_double<Rule>(theta, gradient),
         "optimizer_step/" + name + ": differs from double");
  Rule<float> rule{};
  rule.learning_rate = 1e-6F; // a long run goes nowhere far
  auto memory = rule.make_state(size);
  for (int k = 0; k < 3; ++k) { // the system may back memory at its second touch only
    rule.update(theta, gradient, memory);
  }
  for (auto unused : state) {
    rule.update(theta, gradient, memory);
    benchmark::ClobberMemory();
  }
  expect(state, theta.allFinite(), "optimizer_step/" + name + ": not finite");
  // Parameters and state are read and written, gradients read.
  const double bytes = 4.0 * static_cast<double>(size) * (3 + 2 * state_vectors);
  state.counters["bytes"] =
      benchmark::Counter(bytes, benchmark::Counter::kIsIterationInvariantRate);
}

template <template <class> class Rule>
void add(const std::string& name, int state_vectors) {
  for (const auto& [size, label] : {std::pair{Index{10'000}, "1e4"}, {Index{10'000'000}, "1e7"}}) {
    for (const int threads : {1, 2}) {
      const std::string full = "optimizer_step/" + name + "-" + label;
      benchmark::RegisterBenchmark(
          (full + "/threads:" + std::to_string(threads)).c_str(),
          [name, state_vectors, size = size, threads](benchmark::State& state) {
            step<Rule>(state, name, state_vectors, size, threads);
          })
          ->UseRealTime()
          ->Unit(benchmark::kMicrosecond);
    }
  }
}

template <class T>
using PlainDiffGrad = optim::DiffGrad<T>;

[[maybe_unused]] const bool registered = [] {
  add<optim::Sgd>("sgd", 0);
  add<optim::Momentum>("momentum", 1);
  add<optim::Nesterov>("nesterov", 1);
  add<optim::Adagrad>("adagrad", 1);
  add<optim::Adadelta>("adadelta", 2);
  add<optim::Rmsprop>("rmsprop", 1);
  add<optim::Adam>("adam", 2);
  add<optim::Amsgrad>("amsgrad", 3);
  add<optim::AdamW>("adamw", 2);
  add<PlainDiffGrad>("diffgrad", 3);
  return true;
}();

} // namespace
} // namespace gradus::bench
