// SPDX-License-Identifier: BSD-3-Clause
#include "claims.hpp"

namespace gradus::examples::dynamical_stability {

namespace {

void judge_balance(const Results& r, Claims& claims) {
  const ArmResults balance = r["balance"];
  const ArmResults sgd = balance.where("batch", 1);
  const ArmResults descent = balance.where("batch", all_examples);
  claims.expect("balance", "SGD balances: sum |a^2 - b^2|, end over start, largest")
      .source("balance figure; number chosen")
      .measured([=] { return max_of(calm(sgd, "left")); })
      .at_most(0.15);
  claims.expect("balance-gd", "... full descent does not: least")
      .source("balance figure; number chosen")
      .measured([=] { return min_of(calm(descent, "left")); })
      .at_least(0.5);
  claims.expect("balance-r", "final (|a|^2 + |b|^2) / 2|beta|_1 of SGD over full descent, largest")
      .source("balance figure; number chosen")
      .measured(
          [=] { return max_of(finite(quotients(sgd.numbers("ratio"), descent.numbers("ratio")))); })
      .at_most(0.7);
  claims.expect("balance-diverged", "... runs that diverge, share")
      .source("number chosen")
      .measured([=] { return diverged_share(balance); })
      .at_most(0.05);
}

} // namespace

void judge_motion(const Params& p, const Results& r, Claims& claims) {
  claims.expect("imbalance", "a^2 - b^2 after 1000 steps is the product formula's (relative error)")
      .source("derived")
      .measured([&r] { return max_of(r["imbalance"].numbers("law_error")); })
      .at_most(1e-10);
  if (p.full()) {
    judge_balance(r, claims);
  }
  const ArmResults escape = r["escape"];
  claims.expect("escape-gd", "kicked off its minimum, full descent returns: distance moved")
      .source("paper, the idea")
      .measured([=] { return max_of(escape.numbers("descent_moved")); })
      .at_most(0.05);
  claims.expect("escape", "... SGD at 1.2 thresholds leaves: largest loss on the way (start 1e-6)")
      .source("paper, the idea")
      .measured([=] { return min_of(escape.numbers("above_largest")); })
      .at_least(1e-2);
  claims.expect("escape-trace", "... and ends where Tr G is, in units of 2 / eta, at most")
      .source("theorem")
      .measured([=] { return max_of(escape.numbers("above_tilde_trace")); })
      .at_most(1);
  claims.expect("escape-l1", "... l1 at the end over the start")
      .source("paper, the idea; number chosen")
      .measured([=] { return max_of(escape.numbers("above_l1")); })
      .at_most(0.97);
  claims
      .expect("stay",
              "SGD at half the threshold stays: largest loss over the start, nine seeds in ten")
      .source("derived")
      .measured([=] {
        return most_at_most(
            quotients(escape.numbers("below_largest"), escape.numbers("start_loss")));
      })
      .at_most(2);
  claims.expect("stay-moved", "... distance moved")
      .source("derived")
      .measured([=] { return max_of(escape.numbers("below_moved")); })
      .at_most(0.05);
}

} // namespace gradus::examples::dynamical_stability
