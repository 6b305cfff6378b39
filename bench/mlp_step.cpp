// SPDX-License-Identifier: BSD-3-Clause
// One mini-batch step of small fully connected networks in float, drawing the batch included.
#include <algorithm>
#include <cmath>
#include <vector>

#include <benchmark/benchmark.h>

#include "support.hpp"
#include <gradus/nn/loss.hpp>
#include <gradus/nn/mlp.hpp>
#include <gradus/objective/empirical_risk.hpp>
#include <gradus/optim/descend.hpp>
#include <gradus/optim/minibatches.hpp>
#include <gradus/optim/momentum.hpp>

namespace gradus::bench {
namespace {

constexpr Index pool = 4096; // samples from which batches are drawn
constexpr double label_noise = 0.1;

/// Class = place of the largest of the first ten inputs, one label in ten drawn at random.
struct LargestOfTen {
  using Loss = nn::SoftmaxCrossEntropy;
  static Vector<Index> labels(const Matrix<float>& x, Stream noise) {
    Vector<Index> classes(x.cols());
    for (Index i = 0; i < x.cols(); ++i) {
      x.col(i).head(10).maxCoeff(&classes(i));
      const Index other = uniform_index(noise, 10);
      classes(i) = bernoulli(noise, label_noise) ? other : classes(i);
    }
    return classes;
  }
};

/// Label = sign of the product of the two inputs, one label in ten flipped.
struct ProductSign {
  using Loss = nn::Logistic;
  static Vector<float> labels(const Matrix<float>& x, Stream noise) {
    Vector<float> signs(x.cols());
    for (Index i = 0; i < x.cols(); ++i) {
      const bool positive = x(0, i) * x(1, i) > 0;
      signs(i) = positive != bernoulli(noise, label_noise) ? 1.0F : -1.0F;
    }
    return signs;
  }
};

/// Weights and biases of every layer, and the loss's derivative, by plain loops in double: the
/// reference gradient on one batch.
struct PlainNet {
  const nn::Mlp<float>& net;
  const Vector<float>& theta;
  Vector<double> gradient = Vector<double>::Zero(theta.size());

  void add_sample(const Vector<float>& x, float label, double weight) {
    const Index depth = net.depth();
    std::vector<Vector<double>> a{x.cast<double>()};
    for (Index l = 1; l <= depth; ++l) {
      Vector<double> z = net.bias(theta, l).cast<double>();
      z += net.weights(theta, l).cast<double>() * a.back();
      a.push_back(l < depth ? Vector<double>(z.cwiseMax(0.0)) : z);
    }
    Vector<double> delta = a.back();
    if (delta.size() == 1) { // logistic, label -1 or 1
      delta(0) =
          -static_cast<double>(label) / (1 + std::exp(static_cast<double>(label) * delta(0)));
    } else { // softmax, label a class
      delta = (delta.array() - delta.maxCoeff()).exp();
      delta /= delta.sum();
      delta(static_cast<Index>(label)) -= 1;
    }
    delta *= weight;
    for (Index l = depth; l >= 1; --l) {
      const auto& below = a[static_cast<std::size_t>(l - 1)];
      net.weights(gradient, l) += delta * below.transpose();
      net.bias(gradient, l) += delta;
      if (l > 1) {
        delta = (net.weights(theta, l).cast<double>().transpose() * delta)
                    .cwiseProduct((below.array() > 0).cast<double>().matrix());
      }
    }
  }
};

/// A network, its data and its optimizer.
template <class Task>
struct Problem {
  using Loss = typename Task::Loss;
  Index batch;
  Stream stream{1, "mlp_step"};
  nn::Mlp<float> net;
  Matrix<float> x;
  typename Loss::template Targets<float> labels;
  Vector<float> start;

