// SPDX-License-Identifier: BSD-3-Clause
// A training step allocates nothing after the first: malloc and its kin are counted.

#include "catch.hpp"
#include "optim/rule_list.hpp"
#include "support/allocations.hpp"
#include "support/draws.hpp"
#include <gradus/nn/binary_mlp.hpp>
#include <gradus/nn/diagonal_linear.hpp>
#include <gradus/nn/mlp.hpp>
#include <gradus/nn/normalized_mlp.hpp>
#include <gradus/nn/two_layer.hpp>
#include <gradus/objective/empirical_risk.hpp>
#include <gradus/objective/span_risk.hpp>
#include <gradus/optim/descend.hpp>
#include <gradus/optim/minibatches.hpp>
#include <gradus/optim/momentum.hpp>
#include <gradus/optim/schedule.hpp>
#include <gradus/optim/sgd.hpp>

#ifdef GRADUS_TESTS_COUNT_ALLOCATIONS

using namespace gradus;

namespace {

const Matrix<double> counted_x = support::normal_matrix("x", 12, 40);
const Vector<double> counted_labels = support::alternating_labels(40);
const optim::Momentum<double> counted_rule{
    .learning_rate = 0.05, .momentum = 0.9, .weight_decay = 0.01};

/// Allocations of ten steps after three to warm up: an epoch of the mini-batches below.
template <class Step>
long allocations_of(Step&& step) {
  step();
  step();
  step();
  const long before = support::allocations;
  for (int k = 0; k < 10; ++k) {
    step();
  }
  return support::allocations - before;
}

} // namespace

TEST_CASE("the counter counts") {
  const long before = support::allocations;
  const Vector<double> made = Vector<double>::Ones(100);
  REQUIRE(support::allocations > before);
  REQUIRE(made.sum() == 100);
}

TEST_CASE("a step of any update rule allocates nothing") {
  support::for_every_rule<double>([](const char* name, const auto& update) {
    INFO(name);
    Vector<double> theta = support::normal_vector("theta", 100);
    const Vector<double> gradient = support::normal_vector("g", 100);
    auto state = update.make_state(100);
    REQUIRE(allocations_of([&] { update.update(theta, gradient, state); }) == 0);
  });
}

TEST_CASE("a step of a multi-layer network allocates nothing") {
  const nn::Mlp<double> net({.widths = {12, 16, 8, 1}});
  objective::EmpiricalRisk risk(net, nn::Logistic{}, counted_x, counted_labels);
  Vector<double> theta = support::normal_vector("theta", net.num_parameters(), 0.3);
  optim::Descent run(risk, counted_rule, theta);
  REQUIRE(allocations_of([&] {
            run.evaluate();
            run.update();
          }) == 0);
  optim::Minibatches batches(40, 16, Stream(1)); // the last batch of an epoch is shorter
  REQUIRE(allocations_of([&] {
            run.evaluate(batches.next());
            run.update();
          }) == 0);
}

TEST_CASE("a step on one example, drawn anew each time, allocates nothing") {
  const auto one_example = [](const auto& net, const auto& loss, const auto& y) {
    objective::EmpiricalRisk risk(net, loss, counted_x, y);
    Vector<double> theta = support::normal_vector("theta", net.num_parameters(), 0.3);
    optim::Descent run(risk, optim::Sgd<double>{.learning_rate = 1e-3}, theta);
    optim::Minibatches batches(40, 1, Stream(1), optim::Sampling::independent);
    const optim::WarmUp<> schedule{.steps = 100};
    Index step = 0;
    return allocations_of([&] {
      run.evaluate(batches.next());
      run.rule().learning_rate = 1e-3 * schedule(step++);
      run.update();
    });
  };
  const Matrix<double> targets = counted_labels.transpose();
  REQUIRE(one_example(nn::DiagonalLinear<double>(12), nn::Square{}, targets) == 0);
  REQUIRE(one_example(nn::Mlp<double>({.widths = {12, 40, 1}}), nn::Square{}, targets) == 0);
  REQUIRE(one_example(nn::Mlp<double>({.widths = {12, 40, 3}}), nn::SoftmaxCrossEntropy{},
                      support::cyclic_classes(40, 3)) == 0);
}

