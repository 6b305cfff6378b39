// SPDX-License-Identifier: BSD-3-Clause
// One full-batch step of the network of study grokking-stability, in float: modular addition, p =
// 53, two hidden layers of 128 units without biases, 2247 pairs, softmax cross-entropy, AdamW. The
// first layer gathers two columns a pair, or multiplies with one-hot inputs.
#include <benchmark/benchmark.h>

#include "support.hpp"
#include <gradus/data/modular.hpp>
#include <gradus/data/split.hpp>
#include <gradus/nn/initialization.hpp>
#include <gradus/nn/input.hpp>
#include <gradus/nn/loss.hpp>
#include <gradus/nn/mlp.hpp>
#include <gradus/objective/empirical_risk.hpp>
#include <gradus/optim/adamw.hpp>
#include <gradus/optim/descend.hpp>

namespace gradus::bench {
namespace {

constexpr Index prime = 53;
constexpr Index width = 128;

/// Pairs that are trained on, as positions and as one-hot inputs.
struct Problem {
  Matrix<float> positions;
  Matrix<float> one_hot;
  Vector<Index> classes;

  Problem() {
    const auto table = data::modular_table<float>(data::ModularOperation::add, prime);
    const Index all = table.classes.size();
    const auto split = data::random_split(all, 4 * all / 5, Stream(1, "grokking_step"));
    positions = data::take_samples(table.x, std::span(split.train));
    one_hot = data::one_hot(positions, 2 * prime);
    classes = table.classes(split.train);
  }
  static const Problem& get() {
    static const Problem problem;
    return problem;
  }
};

const nn::MlpShape shape{.widths = {2 * prime, width, width, prime}, .biases = false};
using Loss = nn::RoundedSoftmaxCrossEntropy<float>;
using Gathering = nn::Mlp<float, nn::Relu, nn::OneHotInput>;
using Dense = nn::Mlp<float>;

/// Loss and gradient of the two first layers agree.
bool routes_agree(const Problem& problem) {
  objective::EmpiricalRisk a(Gathering(shape, {}, {.positions = 2}), Loss{}, problem.positions,
                             problem.classes);
  objective::EmpiricalRisk b(Dense(shape), Loss{}, problem.one_hot, problem.classes);
  const Vector<float> theta =
      b.model().initial_parameters(nn::FanInUniform{}, Stream(2, "grokking_step"));
  Vector<float> g(theta.size());
  Vector<float> h(theta.size());
  const float first = a.value_and_gradient(theta, g);
  const float second = b.value_and_gradient(theta, h);
  return h.norm() > 0 && std::abs(first - second) < 1e-5F && (g - h).norm() < 1e-4F * h.norm();
}

template <class Net>
void time_steps(benchmark::State& state, const Net& net, const Matrix<float>& x, double flops) {
  const int count = static_cast<int>(state.range(0));
  const Threads threads(count);
  const Problem& problem = Problem::get();
  static const bool right = routes_agree(problem);
  expect(state, right, "grokking_step: the first layers differ");
  objective::EmpiricalRisk risk(net, Loss{}, x, problem.classes);
  Vector<float> theta = net.initial_parameters(nn::FanInUniform{}, Stream(2, "grokking_step"));
  const optim::AdamW<float> rule{
      .learning_rate = 0.01F, .beta2 = 0.95F, .epsilon = 1e-25F, .weight_decay = 0};
  optim::Descent run(risk, rule, theta);
  const float first = run.evaluate();
  for (int step = 0; step < 10; ++step) {
    run.evaluate();
    run.update();
  }
  for (auto unused : state) {
    benchmark::DoNotOptimize(run.evaluate());
    run.update();
  }
  expect(state, run.evaluate() < 0.99F * first, "grokking_step: the loss did not fall");
  report_work(state, flops, 4 * 8 * static_cast<double>(net.num_parameters()), count);
}

/// Operations of the dense products above the first layer, three a layer.
double upper_flops() {
  const auto n = static_cast<double>(Problem::get().classes.size());
  return 2 * 3 * n * static_cast<double>(width * width + width * prime);
}

void gather(benchmark::State& state) {
  time_steps(state, Gathering(shape, {}, {.positions = 2}), Problem::get().positions,
             upper_flops());
}
BENCHMARK(gather)
    ->Name("grokking_step/gather")
    ->ArgName("threads")
    ->Arg(1)
    ->Arg(2)
    ->UseRealTime()
    ->Unit(benchmark::kMicrosecond);

void dense(benchmark::State& state) {
  const auto n = static_cast<double>(Problem::get().classes.size());
  time_steps(state, Dense(shape), Problem::get().one_hot,
             upper_flops() + 2 * 2 * n * static_cast<double>(2 * prime * width));
}
BENCHMARK(dense)
    ->Name("grokking_step/dense")
    ->ArgName("threads")
    ->Arg(1)
    ->Arg(2)
    ->UseRealTime()
    ->Unit(benchmark::kMicrosecond);

} // namespace
} // namespace gradus::bench
