// SPDX-License-Identifier: BSD-3-Clause
// A training step at equilibrium allocates nothing after the first: malloc and its kin are counted.

#include "catch.hpp"
#include "equilibrium/problem.hpp"
#include "support/allocations.hpp"
#include <gradus/equilibrium/risk.hpp>
#include <gradus/optim/adam.hpp>
#include <gradus/optim/descend.hpp>
#include <gradus/optim/minibatches.hpp>

#ifdef GRADUS_TESTS_COUNT_ALLOCATIONS

using namespace gradus;

TEST_CASE("a training step at equilibrium allocates nothing") {
  const long start = support::allocations;
  const Matrix<double> x = support::normal_matrix("x", 5, 60);
  REQUIRE(support::allocations > start); // the counter counts
  const equilibrium::Network<double> network(support::small_layers());
  for (const auto source : {equilibrium::ErrorSource::nudge, equilibrium::ErrorSource::tangent,
                            equilibrium::ErrorSource::recurrent_backprop}) {
    Vector<double> theta = network.initial_parameters({.gain = 0.8, .angle = 1}, Stream(3));
    equilibrium::Risk<double> risk(network, x, support::cyclic_classes(60, 4),
                                   {.source = source,
                                    .nudge = equilibrium::Nudge::of_points(4, 0.2),
                                    .free = {.max_steps = 5},
                                    .response = {.max_steps = 5},
                                    .penalty = {.weight = 1, .draws = 2}});
    optim::Minibatches batches(60, 16, Stream(4)); // the last batch of an epoch is shorter
    optim::Descent run(risk, optim::Adam<double>{}, theta);
    const auto step = [&] {
      run.evaluate(batches.next());
      run.update();
    };
    for (int k = 0; k < 4; ++k) {
      step();
    }
    const long before = support::allocations;
    for (int k = 0; k < 10; ++k) {
      step();
    }
    CHECK(support::allocations == before);
  }
}

#endif
