// SPDX-License-Identifier: BSD-3-Clause
// What a network at equilibrium does not take, and what it says then.
#include <cmath>
#include <limits>
#include <string>
#include <utility>
#include <vector>

#include "catch.hpp"
#include "equilibrium/task.hpp"
#include "support/derivatives.hpp"
#include "support/errors.hpp"
#include <gradus/optim/adam.hpp>
#include <gradus/optim/descend.hpp>

using namespace gradus;
using equilibrium::ConvergenceError;
using equilibrium::ErrorSource;
using equilibrium::Nudge;
using equilibrium::Risk;
using equilibrium::RiskOptions;
using support::options;
using support::Task;

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
