// SPDX-License-Identifier: BSD-3-Clause
// Update rules on mini-batches: how far they drive the outliers' loss up while the bulk is learned.
#include "rules.hpp"

#include <algorithm>
#include <cmath>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "network.hpp"
#include <gradus/metrics/groups.hpp>
#include <gradus/optim/adam.hpp>
#include <gradus/optim/descend.hpp>
#include <gradus/optim/minibatches.hpp>
#include <gradus/optim/momentum.hpp>
#include <gradus/optim/sgd.hpp>
#include <gradus/optim/sign_descent.hpp>

namespace gradus::examples::opposing {
namespace {

/// Calls body(rule) with the rule of that name.
template <class Body>
void with_rule(const std::string& name, double rate, Body&& body) {
  if (name == "momentum") {
    body(optim::Momentum<double>{.learning_rate = rate, .momentum = 0.9});
  } else if (name == "adam") {
    body(optim::Adam<double>{.learning_rate = rate});
  } else if (name == "sign") {
    body(optim::SignDescent<double>{.learning_rate = rate});
  } else {
    body(optim::Sgd<double>{.learning_rate = rate});
  }
}

/// What is seen of a run.
struct RuleTrace {
  std::vector<double> step, bulk, outliers;
  double outlier_updates = 0; ///< squared updates of the outliers' column, steps 50 on
  double all_updates = 0;     ///< of all parameters
};

void record(const Params& p, RuleTrace trace, Record& out) {
  // What is left of the outliers' loss when all but their feature is learned.
  const double feature = p.outlier_weight * p.size * p.scale;
  const double floor = feature * feature / 2;
  const auto hit = std::find_if(trace.bulk.begin(), trace.bulk.end(),
                                [&](double loss) { return loss < 0.1 * trace.bulk.front(); });
  constexpr std::ptrdiff_t late = 100;
  const auto peak_from = [&](std::ptrdiff_t first) {
    return *std::max_element(trace.outliers.begin() + first, trace.outliers.end()) - floor;
  };
  out.number("late_peak", peak_from(late));
  if (hit != trace.bulk.end()) {
    out.number("hit", static_cast<double>(hit - trace.bulk.begin()));
    out.number("peak", peak_from(hit - trace.bulk.begin()));
  } else {
    out.never("hit");
  }
  out.number("share", trace.outlier_updates / trace.all_updates);
  out.number("bulk_end", trace.bulk.back());
  const Axis axis{"step", std::move(trace.step)};
  out.series("outliers", axis, std::move(trace.outliers));
  out.series("bulk", axis, std::move(trace.bulk));
}

} // namespace

void run_rule(const Params& p, double rate, const Stream& stream, Record& out) {
  const Net net = make_net(p);
  const auto samples = draw_samples(p, p.scale, p.opposed, stream);
  Risk risk(net, nn::Square{}, samples.x, samples.y.transpose());
  optim::Minibatches batches(p.num_samples, p.batch_size, stream.child("batches"),
                             optim::Sampling::subsets);
  SampleLosses losses(net, samples);
  const Vector<double> rest = metrics::group_weights<double>(samples.group, 0);
  const auto column = outlier_column(p);
  Vector<double> theta = draw_weights(p, 1, stream);
  Vector<double> before = theta;
  RuleTrace trace;
  with_rule(p.rule, rate, [&](const auto& rule) {
    const auto end =
        optim::descend(risk, theta, rule, batches, {.steps = p.net_steps}, [&](const auto& now) {
          const Vector<double>& each_loss = losses.at(now.theta);
          trace.step.push_back(static_cast<double>(now.step));
          trace.bulk.push_back(each_loss.dot(rest));
          trace.outliers.push_back(each_loss.head(2 * p.outliers).mean());
          if (now.step > 50) {
            before -= now.theta;
            trace.outlier_updates += before.segment(column.start, column.size).squaredNorm();
            trace.all_updates += before.squaredNorm();
          }
          before = now.theta;
        });
    if (end.status == optim::Status::diverged) {
      out.diverged(static_cast<double>(end.steps), end.diverged);
      return;
    }
    record(p, std::move(trace), out);
  });
}

} // namespace gradus::examples::opposing
