// SPDX-License-Identifier: BSD-3-Clause
// A two-layer linear net on a finite sample, by full batches: sharpness and groups, step by step.
#include "net.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "network.hpp"
#include <gradus/curvature/sharpness.hpp>
#include <gradus/linear/compressed_samples.hpp>
#include <gradus/metrics/alignment.hpp>
#include <gradus/metrics/groups.hpp>
#include <gradus/optim/descend.hpp>
#include <gradus/optim/sgd.hpp>
#include <gradus/study/summary.hpp>

namespace gradus::examples::opposing {
namespace {

using Tracker = curvature::SharpnessTracker<Risk>;
using Samples = data::OutlierSamples<double>;

Tracker follow(Risk& risk, const Stream& stream) {
  return Tracker(risk, stream, curvature::Curvature::hessian, {.tolerance = 1e-8});
}

/// Sharpness at the end of a run at so small a rate that it is the flow.
double flow_limit(const Net& net, const Samples& samples, Vector<double> theta,
                  const Stream& stream, Record& out) {
  const auto few = linear::compress_samples<double>(samples.x, samples.y);
  Risk excess(net, nn::Square{}, few.x, few.y.transpose());
  const auto end =
      optim::descend(excess, theta, optim::Sgd<double>{.learning_rate = 0.005}, {.steps = 4000});
  if (end.status == optim::Status::diverged) {
    out.diverged(static_cast<double>(end.steps), "the flow's " + end.diverged);
    return std::numeric_limits<double>::quiet_NaN();
  }
  return follow(excess, stream).measure(theta, 0).value;
}

/// What is seen of a run: one entry a step.
struct Trace {
  std::vector<double> step, excess, plus, minus, rest;
  std::vector<double> measured, sharpness, mass; // where the sharpness was measured
  Matrix<double> losses;                         // (samples, steps + 1)
  std::optional<Index> crossing;                 // first step with a sharpness above 2 / rate
  std::vector<double> cosines;                   // of the groups' gradients, from there on
};

/// Records what the steps from the crossing on say of the groups.
void record_window(const Params& p, const Samples& samples, const Trace& trace, Record& out) {
  const Index first = *trace.crossing;
  const Index last = std::min(first + p.window, p.net_steps);
  const auto part = [&](const std::vector<double>& values) {
    return std::vector<double>(values.begin() + first, values.begin() + last + 1);
  };
  out.number("opposition", metrics::opposition(part(trace.plus), part(trace.minus)));
  out.number("cosine", median_of(trace.cosines).value);
  double share = 0;
  double largest = -1;
  Index busiest = first;
  for (Index t = first; t < last; ++t) {
    const auto before = trace.losses.col(t);
    const auto after = trace.losses.col(t + 1);
    share += metrics::share_outside(metrics::largest_changes<double>(before, after, 2 * p.outliers),
                                    samples.group);
    if (const double change = (after - before).cwiseAbs().sum(); change > largest) {
      largest = change;
      busiest = t;
    }
  }
  out.number("outliers", share / static_cast<double>(last - first));
  std::vector<double> masses;
  for (std::size_t k = 0; k < trace.measured.size(); ++k) {
    if (trace.measured[k] >= static_cast<double>(first) &&
        trace.measured[k] <= static_cast<double>(last)) {
      masses.push_back(trace.mass[k]);
    }
  }
  out.number("vector", mean_of(masses).value);
  const auto begin = trace.excess.begin();
  out.number("spike", *std::max_element(begin + first, trace.excess.end()) /
                          *std::min_element(begin, begin + first + 1));
  out.number("busiest", static_cast<double>(busiest));
  Axis axis{"sample", {}};
  std::vector<double> group, before, after;
  for (Index i = 0; i < trace.losses.rows(); ++i) {
    axis.at.push_back(static_cast<double>(i));
    group.push_back(samples.group[static_cast<std::size_t>(i)]);
    before.push_back(trace.losses(i, busiest));
    after.push_back(trace.losses(i, busiest + 1));
  }
  out.series("group", axis, std::move(group));
  out.series("loss_before", axis, std::move(before));
  out.series("loss_after", axis, std::move(after));
}

} // namespace

void run_net(const Params& p, double ratio, const Stream& stream, Record& out) {
  const Net net = make_net(p);
  const Vector<double> start = draw_weights(p, p.start, stream);
  const double limit =
      flow_limit(net, draw_samples(p, 1, true, stream), start, stream.child("flow"), out);
  if (!std::isfinite(limit)) {
    return;
  }
  const double rate = 2 * ratio / limit;
  const double share = static_cast<double>(2 * p.outliers) / static_cast<double>(p.num_samples);
  out.number("flow_limit", limit / (share * p.size * p.size * p.beta_norm));
  out.number("rate", rate);

  const Samples samples = draw_samples(p, p.scale, p.opposed, stream);
  // Least squares sees second moments alone: training goes on as many samples as there are
  // features, with the floor of the loss taken off; losses of samples and groups are those of all.
  const auto few = linear::compress_samples<double>(samples.x, samples.y);
  Risk excess(net, nn::Square{}, few.x, few.y.transpose());
  Risk whole(net, nn::Square{}, samples.x, samples.y.transpose());
  Tracker tracker = follow(excess, stream.child("search"));
  SampleLosses losses(net, samples);
  const Vector<double> plus = metrics::group_weights<double>(samples.group, 1);
  const Vector<double> minus = metrics::group_weights<double>(samples.group, -1);
  const Vector<double> rest = metrics::group_weights<double>(samples.group, 0);
  const auto column = outlier_column(p);
  Vector<double> gradient_plus(start.size());
  Vector<double> gradient_minus(start.size());
  Trace trace;
  trace.losses.resize(p.num_samples, p.net_steps + 1);
  Vector<double> theta = start;
  const auto end = optim::descend(
      excess, theta, optim::Sgd<double>{.learning_rate = rate}, {.steps = p.net_steps},
      [&](const auto& now) {
        const Vector<double>& each_loss = losses.at(now.theta);
        trace.losses.col(now.step) = each_loss;
        trace.step.push_back(static_cast<double>(now.step));
        trace.excess.push_back(now.loss);
        trace.plus.push_back(each_loss.dot(plus));
        trace.minus.push_back(each_loss.dot(minus));
        trace.rest.push_back(each_loss.dot(rest));
        if (now.step % p.sharpness_every == 0) {
          const auto& top = tracker.measure(now.theta, now.step);
          const double sharpness = top.value * rate / 2;
          trace.measured.push_back(static_cast<double>(now.step));
          trace.sharpness.push_back(sharpness);
          trace.mass.push_back(top.vector.segment(column.start, column.size).squaredNorm());
          if (!trace.crossing && sharpness > 1) {
            trace.crossing = now.step;
          }
        }
        if (trace.crossing && now.step <= *trace.crossing + p.window) {
          whole.weighted_gradient(now.theta, plus, gradient_plus);
          whole.weighted_gradient(now.theta, minus, gradient_minus);
          trace.cosines.push_back(metrics::cosine(gradient_plus, gradient_minus));
        }
      });
  if (end.status == optim::Status::diverged) {
    out.diverged(static_cast<double>(end.steps), end.diverged);
    return;
  }
  double rise = -std::numeric_limits<double>::infinity();
  for (std::size_t t = 1; t < trace.excess.size(); ++t) {
    rise = std::max(rise, trace.excess[t] - trace.excess[t - 1]);
  }
  out.number("unconverged", tracker.all_converged() ? 0 : 1);
  out.number("products", static_cast<double>(tracker.products()));
  out.number("floor", few.floor);
  out.number("sharpness_start", trace.sharpness.front());
  out.number("sharpness_largest",
             *std::max_element(trace.sharpness.begin(), trace.sharpness.end()));
  out.number("sharpness_end", trace.sharpness.back());
  out.number("excess_rise", rise);
  out.number("excess_end", trace.excess.back());
  out.number("outlier_loss_end", (trace.plus.back() + trace.minus.back()) / 2);
  if (trace.crossing) {
    out.number("crossing", static_cast<double>(*trace.crossing));
    record_window(p, samples, trace, out);
  } else {
    out.never("crossing");
  }
  const Axis steps{"step", std::move(trace.step)};
  const Axis measured{"step", std::move(trace.measured)};
  out.series("excess", steps, std::move(trace.excess));
  out.series("plus", steps, std::move(trace.plus));
  out.series("minus", steps, std::move(trace.minus));
  out.series("rest", steps, std::move(trace.rest));
  out.series("sharpness", measured, std::move(trace.sharpness));
  out.series("mass", measured, std::move(trace.mass));
}

} // namespace gradus::examples::opposing
