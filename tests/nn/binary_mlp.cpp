// SPDX-License-Identifier: BSD-3-Clause
// A binary network as an objective: layout, gradients, evaluation, training with two surrogates
// that are one.
#include <vector>

#include "catch.hpp"
#include "support/derivatives.hpp"
#include "support/draws.hpp"
#include <gradus/core/error.hpp>
#include <gradus/nn/binary_mlp.hpp>
#include <gradus/nn/loss/softmax.hpp>
#include <gradus/nn/model.hpp>
#include <gradus/objective/empirical_risk.hpp>
#include <gradus/optim/descend.hpp>
#include <gradus/optim/minibatches.hpp>
#include <gradus/optim/momentum.hpp>

using namespace gradus;
using support::Complex;

namespace {

template <class S, class T = double>
using BinaryNet = nn::BinaryMlp<T, S>;
using Ste = nn::StraightThrough;

static_assert(nn::Model<BinaryNet<Ste>>);

/// Gradient of the network by the code under test, and by complex step.
template <class S>
std::pair<Vector<double>, Vector<double>> binary_gradients(const std::vector<Index>& widths,
                                                           const nn::BinaryLinear<S>& binary) {
  const Index n = 11;
  const nn::BatchNorm norm{.epsilon = 1e-3};
  const BinaryNet<S> net(widths, binary, norm);
  const Vector<double> theta = support::normal_vector("theta", net.num_parameters(), 0.7);
  const Matrix<double> x = support::normal_matrix("x", widths.front(), n);
  const Matrix<Complex> complex_x = x.cast<Complex>();
  const Vector<Index> labels = support::cyclic_classes(n, widths.back());
  objective::EmpiricalRisk risk(net, nn::SoftmaxCrossEntropy{}, x, labels);
  objective::EmpiricalRisk reference(BinaryNet<S, Complex>(widths, binary, norm),
                                     nn::SoftmaxCrossEntropy{}, complex_x, labels);
  Vector<double> gradient = Vector<double>::Constant(theta.size(), 7.0);
  const double loss = risk.value_and_gradient(theta, gradient);
  CHECK(std::abs(loss - risk.value(theta)) < 1e-14);
  return {gradient, support::gradient_by_complex_step(reference, theta)};
}

} // namespace

TEST_CASE("binary mlp: weights, biases and gains lie one after the other in theta") {
  const BinaryNet<Ste> net({4, 3, 5, 2});
  REQUIRE(net.num_parameters() == (12 + 6) + (15 + 10) + (10 + 2));
  REQUIRE(net.depth() == 3);
  const Vector<double> theta = net.initial_parameters(nn::Gaussian{.scale = 0.5}, nn::HeNormal{},
                                                      nn::Gaussian{.scale = 0}, Stream(1));
  CHECK(net.gamma(theta, 2).isOnes(0));
  CHECK(net.bias(theta, 1).isZero(0));
  CHECK(net.weights(theta, 1).norm() > 0);
  CHECK(net.weights(theta, 2).norm() > 0);
  CHECK(net.weights(theta, 3).isZero(0));
  const Vector<double> other = net.initial_parameters(nn::Gaussian{.scale = 1}, nn::HeNormal{},
                                                      nn::Gaussian{.scale = 1}, Stream(1));
  CHECK((2 * net.weights(theta, 1) - net.weights(other, 1)).norm() < 1e-14);
  CHECK(net.weights(theta, 2) == net.weights(other, 2));
  CHECK_THROWS_AS(BinaryNet<Ste>({4, 2}), ArgumentError);
  CHECK_THROWS_AS(BinaryNet<Ste>({4, 0, 2}), ArgumentError);
}

TEST_CASE("binary mlp: relaxed, the gradient is that of the network, by complex step") {
  for (const std::vector<Index>& widths :
       {std::vector<Index>{3, 4, 2}, {2, 1, 1, 3}, {4, 5, 6, 2}, {3, 5, 4, 6, 3}}) {
    const auto [gradient, expected] =
        binary_gradients(widths, nn::BinaryLinear<nn::ErrorDecay>{nn::ErrorDecay(1), true});
    CHECK(support::worst_error(gradient, expected) < 1e-10);
  }
}

