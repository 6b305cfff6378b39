// SPDX-License-Identifier: BSD-3-Clause
#include <algorithm>
#include <vector>

#include "claims.hpp"
#include <gradus/study/summary.hpp>

namespace gradus::examples::longer {

void judge_controls(const Params& p, const Results& r, Claims& claims) {
  const ArmResults flat = r["control-flat"];
  claims.expect("ctl-flat", "no potential: exponent of E|x| in tau")
      .source("diffusion")
      .control()
      .measured([=] { return each(flat.numbers("exponent")); })
      .within(0.5, 0.01);
  claims.expect("ctl-flat-law", "... relative difference from its closed form")
      .source("derived")
      .control()
      .measured([=] { return max_of(flat.numbers("closed_form")); })
      .at_most(1e-6);
  claims.expect("ctl-flat-log", "... R^2 of sqrt(E|x|) in ln tau")
      .source("diffusion")
      .control()
      .measured([=] { return max_of(flat.numbers("straight_r2")); })
      .at_most(0.97);
  claims.expect("ctl-white", "alpha = 0, independent values: exponent in tau, upper half")
      .source("diffusion")
      .control()
      .measured([&r] { return min_of(r["control-white"].numbers("exponent")); })
      .at_least(0.42);
  claims.expect("ctl-drift", "a slope of 0.5: E|x| over tau tanh(1/4)")
      .source("derived")
      .control()
      .measured([&r] { return each(r["control-drift"].numbers("ratio")); })
      .within(1, 0.01);
  claims.expect("ctl-alpha-2", "alpha = 2, lines of random slope: exponent in tau, no log t")
      .source("derived")
      .control()
      .measured([&r] { return min_of(r["control-alpha-2"].numbers("exponent")); })
      .at_least(0.95);
  const ArmResults brief = r["control-short"];
  claims.expect("ctl-short", "small batch, one epoch: test accuracy it lacks to 20")
      .source("paper")
      .control()
      .measured(
          [=, &r] { return each(differences(r["sb"].numbers("test"), brief.numbers("test"))); })
      .at_least(0.15);
  claims.expect("ctl-short-distance", "... distance over that of 20")
      .source("paper")
      .control()
      .measured([=, &r] {
        return max_of(quotients(brief.numbers("distance"), r["sb"].numbers("distance")));
      })
      .at_most(0.5);
  claims
      .expect("ctl-ghost-is-batch", "ghost as large as the batch: accuracies and distances changed")
      .source("official code")
      .control()
      .measured([&r] {
        const ArmResults ghost = r["control-ghost-is-batch"];
        const ArmResults plain = r["lb-lr"];
        std::vector<std::vector<double>> a = ghost.series("distance_curve");
        std::vector<std::vector<double>> b = plain.series("distance_curve");
        a.push_back(ghost.numbers("test"));
        b.push_back(plain.numbers("test"));
        return max_of(absolute_differences(a, b));
      })
      .equals(0);
  if (p.full) {
    claims
        .expect("ctl-no-norm", "without batch normalisation, blocks of 16: change of the gradient")
        .source("derived")
        .control()
        .measured([&r] { return max_of(r["covariance"].numbers("plain_blocks")); })
        .at_most(1e-13);
  }
}

} // namespace gradus::examples::longer
