// SPDX-License-Identifier: BSD-3-Clause
// Claims on gradients that ignore what few examples ask for, and the controls.
#include <string>
#include <vector>

#include "judged.hpp"
#include "pooled.hpp"

namespace gradus::examples::agreement {

namespace {

void judge_toy_controls(const Results& r, Claims& claims) {
  const ArmResults toy = r["toy"];
  const auto both = [=](const std::string& prefix) {
    std::vector<double> all = toy.numbers(prefix + "_median_loss");
    const std::vector<double> more = toy.numbers(prefix + "_winsorised_loss");
    all.insert(all.end(), more.begin(), more.end());
    return all;
  };
  claims
      .expect("ctl-random-median",
              "toy without a common feature under median or winsorising: nothing moves, loss")
      .source("derived")
      .control()
      .measured([=] { return each(both("random")); })
      .equals(0.5);
  claims.expect("ctl-real-median", "... with it: fitted")
      .source("derived")
      .control()
      .measured([=] { return max_of(both("real")); })
      .at_most(1e-20);
  const ArmResults medians = r["medians"];
  claims
      .expect("ctl-rm3-shuffle",
              "median of the last three batches, reshuffled every epoch: flipped "
              "labels fitted after all")
      .source("derived")
      .control()
      .measured([=] { return min_of(medians.numbers("rm3_corrupt")); })
      .at_least(0.9);
  claims.expect("ctl-rm3-fixed", "... the same batches every epoch: none")
      .source("derived")
      .control()
      .measured([=] { return max_of(medians.numbers("rm3_fixed_corrupt")); })
      .equals(0);
  claims.expect("ctl-rm3-mean", "... their mean in the place of the median: all")
      .source("control")
      .control()
      .measured([=] { return min_of(medians.numbers("ra3_corrupt")); })
      .equals(1);
}

void judge_robust_controls(const Results& r, Claims& claims) {
  claims
      .expect("ctl-random-labels",
              "half of the labels flipped: test accuracy, winsorised, mean over seeds")
      .source("control")
      .control()
      .measured([&r] { return mean_of(r["control-random-labels"].numbers("test")); })
      .in(0.4, 0.6);
  claims.expect("ctl-clean", "no flipped labels: test accuracy of the mean minus winsorised")
      .source("control")
      .control()
      .measured([&r] {
        return each(differences(r["control-clean-mean"].numbers("test"),
                                r["control-clean"].numbers("test")));
      })
      .in(0, 0.03);
  claims.expect("ctl-weak", "10 % clipped, fewer than are flipped: corrupt labels fitted")
      .source("control")
      .control()
      .measured([&r] { return each(r["control-weak"].numbers("corrupt")); })
      .at_least(0.5);
  claims
      .expect("ctl-slow",
              "not only slower: the mean at a tenth of the rate, corrupt fitted, mean over seeds")
      .source("control")
      .control()
      .measured([&r] { return mean_of(r["control-slow"].numbers("corrupt")); })
      .at_least(0.2);
  claims.expect("ctl-slow-gain", "... test accuracy of winsorising minus that of going slow")
      .source("control")
      .control()
      .measured([&r] {
        return each(
            differences(r["winsorised"].numbers("test"), r["control-slow"].numbers("test")));
      })
      .at_least(0);
  claims.expect("ctl-meanof3", "mean of the last three batches of two: corrupt, epoch 10")
      .source("control")
      .control()
      .measured([&r] { return each(r["control-ra3"].numbers("corrupt_10")); })
      .at_least(0.97);
  claims.expect("ctl-meanof3-median", "... median of three examples: slower")
      .source("control")
      .control()
      .measured([&r] { return each(r["m3"].numbers("corrupt_10")); })
      .at_most(0.8);
}

} // namespace

void judge_robust(const Params& p, const Results& r, Claims& claims) {
  const ArmResults mean = r["mean"];
  const ArmResults winsorised = r["winsorised"];
  claims.expect("wins-mem-mean", "two classes, 20 % flipped: corrupt labels fitted, mean gradient")
      .source("idea of the paper")
      .measured([=] { return each(mean.numbers("corrupt")); })
      .at_least(0.97);
  claims.expect("wins-mem", "... winsorised by 25 %")
      .source("idea of the paper")
      .measured([=] { return each(winsorised.numbers("corrupt")); })
      .at_most(0.2);
  claims.expect("wins-keep", "... pristine labels fitted, winsorised")
      .source("idea of the paper")
      .measured([=] { return each(winsorised.numbers("pristine")); })
      .at_least(0.95);
  claims.expect("wins-gain", "... test accuracy, winsorised minus mean")
      .source("idea of the paper")
      .measured([=] { return each(differences(winsorised.numbers("test"), mean.numbers("test"))); })
      .at_least(0.08);
  judge_toy_controls(r, claims);
  if (p.full) {
    judge_robust_controls(r, claims);
  }
}

} // namespace gradus::examples::agreement
