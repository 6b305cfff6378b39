// SPDX-License-Identifier: BSD-3-Clause
#include "catch.hpp"
#include "support/derivatives.hpp"
#include "support/draws.hpp"
#include <gradus/nn/two_layer.hpp>
#include <gradus/objective/empirical_risk.hpp>
#include <gradus/objective/span_risk.hpp>
#include <gradus/optim/descend.hpp>
#include <gradus/optim/momentum.hpp>
#include <gradus/optim/nesterov.hpp>
#include <gradus/optim/scheduled.hpp>
#include <gradus/optim/sgd.hpp>

using namespace gradus;
using support::normal_matrix;
using support::worst_error;

namespace {

constexpr Index span_dim = 30;
constexpr Index span_samples = 9;
constexpr Index span_width = 6;

/// The same training in both coordinates: the weights must agree to rounding.
template <optim::Rule R, class Act, class L>
void same_trajectory(const R& rule, Act activation, L loss, Index outputs,
                     const typename L::template Targets<double>& targets) {
  const Matrix<double> x = normal_matrix("x", span_dim, span_samples);
  const Matrix<double> w0 = normal_matrix("w0", span_width, span_dim, 0.3);
  const nn::FrozenSecondLayer<double, Act> top(normal_matrix("top", outputs, span_width),
                                               activation);
  const nn::TwoLayer<double, Act> net(span_dim, top);
  objective::EmpiricalRisk direct(net, loss, x, targets);
  const Matrix<double> gram = x.transpose() * x;
  const Matrix<double> initial = w0 * x;
  objective::SpanRisk span(top, loss, gram, initial, targets);

  Vector<double> theta = ConstVectorMap<double>(w0.data(), w0.size());
  Vector<double> coordinates = span.initial();
  optim::Descent on_data(direct, rule, theta);
  optim::Descent on_gram(span, rule, coordinates);
  for (int step = 0; step < 40; ++step) {
    const double a = on_data.evaluate();
    const double b = on_gram.evaluate();
    REQUIRE(std::abs(a - b) < 1e-12 * std::max(1.0, std::abs(a)));
    on_data.update();
    on_gram.update();
  }
  const Matrix<double> w = net.weights(theta);
  REQUIRE(worst_error(span.recover(coordinates, w0, x), w) < 1e-11);
  REQUIRE(worst_error(span.weight_norms_squared(coordinates, w0.rowwise().squaredNorm()),
                      w.rowwise().squaredNorm()) < 1e-11);
  const Matrix<double> fresh = normal_matrix("fresh", span_dim, 4);
  REQUIRE(worst_error(span.pre_activations_at(coordinates, w0 * fresh, x.transpose() * fresh),
                      w * fresh) < 1e-11);
  REQUIRE((w - w0).norm() > 0.01); // something was learned
}

} // namespace

TEST_CASE("training in span coordinates is training on the data, for every linear rule") {
  const auto labels = support::alternating_labels(span_samples);
  const auto same = [&](const auto& rule) {
    same_trajectory(rule, nn::Relu{}, nn::Logistic{}, 1, labels);
  };
  same(optim::Sgd<double>{.learning_rate = 0.2});
  same(optim::Momentum<double>{.learning_rate = 0.1, .momentum = 0.9, .weight_decay = 0.05});
  same(optim::Momentum<double>{.learning_rate = 0.1, .momentum = 0.8, .dampening = 0.3});
  same(optim::Nesterov<double>{.learning_rate = 0.05, .momentum = 0.9, .weight_decay = 0.01});
  same(optim::Scheduled{optim::Sgd<double>{.learning_rate = 0.2},
                        optim::CosineSchedule{.steps = 20, .final = 0.1}});
}

