// SPDX-License-Identifier: BSD-3-Clause
// First steps of gradient descent by hand, its errors, and runs that are taken up again.
#include <cmath>
#include <complex>
#include <limits>

#include "catch.hpp"
#include "support/draws.hpp"
#include "support/errors.hpp"
#include "tolerance.hpp"
#include <gradus/core/error.hpp>
#include <gradus/optim/sgd.hpp>

namespace {

using namespace gradus;
using Rule = optim::Sgd<double>;

/// The point after each of three steps from x = 2 along the gradients 1, -3, 5.
Vector<double> three_steps(const Rule& rule) {
  Vector<double> theta = Vector<double>::Constant(1, 2.0);
  Vector<double> points(3);
  auto state = rule.make_state(1);
  Index k = 0;
  for (const double g : {1.0, -3.0, 5.0}) {
    rule.update(theta, Vector<double>::Constant(1, g), state);
    points(k++) = theta(0);
    REQUIRE(state.step == k);
  }
  return points;
}

bool are(const Vector<double>& points, double first, double second, double third) {
  const Vector<double> expected = (Vector<double>(3) << first, second, third).finished();
  return (points - expected).cwiseAbs().maxCoeff() < tol<double>::abs;
}

} // namespace

TEST_CASE("sgd: three steps of every variant by hand") {
  // Plain: 2 - 0.1, + 0.3, - 0.5.
  REQUIRE(are(three_steps({.learning_rate = 0.1}), 1.9, 2.2, 1.7));
  // Weight decay 0.5: g = 1 + 1 = 2; -3 + 0.9 = -2.1; 5 + 1.005 = 6.005.
  REQUIRE(are(three_steps({.learning_rate = 0.1, .weight_decay = 0.5}), 1.8, 2.01, 1.4095));
  // Momentum 0.5: buffer 1; 0.5 - 3 = -2.5; -1.25 + 5 = 3.75.
  REQUIRE(are(three_steps({.learning_rate = 0.1, .momentum = 0.5}), 1.9, 2.15, 1.775));
  // ... dampened by 0.2 from the second step on: 1; 0.5 - 2.4 = -1.9; -0.95 + 4 = 3.05.
  REQUIRE(are(three_steps({.learning_rate = 0.1, .momentum = 0.5, .dampening = 0.2}), 1.9, 2.09,
              1.785));
  // Nesterov: g + 0.5 buffer = 1.5; -3 - 1.25 = -4.25; 5 + 1.875 = 6.875.
  REQUIRE(are(three_steps({.learning_rate = 0.1, .momentum = 0.5, .nesterov = true}), 1.85, 2.275,
              1.5875));
  // Momentum and decay 0.5: g = 2, buffer 2, x 1.8; g = -2.1, buffer -1.1, x 1.91; g = 5.955,
  // buffer 5.405.
  REQUIRE(are(three_steps({.learning_rate = 0.1, .momentum = 0.5, .weight_decay = 0.5}), 1.8, 1.91,
              1.3695));
  // Nesterov and decay: 2 + 1 = 3, x 1.7; g = -2.15, buffer -1.15, -2.15 - 0.575, x 1.9725;
  // g = 5.98625, buffer 5.41125, 8.691875.
  REQUIRE(are(
      three_steps({.learning_rate = 0.1, .momentum = 0.5, .weight_decay = 0.5, .nesterov = true}),
      1.7, 1.9725, 1.1033125));
  // A learning rate of 0 goes nowhere.
  REQUIRE(three_steps({.learning_rate = 0, .momentum = 0.5}) == Vector<double>::Constant(3, 2.0));
}

