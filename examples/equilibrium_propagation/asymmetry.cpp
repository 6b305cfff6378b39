// SPDX-License-Identifier: BSD-3-Clause
// What the asymmetry of the couplings does to the error vectors, and its penalty.
#include <cmath>
#include <string>
#include <utility>
#include <vector>

#include "experiments.hpp"
#include "networks.hpp"
#include <gradus/core/distributions.hpp>
#include <gradus/core/types.hpp>
#include <gradus/equilibrium/homeostasis.hpp>
#include <gradus/equilibrium/implicit.hpp>
#include <gradus/equilibrium/solver.hpp>

namespace gradus::examples::equiprop {
namespace {

using Solver = equilibrium::Solver<double>;

/// A solver at the free fixed points of the study's inputs.
Solver at_rest(const Params& p, double angle, const Stream& stream, Record& out) {
  Solver solver{equilibrium::Network<double>(layers(p))};
  const auto samples = digits(p.inputs, stream.child("inputs"));
  solver.assign(solver.network().initial_parameters(initial(p, angle), stream.child("weights")));
  const auto reached = solver.relax(samples.x, {.max_steps = 4000, .tolerance = 1e-14});
  if (!reached.converged()) {
    out.diverged(static_cast<double>(reached.steps), "free phase");
  }
  Vector<double> losses(p.inputs);
  solver.evaluate(samples.classes, losses);
  return solver;
}

} // namespace

void run_angle(const Params& p, const Stream& stream, Record& out) {
  Solver solver = at_rest(p, p.angle, stream, out);
  const auto& layout = solver.network().layout();
  Matrix<double> error(layout.num_units(), p.inputs);
  Matrix<double> adjoint(layout.num_units(), p.inputs);
  for (Index i = 0; i < p.inputs; ++i) {
    const auto both = equilibrium::exact_response<double>(
        solver.coupling().matrix(), solver.slopes().col(i), solver.loss_slopes().col(i));
    error.col(i) = both.error;
    adjoint.col(i) = both.adjoint;
  }
  for (Index layer = 1; layer <= layout.depth(); ++layer) {
    out.number("cosine_" + std::to_string(layer), layer_cosine(layout, layer, error, adjoint));
  }
}

void run_perturbation(const Params& p, const Stream& stream, Record& out) {
  const std::vector<double> angles{0.5, 1, 2, 4};
  std::vector<double> size;
  std::vector<double> bias;
  std::vector<double> first;
  std::vector<double> second;
  std::vector<double> misalignment;
  for (const double angle : angles) {
    Solver solver = at_rest(p, angle, stream, out);
    equilibrium::AsymmetryBias mean;
    for (Index i = 0; i < p.inputs; ++i) {
      const auto one = equilibrium::asymmetry_bias<double>(
          solver.coupling().matrix(), solver.slopes().col(i), solver.loss_slopes().col(i));
      const auto n = static_cast<double>(p.inputs);
      mean.size += one.size / n;
      mean.bias += one.bias / n;
      mean.first_order += one.first_order / n;
      mean.second_order += one.second_order / n;
      mean.misalignment += one.misalignment / n;
    }
    size.push_back(mean.size);
    bias.push_back(mean.bias);
    first.push_back(mean.first_order);
    second.push_back(mean.second_order);
    misalignment.push_back(mean.misalignment);
  }
  // The power at the smallest angles: larger ones have terms of higher order in them.
  const auto record = [&](const char* name, std::vector<double>& values) {
    out.number(std::string("slope_") + name,
               std::log(values[1] / values[0]) / std::log(size[1] / size[0]));
    out.series(name, {"angle", angles, "degrees"}, values);
  };
  record("bias", bias);
  record("first", first);
  record("second", second);
  record("misalignment", misalignment);
  out.series("size", {"angle", angles, "degrees"}, size);
}

void run_hutchinson(const Params& p, const Stream& stream, Record& out) {
  using Kind = equilibrium::CouplingPenalty::Kind;
  const equilibrium::Network<double> network(layers(p));
  equilibrium::Coupling<double> coupling(network.layout());
  coupling.assign(network.layout(),
                  network.initial_parameters(initial(p, p.angle), stream.child("weights")));
  Stream normals = stream.child("probes"); // not the stream of the weights
  Matrix<double> eps(network.layout().num_units(), p.hutchinson_draws);
  fill_normal(normals, eps);
  const Vector<double> draws = equilibrium::penalty_draws<double>(Kind::homeostasis, coupling, eps);
  const auto n = static_cast<double>(draws.size());
  const double mean = draws.mean();
  const double variance = (draws.array() - mean).square().sum() / (n - 1);
  const double exact = equilibrium::penalty_value<double>(Kind::homeostasis, coupling.matrix());
  out.number("penalty", exact);
  out.number("estimate", mean);
  out.number("largest_draw", draws.cwiseAbs().maxCoeff());
  if (p.angle > 0) {
    const double predicted = equilibrium::homeostasis_draw_variance<double>(coupling.matrix());
    out.number("z_score", (mean - exact) / std::sqrt(predicted / n));
    out.number("variance_ratio", variance / predicted);
  }
}

} // namespace gradus::examples::equiprop