TEST_CASE("a step with batch normalisation and its running statistics allocates nothing") {
  const nn::NormalizedMlp<double> net({12, 16, 8, 3}, {.ghost = 6});
  objective::EmpiricalRisk risk(net, nn::SoftmaxCrossEntropy{}, counted_x,
                                support::cyclic_classes(40, 3));
  Vector<double> theta = net.initial_parameters(nn::HeNormal{}, Stream(1));
  auto statistics = net.initial_statistics();
  optim::Descent run(risk, counted_rule, theta);
  optim::Minibatches batches(40, 16, Stream(1));
  REQUIRE(allocations_of([&] {
            run.evaluate(batches.next());
            net.absorb(risk.latest_workspace(), statistics);
            run.update();
          }) == 0);
}

TEST_CASE("a step of a binary network allocates nothing") {
  using S = nn::RectifiedStraightThrough;
  const nn::BinaryMlp<double, S> net({12, 16, 8, 8, 3}, {S(3)});
  objective::EmpiricalRisk risk(net, nn::SoftmaxCrossEntropy{}, counted_x,
                                support::cyclic_classes(40, 3));
  Vector<double> theta =
      net.initial_parameters(nn::HeNormal{}, nn::HeNormal{}, nn::HeNormal{}, Stream(1));
  auto statistics = net.initial_statistics();
  optim::Descent run(risk, counted_rule, theta);
  optim::Minibatches batches(40, 16, Stream(1));
  REQUIRE(allocations_of([&] {
            run.evaluate(batches.next());
            net.absorb(risk.latest_workspace(), statistics);
            risk.model().set_surrogate(S(2));
            run.update();
          }) == 0);
}

TEST_CASE("a step of a two-layer network allocates nothing, on data and on inner products") {
  const nn::FrozenSecondLayer<double> top(nn::balanced_signs<double>(10));
  const nn::TwoLayer<double> net(12, top);
  objective::EmpiricalRisk risk(net, nn::Logistic{}, counted_x, counted_labels);
  const Vector<double> w0 = support::normal_vector("w0", net.num_parameters(), 0.3);
  Vector<double> theta = w0;
  optim::Descent direct(risk, counted_rule, theta);
  REQUIRE(allocations_of([&] {
            direct.evaluate();
            direct.update();
          }) == 0);

  const Matrix<double> gram = counted_x.transpose() * counted_x;
  const Matrix<double> initial = net.weights(w0) * counted_x;
  objective::SpanRisk span(top, nn::Logistic{}, gram, initial, counted_labels);
  Vector<double> coordinates = span.initial();
  optim::Descent on_gram(span, counted_rule, coordinates);
  REQUIRE(allocations_of([&] {
            on_gram.evaluate();
            on_gram.update();
          }) == 0);
}

TEST_CASE("large products allocate Eigen's packing buffers and no more") {
  const Matrix<float> wide = support::normal_matrix("wide", 300, 300).cast<float>();
  const nn::Mlp<float> net({.widths = {300, 300, 1}});
  objective::EmpiricalRisk risk(net, nn::Logistic{}, wide, support::alternating_labels<float>(300));
  Vector<float> theta = support::normal_vector("theta", net.num_parameters(), 0.05).cast<float>();
  optim::Descent run(risk, optim::Sgd<float>{.learning_rate = 0.01F}, theta);
  const long counted = allocations_of([&] {
    run.evaluate();
    run.update();
  });
  // Five products a step; those of 300^3 are cut into at most 5 panels, each with 2 buffers.
  REQUIRE(counted <= 10 * 5 * 5 * 2);
}

#endif
