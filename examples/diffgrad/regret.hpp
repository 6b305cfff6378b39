// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <cmath>
#include <string>
#include <utility>
#include <vector>

#include "setting.hpp"
#include <gradus/core/distributions.hpp>
#include <gradus/core/random.hpp>
#include <gradus/core/types.hpp>
#include <gradus/metrics/regret.hpp>
#include <gradus/metrics/trend.hpp>
#include <gradus/optim/projected.hpp>
#include <gradus/optim/scheduled.hpp>
#include <gradus/study/plan.hpp>
#include <gradus/study/record.hpp>

namespace gradus::examples::gradient_friction {

/// Rounds at which regret is taken down: some thirty from a thirtieth of T to T, T / 30 and T
/// included.
inline std::vector<double> regret_rounds(const Params& p) {
  std::vector<double> rounds;
  const auto last = static_cast<double>(p.rounds);
  for (const double t : logspace(last / 30, last, 31)) {
    rounds.push_back(std::round(t));
  }
  return rounds;
}

/// The rule inside a box, its learning rate falling as 1 / sqrt(t).
template <class Rule>
auto online(const Rule& rule, double low, double high) {
  return optim::Projected{optim::Scheduled{rule, optim::InverseSqrtSchedule{}},
                          optim::Box<double>{.low = low, .high = high}};
}

/// The same with beta1 falling as 0.999^(t - 1), as the theorem has it.
template <class Rule>
auto online_with_falling_beta1(const Rule& rule, double low, double high) {
  const optim::Scheduled inner{rule, optim::ExponentialSchedule{.ratio = 0.999}, &Rule::beta1};
  return optim::Projected{
      optim::Scheduled{inner, optim::InverseSqrtSchedule{},
                       [](auto& scheduled) -> auto& {return scheduled.rule.learning_rate;
}
} // namespace gradus::examples::gradient_friction
, optim::Box<double> { .low = low, .high = high }
}
;
}

/// Slope of log y over log x by least squares; NaN if a y is not positive.
inline double log_slope(std::vector<double> x, std::vector<double> y) {
  for (auto* list : {&x, &y}) {
    for (double& value : *list) {
      value = std::log(value);
    }
  }
  return metrics::fit_line(x, y).slope;
}

/// One cell of the stationary convex stream: f_t(x) = |x - z_t|, z_t uniform on (0, 1), x in [0, 1]
/// from 0; regret averaged over streams.
inline void run_stationary(const Params& p, const Stream& stream, Record& out) {
  const std::vector<double> rounds = regret_rounds(p);
  const auto play = [&](const std::string& name, const auto& plain) {
    const auto rule = online_with_falling_beta1(plain, 0, 1);
    rule.validate();
    std::vector<double> regret(rounds.size(), 0.0);
    for (Index s = 0; s < p.streams; ++s) {
      Stream targets = stream.child("targets", static_cast<std::uint64_t>(s));
      metrics::AbsoluteLossRegret so_far;
      Vector<double> x = Vector<double>::Zero(1);
      Vector<double> gradient(1);
      auto state = rule.make_state(1);
      std::size_t next = 0;
      for (Index t = 1; t <= p.rounds; ++t) {
        const double z = targets.uniform();
        so_far.add(x(0), z);
        gradient(0) = x(0) > z ? 1 : -1;
        rule.update(x, gradient, state);
        if (static_cast<double>(t) == rounds[next]) {
          regret[next++] += so_far.regret() / static_cast<double>(p.streams);
        }
      }
    }
    out.number("slope_" + name, log_slope(rounds, regret));
    const double growth = regret.back() / regret.front();
    out.number("ratio_" + name, growth / std::sqrt(rounds.back() / rounds.front()));
    out.series("regret_" + name, {"round", rounds}, std::move(regret));
  };
  // The step is 1 / sqrt(t).
  play("adam", optim::Adam<double>{.learning_rate = 1});
  play("diffgrad", optim::DiffGrad<double>{.learning_rate = 1});
}

/// One cell of the counterexample of Reddi et al. 2018: f_t(x) = C x every third round, else -x, x
/// in
/// [-1, 1] from 1. The best point is -1; who stays at 1 loses 2 (C - 2) / 3 a round.
inline void run_counterexample(const Params& p, const Point& at, Record& out) {
  const double c = at["C"];
  const std::vector<double> rounds = regret_rounds(p);
  const auto play = [&](const std::string& name, auto plain) {
    plain.learning_rate = 0.5;
    plain.beta1 = 0;
    plain.beta2 = 1 / (1 + c * c);
    plain.bias_correction = false;
    const auto rule = online(plain, -1, 1);
    rule.validate();
    metrics::LinearLossRegret so_far(-1, 1);
    Vector<double> x = Vector<double>::Ones(1);
    Vector<double> gradient(1);
    auto state = rule.make_state(1);
    std::vector<double> regret;
    for (Index t = 1; t <= p.rounds; ++t) {
      gradient(0) = t % 3 == 1 ? c : -1;
      so_far.add(x(0), gradient(0));
      rule.update(x, gradient, state);
      if (static_cast<double>(t) == rounds[regret.size()]) {
        regret.push_back(so_far.regret());
      }
    }
    const double per_round = regret.back() / rounds.back();
    out.number("per_round_" + name, per_round);
    out.number("share_of_stuck_" + name, per_round / (2 * (c - 2) / 3));
    out.series("regret_" + name, {"round", rounds}, std::move(regret));
  };
  play("adam", optim::Adam<double>{});
  play("diffgrad", optim::DiffGrad<double>{});
  play("amsgrad", optim::Amsgrad<double>{});
  play("diffgrad_amsgrad", optim::DiffGrad<double>{.amsgrad = true});
}

} // namespace gradus::examples::gradient_friction
