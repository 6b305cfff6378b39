// SPDX-License-Identifier: BSD-3-Clause
// First steps of gradient descent, with and without momentum, by hand; and the errors of these
// rules.
#include <cmath>
#include <complex>
#include <limits>

#include "catch.hpp"
#include "support/draws.hpp"
#include "support/errors.hpp"
#include "tolerance.hpp"
#include <gradus/core/error.hpp>
#include <gradus/optim/momentum.hpp>
#include <gradus/optim/nesterov.hpp>
#include <gradus/optim/sgd.hpp>

namespace {

using namespace gradus;
using DoubleSgd = optim::Sgd<double>;
using DoubleMomentum = optim::Momentum<double>;
using DoubleNesterov = optim::Nesterov<double>;

/// The point after each of three steps from x = 2 along the gradients 1, -3, 5.
template <class Rule>
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

TEST_CASE("gradient descent: three steps of every variant by hand") {
  // Plain: 2 - 0.1, + 0.3, - 0.5.
  REQUIRE(are(three_steps(DoubleSgd{.learning_rate = 0.1}), 1.9, 2.2, 1.7));
  // Weight decay 0.5: g = 1 + 1 = 2; -3 + 0.9 = -2.1; 5 + 1.005 = 6.005.
  REQUIRE(
      are(three_steps(DoubleSgd{.learning_rate = 0.1, .weight_decay = 0.5}), 1.8, 2.01, 1.4095));
  // Momentum 0.5: buffer 1; 0.5 - 3 = -2.5; -1.25 + 5 = 3.75.
  REQUIRE(
      are(three_steps(DoubleMomentum{.learning_rate = 0.1, .momentum = 0.5}), 1.9, 2.15, 1.775));
  // ... dampened by 0.2 from the second step on: 1; 0.5 - 2.4 = -1.9; -0.95 + 4 = 3.05.
  REQUIRE(are(three_steps(DoubleMomentum{.learning_rate = 0.1, .momentum = 0.5, .dampening = 0.2}),
              1.9, 2.09, 1.785));
  // Nesterov: g + 0.5 buffer = 1.5; -3 - 1.25 = -4.25; 5 + 1.875 = 6.875.
  REQUIRE(
      are(three_steps(DoubleNesterov{.learning_rate = 0.1, .momentum = 0.5}), 1.85, 2.275, 1.5875));
  // Momentum and decay 0.5: g = 2, buffer 2, x 1.8; g = -2.1, buffer -1.1, x 1.91; g = 5.955,
  // buffer 5.405.
  REQUIRE(
      are(three_steps(DoubleMomentum{.learning_rate = 0.1, .momentum = 0.5, .weight_decay = 0.5}),
          1.8, 1.91, 1.3695));
  // Nesterov and decay: 2 + 1 = 3, x 1.7; g = -2.15, buffer -1.15, -2.15 - 0.575, x 1.9725;
  // g = 5.98625, buffer 5.41125, 8.691875.
  REQUIRE(
      are(three_steps(DoubleNesterov{.learning_rate = 0.1, .momentum = 0.5, .weight_decay = 0.5}),
          1.7, 1.9725, 1.1033125));
  // A learning rate of 0 goes nowhere.
  REQUIRE(three_steps(DoubleMomentum{.learning_rate = 0}) == Vector<double>::Constant(3, 2.0));
}

TEST_CASE("gradient descent: without momentum all three are the same") {
  const Vector<double> plain = three_steps(DoubleSgd{.learning_rate = 0.1, .weight_decay = 0.3});
  REQUIRE(three_steps(DoubleMomentum{.learning_rate = 0.1, .momentum = 0, .weight_decay = 0.3}) ==
          plain);
  REQUIRE(three_steps(DoubleNesterov{.learning_rate = 0.1, .momentum = 0, .weight_decay = 0.3}) ==
          plain);
}

TEST_CASE("gradient descent: works on complex parameters") {
  const optim::Momentum<std::complex<double>> rule{.learning_rate = 0.5, .momentum = 0.5};
  Vector<std::complex<double>> theta = Vector<std::complex<double>>::Constant(1, {1.0, 2.0});
  auto state = rule.make_state(1);
  rule.update(theta, theta, state);
  REQUIRE(theta(0) == std::complex<double>(0.5, 1.0));
}

TEST_CASE("gradient descent: a hyper-parameter out of range is named") {
  constexpr double nan = std::numeric_limits<double>::quiet_NaN();
  constexpr double inf = std::numeric_limits<double>::infinity();
  const auto says = [](const auto& rule) {
    return support::message_of<ArgumentError>([&] { rule.validate(); });
  };
  REQUIRE(says(DoubleSgd{.learning_rate = -0.1}) == "learning_rate is -0.1; valid: >= 0, finite");
  REQUIRE(support::starts_with(says(DoubleSgd{.learning_rate = nan}), "learning_rate is nan"));
  REQUIRE(support::starts_with(says(DoubleMomentum{.learning_rate = inf}), "learning_rate is inf"));
  REQUIRE(says(DoubleMomentum{.momentum = 1.0}) == "momentum is 1; valid: in [0, 1)");
  REQUIRE(support::starts_with(says(DoubleMomentum{.momentum = -0.5}), "momentum is -0.5"));
  REQUIRE(support::starts_with(says(DoubleNesterov{.momentum = nan}), "momentum is nan"));
  REQUIRE(says(DoubleMomentum{.dampening = 1.5}) == "dampening is 1.5; valid: in [0, 1]");
  REQUIRE(support::starts_with(says(DoubleMomentum{.dampening = nan}), "dampening is nan"));
  REQUIRE(says(DoubleSgd{.weight_decay = -1}) == "weight_decay is -1; valid: >= 0, finite");
  REQUIRE(support::starts_with(says(DoubleNesterov{.weight_decay = inf}), "weight_decay is inf"));
  REQUIRE(says(DoubleMomentum{.learning_rate = 0, .momentum = 0.999, .dampening = 1}) ==
          "no error");
}