  Problem(std::vector<Index> widths, Index batch_size)
      : batch(batch_size), net(nn::MlpShape{std::move(widths)}), x(net.num_inputs(), pool) {
    Stream inputs = stream.child("inputs");
    fill_normal(inputs, x);
    labels = Task::labels(x, stream.child("labels"));
    start = net.initial_parameters(nn::HeNormal{}, stream.child("weights"));
  }

  /// The gradient on one batch against plain loops, to 1e-4: 20 times the rounding error of the
  /// longest sum, 784 floats.
  bool agrees_with_plain_loops() const {
    objective::EmpiricalRisk risk(net, Loss{}, x, labels);
    const Vector<float> theta = start.array() + 0.01F; // biases that are not 0
    Vector<float> gradient(theta.size());
    std::vector<Index> indices;
    PlainNet plain{net, theta};
    for (Index i = 0; i < batch; ++i) {
      indices.push_back((i * 37) % pool);
      plain.add_sample(x.col(indices.back()), static_cast<float>(labels(indices.back())),
                       1.0 / static_cast<double>(batch));
    }
    (void)risk.value_and_gradient(theta, indices, gradient);
    const double size = plain.gradient.norm();
    return size > 0 && (gradient.cast<double>() - plain.gradient).norm() <= 1e-4 * size;
  }
};

/// Multiply-adds of one sample through all layers, forward and backward (the first layer passes no
/// derivative down), times two.
double flops_of(const nn::Mlp<float>& net) {
  double forward = 0;
  for (Index l = 1; l <= net.depth(); ++l) {
    forward += static_cast<double>(net.width(l) * net.width(l - 1));
  }
  return 2 * (3 * forward - static_cast<double>(net.width(1) * net.width(0)));
}

template <class Task>
void time_steps(benchmark::State& state, const Problem<Task>& problem, bool right) {
  const int count = static_cast<int>(state.range(0));
  const Threads threads(count);
  expect(state, right, "mlp_step: gradient differs from plain loops");
  objective::EmpiricalRisk risk(problem.net, typename Task::Loss{}, problem.x, problem.labels);
  optim::Minibatches batches(pool, problem.batch, problem.stream.child("batches"));
  Vector<float> theta = problem.start;
  const float first = risk.value(theta);
  optim::Descent run(risk, optim::Momentum<float>{.learning_rate = 0.01F, .momentum = 0.9F}, theta);
  for (int step = 0; step < 30; ++step) {
    run.evaluate(batches.next());
    run.update();
  }
  for (auto unused : state) {
    benchmark::DoNotOptimize(run.evaluate(batches.next()));
    run.update();
  }
  expect(state, risk.value(theta) < 0.99F * first, "mlp_step: the loss did not fall");
  const auto parameters = static_cast<double>(problem.net.num_parameters());
  // Weights are read by both passes and the update, which also reads and writes its buffer and
  // writes the weights; the gradient is written and read.
  report_work(state, static_cast<double>(problem.batch) * flops_of(problem.net),
              4 * (8 * parameters), count);
}

void wide(benchmark::State& state) {
  static const Problem<LargestOfTen> problem({784, 256, 256, 10}, 128);
  static const bool right = problem.agrees_with_plain_loops();
  time_steps(state, problem, right);
}
BENCHMARK(wide)
    ->Name("mlp_step/784-256-256-10")
    ->ArgName("threads")
    ->Arg(1)
    ->Arg(2)
    ->UseRealTime()
    ->Unit(benchmark::kMicrosecond);

void small(benchmark::State& state) {
  static const Problem<ProductSign> problem({2, 64, 64, 1}, 32);
  static const bool right = problem.agrees_with_plain_loops();
  time_steps(state, problem, right);
}
BENCHMARK(small)
    ->Name("mlp_step/2-64-64-1")
    ->ArgName("threads")
    ->Arg(1)
    ->Arg(2)
    ->UseRealTime()
    ->Unit(benchmark::kMicrosecond);

} // namespace
} // namespace gradus::bench
