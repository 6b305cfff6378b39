// SPDX-License-Identifier: BSD-3-Clause
// A network at equilibrium as an objective: concepts, mini-batches, training, errors, memory.
#include <cmath>
#include <limits>
#include <string>
#include <utility>
#include <vector>

#include "catch.hpp"
#include "equilibrium/problem.hpp"
#include "support/derivatives.hpp"
#include "support/errors.hpp"
#include <gradus/equilibrium/risk.hpp>
#include <gradus/objective/concepts.hpp>
#include <gradus/optim/adam.hpp>
#include <gradus/optim/descend.hpp>
#include <gradus/optim/minibatches.hpp>
#include <gradus/optim/momentum.hpp>

using namespace gradus;
using equilibrium::ConvergenceError;
using equilibrium::ErrorSource;
using equilibrium::Nudge;
using equilibrium::Risk;
using equilibrium::RiskOptions;

static_assert(objective::HasMinibatches<Risk<double>>);
static_assert(objective::HasGradient<Risk<float>>);
static_assert(!objective::HasHvp<Risk<double>>);

namespace {

/// Four classes told apart by which of the first four features is largest.
struct Task {
  Matrix<double> x = support::normal_matrix("task", 5, 60);
  Vector<Index> classes = Vector<Index>(60);
  equilibrium::Network<double> network{support::small_layers()};
  Vector<double> theta = network.initial_parameters({.gain = 0.8, .angle = 1}, Stream(3, "task"));

  Task() {
    for (Index i = 0; i < 60; ++i) {
      x.col(i).head(4).maxCoeff(&classes(i));
    }
  }
};

RiskOptions options(ErrorSource source, equilibrium::CouplingPenalty penalty = {}) {
  return {.source = source,
          .nudge = Nudge::of_points(4, 0.2),
          .free = {.max_steps = 40},
          .response = {.max_steps = 25},
          .penalty = penalty};
}

} // namespace

TEST_CASE("a whole batch in parts, and the same bits every time") {
  Task task;
  Risk<double> risk(task.network, task.x, task.classes, options(ErrorSource::nudge));
  Vector<double> whole(task.theta.size());
  const double loss = risk.value_and_gradient(task.theta, whole);
  CHECK(std::abs(loss - risk.value(task.theta)) < 1e-14);
  Vector<double> sum = Vector<double>::Zero(whole.size());
  Vector<double> part(whole.size());
  double mean = 0;
  for (Index start = 0; start < 60; start += 20) {
    std::vector<Index> batch;
    for (Index i = start; i < start + 20; ++i) {
      batch.push_back(i);
    }
    mean += risk.value_and_gradient(task.theta, batch, part) / 3;
    sum += part / 3;
  }
  CHECK(std::abs(mean - loss) < 1e-14);
  CHECK(support::worst_error(sum, whole) < 1e-12);
  Vector<double> again(whole.size());
  (void)risk.value_and_gradient(task.theta, again);
  CHECK(again == whole);
}

TEST_CASE("every source of gradients trains with every kind of rule") {
  for (const ErrorSource source :
       {ErrorSource::nudge, ErrorSource::tangent, ErrorSource::recurrent_backprop}) {
    Task task;
    Risk<double> risk(task.network, task.x, task.classes,
                      options(source, {.weight = 1, .draws = 2}), Stream(9));
    const double before = risk.value(task.theta);
    optim::Minibatches batches(60, 20, Stream(4));
    const auto end = optim::descend(risk, task.theta, optim::Adam<double>{.learning_rate = 0.02},
                                    batches, {.steps = 150});
    CHECK(end.status == optim::Status::finished);
    CHECK(risk.value(task.theta) < 0.7 * before);
  }
  Task task;
  Risk<double> risk(task.network, task.x, task.classes, options(ErrorSource::tangent));
  const auto end =
      optim::descend(risk, task.theta,
                     optim::Momentum<double>{.learning_rate = 0.2, .momentum = 0.9}, {.steps = 60});
  CHECK(end.loss < 1.3); // log 4 = 1.386
}