TEST_CASE("binary mlp: above the last binary layer the gradient is exact, by complex step") {
  const std::vector<Index> widths{4, 5, 6, 3};
  const auto [gradient, expected] = binary_gradients(
      widths, nn::BinaryLinear<nn::RectifiedStraightThrough>{nn::RectifiedStraightThrough(3)});
  const Index top = 6 * 2 + 6 * 3 + 3; // beta, gamma of the last normalisation, output layer
  CHECK(support::worst_error(gradient.tail(top), expected.tail(top)) < 1e-10);
  // Below, the network is flat, and the surrogate gradient is not; what is left in the binary
  // layer is the gradient through its scale, which a normalisation undoes but for its epsilon.
  const BinaryNet<Ste> net(widths);
  CHECK(net.weights(expected, 1).isZero(1e-15));
  CHECK(net.weights(gradient, 1).norm() > 1e-3);
  CHECK(net.weights(gradient, 2).norm() > 100 * net.weights(expected, 2).norm());
  CHECK(net.weights(expected, 2).norm() > 0);
}

TEST_CASE("binary mlp: hidden layers and gradient are those of the layers, one by one") {
  const BinaryNet<nn::RectifiedStraightThrough> net({4, 5, 6, 3},
                                                    {nn::RectifiedStraightThrough(2)});
  const Vector<double> theta = support::normal_vector("theta", net.num_parameters(), 0.7);
  const Matrix<double> x = support::normal_matrix("x", 4, 9);
  const Matrix<double> d = support::normal_matrix("d", 3, 9);
  BinaryNet<nn::RectifiedStraightThrough>::Workspace ws;
  Vector<double> gradient(theta.size());
  const Matrix<double> outputs = net.forward(theta, x, ws);
  net.backward(theta, x, d, ws, gradient);

  const nn::BatchNorm norm;
  nn::BatchNormWorkspace<double> first;
  nn::BatchNormWorkspace<double> second;
  nn::BinaryLinearWorkspace<double> binary_ws;
  const nn::BinaryLinear<nn::RectifiedStraightThrough> binary{nn::RectifiedStraightThrough(2)};
  Matrix<double> a1 = net.weights(theta, 1) * x;
  norm.forward<double>(net.gamma(theta, 1), net.bias(theta, 1), a1, first, a1);
  Matrix<double> a2(6, 9);
  binary.forward<double>(net.weights(theta, 2), a1, binary_ws, a2);
  norm.forward<double>(net.gamma(theta, 2), net.bias(theta, 2), a2, second, a2);
  const Matrix<double> expected =
      (net.weights(theta, 3) * a2).colwise() + Vector<double>(net.bias(theta, 3));
  CHECK((outputs - expected).norm() < 1e-13);

  Matrix<double> da2 = net.weights(theta, 3).transpose() * d;
  Vector<double> d_gamma(6);
  Vector<double> d_beta(6);
  norm.backward<double>(net.gamma(theta, 2), da2, second, d_gamma, d_beta, da2);
  CHECK((d_gamma - net.gamma(gradient, 2)).norm() < 1e-12);
  CHECK((d_beta - net.bias(gradient, 2)).norm() < 1e-12);
  Matrix<double> dw(6, 5);
  Matrix<double> da1(5, 9);
  binary.backward<double>(net.weights(theta, 2), a1, da2, binary_ws, dw, da1);
  CHECK((dw - net.weights(gradient, 2)).norm() < 1e-12);
  d_gamma.resize(5);
  d_beta.resize(5);
  norm.backward<double>(net.gamma(theta, 1), da1, first, d_gamma, d_beta, da1);
  CHECK((d_gamma - net.gamma(gradient, 1)).norm() < 1e-12);
  CHECK((da1 * x.transpose() - net.weights(gradient, 1)).norm() < 1e-12);
}

