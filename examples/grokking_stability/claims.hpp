// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <algorithm>
#include <cmath>
#include <functional>
#include <limits>
#include <string>
#include <vector>

#include "setting.hpp"
#include "training.hpp"
#include <gradus/metrics/trend.hpp>
#include <gradus/study/claims.hpp>
#include <gradus/study/results.hpp>
#include <gradus/study/summary.hpp>

namespace gradus::examples::numerical_stability {

/// a(i) op b(i) for the cells of two arms with the same seeds.
template <class Operation>
std::vector<double> paired(const std::vector<double>& a, const std::vector<double>& b,
                           Operation operation) {
  std::vector<double> result;
  for (std::size_t i = 0; i < a.size() && i < b.size(); ++i) {
    result.push_back(operation(a[i], b[i]));
  }
  return result;
}

/// The arms of the precision ladder, coarse to fine.
inline const std::vector<std::string>& ladder() {
  static const std::vector<std::string> arms{"ladder-bfloat16", "ladder-half", "ladder-float",
                                             "ladder-double"};
  return arms;
}

/// For each seed, the epochs of collapse of the ladder's arms.
inline std::vector<std::vector<double>> ladder_epochs(const Results& r) {
  std::vector<std::vector<double>> by_seed;
  for (const std::string& name : ladder()) {
    const auto epochs = r[name].numbers("collapse_epoch");
    by_seed.resize(epochs.size());
    for (std::size_t i = 0; i < epochs.size(); ++i) {
      by_seed[i].push_back(epochs[i]);
    }
  }
  return by_seed;
}

inline void judge_fast(const Results& r, Claims& claims) {
  claims.expect("absorb", "softmax collapses at margin log(1/u): largest distance, four formats")
      .source("definition; number derived")
      .measured([&r] { return max_of(r["absorption"].numbers("error")); })
      .at_most(0.01);
  claims.expect("scaling-same", "scaling all weights changes no prediction (number changed)")
      .source("naive loss minimisation")
      .measured([&r] { return max_of(r["scaling"].numbers("changed")); })
      .equals(0);
  claims.expect("scaling-kills", "... and makes the loss exactly 0 (share of samples)")
      .source("softmax collapse")
      .measured([&r] { return min_of(r["scaling"].numbers("zero_loss")); })
      .at_least(0.99);
  claims.expect("euler", "<gradient, weights> is the same for every layer: relative spread")
      .source("derived")
      .measured([&r] { return max_of(r["scaling"].numbers("euler_spread")); })
      .at_most(1e-4);

  const ArmResults with = r["orthogonal"];
  const ArmResults without = r["adamw"];
  claims.expect("perp", "gradient orthogonal to the weights, no decay: final test accuracy")
      .source("main figure; size chosen")
      .measured([=] { return min_of(with.numbers("final_test")); })
      .at_least(0.95);
  claims.expect("perp-at-once", "... without delay: epoch of test 0.9 minus epoch of train 0.999")
      .source("main figure; size chosen")
      .measured([=] {
        return max_of(paired(with.numbers("grok_epoch"), with.numbers("fit_epoch"),
                             [](double grok, double fit) { return grok - fit; }));
      })
      .at_most(60);
  claims.expect("perp-norm", "... and with smaller logits at the end: plain over orthogonal")
      .source("naive loss minimisation; number chosen")
      .measured([=] {
        return min_of(paired(without.numbers("max_logit"), with.numbers("max_logit"),
                             [](double a, double b) { return a / b; }));
      })
      .at_least(2);
  claims.expect("ctl-noperp-fit", "the same with the plain gradient: fits")
      .control()
      .source("control")
      .measured([=] { return min_of(without.numbers("final_train")); })
      .at_least(0.999);
  claims.expect("ctl-noperp", "... and does not generalise")
      .control()
      .source("control")
      .measured([=] { return max_of(without.numbers("final_test")); })
      .at_most(0.1);
}

inline void judge_softmax(const Results& r, Claims& claims) {
  const ArmResults softmax = r["softmax"];
  claims.expect("ce-fit", "cross-entropy without decay memorises")
      .source("main figure; size chosen")
      .measured([=] { return min_of(softmax.numbers("final_train")); })
      .at_least(0.999);
  claims.expect("ce-collapse", "... collapses (epoch at which half of the losses are 0)")
      .source("softmax collapse")
      .measured([=] { return max_of(softmax.numbers("collapse_epoch")); })
      .at_most(600);
  claims.expect("ce-zero", "... and stays so (smallest share of zero losses after epoch 500)")
      .source("softmax collapse; number chosen")
      .measured([=] { return min_of(softmax.numbers("late_zero_loss")); })
      .at_least(0.15);
  claims.expect("ce-test", "... and never generalises (largest test accuracy)")
      .source("main figure; size chosen")
      .measured([=] { return max_of(softmax.numbers("max_test")); })
      .at_most(0.2);

  const ArmResults stable = r["stablemax"];
  claims.expect("stablemax-fit", "StableMax without decay memorises (epoch)")
      .source("main figure; size chosen")
      .measured([=] { return max_of(stable.numbers("fit_epoch")); })
      .at_most(150);
  claims.expect("stablemax-early", "... with low test accuracy at that time")
      .source("main figure; size chosen")
      .measured([=] { return max_of(stable.numbers("test_at_fit")); })
      .at_most(0.2);
  claims.expect("stablemax", "... and groks: final test accuracy")
      .source("main figure; size chosen")
      .measured([=] { return min_of(stable.numbers("final_test")); })
      .at_least(0.95);
  claims.expect("stablemax-delay", "... late: epoch of test 0.9 over epoch of train 0.999")
      .source("chosen")
      .measured([=] {
        return min_of(paired(stable.numbers("grok_epoch"), stable.numbers("fit_epoch"),
                             [](double grok, double fit) { return grok / fit; }));
      })
      .at_least(3);
  claims
      .expect("nlm-start", "cross-entropy: gradient and weights start at a right angle (|cosine|)")
      .source("alignment figure; number chosen")
      .measured([=] {
        return max_of(paired(softmax.numbers("start_cosine"), softmax.numbers("start_cosine"),
                             [](double a, double) { return std::abs(a); }));
      })
      .at_most(0.05);
  claims.expect("nlm-align", "... and align after the fit, before the collapse (largest cosine)")
      .source("alignment figure; number chosen")
      .measured([=, f = r["ladder-float"]] {
        return min_of(flatten({softmax.numbers("best_cosine"), f.numbers("best_cosine")}));
      })
      .at_least(0.6);
}

inline void judge_ladder(const Results& r, Claims& claims) {
  claims.expect("nlm-lost", "collapse destroys the alignment: late cosine, double")
      .source("derived")
      .measured([&r] { return max_of(r["ladder-double"].numbers("late_cosine")); })
      .at_most(0.5);
  claims.expect("nlm-kept", "... where nothing is absorbed it stays: late cosine, exact")
      .source("derived")
      .measured([&r] { return min_of(r["ladder-exact"].numbers("late_cosine")); })
      .at_least(0.65);
  claims.expect("ladder-order", "more precision, later collapse: smallest ratio of neighbours")
      .source("precision figure")
      .measured([&r] {
        std::vector<double> ratios;
        for (const auto& epochs : ladder_epochs(r)) {
          for (std::size_t k = 0; k + 1 < epochs.size(); ++k) {
            // Never over anything is no order: it would be infinite.
            ratios.push_back(std::isfinite(epochs[k + 1]) ? epochs[k + 1] / epochs[k]
                                                          : std::nan(""));
          }
        }
        return min_of(ratios);
      })
      .at_least(1.01);
  claims.expect("ladder-affine", "its epoch is affine in log(1/u): share of variance explained")
      .source("derived")
      .measured([&r] {
        std::vector<double> shares;
        for (const auto& epochs : ladder_epochs(r)) {
          shares.push_back(metrics::fit_line(log_inverse_rounding(), epochs).r_squared);
        }
        return min_of(shares);
      })
      .at_least(0.98);
  const auto ratio = [&r](const char* finer, const char* name) {
    return [a = r[finer], b = r["ladder-float"], name = std::string(name)] {
      return min_of(paired(a.numbers(name), b.numbers("test_at_collapse"),
                           [](double x, double y) { return x / y; }));
    };
  };
  claims.expect("ladder-test", "more is learned before: test at collapse, double over float")
      .source("precision figure; number chosen")
      .measured(ratio("ladder-double", "test_at_collapse"))
      .at_least(1.2);
  claims.expect("ladder-test-exact", "... and exact at the end over float at its collapse")
      .source("precision figure; number chosen")
      .measured(ratio("ladder-exact", "final_test"))
      .at_least(1.6);
  claims.expect("ctl-exact", "exact cross-entropy in float: never a loss of 0 (largest share)")
      .control()
      .source("control")
      .measured([&r] { return max_of(r["ladder-exact"].numbers("max_zero_loss")); })
      .equals(0);
  claims.expect("ctl-f64", "softmax in double: collapses more than twice as late as in float")
      .control()
      .source("control")
      .measured([&r] {
        const auto budget = [](double epoch) { return std::min(epoch, 1000.0); };
        return min_of(paired(r["softmax-double"].numbers("collapse_epoch"),
                             r["softmax"].numbers("collapse_epoch"),
                             [&](double a, double b) { return budget(a) / b; }));
      })
      .at_least(2);
}

/// What must hold. "chosen" and "derived" numbers are not the paper's.
inline void judge(const Params& p, const Results& r, Claims& claims) {
  judge_fast(r, claims);
  if (!p.full) {
    return;
  }
  judge_softmax(r, claims);
  judge_ladder(r, claims);
  const ArmResults decay = r["decay"];
  claims
      .expect("ctl-decay", "weight decay 1, plain gradient: groks as well (largest test accuracy)")
      .control()
      .source("control")
      .measured([=] { return min_of(decay.numbers("max_test")); })
      .at_least(0.7);
  claims.expect("ctl-decay-zero", "... and no loss is 0 (largest share)")
      .control()
      .source("control")
      .measured([=] { return max_of(decay.numbers("max_zero_loss")); })
      .equals(0);
}

} // namespace gradus::examples::numerical_stability
