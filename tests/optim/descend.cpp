// SPDX-License-Identifier: BSD-3-Clause
// The loop of gradient descent: what observers see, how runs end.
#include <cmath>
#include <limits>
#include <span>
#include <vector>

#include "catch.hpp"
#include "support/draws.hpp"
#include "support/errors.hpp"
#include "tolerance.hpp"
#include <gradus/core/error.hpp>
#include <gradus/objective/quadratic.hpp>
#include <gradus/optim/descend.hpp>
#include <gradus/optim/momentum.hpp>
#include <gradus/optim/sgd.hpp>

namespace {

using namespace gradus;
using objective::Quadratic;
using optim::Status;
using Rule = optim::Sgd<double>;
using Steps = std::vector<Index>;

Quadratic<double> bowl() { return Quadratic<double>((Vector<double>(2) << 1.0, 4.0).finished()); }

Vector<double> start() { return (Vector<double>(2) << 3.0, -2.0).finished(); }

/// The steps at which an observer of the given cadence is called in a run.
template <class MakeCadence>
Steps seen(Index steps, MakeCadence cadence) {
  auto f = bowl();
  Vector<double> theta = start();
  Steps list;
  (void)optim::descend(f, theta, Rule{.learning_rate = 0.01}, {.steps = steps},
                       cadence([&](const auto& progress) { list.push_back(progress.step); }));
  return list;
}

/// An objective of one number whose value and gradient turn out as told at a given evaluation.
struct Faulty {
  using Value = double;
  double value_at_fault;
  double gradient_at_fault;
  int evaluations_before = 3;

  static Index num_parameters() { return 1; }
  static double value(ConstVectorRef<double> theta) { return theta(0) * theta(0) / 2; }
  double value_and_gradient(ConstVectorRef<double> theta, VectorRef<double> gradient) {
    if (evaluations_before-- == 0) {
      gradient(0) = gradient_at_fault;
      return value_at_fault;
    }
    gradient(0) = theta(0);
    return value(theta);
  }
};

} // namespace

TEST_CASE("descend: the cadence of observers") {
  const auto all = [](auto observer) { return observer; };
  REQUIRE(seen(3, all) == Steps{0, 1, 2, 3});
  REQUIRE(seen(0, all) == Steps{0});

  const auto third = [](auto observer) { return optim::every(3, observer); };
  REQUIRE(seen(10, third) == Steps{0, 3, 6, 9, 10});
  REQUIRE(seen(9, third) == Steps{0, 3, 6, 9});
  REQUIRE(seen(0, third) == Steps{0});
  REQUIRE(seen(2, [](auto observer) { return optim::every(1, observer); }) == Steps{0, 1, 2});

  const auto decades = [](auto observer) { return optim::logarithmically(1, observer); };
  REQUIRE(seen(1500, decades) == Steps{0, 1, 10, 100, 1000, 1500});
  REQUIRE(seen(1000, decades) == Steps{0, 1, 10, 100, 1000});
  REQUIRE(seen(0, decades) == Steps{0});
  REQUIRE(seen(1, decades) == Steps{0, 1});

  const auto thirds = [](auto observer) { return optim::logarithmically(3, observer); };
  REQUIRE(seen(200, thirds) == Steps{0, 1, 3, 7, 16, 35, 76, 164, 200});

  // Dense at first, and ten in the decade from 100 to 1000.
  const auto tenths = [](auto observer) { return optim::logarithmically(10, observer); };
  REQUIRE(seen(1000, tenths) == Steps{0,   1,   2,   3,   4,   6,   8,   11,  14,  18,
                                      23,  29,  37,  47,  60,  76,  96,  121, 153, 193,
                                      243, 306, 386, 486, 612, 771, 971, 1000});

  REQUIRE(support::message_of<ArgumentError>([] { (void)optim::every(0, [](const auto&) {}); }) ==
          "k is 0; valid: >= 1");
  REQUIRE(support::message_of<ArgumentError>([] {
            (void)optim::logarithmically(0, [](const auto&) {});
          }) == "per_decade is 0; valid: >= 1");
}

