// SPDX-License-Identifier: BSD-3-Clause
// One full-batch gradient step of a two-layer ReLU network with a frozen second layer on XOR
// clusters, in float: on weights and data themselves (direct), and on inner products (gram).
#include <cmath>

#include <benchmark/benchmark.h>

#include "support.hpp"
#include <gradus/data/xor_clusters.hpp>
#include <gradus/nn/loss.hpp>
#include <gradus/nn/two_layer.hpp>
#include <gradus/objective/empirical_risk.hpp>
#include <gradus/objective/span_risk.hpp>
#include <gradus/optim/descend.hpp>
#include <gradus/optim/sgd.hpp>

namespace gradus::bench {
namespace {

constexpr Index samples = 400;
constexpr Index inputs = 20'000;
constexpr Index width = 200;
constexpr data::XorClusters setting{.dim = inputs, .mean_norm_squared = 1000, .label_noise = 0.1};
constexpr optim::Sgd<float> rule{.learning_rate = 0.1F * static_cast<float>(samples) /
                                                  static_cast<float>(inputs)};

using Net = nn::TwoLayer<float>;
using Direct = objective::EmpiricalRisk<Net, nn::Logistic>;
using Gram = objective::SpanRisk<float, nn::Relu, nn::Logistic>;

/// Data, initial weights and their inner products, drawn once.
struct Problem {
  Stream stream{1, "xor_step"};
  data::ClusterSamples clusters = data::draw_clusters(setting, samples, stream);
  Vector<float> labels = clusters.labels.cast<float>();
  Matrix<float> x = data::draw_inputs<float>(setting, clusters, stream);
  nn::FrozenSecondLayer<float> top{nn::balanced_signs<float>(width)};
  Net net{inputs, top};
  Vector<float> start = net.initial_parameters(nn::Gaussian{.scale = 1e-3}, stream);
  Matrix<float> gram;    ///< X^T X
  Matrix<float> initial; ///< W_0 X

  Problem() : gram(samples, samples), initial(width, samples) {
    Buffer<float> scratch;
    multiply<float>(gram, x.transpose(), x, scratch);
    multiply<float>(initial, net.weights(start), x, scratch);
  }

