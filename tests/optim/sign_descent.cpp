// SPDX-License-Identifier: BSD-3-Clause
// What sign descent alone does; what it shares with every rule is in rules.cpp.
#include <cmath>
#include <limits>

#include "catch.hpp"
#include "support/draws.hpp"
#include "support/errors.hpp"
#include <gradus/core/error.hpp>
#include <gradus/optim/adam.hpp>
#include <gradus/optim/rule.hpp>
#include <gradus/optim/sign_descent.hpp>

using namespace gradus;
using optim::SignDescent;

static_assert(optim::Rule<SignDescent<double>>);
static_assert(!optim::is_linear_rule<SignDescent<double>>);

TEST_CASE("sign descent: every coordinate moves by the rate, one without a gradient stays") {
  const SignDescent<double> rule{.learning_rate = 0.25};
  Vector<double> theta{{1, 2, 3, 4, 5, 6}};
  auto state = rule.make_state(theta.size());
  rule.update(theta, Vector<double>{{1e-300, -1e300, 0.0, -0.0, 5e-324, -2}}, state);
  REQUIRE(theta == Vector<double>{{0.75, 2.25, 3, 4, 4.75, 6.25}});
  REQUIRE(state.step == 1);
  // The decay decides where it outweighs the gradient.
  const SignDescent<double> decaying{.learning_rate = 1, .weight_decay = 0.5};
  Vector<double> three{{2, 2, -4}};
  decaying.update(three, Vector<double>{{-0.9, -1.1, 2}}, state);
  REQUIRE(three == Vector<double>{{1, 3, -4}});
}

TEST_CASE("sign descent: Adam without memory") {
  const SignDescent<double> rule{.learning_rate = 0.1};
  const optim::Adam<double> adam{.learning_rate = 0.1, .beta1 = 0, .beta2 = 0, .epsilon = 0};
  Vector<double> theta = support::normal_vector("start", 9);
  Vector<double> other = theta;
  auto state = rule.make_state(9);
  auto adam_state = adam.make_state(9);
  const Matrix<double> gradients = support::normal_matrix("gradients", 9, 12);
  for (Index k = 0; k < gradients.cols(); ++k) {
    rule.update(theta, gradients.col(k), state);
    adam.update(other, gradients.col(k), adam_state);
  }
  REQUIRE((theta - other).cwiseAbs().maxCoeff() < 1e-14);
}

TEST_CASE("sign descent: what is wrong is named") {
  const auto says = [](SignDescent<double> rule) {
    return support::message_of<ArgumentError>([&] { rule.validate(); });
  };
  REQUIRE(says({.learning_rate = -1}) == "learning_rate is -1; valid: >= 0, finite");
  REQUIRE(support::starts_with(says({.learning_rate = std::nan("")}), "learning_rate is nan"));
  REQUIRE(support::starts_with(says({.weight_decay = -1}), "weight_decay is -1"));
  const SignDescent<double> rule;
  Vector<double> theta = Vector<double>::Zero(2);
  auto state = rule.make_state(2);
  REQUIRE_THROWS_AS(rule.update(theta, Vector<double>::Zero(3), state), ShapeError);
  REQUIRE_THROWS_AS(rule.update(theta, Vector<double>{{1, std::nan("")}}, state), ArgumentError);
}
