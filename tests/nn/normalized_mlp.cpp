// SPDX-License-Identifier: BSD-3-Clause
// A network with batch normalisation as an objective: layout, gradient by complex step, ghost
// blocks, evaluation.
#include <algorithm>
#include <vector>

#include "catch.hpp"
#include "support/derivatives.hpp"
#include "support/draws.hpp"
#include <gradus/core/error.hpp>
#include <gradus/nn/loss/softmax.hpp>
#include <gradus/nn/model.hpp>
#include <gradus/nn/normalized_mlp.hpp>
#include <gradus/objective/empirical_risk.hpp>

using namespace gradus;
using support::Complex;

namespace {

template <class T>
using TanhNormalized = nn::NormalizedMlp<T, nn::Tanh>;

static_assert(nn::Model<TanhNormalized<double>>);

Vector<double> parameters_of(const TanhNormalized<double>& net) {
  return support::normal_vector("theta", net.num_parameters(), 0.7);
}

} // namespace

TEST_CASE("normalized mlp: weights, biases and gains lie one after the other in theta") {
  const nn::NormalizedMlp<double> net({4, 3, 5, 2});
  REQUIRE(net.num_parameters() == (12 + 6) + (15 + 10) + (10 + 2));
  Vector<double> theta = net.initial_parameters(nn::HeNormal{}, Stream(1));
  CHECK(net.gamma(theta, 1).isOnes(0));
  CHECK(net.bias(theta, 1).isZero(0));
  CHECK(net.weights(theta, 1).norm() > 0);
  net.bias(theta, 1)(2) = 5;
  net.gamma(theta, 1)(0) = 6;
  net.weights(theta, 2)(0, 0) = 7;
  CHECK(theta(14) == 5);
  CHECK(theta(15) == 6);
  CHECK(theta(18) == 7);
  net.bias(theta, 3)(1) = 8;
  CHECK(theta(theta.size() - 1) == 8);
  CHECK_THROWS_AS(nn::NormalizedMlp<double>({4}), ArgumentError);
  CHECK_THROWS_AS(nn::NormalizedMlp<double>({4, 0, 2}), ArgumentError);
}

TEST_CASE("normalized mlp: gradient against the complex step, whole batches and ghosts") {
  for (const std::vector<Index>& widths :
       {std::vector<Index>{3, 2}, {2, 1, 3}, {4, 6, 2}, {3, 5, 4, 3}}) {
    for (const Index ghost : {Index{0}, Index{4}, Index{3}}) {
      const Index n = 11; // the last ghost block is shorter
      const nn::BatchNorm norm{.epsilon = 1e-3, .ghost = ghost};
      const TanhNormalized<double> net(widths, norm);
      const Vector<double> theta = parameters_of(net);
      const Matrix<double> x = support::normal_matrix("x", widths.front(), n);
      const Matrix<Complex> complex_x = x.cast<Complex>();
      const Vector<Index> labels = support::cyclic_classes(n, widths.back());
      objective::EmpiricalRisk risk(net, nn::SoftmaxCrossEntropy{}, x, labels);
      objective::EmpiricalRisk reference(TanhNormalized<Complex>(widths, norm),
                                         nn::SoftmaxCrossEntropy{}, complex_x, labels);
      Vector<double> gradient = Vector<double>::Constant(theta.size(), 7.0);
      const double loss = risk.value_and_gradient(theta, gradient);
      CHECK(std::abs(loss - risk.value(theta)) < 1e-14);
      CHECK(support::worst_error(gradient, support::gradient_by_complex_step(reference, theta)) <
            1e-10);
    }
  }
}

TEST_CASE("normalized mlp: a ghost gradient is the mean of the blocks' gradients") {
  const std::vector<Index> widths{4, 6, 5, 3};
  const Matrix<double> x = support::normal_matrix("x", 4, 12);
  const Vector<Index> labels = support::cyclic_classes(12, 3);
  const TanhNormalized<double> ghost(widths, {.ghost = 4});
  const Vector<double> theta = parameters_of(ghost);
  objective::EmpiricalRisk risk(ghost, nn::SoftmaxCrossEntropy{}, x, labels);
  objective::EmpiricalRisk plain(TanhNormalized<double>(widths), nn::SoftmaxCrossEntropy{}, x,
                                 labels);
  Vector<double> gradient(theta.size());
  risk.value_and_gradient(theta, gradient);
  Vector<double> mean = Vector<double>::Zero(theta.size());
  Vector<double> part(theta.size());
  for (Index b = 0; b < 3; ++b) {
    std::vector<Index> block{4 * b, 4 * b + 1, 4 * b + 2, 4 * b + 3};
    plain.value_and_gradient(theta, block, part);
    mean += part / 3;
  }
  CHECK((gradient - mean).cwiseAbs().maxCoeff() < 1e-15);
  plain.value_and_gradient(theta, part);
  CHECK((gradient - part).cwiseAbs().maxCoeff() > 1e-3);
}

TEST_CASE("normalized mlp: evaluation uses running statistics, sample by sample") {
  const nn::NormalizedMlp<double> net({4, 6, 5, 3}, {.ghost = 5});
  const Vector<double> theta = net.initial_parameters(nn::HeNormal{}, Stream(2));
  const Matrix<double> x = support::normal_matrix("x", 4, 10);
  nn::NormalizedMlp<double>::Workspace ws;
  auto statistics = net.initial_statistics(0.3);
  net.forward(theta, x, ws);
  net.absorb(ws, statistics);
  REQUIRE(statistics.size() == 2);
  CHECK(statistics[1].mean.norm() > 0);
  const Matrix<double> all = net.evaluate(theta, statistics, x, ws);
  // By hand.
  for (Index i = 0; i < 10; ++i) {
    Vector<double> a = x.col(i);
    for (Index l = 1; l <= 2; ++l) {
      const auto& running = statistics[static_cast<std::size_t>(l - 1)];
      const Vector<double> z = net.weights(theta, l) * a;
      a = ((z - running.mean).array() / (running.variance.array() + 1e-5).sqrt()).max(0.0);
    }
    CHECK((net.weights(theta, 3) * a - all.col(i)).norm() < 1e-13);
  }
  nn::NormalizedMlp<double>::Statistics too_few;
  CHECK_THROWS_AS(net.evaluate(theta, too_few, x, ws), ArgumentError);
  CHECK_THROWS_AS(net.absorb(ws, too_few), ArgumentError);
}
