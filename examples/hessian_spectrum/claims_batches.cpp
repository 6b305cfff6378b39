// SPDX-License-Identifier: BSD-3-Clause
#include <cmath>
#include <vector>

#include "claims.hpp"

namespace gradus::examples::hessian {

void judge_batches(const Params& p, const Results& r, Claims& claims) {
  claims.expect("basin", "large and small batch lie in one basin: barrier of the line")
      .source("paper")
      .measured([&r] { return each(r["basin"].numbers("barrier")); })
      .at_most(0.02);
  claims.expect("climb", "yet SGD climbs first: largest loss on its way over that it came from")
      .source("paper")
      .measured([&r] { return each(r["basin"].numbers("climb")); })
      .at_least(3);
  claims.expect("better", "... ends lower: loss of the small batch over the large one's")
      .source("idea of the paper")
      .measured([&r] { return each(r["basin"].numbers("gain")); })
      .at_most(0.1);
  claims.expect("better-far", "... and far away: distance over the large one's from its start")
      .source("idea of the paper")
      .measured([&r] { return each(r["basin"].numbers("distance")); })
      .at_least(0.4);
  if (!p.full) {
    return;
  }
  claims.expect("same-init", "full and small batches from one start to loss 1e-3: line over ends")
      .source("idea of the paper")
      .measured([&r] { return each(r["same-init"].numbers("line_ratio")); })
      .at_most(1.15);
  claims.expect("lanczos", "leading 4 by 60 Lanczos steps against the dense matrix, relative")
      .source("derived")
      .measured([&r] { return each(r["matrix-free"].numbers("top_error")); })
      .at_most(1e-8);
  claims.expect("lanczos-trace", "trace by Lanczos quadrature, 20 probes: |z|")
      .source("derived: variance of random signs")
      .measured([&r] {
        std::vector<double> z = r["matrix-free"].numbers("trace_z");
        for (double& x : z) {
          x = std::abs(x);
        }
        return each(z);
      })
      .at_most(4);
}

void judge_controls(const Params& p, const Results& r, Claims& claims) {
  claims.expect("ctl-no-clusters", "one Gaussian, labels at random: no gap, its ratio")
      .source("chosen")
      .measured([&r] { return each(r["control-no-clusters"].numbers("ratio")); })
      .at_most(2)
      .control();
  claims.expect("ctl-far", "line between large-batch solutions of two starts: barrier")
      .source("chosen")
      .measured([&r] { return each(r["control-far"].numbers("barrier")); })
      .at_least(0.2)
      .control();
  claims.expect("ctl-full-batch", "full batches in place of SGD: increase of the loss")
      .source("chosen")
      .measured([&r] { return each(r["control-full-batch"].numbers("increase")); })
      .at_most(1e-6)
      .control();
  if (!p.full) {
    return;
  }
  claims.expect("ctl-teacher", "one Gaussian, labels of a linear teacher: ratio of the gap")
      .source("chosen")
      .measured([&r] { return each(r["control-teacher"].numbers("ratio")); })
      .at_most(2)
      .control();
  claims.expect("ctl-random-labels", "clusters, labels at random: outliers stay, they are 4")
      .source("chosen")
      .measured([&r] { return each(r["control-random-labels"].numbers("count")); })
      .equals(4)
      .control();
  claims.expect("ctl-random-3", "... three classes: share of the cells with m (K - 1) = 8")
      .source("derived")
      .measured([&r] { return share_that_is(r["control-random-3"].numbers("count"), 8); })
      .at_least(0.5)
      .control();
}

} // namespace gradus::examples::hessian