TEST_CASE("sgd: the segments of a long vector are all updated, and alike") {
  // Lengths around the segment of 1024 and beyond the point where threads take over.
  for (const Index size : {1, 1023, 1025, 70'000}) {
    const Vector<double> start = support::normal_vector("start", size);
    const Vector<double> g = support::normal_vector("g", size);
    for (const Rule& rule :
         {Rule{.learning_rate = 0.1}, Rule{.learning_rate = 0.1, .momentum = 0.9},
          Rule{.learning_rate = 0.1, .momentum = 0.9, .weight_decay = 0.01, .nesterov = true}}) {
      Vector<double> theta = start;
      auto state = rule.make_state(size);
      Vector<double> single(1);
      auto single_state = rule.make_state(1);
      for (int k = 0; k < 3; ++k) {
        rule.update(theta, g, state);
      }
      for (const Index i : {Index{0}, size / 2, size - 1}) {
        single(0) = start(i);
        single_state = rule.make_state(1);
        for (int k = 0; k < 3; ++k) {
          rule.update(single, g.segment(i, 1), single_state);
        }
        REQUIRE(relative_error(theta(i), single(0)) < tol<double>::rel);
      }
      REQUIRE((theta.array() != start.array()).all());
    }
  }
}

TEST_CASE("sgd: a run taken up from a copied state goes on with the same bits") {
  const Rule rule{.learning_rate = 0.05, .momentum = 0.9, .weight_decay = 0.01};
  const auto gradient = [](int step) {
    return support::normal_vector("g" + std::to_string(step), 7);
  };
  Vector<double> theta = support::normal_vector("start", 7);
  auto state = rule.make_state(7);
  for (int k = 0; k < 10; ++k) {
    rule.update(theta, gradient(k), state);
  }
  Vector<double> resumed = theta;
  Rule::State saved = state;
  for (int k = 10; k < 20; ++k) {
    rule.update(theta, gradient(k), state);
  }
  for (int k = 10; k < 20; ++k) {
    rule.update(resumed, gradient(k), saved);
  }
  REQUIRE(resumed == theta);
  REQUIRE(saved.buffer == state.buffer);
  REQUIRE(saved.step == 20);
  // A fresh state would have gone elsewhere.
  REQUIRE(rule.make_state(7).buffer.isZero(0.0));
}

TEST_CASE("sgd: memory is taken for momentum alone") {
  REQUIRE(Rule{.learning_rate = 0.1}.make_state(100).buffer.size() == 0);
  REQUIRE(Rule{.learning_rate = 0.1, .momentum = 0.1}.make_state(100).buffer.size() == 100);
}

TEST_CASE("sgd: works on complex parameters") {
  const optim::Sgd<std::complex<double>> rule{.learning_rate = 0.5, .momentum = 0.5};
  Vector<std::complex<double>> theta = Vector<std::complex<double>>::Constant(1, {1.0, 2.0});
  auto state = rule.make_state(1);
  rule.update(theta, theta, state);
  REQUIRE(theta(0) == std::complex<double>(0.5, 1.0));
}

TEST_CASE("sgd: a hyper-parameter out of range is named") {
  constexpr double nan = std::numeric_limits<double>::quiet_NaN();
  constexpr double inf = std::numeric_limits<double>::infinity();
  const auto says = [](const Rule& rule) {
    return support::message_of<ArgumentError>([&] { rule.validate(); });
  };
  REQUIRE(says({.learning_rate = -0.1}) == "learning_rate is -0.1; valid: >= 0, finite");
  REQUIRE(support::starts_with(says({.learning_rate = nan}), "learning_rate is nan"));
  REQUIRE(support::starts_with(says({.learning_rate = inf}), "learning_rate is inf"));
  REQUIRE(says({.momentum = 1.0}) == "momentum is 1; valid: in [0, 1)");
  REQUIRE(support::starts_with(says({.momentum = -0.5}), "momentum is -0.5"));
  REQUIRE(support::starts_with(says({.momentum = nan}), "momentum is nan"));
  REQUIRE(says({.dampening = 1.5}) == "dampening is 1.5; valid: in [0, 1]");
  REQUIRE(support::starts_with(says({.dampening = nan}), "dampening is nan"));
  REQUIRE(says({.weight_decay = -1}) == "weight_decay is -1; valid: >= 0, finite");
  REQUIRE(support::starts_with(says({.weight_decay = inf}), "weight_decay is inf"));
  REQUIRE(support::starts_with(says({.nesterov = true}), "nesterov is 1"));
  REQUIRE(support::starts_with(says({.momentum = 0.9, .dampening = 0.1, .nesterov = true}),
                               "nesterov is 1"));
  REQUIRE(says({.learning_rate = 0, .momentum = 0.999, .dampening = 1, .weight_decay = 0}) ==
          "no error");
}

TEST_CASE("sgd: sizes that differ are refused by name") {
  const Rule plain{.learning_rate = 0.1};
  const Rule heavy{.learning_rate = 0.1, .momentum = 0.9};
  Vector<double> theta = Vector<double>::Zero(3);
  const Vector<double> g = Vector<double>::Ones(3);
  auto state = heavy.make_state(4);
  REQUIRE(support::message_of<ShapeError>([&] { heavy.update(theta, g, state); }) ==
          "state is of shape 4; valid: 3");
  REQUIRE(support::message_of<ShapeError>([&] {
            plain.update(theta, Vector<double>::Ones(2), state);
          }) == "gradient is of shape 2; valid: 3");
  auto empty = plain.make_state(3); // of a rule without momentum
  REQUIRE_THROWS_AS(heavy.update(theta, g, empty), ShapeError);
  REQUIRE(theta.isZero(0.0)); // nothing was touched
}
