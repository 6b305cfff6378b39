// SPDX-License-Identifier: BSD-3-Clause
// Fixed points at finite nudges of networks at their initial point.
#include <array>
#include <cmath>
#include <complex>
#include <string>
#include <utility>
#include <vector>

#include "experiments.hpp"
#include "networks.hpp"
#include <gradus/core/types.hpp>
#include <gradus/equilibrium/implicit.hpp>
#include <gradus/equilibrium/nudge.hpp>
#include <gradus/equilibrium/solver.hpp>
#include <gradus/nn/steep_sigmoid.hpp>

namespace gradus::examples::equiprop {
namespace {

using equilibrium::Certificate;
using equilibrium::Nudge;
using equilibrium::RelaxOptions;

const RelaxOptions exact{.max_steps = 4000, .tolerance = 2e-15};
constexpr double rounding_floor = 5e-11; ///< errors below it are not those of the nudge alone

/// A network at its free fixed points, with both exact error vectors.
template <class A>
struct AtRest {
  equilibrium::Solver<double, A> solver;
  data::DigitSamples<double> samples;
  Matrix<double> error;   ///< e, the response at no nudge
  Matrix<double> adjoint; ///< delta, the exact gradient's
  Certificate reached;

  AtRest(const Params& p, const Stream& stream)
      : solver(equilibrium::Network<double, A>(layers(p))),
        samples(digits(p.inputs, stream.child("inputs"))) {
    const auto& network = solver.network();
    solver.assign(network.initial_parameters(initial(p, p.angle), stream.child("weights")));
    reached = solver.relax(samples.x, exact);
    Vector<double> losses(p.inputs);
    solver.evaluate(samples.classes, losses);
    error.resize(network.layout().num_units(), p.inputs);
    adjoint.resizeLike(error);
    for (Index i = 0; i < p.inputs; ++i) {
      const auto both = equilibrium::exact_response<double>(
          solver.coupling().matrix(), solver.slopes().col(i), solver.loss_slopes().col(i));
      error.col(i) = both.error;
      adjoint.col(i) = both.adjoint;
    }
  }

  /// The estimate from so many points of the circle of that radius.
  Matrix<double> estimate(Index points, double radius) {
    Matrix<double> result(error.rows(), error.cols());
    const auto phases = equilibrium::phases_of(Nudge::of_points(points, radius));
    reached.include(solver.nudge(phases, samples.classes, exact, result, true));
    return result;
  }

  /// Records how well all fixed points were reached.
  void certify(Record& out) const {
    out.number("residual", reached.residual);
    out.number("steps", static_cast<double>(reached.steps));
    out.number("unsolved", reached.converged() ? 0 : 1);
  }
};

double relative(const Matrix<double>& estimate, const Matrix<double>& reference) {
  return (estimate - reference).norm() / reference.norm();
}

/// Power with which the error falls where the radius is least: between the two smallest radii at
/// which rounding has no part in it (or the two largest of all).
double order_of(const std::vector<double>& errors) {
  std::size_t first = 0;
  while (first + 2 < errors.size() && !(errors[first] > rounding_floor)) {
    ++first;
  }
  return std::log(errors[first + 1] / errors[first]) / std::log(radii[first + 1] / radii[first]);
}

template <class A>
void record_orders(AtRest<A>& rest, const std::vector<double>& counts, Record& out) {
  std::vector<double> table;
  for (const double n : counts) {
    std::vector<double> errors;
    for (const double radius : radii) {
      errors.push_back(relative(rest.estimate(static_cast<Index>(n), radius), rest.error));
    }
    out.number("slope_" + std::to_string(static_cast<int>(n)), order_of(errors));
    table.insert(table.end(), errors.begin(), errors.end());
  }
  out.table("errors", {{"points", counts}, {"radius", radii}}, std::move(table));
}

} // namespace

void run_order(const Params& p, const Stream& stream, Record& out) {
  AtRest<nn::SteepSigmoid> rest(p, stream);
  record_orders(rest, {1, 2, 4, 6, 8}, out);
  out.number("exact_8", relative(rest.estimate(8, 0.05), rest.adjoint));
  out.number("exact_1", relative(rest.estimate(1, 0.05), rest.adjoint));
  const Matrix<double> eight = rest.estimate(8, 0.1);
  out.number("error_8", relative(eight, rest.error));
  out.number("cosine", layer_cosine(rest.solver.network().layout(), 1, eight, rest.adjoint));
  rest.certify(out);
}

void run_not_holomorphic(const Params& p, const Stream& stream, Record& out) {
  AtRest<nn::TangentContinuation<nn::SteepSigmoid>> rest(p, stream);
  record_orders(rest, {2, 4, 8}, out);
  rest.certify(out);
}

void run_circle(const Params& p, const Stream& stream, Record& out) {
  AtRest<nn::SteepSigmoid> rest(p, stream);
  constexpr Index points = 64;
  const auto& layout = rest.solver.network().layout();
  std::vector<double> turn;
  for (Index k = 0; k <= points; ++k) {
    turn.push_back(static_cast<double>(k) / static_cast<double>(points));
  }
  const std::array layers{std::pair{"hidden", Index{1}}, std::pair{"top", layout.depth()}};
  for (const auto& [name, layer] : layers) {
    Index unit = 0; // the one that answers most
    rest.error.col(0)
        .segment(layout.layer_start(layer), layout.width(layer))
        .cwiseAbs()
        .maxCoeff(&unit);
    unit += layout.layer_start(layer);
    std::vector<double> re;
    std::vector<double> im;
    for (const double radius : radii) {
      rest.estimate(points, radius);
      for (Index k = 0; k <= points; ++k) {
        // Phases 0 .. 30 are the points 1 .. 31 of the circle, 31 and 32 the points 0 and 32.
        const Index mirrored = std::min(k, points - k);
        const Index phase = mirrored == 0 ? 31 : mirrored == points / 2 ? 32 : mirrored - 1;
        const std::complex<double> r = rest.solver.phase_rate(phase, unit, 0);
        re.push_back(r.real());
        im.push_back(k <= points / 2 ? r.imag() : -r.imag());
      }
    }
    out.table(std::string("re_") + name, {{"radius", radii}, {"turn", turn}}, std::move(re));
    out.table(std::string("im_") + name, {{"radius", radii}, {"turn", turn}}, std::move(im));
  }
  rest.certify(out);
}

} // namespace gradus::examples::equiprop