TEST_CASE("binary mlp: evaluation uses running statistics, sample by sample") {
  const BinaryNet<Ste> net({4, 6, 5, 3});
  const Vector<double> theta = support::normal_vector("theta", net.num_parameters());
  const Matrix<double> x = support::normal_matrix("x", 4, 10);
  BinaryNet<Ste>::Workspace ws;
  auto statistics = net.initial_statistics(0.3);
  net.forward(theta, x, ws);
  net.absorb(ws, statistics);
  REQUIRE(statistics.size() == 2);
  const Matrix<double> all = net.evaluate(theta, statistics, x, ws);
  for (Index i = 0; i < 10; ++i) {
    const Matrix<double> one = x.col(i);
    CHECK((net.evaluate(theta, statistics, one, ws) - all.col(i)).norm() < 1e-13);
    Vector<double> a = x.col(i);
    for (Index l = 1; l <= 2; ++l) {
      const auto& running = statistics[static_cast<std::size_t>(l - 1)];
      const Matrix<double> w = net.weights(theta, l);
      const auto sign = [](double v) { return v >= 0 ? 1.0 : -1.0; };
      const Vector<double> z =
          l == 1 ? Vector<double>(w * a)
                 : Vector<double>(w.cwiseAbs().mean() * w.unaryExpr(sign) * a.unaryExpr(sign));
      a = net.gamma(theta, l).array() * (z - running.mean).array() /
              (running.variance.array() + 1e-5).sqrt() +
          net.bias(theta, l).array();
    }
    CHECK((net.weights(theta, 3) * a + net.bias(theta, 3) - all.col(i)).norm() < 1e-12);
  }
  BinaryNet<Ste>::Statistics too_few;
  CHECK_THROWS_AS(net.evaluate(theta, too_few, x, ws), ArgumentError);
  CHECK_THROWS_AS(net.absorb(ws, too_few), ArgumentError);
}

TEST_CASE("binary mlp: training with order 1, no flat middle, clip 1 is straight-through's") {
  const Matrix<double> x = support::normal_matrix("x", 6, 40);
  const Vector<Index> labels = support::cyclic_classes(40, 3);
  const auto train = [&](const auto& surrogate) {
    using S = std::decay_t<decltype(surrogate)>;
    const BinaryNet<S> net({6, 8, 8, 3}, {surrogate});
    objective::EmpiricalRisk risk(net, nn::SoftmaxCrossEntropy{}, x, labels);
    Vector<double> theta = net.initial_parameters(nn::HeNormal{}, nn::HeNormal{},
                                                  nn::Gaussian{.scale = 0.01}, Stream(3));
    const Vector<double> start = theta;
    optim::Minibatches batches(40, 10, Stream(4));
    const auto end = optim::descend(
        risk, theta, optim::Momentum<double>{.learning_rate = 0.1, .weight_decay = 1e-4}, batches,
        {.steps = 30});
    CHECK(end.status == optim::Status::finished);
    CHECK((theta - start).norm() > 0.5);
    return theta;
  };
  const Vector<double> ste = train(Ste());
  CHECK(train(nn::RectifiedStraightThrough(1, 0, 1)) == ste);
  CHECK(train(nn::RectifiedStraightThrough(1)) != ste); // its clip is 1.5
}

TEST_CASE("binary mlp: a risk takes another surrogate between passes") {
  const Matrix<double> x = support::normal_matrix("x", 4, 12);
  using S = nn::RectifiedStraightThrough;
  const BinaryNet<S> one({4, 5, 5, 3}, {S(1)});
  objective::EmpiricalRisk risk(one, nn::SoftmaxCrossEntropy{}, x, support::cyclic_classes(12, 3));
  objective::EmpiricalRisk other(BinaryNet<S>({4, 5, 5, 3}, {S(3)}), nn::SoftmaxCrossEntropy{}, x,
                                 support::cyclic_classes(12, 3));
  const Vector<double> theta = support::normal_vector("theta", one.num_parameters());
  const Vector<double> expected = support::gradient_of(other, theta);
  CHECK(support::gradient_of(risk, theta) != expected);
  risk.model().set_surrogate(S(3));
  CHECK(risk.model().surrogate().order() == 3);
  CHECK(support::gradient_of(risk, theta) == expected);
}
