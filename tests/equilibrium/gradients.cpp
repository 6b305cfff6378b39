// SPDX-License-Identifier: BSD-3-Clause
// Error vectors: relaxed, eliminated, and those of symmetric networks.
#include <cmath>

#include "catch.hpp"
#include "equilibrium/problem.hpp"
#include "support/derivatives.hpp"
#include <gradus/equilibrium/implicit.hpp>
#include <gradus/equilibrium/risk.hpp>

using namespace gradus;
using equilibrium::ErrorSource;
using equilibrium::Nudge;

TEST_CASE("tangent and adjoint responses are those of dense elimination") {
  for (const auto& layout : {support::small_layers(), support::small_mesh()}) {
    support::Relaxed at(layout);
    Matrix<double> error(layout.num_units(), 5);
    Matrix<double> adjoint(layout.num_units(), 5);
    REQUIRE(at.solver.tangent(support::to_the_end, error).converged());
    REQUIRE(at.solver.adjoint(support::to_the_end, adjoint).converged());
    for (Index i = 0; i < 5; ++i) {
      const auto exact = equilibrium::exact_response<double>(
          at.solver.coupling().matrix(), at.solver.slopes().col(i), at.solver.loss_slopes().col(i));
      CHECK(support::worst_error(error.col(i), exact.error) < 1e-12);
      CHECK(support::worst_error(adjoint.col(i), exact.adjoint) < 1e-12);
      CHECK((exact.error - exact.adjoint).norm() > 1e-3 * exact.error.norm());
    }
  }
}

TEST_CASE("symmetric couplings: equilibrium propagation is the exact gradient") {
  support::Relaxed at(support::small_layers(), 0);
  const auto gradient_from = [&](ErrorSource source, bool tied) {
    equilibrium::Risk<double> risk(at.network, at.x, at.classes,
                                   {.source = source,
                                    .nudge = Nudge::of_points(12, 0.1),
                                    .free = support::to_the_end,
                                    .response = support::to_the_end,
                                    .tied = tied});
    return support::gradient_of(risk, at.theta);
  };
  const Vector<double> exact = gradient_from(ErrorSource::recurrent_backprop, false);
  CHECK(support::worst_error(gradient_from(ErrorSource::tangent, false), exact) < 1e-11);
  CHECK(support::worst_error(gradient_from(ErrorSource::nudge, false), exact) < 1e-9);
  // Tied: the derivative along a change that keeps M symmetric.
  const Vector<double> tied = gradient_from(ErrorSource::nudge, true);
  Vector<double> change = support::normal_vector("change", at.theta.size());
  at.network.symmetrise(change);
  double along = exact.dot(change); // both of a pair change
  Vector<double> once = change;     // ... which the tied gradient counts for each of the two
  for (Index l = 1; l < 3; ++l) {
    at.network.layout().feedback_weights(once, l).setZero();
  }
  CHECK(std::abs(tied.dot(once) - along) < 1e-8 * std::abs(along));
}

TEST_CASE("bias of the asymmetry: its expansion") {
  support::Relaxed at(support::small_layers(), 0.02);
  const auto bias = equilibrium::asymmetry_bias<double>(
      at.solver.coupling().matrix(), at.solver.slopes().col(1), at.solver.loss_slopes().col(1));
  CHECK(bias.size > 0);
  CHECK(bias.first_order < 0.2 * bias.bias);
  CHECK(bias.second_order < 0.2 * bias.first_order);
  CHECK(bias.misalignment < 0.01);
  support::Relaxed symmetric(support::small_layers(), 0);
  const auto none = equilibrium::asymmetry_bias<double>(symmetric.solver.coupling().matrix(),
                                                        symmetric.solver.slopes().col(1),
                                                        symmetric.solver.loss_slopes().col(1));
  CHECK(none.size == 0);
  CHECK(none.bias < 1e-14);
}
