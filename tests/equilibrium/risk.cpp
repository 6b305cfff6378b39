// SPDX-License-Identifier: BSD-3-Clause
// A network at equilibrium as an objective: concepts, mini-batches, training.
#include <cmath>
#include <vector>

#include "catch.hpp"
#include "equilibrium/task.hpp"
#include "support/derivatives.hpp"
#include <gradus/objective/concepts.hpp>
#include <gradus/optim/adam.hpp>
#include <gradus/optim/descend.hpp>
#include <gradus/optim/minibatches.hpp>
#include <gradus/optim/momentum.hpp>

using namespace gradus;
using equilibrium::ErrorSource;
using equilibrium::Risk;
using support::options;
using support::Task;

static_assert(objective::HasMinibatches<Risk<double>>);
static_assert(objective::HasGradient<Risk<float>>);
static_assert(!objective::HasHvp<Risk<double>>);

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
