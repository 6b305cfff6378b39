// SPDX-License-Identifier: BSD-3-Clause
// The penalties on the Jacobian and their estimates.
#include <cmath>
#include <string>

#include "catch.hpp"
#include "support/derivatives.hpp"
#include "support/draws.hpp"
#include "support/errors.hpp"
#include <gradus/equilibrium/homeostasis.hpp>
#include <gradus/equilibrium/network.hpp>

using namespace gradus;
using equilibrium::Coupling;
using equilibrium::CouplingPenalty;
using equilibrium::Network;
using equilibrium::NetworkLayout;
using Kind = CouplingPenalty::Kind;

namespace {

struct Drawn {
  Network<double> network;
  Vector<double> theta;
  Coupling<double> m;

  explicit Drawn(const NetworkLayout& layout, double angle = 1.0)
      : network(layout),
        theta(network.initial_parameters({.gain = 0.6, .angle = angle}, Stream(5, "drawn"))),
        m(layout) {
    m.assign(layout, theta);
  }
};

const NetworkLayout layers = NetworkLayout::layered({5, 7, 6, 3}, 4);
const NetworkLayout mesh = NetworkLayout::fully_connected(5, 9, 3, 4);

} // namespace

TEST_CASE("homeostasis is |J|^2 - tr J^2 over n, whatever J's diagonal") {
  for (const auto& layout : {layers, mesh}) {
    const Drawn at(layout);
    Matrix<double> j = at.m.matrix();
    const auto n = static_cast<double>(j.rows());
    const double value = equilibrium::penalty_value<double>(Kind::homeostasis, j);
    j.diagonal() -= support::normal_vector("slopes", j.rows()).cwiseAbs();
    CHECK(std::abs(value - (j.squaredNorm() - (j * j).trace()) / n) < 1e-13);
    const double size = equilibrium::penalty_value<double>(Kind::shrinkage, at.m.matrix());
    CHECK(std::abs(size - at.m.matrix().squaredNorm() / n) < 1e-13);
  }
}

TEST_CASE("symmetric couplings cost nothing, draw by draw") {
  const Drawn at(layers, 0);
  const Matrix<double> eps = support::normal_matrix("eps", 16, 50);
  CHECK(equilibrium::penalty_value<double>(Kind::homeostasis, at.m.matrix()) == 0);
  CHECK(equilibrium::penalty_draws<double>(Kind::homeostasis, at.m, eps).cwiseAbs().maxCoeff() <
        1e-14);
  CHECK(equilibrium::homeostasis_draw_variance<double>(at.m.matrix()) < 1e-28);
}

TEST_CASE("draws: mean and variance as predicted") {
  for (const auto& layout : {layers, mesh}) {
    const Drawn at(layout);
    const Index count = 40'000;
    const Matrix<double> eps = support::normal_matrix("eps", layout.num_units(), count);
    const auto draws = equilibrium::penalty_draws<double>(Kind::homeostasis, at.m, eps);
    const double exact = equilibrium::penalty_value<double>(Kind::homeostasis, at.m.matrix());
    const double variance = equilibrium::homeostasis_draw_variance<double>(at.m.matrix());
    const double error = std::sqrt(variance / static_cast<double>(count));
    CHECK(std::abs(draws.mean() - exact) < 4 * error);
    CHECK(std::abs((draws.array() - draws.mean()).square().mean() / variance - 1) < 0.1);
    const auto sizes = equilibrium::penalty_draws<double>(Kind::shrinkage, at.m, eps);
    const double size = equilibrium::penalty_value<double>(Kind::shrinkage, at.m.matrix());
    CHECK(std::abs(sizes.mean() / size - 1) < 0.02);
  }
}

TEST_CASE("gradients: differences of the value, and the mean of the estimates") {
  for (const auto& layout : {layers, mesh}) {
    for (const Kind kind : {Kind::homeostasis, Kind::shrinkage}) {
      const Drawn at(layout);
      Vector<double> exact = Vector<double>::Zero(at.theta.size());
      equilibrium::add_penalty_gradient<double>(kind, layout, at.m, 0.7, exact);
      Vector<double> differences = Vector<double>::Zero(at.theta.size());
      Coupling<double> moved(layout);
      for (Index k = 0; k < at.theta.size(); ++k) { // quadratic: any step is exact
        Vector<double> theta = at.theta;
        theta(k) += 0.5;
        moved.assign(layout, theta);
        const double up = equilibrium::penalty_value<double>(kind, moved.matrix());
        theta(k) -= 1;
        moved.assign(layout, theta);
        const double down = equilibrium::penalty_value<double>(kind, moved.matrix());
        differences(k) = 0.7 * (up - down);
      }
      CHECK(support::worst_error(exact, differences) < 1e-12);
      // eps over a multiple of an orthonormal basis gives E eps eps^T = 1 exactly.
      const Index n = layout.num_units();
      const Matrix<double> basis =
          std::sqrt(static_cast<double>(n)) * Matrix<double>::Identity(n, n);
      equilibrium::PenaltyGradient<double> estimate(layout);
      Vector<double> mean = Vector<double>::Zero(at.theta.size());
      estimate.add(kind, at.m, basis, 0.7, mean);
      CHECK(support::worst_error(mean, exact) < 1e-12);
      estimate.add(kind, at.m, basis, 0.3, mean); // adds
      CHECK(support::worst_error(mean, Vector<double>(exact / 0.7)) < 1e-12);
    }
  }
}

TEST_CASE("penalties name bad arguments") {
  CHECK(support::message_of<ArgumentError>([] {
          CouplingPenalty{.weight = -1}.validate();
        }).find("weight") == 0);
  CHECK(support::message_of<ArgumentError>([] {
          CouplingPenalty{.draws = -1}.validate();
        }).find("draws") == 0);
  const Drawn at(layers);
  Vector<double> gradient(at.theta.size());
  equilibrium::PenaltyGradient<double> estimate(layers);
  CHECK(support::message_of<ArgumentError>([&] {
          estimate.add(Kind::homeostasis, at.m, Matrix<double>(16, 0), 1, gradient);
        }).find("number of draws") == 0);
  CHECK(support::message_of<ShapeError>([&] {
          estimate.add(Kind::homeostasis, at.m, Matrix<double>(15, 2), 1, gradient);
        }).find("eps") == 0);
  CHECK(support::message_of<ShapeError>([] {
          (void)equilibrium::penalty_value<double>(Kind::homeostasis, Matrix<double>(2, 3));
        }).find("m is") == 0);
}