TEST_CASE("descend: an observer with a cadence starts afresh in another run") {
  auto f = bowl();
  Steps list;
  auto observer = optim::logarithmically(
      1, [&](const optim::Progress<double>& progress) { list.push_back(progress.step); });
  for (int run = 0; run < 2; ++run) {
    Vector<double> theta = start();
    list.clear();
    (void)optim::descend(f, theta, Rule{}, {.steps = 20}, observer);
    REQUIRE(list == Steps{0, 1, 10, 20});
  }
}

TEST_CASE("descend: observers see the point, its loss and its gradient") {
  auto f = bowl();
  Vector<double> theta = start();
  Index calls = 0;
  const auto result =
      optim::descend(f, theta, Rule{.learning_rate = 0.1}, {.steps = 5}, [&](const auto& progress) {
        REQUIRE(progress.step == calls++);
        REQUIRE(progress.loss == f.value(progress.theta));
        REQUIRE(progress.gradient == f.curvatures().cwiseProduct(progress.theta));
        REQUIRE(progress.last == (progress.step == 5));
        // theta_k = (1 - rate h)^k theta_0
        const auto k = static_cast<double>(progress.step);
        REQUIRE(relative_error(progress.theta(0), 3.0 * std::pow(0.9, k)) < tol<double>::rel);
        REQUIRE(relative_error(progress.theta(1), -2.0 * std::pow(0.6, k)) < tol<double>::rel);
      });
  REQUIRE(calls == 6);
  REQUIRE(result.status == Status::finished);
  REQUIRE(result.steps == 5);
  REQUIRE(result.loss == f.value(theta));
  REQUIRE(result.diverged.empty());
}

TEST_CASE("descend: no steps are an evaluation") {
  auto f = bowl();
  Vector<double> theta = start();
  const auto result = optim::descend(f, theta, Rule{}, {.steps = 0});
  REQUIRE(result.status == Status::finished);
  REQUIRE(result.steps == 0);
  REQUIRE(result.loss == 0.5 * 9 + 0.5 * 4 * 4);
  REQUIRE(theta == start());
}

TEST_CASE("descend: an observer that says true stops the run before the next step") {
  auto f = bowl();
  Vector<double> theta = start();
  Index others = 0;
  const auto result = optim::descend(
      f, theta, Rule{.learning_rate = 0.1}, {.steps = 100},
      [](const auto& progress) { return progress.step == 7; },
      [&](const auto&) { ++others; }, // still shown the last point
      [](const auto&) { return false; });
  REQUIRE(result.status == Status::stopped);
  REQUIRE(result.steps == 7);
  REQUIRE(others == 8);
  REQUIRE(relative_error(theta(0), 3.0 * std::pow(0.9, 7)) < tol<double>::rel);

  // With a cadence, it is asked when due alone.
  Vector<double> again = start();
  const auto rounded_up =
      optim::descend(f, again, Rule{.learning_rate = 0.1}, {.steps = 100},
                     optim::every(5, [](const auto& progress) { return progress.step >= 7; }));
  REQUIRE(rounded_up.status == Status::stopped);
  REQUIRE(rounded_up.steps == 10);
  Vector<double> third = start();
  REQUIRE(optim::descend(f, third, Rule{}, {.steps = 100},
                         optim::logarithmically(1, [](const auto& p) { return p.step >= 7; }))
              .steps == 10);
}

TEST_CASE("descend: stops at the target loss") {
  auto f = bowl();
  Vector<double> theta = start();
  const auto result =
      optim::descend(f, theta, Rule{.learning_rate = 0.1}, {.steps = 1000, .target_loss = 1e-3});
  REQUIRE(result.status == Status::stopped);
  REQUIRE(result.loss <= 1e-3);
  REQUIRE(result.loss > 1e-3 * 0.9 * 0.9); // and no step later
  Vector<double> at_once = start();
  REQUIRE(optim::descend(f, at_once, Rule{}, {.steps = 9, .target_loss = 12.5}).steps == 0);
  REQUIRE(at_once == start());
}

