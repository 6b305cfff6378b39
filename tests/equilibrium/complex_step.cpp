// SPDX-License-Identifier: BSD-3-Clause
// The exact gradient of every parameter against the complex step of the value.
#include <complex>
#include <string>

#include "catch.hpp"
#include "equilibrium/problem.hpp"
#include "support/derivatives.hpp"
#include "support/errors.hpp"
#include <gradus/equilibrium/risk.hpp>

using namespace gradus;
using equilibrium::ErrorSource;
using support::Complex;

namespace {

/// The same mean loss in complex numbers, whose imaginary part is a derivative.
equilibrium::Risk<Complex> complex_risk(const support::Relaxed& at, const Matrix<Complex>& x,
                                        equilibrium::CouplingPenalty penalty = {}) {
  return {equilibrium::Network<Complex>(at.network.layout()),
          x,
          at.classes,
          {.free = {.max_steps = 400}, .penalty = penalty}};
}

} // namespace

TEST_CASE("the adjoint gradient is the derivative of the mean loss, for every parameter") {
  for (const auto& layout : {support::small_layers(), support::small_mesh()}) {
    support::Relaxed at(layout);
    Matrix<double> adjoint(layout.num_units(), 5);
    REQUIRE(at.solver.adjoint(support::to_the_end, adjoint).converged());
    Vector<double> gradient(at.theta.size());
    at.solver.gradient(at.x, adjoint, gradient);
    const Matrix<Complex> x = at.x.cast<Complex>();
    CHECK(support::worst_error(
              gradient, support::gradient_by_complex_step(complex_risk(at, x), at.theta)) < 1e-10);
  }
}

TEST_CASE("gradient with penalty: complex step of the value") {
  using Kind = equilibrium::CouplingPenalty::Kind;
  for (const Kind kind : {Kind::homeostasis, Kind::shrinkage}) {
    const equilibrium::CouplingPenalty penalty{.kind = kind, .weight = 0.7, .draws = 0};
    support::Relaxed at(support::small_layers());
    equilibrium::Risk<double> risk(at.network, at.x, at.classes,
                                   {.source = ErrorSource::recurrent_backprop,
                                    .free = support::to_the_end,
                                    .response = support::to_the_end,
                                    .penalty = penalty});
    const Matrix<Complex> x = at.x.cast<Complex>();
    CHECK(support::worst_error(
              support::gradient_of(risk, at.theta),
              support::gradient_by_complex_step(complex_risk(at, x, penalty), at.theta)) < 1e-10);
  }
}

TEST_CASE("complex parameters have no nudges") {
  support::Relaxed at(support::small_layers());
  const Matrix<Complex> x = at.x.cast<Complex>();
  auto risk = complex_risk(at, x);
  CHECK(support::message_of<ArgumentError>([&] {
          (void)support::gradient_of(risk, Vector<Complex>(at.theta.cast<Complex>()));
        }).find("source") == 0);
}