  static const Problem& get() {
    static const Problem problem;
    return problem;
  }
};

/// Loss and gradient by plain loops in double: outputs on a few samples, and from gradus's outputs
/// the gradient of a few neurons. The bound is 20 times the rounding error of a sum of `inputs`
/// floats in random order.
bool agrees_with_plain_loops(const Problem& problem) {
  const auto w = problem.net.weights(problem.start);
  const auto& a = problem.top.weights();
  const double bound = 20 * std::sqrt(static_cast<double>(inputs)) * 6e-8;
  Direct risk(problem.net, nn::Logistic{}, problem.x, problem.labels);
  Vector<float> gradient(problem.start.size());
  const double loss = risk.value_and_gradient(problem.start, gradient);
  const Matrix<float> f = risk.latest_outputs();
  const auto pre_activation = [&](Index j, Index i) {
    return w.row(j).template cast<double>().dot(
        problem.x.col(i).transpose().template cast<double>());
  };

  double size = 0;
  double worst = 0;
  for (const Index i : {Index{0}, Index{123}, samples - 1}) {
    double plain = 0;
    for (Index j = 0; j < width; ++j) {
      plain += static_cast<double>(a(0, j)) * std::max(0.0, pre_activation(j, i));
    }
    worst = std::max(worst, std::abs(plain - static_cast<double>(f(0, i))));
    size = std::max(size, std::abs(plain));
  }
  bool ok = size > 0 && worst <= bound * size;

  double plain_loss = 0;
  Vector<double> d(samples);
  for (Index i = 0; i < samples; ++i) {
    const double margin = static_cast<double>(problem.labels(i) * f(0, i));
    plain_loss += std::log1p(std::exp(-margin)) / samples;
    d(i) = -static_cast<double>(problem.labels(i)) / (1 + std::exp(margin)) / samples;
  }
  ok = ok && std::abs(plain_loss - loss) <= 1e-5 * plain_loss;

  for (const Index j : {Index{0}, Index{77}, width - 1}) {
    Vector<double> plain = Vector<double>::Zero(inputs);
    for (Index i = 0; i < samples; ++i) {
      if (pre_activation(j, i) > 0) {
        plain += static_cast<double>(a(0, j)) * d(i) * problem.x.col(i).template cast<double>();
      }
    }
    const auto row = problem.net.weights(gradient).row(j).template cast<double>();
    ok = ok && plain.norm() > 0 && (row.transpose() - plain).norm() <= bound * plain.norm();
  }
  return ok;
}

/// Steps of the same trajectory on weights and on inner products have the same losses; float
/// rounding of inner products of 20000 numbers leaves about 1e-4.
bool routes_agree(const Problem& problem) {
  Direct direct(problem.net, nn::Logistic{}, problem.x, problem.labels);
  Gram gram(problem.top, nn::Logistic{}, problem.gram, problem.initial, problem.labels);
  Vector<float> weights = problem.start;
  Vector<float> coefficients = gram.initial();
  optim::Descent on_weights(direct, rule, weights);
  optim::Descent on_gram(gram, rule, coefficients);
  bool ok = true;
  for (int step = 0; step < 8; ++step) {
    const float a = on_weights.evaluate();
    const float b = on_gram.evaluate();
    ok = ok && std::abs(a - b) <= 1e-3F * a;
    on_weights.update();
    on_gram.update();
  }
  return ok;
}

template <class Risk>
void time_steps(benchmark::State& state, Risk& risk, Vector<float> theta) {
  optim::Descent run(risk, rule, theta);
  const float first = run.evaluate();
  run.update();
  for (auto unused : state) {
    benchmark::DoNotOptimize(run.evaluate());
    run.update();
  }
  expect(state, run.evaluate() < 0.99F * first, "xor_step: the loss did not fall");
}

void direct_step(benchmark::State& state) {
  const int count = static_cast<int>(state.range(0));
  const Threads threads(count);
  const Problem& problem = Problem::get();
  static const bool right = agrees_with_plain_loops(problem);
  expect(state, right, "xor_step/direct: gradient differs from plain loops");
  Direct risk(problem.net, nn::Logistic{}, problem.x, problem.labels);
  time_steps(state, risk, problem.start);
  constexpr double m = width;
  constexpr double n = samples;
  constexpr double p = inputs;
  // Two products; data are read twice, weights three times, gradients once, each written once.
  report_work(state, 4 * m * n * p, 4 * (2 * n * p + 6 * m * p), count);
}
BENCHMARK(direct_step)
    ->Name("xor_step/direct")
    ->ArgName("threads")
    ->Arg(1)
    ->Arg(2)
    ->UseRealTime()
    ->Unit(benchmark::kMicrosecond);

void gram_step(benchmark::State& state) {
  const int count = static_cast<int>(state.range(0));
  const Threads threads(count);
  const Problem& problem = Problem::get();
  static const bool right = routes_agree(problem);
  expect(state, right, "xor_step/gram: losses differ from the direct route");
  Gram risk(problem.top, nn::Logistic{}, problem.gram, problem.initial, problem.labels);
  time_steps(state, risk, risk.initial());
  constexpr double m = width;
  constexpr double n = samples;
  report_work(state, 2 * m * n * n, 4 * (n * n + 8 * m * n), count);
}
BENCHMARK(gram_step)
    ->Name("xor_step/gram")
    ->ArgName("threads")
    ->Arg(1)
    ->Arg(2)
    ->UseRealTime()
    ->Unit(benchmark::kMicrosecond);

} // namespace
} // namespace gradus::bench