TEST_CASE("estimates of the penalty come from a named stream, one draw an evaluation") {
  Task task;
  const auto setting = options(ErrorSource::tangent, {.weight = 3, .draws = 1});
  Risk<double> a(task.network, task.x, task.classes, setting, Stream(9));
  Risk<double> b(task.network, task.x, task.classes, setting, Stream(9));
  const Vector<double> first = support::gradient_of(a, task.theta);
  CHECK(first == support::gradient_of(b, task.theta));
  CHECK_FALSE(first == support::gradient_of(a, task.theta));
}

TEST_CASE("a tolerance is a demand, and its failure names the residual") {
  Task task;
  RiskOptions strict = options(ErrorSource::tangent);
  strict.free = {.max_steps = 2, .tolerance = 1e-12};
  Risk<double> risk(task.network, task.x, task.classes, strict);
  CHECK(support::message_of<ConvergenceError>([&] {
          (void)risk.value(task.theta);
        }).find("free phase did not converge: residual ") == 0);
  CHECK(risk.free_phase().steps == 2);
  strict.free = {.max_steps = 4000, .tolerance = 1e-12};
  strict.response = {.max_steps = 2, .tolerance = 1e-12};
  for (const auto& [source, words] : {std::pair{ErrorSource::tangent, "tangent phase did"},
                                      {ErrorSource::recurrent_backprop, "adjoint phase did"},
                                      {ErrorSource::nudge, "nudged phase did"}}) {
    strict.source = source;
    Risk<double> late(task.network, task.x, task.classes, strict);
    CHECK(support::message_of<ConvergenceError>([&] {
            (void)support::gradient_of(late, task.theta);
          }).find(words) == 0);
  }
  // Without a tolerance what diverges is a loss that is not finite.
  Risk<double> loose(task.network, task.x, task.classes, options(ErrorSource::tangent));
  task.theta.setConstant(std::numeric_limits<double>::quiet_NaN());
  const auto end = optim::descend(loose, task.theta, optim::Adam<double>{}, {.steps = 3});
  CHECK(end.status == optim::Status::diverged);
}

TEST_CASE("an activation that is not holomorphic takes real nudges only, unless told otherwise") {
  Task task;
  using Control = nn::TangentContinuation<nn::SteepSigmoid>;
  const equilibrium::Network<double, Control> network(task.network.layout());
  RiskOptions setting = options(ErrorSource::nudge);
  const auto make = [&] {
    Risk<double, Control> risk(network, task.x, task.classes, setting);
    return support::gradient_of(risk, task.theta);
  };
  CHECK(support::message_of<ArgumentError>(make).find(
            "activation is tangent-continuation; valid: holomorphic") == 0);
  setting.any_continuation = true;
  CHECK(make().allFinite());
  setting.any_continuation = false;
  setting.nudge = Nudge::of_points(2, 0.2);
  CHECK(make().allFinite());
}

TEST_CASE("bad data and settings are named") {
  Task task;
  const auto says = [&](const Matrix<double>& x, const Vector<Index>& classes,
                        const RiskOptions& setting) {
    return support::message_of<ArgumentError>(
        [&] { Risk<double> risk(task.network, x, classes, setting); });
  };
  const RiskOptions good;
  CHECK(says(Matrix<double>(5, 0), Vector<Index>(0), good).find("number of samples") == 0);
  CHECK(says(task.x.topRows(4), task.classes, good).find("x is of shape") == 0);
  CHECK(says(task.x, task.classes.head(59), good).find("classes") == 0);
  Vector<Index> wrong = task.classes;
  wrong(7) = 4;
  CHECK(says(task.x, wrong, good).find("labels") == 0);
  Matrix<double> nan = task.x;
  nan(2, 1) = std::numeric_limits<double>::quiet_NaN();
  CHECK(says(nan, task.classes, good).find("x(2, 1)") == 0);
  CHECK(says(task.x, task.classes, {.nudge = {.beta = 0}}).find("beta") == 0);
  Risk<double> risk(task.network, task.x, task.classes, good);
  Vector<double> gradient(task.theta.size());
  const std::vector<Index> none;
  CHECK(support::message_of<ArgumentError>([&] {
          (void)risk.value_and_gradient(task.theta, none, gradient);
        }).find("batch size") == 0);
  CHECK(support::message_of<ShapeError>([&] {
          (void)risk.value(task.theta.head(3));
        }).find("theta") == 0);
}
