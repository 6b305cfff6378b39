// SPDX-License-Identifier: BSD-3-Clause
// What is known exactly: the dense solve, Boltzmann's law, and the controls.
#include <algorithm>
#include <cmath>
#include <numbers>
#include <vector>

#include "landscapes.hpp"
#include "walk.hpp"
#include <gradus/core/distributions.hpp>
#include <gradus/data/heat_bath_walk.hpp>
#include <gradus/metrics/trend.hpp>
#include <gradus/theory/dense_stopped_law.hpp>

namespace gradus::examples::longer {

namespace {

/// -reach ... reach.
Vector<double> sites_of(Index reach) {
  return Vector<double>::LinSpaced(2 * reach + 1, -static_cast<double>(reach),
                                   static_cast<double>(reach));
}

/// Exponent in tau of a curve over ln tau.
double exponent_in_tau(const std::vector<double>& ln_tau, const std::vector<double>& distance,
                       std::size_t from = 0) {
  std::vector<double> x;
  std::vector<double> y;
  for (std::size_t t = from; t < ln_tau.size(); ++t) {
    x.push_back(ln_tau[t]);
    y.push_back(std::log(distance[t]));
  }
  return metrics::fit_line(x, y).slope;
}

} // namespace

void run_exact(const Stream& stream, Record& out) {
  const Index reach = 12;
  Matrix<double> v(2 * reach + 1, 1);
  data::FractionalBrownian field(1, 1.3, reach);
  Stream draw = stream.child("landscape");
  field.fill(draw, v);
  const std::vector<double> taus = exponentials({0, 2, 5, 8, 200});
  theory::StoppedWalk walk(taus);
  Vector<double> distance(5);
  Vector<double> square(5);
  walk.moments(v.col(0), distance, square);
  const Vector<double> x = sites_of(reach);
  double worst = 0;
  for (Index t = 0; t < 4; ++t) {
    const Vector<double> dense =
        theory::dense_stopped_law(v.col(0), taus[static_cast<std::size_t>(t)]);
    Vector<double> law(v.rows());
    walk.law(v.col(0), t, law);
    worst = std::max({worst, ((law - dense).array() / dense.array()).abs().maxCoeff(),
                      std::abs(distance(t) / dense.dot(x.cwiseAbs()) - 1),
                      std::abs(square(t) / dense.dot(x.cwiseAbs2()) - 1)});
  }
  out.number("dense", worst);
  const Eigen::ArrayXd weights = (v.minCoeff() - v.col(0).array()).exp();
  out.number("boltzmann",
             std::abs(distance(4) / ((weights * x.array().abs()).sum() / weights.sum()) - 1));
}

void run_flat(Record& out) {
  const std::vector<double> ln_tau = linspace(4, 12, 24);
  const Index reach = 6000;
  WalkMeans means(exponentials(ln_tau), reach, 1);
  means.add(Vector<double>::Zero(2 * reach + 1));
  const Walks result = means.finish();
  double worst = 0;
  std::vector<double> roots;
  for (std::size_t t = 0; t < ln_tau.size(); ++t) {
    const double law = theory::flat_walk_distance(std::exp(ln_tau[t]));
    worst = std::max(worst, std::abs(result.distance[t] / law - 1));
    roots.push_back(std::sqrt(result.distance[t]));
  }
  out.number("exponent", exponent_in_tau(ln_tau, result.distance));
  out.number("closed_form", worst);
  out.number("straight_r2", metrics::fit_line(ln_tau, roots).r_squared);
  out.series("distance", {"ln tau", ln_tau}, result.distance);
}

void run_white(const Params& p, const Stream& stream, Record& out) {
  const std::vector<double> ln_tau = linspace(4, 12, 24);
  const Index reach = 3000;
  const Index landscapes = std::min<Index>(p.landscapes, 100);
  WalkMeans means(exponentials(ln_tau), reach, landscapes);
  Vector<double> v(2 * reach + 1);
  Stream draw = stream.child("landscapes");
  for (Index k = 0; k < landscapes; ++k) {
    fill_normal(draw, v, 1.5 / std::numbers::sqrt2); // E (V_i - V_j)^2 = 1.5^2
    means.add(v);
  }
  const Walks result = means.finish();
  out.number("exponent", exponent_in_tau(ln_tau, result.distance, ln_tau.size() / 2));
  out.series("distance", {"ln tau", ln_tau}, result.distance);
}

void run_drift(Record& out) {
  const std::vector<double> ln_tau = linspace(2, 7, 24);
  const Index reach = 10'000;
  WalkMeans means(exponentials(ln_tau), reach, 1);
  means.add(Vector<double>(-0.5 * sites_of(reach)));
  const Walks result = means.finish();
  out.number("ratio",
             result.distance.back() / (std::exp(ln_tau.back()) * theory::drift_velocity(0.5)));
  out.series("distance", {"ln tau", ln_tau}, result.distance);
}

void run_lines(const Params& p, const Stream& stream, Record& out) {
  const std::vector<double> ln_tau = linspace(3, 8, 24);
  const Index reach = 15'000;
  const Index landscapes = std::min<Index>(p.landscapes, 100);
  WalkMeans means(exponentials(ln_tau), reach, landscapes);
  const Vector<double> x = sites_of(reach);
  Stream draw = stream.child("slopes");
  for (Index k = 0; k < landscapes; ++k) {
    means.add(Vector<double>(normal(draw) * x));
  }
  const Walks result = means.finish();
  out.number("exponent", exponent_in_tau(ln_tau, result.distance));
  out.series("distance", {"ln tau", ln_tau}, result.distance);
}

} // namespace gradus::examples::longer
