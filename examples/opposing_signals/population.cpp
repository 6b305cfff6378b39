// SPDX-License-Identifier: BSD-3-Clause
// The population model: gradient flow and gradient descent of c (<b, x_b> + b_o x_o).
#include "population.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <optional>
#include <utility>
#include <vector>

#include <gradus/core/distributions.hpp>
#include <gradus/core/types.hpp>
#include <gradus/curvature/sharpness.hpp>
#include <gradus/objective/opposing_outliers.hpp>
#include <gradus/optim/descend.hpp>
#include <gradus/optim/sgd.hpp>
#include <gradus/theory/gradient_flow.hpp>
#include <gradus/theory/opposing_outliers.hpp>

namespace gradus::examples::opposing {
namespace {

using PopulationRisk = objective::OpposingOutliersRisk<double>;

PopulationRisk draw_risk(const Params& p, const Stream& stream) {
  Matrix<double> beta(p.dim, 1);
  Stream draws = stream.child("beta");
  fill_sphere(draws, beta, p.beta_norm);
  return {beta.col(0), p.alpha, p.depth};
}

Vector<double> draw_start(const Params& p, const PopulationRisk& risk, bool aligned,
                          const Stream& stream) {
  Vector<double> theta = Vector<double>::Constant(risk.num_parameters(), p.factor_start);
  if (aligned) {
    risk.bulk_weights(theta) = p.bulk_start * risk.beta().normalized();
  } else {
    Stream draws = stream.child("start");
    Vector<double> b(p.dim);
    fill_normal(draws, b, p.bulk_start);
    risk.bulk_weights(theta) = b;
  }
  risk.outlier_weight(theta) = p.outlier_start;
  return theta;
}

/// The closed forms for that start. What b has beside beta decays as b_o does and counts to it.
theory::OpposingOutliers law_of(const Params& p, const PopulationRisk& risk,
                                const Vector<double>& theta) {
  const double along = risk.bulk_weights(theta).dot(risk.beta()) / p.beta_norm;
  const double beside = risk.bulk_weights(theta).squaredNorm() - along * along;
  const double b_o = risk.outlier_weight(theta);
  return {.alpha = p.alpha,
          .beta_norm = p.beta_norm,
          .factor = p.factor_start,
          .outlier = std::sqrt(b_o * b_o + std::max(0.0, beside)),
          .bulk = along,
          .depth = p.depth};
}

/// C of each scalar layer; of a single layer there is none.
double largest_drift(const PopulationRisk& risk, const Vector<double>& theta, double conserved) {
  double drift = 0;
  for (const double c : risk.factors(theta)) {
    const double now = c * c - theta.head(risk.dim() + 1).squaredNorm();
    drift = std::max(drift, std::abs(now - conserved));
  }
  return drift;
}

} // namespace

void run_flow(const Params& p, bool aligned, const Stream& stream, Record& out) {
  PopulationRisk risk = draw_risk(p, stream);
  Vector<double> theta = draw_start(p, risk, aligned, stream);
  const theory::OpposingOutliers law = law_of(p, risk, theta);
  const double end = 40 / p.beta_norm;
  std::vector<double> times{0};
  for (const double t : logspace(1e-4 * end, end, 300)) {
    times.push_back(t);
  }
  curvature::SharpnessTracker<PopulationRisk> tracker(
      risk, stream.child("search"), curvature::Curvature::hessian, {.tolerance = 1e-12});
  std::vector<double> losses;
  double drift = 0;
  const auto flown =
      theory::gradient_flow(risk, theta, times, [&](double, const Vector<double>& now) {
        (void)tracker.measure(now, static_cast<Index>(losses.size()));
        losses.push_back(risk.value(now));
        drift = std::max(drift, largest_drift(risk, now, law.conserved()));
      });
  if (!flown.finished) {
    out.diverged(flown.time, "theta");
    return;
  }
  std::vector<double> sharpness = tracker.values();
  const auto least = std::min_element(sharpness.begin(), sharpness.end()) - sharpness.begin();
  const std::vector<double> slow = law.slow_sharpness(times);
  double fall = 0; // of the sharpness after its minimum, relative
  double deviation = 0;
  double rise = 0; // of the loss
  for (std::size_t k = 1; k < losses.size(); ++k) {
    rise = std::max(rise, losses[k] - losses[k - 1]);
    if (static_cast<std::ptrdiff_t>(k) > least) {
      fall = std::max(fall, 1 - sharpness[k] / sharpness[k - 1]);
      deviation = std::max(deviation, std::abs(sharpness[k] / slow[k] - 1));
    }
  }
  const auto [low, high] = std::minmax_element(sharpness.begin(), sharpness.end());
  out.number("sharpness_start", sharpness.front());
  out.number("sharpness_least", *low);
  out.number("sharpness_end", sharpness.back());
  out.number("drop", *low / sharpness.front());
  out.number("least_over_law", *low / law.fallen_sharpness());
  out.number("fall", fall);
  out.number("loss_rise", rise);
  out.number("end_over_linear", sharpness.back() / (p.alpha * p.beta_norm));
  out.number("end_error", std::abs(sharpness.back() / law.end_sharpness() - 1));
  out.number("end_law", law.end_sharpness());
  out.number("drift", drift);
  out.number("slow_deviation", deviation);
  out.number("range", (*high - *low) / sharpness.front());
  const Axis axis{"time", std::move(times)};
  out.series("sharpness", axis, std::move(sharpness));
  out.series("slow_sharpness", axis, slow);
  out.series("loss", axis, std::move(losses));
}

void run_descent(const Params& p, double ratio, const Stream& stream, Record& out) {
  PopulationRisk risk = draw_risk(p, stream);
  Vector<double> theta = draw_start(p, risk, false, stream);
  const double rate = 2 * ratio / law_of(p, risk, theta).end_sharpness();
  std::vector<double> loss, curvature, outlier;
  const auto end =
      optim::descend(risk, theta, optim::Sgd<double>{.learning_rate = rate},
                     {.steps = p.descent_steps}, [&](const auto& now) {
                       loss.push_back(now.loss);
                       curvature.push_back(risk.outlier_curvature(now.theta) * rate / 2);
                       outlier.push_back(risk.outlier_weight(now.theta));
                     });
  if (end.status == optim::Status::diverged) {
    out.diverged(static_cast<double>(end.steps), end.diverged);
    return;
  }
  // At first b_o itself makes the surface steep; the crossing that is meant comes later.
  constexpr std::size_t settled = 10;
  std::optional<std::size_t> crossing;
  double factor_error = 0;
  double flips = 0;
  double growth = 0; // largest of |b_o| in a step
  double rise = -std::numeric_limits<double>::infinity();
  for (std::size_t t = 0; t + 1 < loss.size(); ++t) {
    if (!crossing && t >= settled && curvature[t] > 1) {
      crossing = t;
    }
    rise = std::max(rise, loss[t + 1] - loss[t]);
    if (std::abs(outlier[t + 1]) < 1e-290) {
      continue; // subnormal numbers have lost their digits
    }
    const double factor = outlier[t + 1] / outlier[t];
    factor_error = std::max(factor_error, std::abs(factor - (1 - 2 * curvature[t])));
    growth = std::max(growth, std::abs(factor));
    flips += factor < 0 ? 1 : 0;
  }
  out.number("end_curvature", curvature.back());
  out.number("largest_curvature", *std::max_element(curvature.begin() + settled, curvature.end()));
  out.number("factor_error", factor_error);
  out.number("flips_in_all", flips);
  out.number("growth", growth);
  out.number("loss_rise", rise);
  out.number("loss_end", loss.back());
  if (crossing) {
    const auto at = static_cast<std::ptrdiff_t>(*crossing);
    const double before = *std::min_element(loss.begin(), loss.begin() + at + 1);
    const auto peak = std::max_element(loss.begin() + at, loss.end());
    double alternating = 0;
    for (std::size_t t = *crossing; t < std::min(*crossing + 20, outlier.size() - 1); ++t) {
      alternating += std::signbit(outlier[t]) != std::signbit(outlier[t + 1]) ? 1 : 0;
    }
    out.number("crossing", static_cast<double>(at));
    out.number("spike_step", static_cast<double>(peak - loss.begin()));
    out.number("loss_before", before);
    out.number("loss_peak", *peak);
    out.number("blow_up", *peak / before);
    out.number("alternating", alternating / 20);
  }
  const std::size_t shown = std::min<std::size_t>(loss.size(), 601);
  Axis axis{"step", {}};
  for (std::size_t t = 0; t < shown; ++t) {
    axis.at.push_back(static_cast<double>(t));
  }
  for (auto* values : {&loss, &curvature, &outlier}) {
    values->resize(shown);
  }
  out.series("loss", axis, std::move(loss));
  out.series("curvature", axis, std::move(curvature));
  out.series("outlier_weight", axis, std::move(outlier));
}

} // namespace gradus::examples::opposing
