// SPDX-License-Identifier: BSD-3-Clause
#include <cstddef>
#include <vector>

#include "claims.hpp"
#include <gradus/study/number_text.hpp>
#include <gradus/study/summary.hpp>

namespace gradus::examples::binary {

namespace {

constexpr double recommended = 3;

/// A number of every seed of the rectified estimator at an order.
std::vector<double> rectified(const Results& r, const char* name, double order = recommended) {
  return r["reste"].where("order", order).numbers(name);
}

/// Loss at an order above that at the recommended one, seed by seed.
std::vector<double> excess_loss(const Results& r, double order) {
  return differences(rectified(r, "loss", order), rectified(r, "loss"));
}

/// The order of least mean loss.
Summary best_order(const Results& r) {
  const ArmResults arm = r["reste"];
  double best = 0;
  Summary least;
  for (const double order : arm.coordinates("order")) {
    const Summary loss = mean_of(arm.where("order", order).numbers("loss"));
    if (!(loss.value >= least.value)) {
      least = loss;
      best = order;
    }
  }
  return best > 0 ? Summary(best) : Summary();
}

} // namespace

void judge_training(const Params& p, const Results& r, Claims& claims) {
  claims.expect("equilibrium-low", "training loss at order 1 minus that at 3, mean over seeds")
      .source("paper, the trade-off")
      .measured([&r] { return mean_of(excess_loss(r, 1)); })
      .at_least(0.03);
  claims.expect("equilibrium-high", "... at order 10 minus that at 3")
      .source("paper, the trade-off")
      .measured([&r] { return mean_of(excess_loss(r, 10)); })
      .at_least(0.1);
  claims.expect("equilibrium-best", "order of the least mean loss")
      .source("paper, the trade-off")
      .measured([&r] { return best_order(r); })
      .in(1.5, 5);
  claims.expect("vs-ste", "straight-through minus order 3: training loss, mean over seeds")
      .source("paper, tables")
      .measured(
          [&r] { return mean_of(differences(r["ste"].numbers("loss"), rectified(r, "loss"))); })
      .at_least(0.06);
  claims.expect("vs-ste-accuracy", "order 3 minus straight-through: test accuracy, mean over seeds")
      .source("paper, tables")
      .measured([&r] {
        return mean_of(differences(rectified(r, "accuracy"), r["ste"].numbers("accuracy")));
      })
      .at_least(0.015);
  if (!p.full) {
    return;
  }
  claims.expect("vs-ede", "error decay minus order 3: training loss, mean over seeds")
      .source("paper, tables")
      .measured(
          [&r] { return mean_of(differences(r["ede"].numbers("loss"), rectified(r, "loss"))); })
      .at_least(0.02);
  for (const double rate : rates()) {
    claims
        .expect("lr-fair-" + number_text(rate), "straight-through minus order 3, rate " +
                                                    number_text(rate) + ": mean training loss")
        .source("check of ours: not a matter of step size")
        .measured([&r, rate] {
          return mean_of(differences(r["ste-rates"].where("rate", rate).numbers("loss"),
                                     r["reste-rates"].where("rate", rate).numbers("loss")));
        })
        .at_least(0);
  }
}

} // namespace gradus::examples::binary
