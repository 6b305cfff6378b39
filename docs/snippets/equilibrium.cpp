// SPDX-License-Identifier: BSD-3-Clause
// The example of docs/equilibrium.md.
#include <iostream>

#include <gradus/data/digits.hpp>
#include <gradus/equilibrium.hpp>
#include <gradus/metrics/alignment.hpp>
#include <gradus/metrics/classification.hpp>
#include <gradus/optim/adam.hpp>
#include <gradus/optim/descend.hpp>
#include <gradus/optim/minibatches.hpp>

using namespace gradus;

int main() {
  Eigen::setNbThreads(1);
  const Stream stream(1, "equilibrium");
  const auto digits = data::draw_digits<double>({}, 400, stream.child("digits"));

  // Layers of 32, 32 and 10 units; forward and feedback weights independent of each other.
  const equilibrium::Network<double> net(equilibrium::NetworkLayout::layered({64, 32, 32, 10}, 10));
  Vector<double> theta = net.initial_parameters({.gain = 0.6, .angle = 1.57}, stream);

  // Equilibrium propagation with four complex nudges and Jacobian homeostasis, trained by Adam.
  equilibrium::Risk<double> risk(net, digits.x, digits.classes,
                                 {.nudge = equilibrium::Nudge::of_points(4, 0.2),
                                  .free = {.max_steps = 40},
                                  .response = {.max_steps = 20},
                                  .penalty = {.weight = 10}},
                                 stream.child("penalty"));
  optim::Minibatches batches(400, 20, stream.child("batches"));
  const auto end = optim::descend(risk, theta, optim::Adam<double>{.learning_rate = 6e-3}, batches,
                                  {.steps = 200});

  // Its error vectors against the exact ones, at fixed points that carry a certificate.
  auto& solver = risk.solver();
  const equilibrium::RelaxOptions exact{.max_steps = 4000, .tolerance = 1e-12};
  const auto reached = solver.relax(digits.x, exact);
  equilibrium::require_converged(reached, exact, "free phase");
  Vector<double> losses(400);
  solver.evaluate(digits.classes, losses);
  Matrix<double> ep(74, 400);
  Matrix<double> backprop(74, 400);
  const auto nudged = solver.nudge(equilibrium::phases_of(equilibrium::Nudge::of_points(8, 0.05)),
                                   digits.classes, exact, ep);
  const auto adjoint = solver.adjoint(exact, backprop);
  std::cout << "status " << static_cast<int>(end.status) << ", accuracy "
            << metrics::class_accuracy(solver.logits(), digits.classes) << ", cosine "
            << metrics::cosine(ep, backprop) << ", residuals " << reached.residual << ' '
            << nudged.residual << ' ' << adjoint.residual << '\n';
}