TEST_CASE("... for other activations, losses and several outputs") {
  const optim::Momentum<double> rule{.learning_rate = 0.1, .momentum = 0.5, .weight_decay = 0.02};
  same_trajectory(rule, nn::Tanh{}, nn::Square{}, 3, normal_matrix("targets", 3, span_samples));
  same_trajectory(rule, nn::LeakyRelu{0.2}, nn::SoftmaxCrossEntropy{}, 3,
                  nn::SoftmaxCrossEntropy::Targets<double>(
                      support::cyclic_classes(span_samples, 3)
                          .cast<nn::SoftmaxCrossEntropy::Targets<double>::Scalar>()));
}

TEST_CASE("frozen slopes make the network its own linearisation") {
  const Matrix<double> x = normal_matrix("x", span_dim, span_samples);
  const Matrix<double> w0 = normal_matrix("w0", span_width, span_dim, 0.3);
  const nn::FrozenSecondLayer<double> top(normal_matrix("top", 1, span_width));
  const Matrix<double> gram = x.transpose() * x;
  const Matrix<double> initial = w0 * x;
  const Vector<double> labels = support::alternating_labels(span_samples);
  objective::SpanRisk span(top, nn::Logistic{}, gram, initial, labels);
  Vector<double> theta = span.initial();
  span.freeze_slopes(theta);
  // Independently: f(x_i) = sum_k phi_i[k] W[k] with the features phi_ij = a_j 1[w_0j x_i > 0] x_i,
  // a linear model trained by the same steps.
  Matrix<double> phi(span_width * span_dim, span_samples);
  for (Index i = 0; i < span_samples; ++i) {
    for (Index j = 0; j < span_width; ++j) {
      const double gate = initial(j, i) > 0 ? top.weights()(0, j) : 0.0;
      for (Index k = 0; k < span_dim; ++k) {
        phi(k * span_width + j, i) = gate * x(k, i);
      }
    }
  }
  Vector<double> w = ConstVectorMap<double>(w0.data(), w0.size());
  const double rate = 0.3;
  optim::Descent run(span, optim::Sgd<double>{.learning_rate = rate}, theta);
  for (int step = 0; step < 30; ++step) {
    run.evaluate();
    const Vector<double> f = phi.transpose() * w;
    REQUIRE(worst_error(span.latest_outputs().row(0), f.transpose()) < 1e-12);
    Vector<double> d(span_samples);
    for (Index i = 0; i < span_samples; ++i) {
      d(i) = -labels(i) / (1 + std::exp(labels(i) * f(i))) / span_samples;
    }
    w -= rate * phi * d;
    run.update();
  }
}

TEST_CASE("span risk: shapes and labels are checked") {
  const nn::FrozenSecondLayer<double> top(normal_matrix("top", 1, span_width));
  const Matrix<double> gram = Matrix<double>::Identity(span_samples, span_samples);
  const Matrix<double> initial = Matrix<double>::Ones(span_width, span_samples);
  const Vector<double> labels = support::alternating_labels(span_samples);
  const Matrix<double> narrow = gram.leftCols(span_samples - 1);
  const Matrix<double> few = initial.topRows(span_width - 1);
  const Matrix<double> none(0, 0);
  using Risk = objective::SpanRisk<double, nn::Relu, nn::Logistic>;
  REQUIRE_THROWS_AS(Risk(top, nn::Logistic{}, narrow, initial, labels), ShapeError);
  REQUIRE_THROWS_AS(Risk(top, nn::Logistic{}, gram, few, labels), ShapeError);
  REQUIRE_THROWS_AS(Risk(top, nn::Logistic{}, gram, initial, labels.head(span_samples - 1)),
                    ArgumentError);
  REQUIRE_THROWS_AS(Risk(top, nn::Logistic{}, gram, initial, 2 * labels), ArgumentError);
  REQUIRE_THROWS_AS(Risk(top, nn::Logistic{}, none, none, Vector<double>()), ArgumentError);
  static_assert(objective::needs_linear_rule<Risk>);
  static_assert(
      !objective::needs_linear_rule<objective::EmpiricalRisk<nn::TwoLayer<double>, nn::Logistic>>);
  static_assert(optim::is_linear_rule<optim::Sgd<double>>);
}
