// SPDX-License-Identifier: BSD-3-Clause
// Errors of a linear student over time: limits in closed form, a simulation, optimal stopping.
#include <cmath>

#include "catch.hpp"
#include "support/draws.hpp"
#include "support/errors.hpp"
#include "tolerance.hpp"
#include <gradus/core/error.hpp>
#include <gradus/linear/descent_path.hpp>
#include <gradus/theory/high_dim_dynamics.hpp>

using namespace gradus;
using theory::HighDimDynamics;

TEST_CASE("high-dim dynamics: start, end and ridge in closed form") {
  for (const double alpha : {0.3, 0.5, 0.9, 1.2, 2.0, 5.0}) {
    INFO(alpha);
    const HighDimDynamics law{.alpha = alpha, .snr = 3, .inr = 0.5};
    REQUIRE(relative_error(law.generalization_error(HighDimDynamics::flow(0)).value, 4.5) < 1e-9);
    // E_t(0) = snr + inr + 1, the variance of a target and of the student's output.
    REQUIRE(relative_error(law.training_error(HighDimDynamics::flow(0)).value, 4.5) < 1e-9);
    const auto late = law.generalization_error(HighDimDynamics::flow(1e6));
    REQUIRE(relative_error(late.value, law.final_error()) < 1e-8);
    REQUIRE(std::abs(law.training_error(HighDimDynamics::flow(1e6)).value -
                     std::max(0.0, 1 - 1 / alpha)) < 1e-8);
    REQUIRE(law.generalization_error(HighDimDynamics::flow(2)).error < 1e-8);
  }
  // Ridge is best at 1 / snr.
  const HighDimDynamics law{.alpha = 1, .snr = 4};
  const auto ridge = [&](double g) {
    return law.generalization_error(HighDimDynamics::ridge(g)).value;
  };
  REQUIRE(ridge(0.25) < ridge(0.24));
  REQUIRE(ridge(0.25) < ridge(0.26));
  REQUIRE(std::isinf(law.final_error()));
  // At alpha = 1 without signal E_g - 1 grows as 0.661 sqrt(t) in the long run.
  const HighDimDynamics noise{.alpha = 1, .snr = 0};
  const double slope = (noise.generalization_error(HighDimDynamics::flow(4e4)).value -
                        noise.generalization_error(HighDimDynamics::flow(1e4)).value) /
                       100;
  REQUIRE(std::abs(slope - 2 * (2 - std::sqrt(2.0)) / std::sqrt(std::acos(-1.0))) < 1e-3);
}

TEST_CASE("high-dim dynamics: a simulation of flow and descent follows") {
  constexpr Index n = 120;
  const double alpha = 1.5;
  constexpr Index p = 180;
  const HighDimDynamics law{.alpha = alpha, .snr = 4, .inr = 1};
  const double eta = 0.2;
  std::vector<double> measured(3, 0.0);
  const std::vector<Index> steps{2, 10, 60};
  constexpr int draws = 12;
  for (int k = 0; k < draws; ++k) {
    const std::string name = std::to_string(k);
    const Matrix<double> x = support::normal_matrix("x" + name, n, p) / std::sqrt(double{n});
    const Vector<double> teacher = support::normal_vector("t" + name, n, 2);
    const Vector<double> start = support::normal_vector("s" + name, n);
    const Vector<double> y = x.transpose() * teacher + support::normal_vector("e" + name, p);
    // The path descends on the mean of squares: half the sum needs p / 2 times the rate.
    const linear::DescentPath<double> path(x, y, start, eta * p / 2);
    for (std::size_t i = 0; i < steps.size(); ++i) {
      measured[i] += (1 + (path.weights(steps[i]) - teacher).squaredNorm() / n) / draws;
    }
  }
  for (std::size_t i = 0; i < steps.size(); ++i) {
    const double expected = law.generalization_error(HighDimDynamics::descent(eta, steps[i])).value;
    INFO(steps[i]);
    // 12 draws of 120 modes: 5 % is some four standard errors.
    REQUIRE(std::abs(measured[i] / expected - 1) < 0.05);
  }
}

TEST_CASE("high-dim dynamics: optimal stopping") {
  for (const double snr : {0.3, 3.0, 100.0}) {
    const HighDimDynamics law{.alpha = 2, .snr = snr};
    const auto best = law.optimal_stop();
    REQUIRE(best.error <
            law.generalization_error(HighDimDynamics::flow(0.97 * best.time)).value + 1e-12);
    REQUIRE(best.error <
            law.generalization_error(HighDimDynamics::flow(1.03 * best.time)).value + 1e-12);
    // Never better than the best ridge, and close to it.
    const double ridge = law.generalization_error(HighDimDynamics::ridge(1 / snr)).value;
    REQUIRE(best.error >= ridge);
    REQUIRE(best.error <= 1.04 * ridge);
  }
  REQUIRE(HighDimDynamics{.alpha = 2, .snr = 0}.optimal_stop().time == 0);
}

TEST_CASE("high-dim dynamics: finite sizes exactly, and bad arguments by name") {
  const HighDimDynamics law{.snr = 5};
  REQUIRE(law.final_error(20, 40) == 1 + 20.0 / 19);
  REQUIRE(std::abs(law.final_error(40, 20) - (1 + 0.5 * 5 + 20.0 / 19)) < 1e-14);
  REQUIRE_THROWS_AS(law.final_error(20, 21), ArgumentError);
  const auto says = [](const HighDimDynamics& bad) {
    return support::message_of<ArgumentError>([&] { bad.validate(); });
  };
  REQUIRE(says({.alpha = 0}) == "alpha is 0; valid: > 0, finite");
  REQUIRE(says({.snr = -1}) == "snr is -1; valid: >= 0, finite");
  REQUIRE(says({.inr = -1}) == "inr is -1; valid: >= 0, finite");
  REQUIRE_THROWS_AS(HighDimDynamics::ridge(0), ArgumentError);
  REQUIRE_THROWS_AS(HighDimDynamics::flow(-1), ArgumentError);
}

TEST_CASE("high-dimensional dynamics: no penalty and no stopping time beats the best penalty") {
  for (const double alpha : {0.3, 1.0, 3.0}) {
    const theory::HighDimDynamics law{.alpha = alpha, .snr = 4, .inr = 1};
    const auto best = law.optimal_ridge();
    REQUIRE(best.penalty == 0.2);
    for (const double factor : {0.5, 0.9, 1.1, 2.0}) {
      REQUIRE(law.generalization_error(theory::HighDimDynamics::ridge(0.2 * factor)).value >
              best.error);
    }
    REQUIRE(law.optimal_stop().error > best.error);
    // 1 plus the mean of (snr + inr) / (1 + (snr + inr) lam), each mode's least.
    const double exact = theory::MarchenkoPastur(1 / alpha)
                             .mean([&](double x) { return 5 / (1 + 5 * alpha * x); })
                             .value;
    REQUIRE(std::abs(best.error - 1 - exact) < 1e-9);
  }
  const auto nothing = theory::HighDimDynamics{.alpha = 2, .snr = 0}.optimal_ridge();
  REQUIRE(std::isinf(nothing.penalty));
  REQUIRE(nothing.error == 1);
}