TEST_CASE("descend: a loss or gradient that is not finite ends the run and is named") {
  constexpr double nan = std::numeric_limits<double>::quiet_NaN();
  constexpr double inf = std::numeric_limits<double>::infinity();
  const auto run = [](double value, double gradient, Index& shown) {
    Faulty f{value, gradient};
    Vector<double> theta = Vector<double>::Constant(1, 1.0);
    const auto result = optim::descend(f, theta, Rule{.learning_rate = 0.5}, {.steps = 10},
                                       [&](const auto&) { ++shown; });
    REQUIRE(result.status == Status::diverged);
    REQUIRE(result.steps == 3);
    REQUIRE(theta(0) == 0.125); // the point where it happened
    return result.diverged;
  };
  Index shown = 0;
  REQUIRE(run(nan, 1.0, shown) == "loss");
  REQUIRE(run(inf, 1.0, shown) == "loss");
  REQUIRE(run(-inf, nan, shown) == "loss");
  REQUIRE(run(1.0, nan, shown) == "gradient");
  REQUIRE(run(1.0, inf, shown) == "gradient");
  REQUIRE(run(1.0, -inf, shown) == "gradient");
  REQUIRE(shown == 6 * 3); // observers never saw the bad point
  // The largest finite numbers are no divergence.
  Faulty f{1.0, std::numeric_limits<double>::max()};
  Vector<double> theta = Vector<double>::Constant(1, 1.0);
  REQUIRE(optim::descend(f, theta, Rule{.learning_rate = 0}, {.steps = 10}).status ==
          Status::finished);
}

TEST_CASE("descend: too large a learning rate diverges without an exception") {
  auto f = bowl();
  Vector<double> theta = start();
  const auto result = optim::descend(f, theta, Rule{.learning_rate = 2.1}, {.steps = 100'000});
  REQUIRE(result.status == Status::diverged);
  REQUIRE(result.steps < 1000);
  REQUIRE_FALSE(std::isfinite(result.loss));
}

TEST_CASE("descend: a run driven step by step is the same run") {
  auto f = bowl();
  const optim::Momentum<double> rule{.learning_rate = 0.05, .momentum = 0.9, .weight_decay = 0.01};
  Vector<double> theta = start();
  (void)optim::descend(f, theta, rule, {.steps = 20});
  Vector<double> driven = start();
  optim::Descent run(f, rule, driven);
  REQUIRE(run.gradient().isZero(0.0));
  for (int k = 0; k < 20; ++k) {
    REQUIRE(run.evaluate() == f.value(driven));
    run.update();
  }
  REQUIRE(driven == theta);
  REQUIRE(&run.theta() == &driven);
  REQUIRE(run.state().step == 20);
  // The rule can be changed on the way.
  run.rule().learning_rate = 0;
  run.evaluate();
  run.update();
  REQUIRE(driven == theta);
}

TEST_CASE("descend: a caller's mistakes are errors at once") {
  using support::message_of;
  auto f = bowl();
  Vector<double> theta = start();
  REQUIRE(message_of<ArgumentError>([&] {
            (void)optim::descend(f, theta, Rule{}, {.steps = -1});
          }) == "steps is -1; valid: >= 0");
  REQUIRE(support::starts_with(message_of<ArgumentError>([&] {
                                 (void)optim::descend(f, theta, Rule{.learning_rate = -1},
                                                      {.steps = 1});
                               }),
                               "learning_rate is -1"));
  Vector<double> three = Vector<double>::Zero(3);
  REQUIRE(message_of<ShapeError>([&] { (void)optim::descend(f, three, Rule{}, {.steps = 1}); }) ==
          "theta is of shape 3; valid: 2");
}
