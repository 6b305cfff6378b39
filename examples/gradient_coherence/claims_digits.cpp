// SPDX-License-Identifier: BSD-3-Clause
// Claims on networks that are trained on digits.
#include <algorithm>
#include <vector>

#include "judged.hpp"
#include "pooled.hpp"

namespace gradus::examples::agreement {

namespace {

void judge_noise(const Results& r, Claims& claims) {
  const ArmResults noise = r["noise"];
  const auto at = [=](double q) { return noise.where("noise", q); };
  const auto to_half = [=](double q) { return mean_of(at(q).numbers("to_half")).value; };
  claims
      .expect("noise-order", "m-coherence up to half of the labels fitted, mean over seeds: least "
                             "ratio along label noise 0, 25, 50, 75 %")
      .source("figures on label noise")
      .measured([=] {
        return min_of({to_half(0) / to_half(0.25), to_half(0.25) / to_half(0.5),
                       to_half(0.5) / to_half(0.75)});
      })
      .at_least(1);
  claims.expect("noise-order-size", "... true labels over random ones")
      .source("figures on label noise")
      .measured([=] { return to_half(0) / to_half(1); })
      .at_least(3);
  claims.expect("emerge", "random labels: largest m-coherence of the run over that at its start")
      .source("abstract of arXiv 2008.01217")
      .measured([=] { return each(quotients(at(1).numbers("peak"), at(1).numbers("start"))); })
      .at_least(8);
  claims
      .expect("early", "25 and 50 % noise: epochs to 80 % of the corrupt labels over those to "
                       "80 % of the pristine")
      .source("figures on label noise")
      .measured([=] {
        std::vector<double> ratios;
        for (const double q : {0.25, 0.5}) {
          for (const double x :
               quotients(at(q).numbers("corrupt_time"), at(q).numbers("pristine_time"))) {
            ratios.push_back(x);
          }
        }
        return each(ratios);
      })
      .at_least(3);
  claims.expect("stop", "50 % noise: best test accuracy of the run minus the final one, mean")
      .source("section on early stopping")
      .measured([=] {
        return mean_of(differences(at(0.5).numbers("best_test"), at(0.5).numbers("final_test")));
      })
      .at_least(0.12);
}

void judge_early(const Results& r, Claims& claims) {
  const ArmResults easy = r["easy"];
  claims.expect("easy", "m-coherence of epochs 1 to 10, early learned digits over late learned")
      .source("section on easy and hard examples")
      .measured([=] {
        return each(quotients(easy.numbers("easy_coherence"), easy.numbers("hard_coherence")));
      })
      .at_least(1.3);
  claims.expect("easy-gen", "... test accuracy of networks trained on either alone, difference")
      .source("idea of the paper")
      .measured(
          [=] { return each(differences(easy.numbers("easy_test"), easy.numbers("hard_test"))); })
      .at_least(0.04);
  claims.expect("easy-pixels", "rank correlation of learning time and pixel noise")
      .source("idea of the paper")
      .measured([&r] { return each(r["pixels"].numbers("noise_order")); })
      .at_least(0.2);
  claims.expect("easy-aligned", "... and m g_i.g / q after one epoch, mean over seeds")
      .source("idea of the paper")
      .measured([&r] { return mean_of(r["pixels"].numbers("aligned_first")); })
      .at_most(-0.2);
  claims.expect("ctl-pixels-random", "random labels: learning time and pixel noise")
      .source("control")
      .control()
      .measured([&r] { return each(r["control-random-pixels"].numbers("noise_order")); })
      .at_most(-0.3);
  claims
      .expect("one-step-net", "single steps inside training: measured over predicted efficiency, "
                              "the worst of epochs 0, 1, 3, 8")
      .source("derived")
      .measured([&r] { return each(r["steps"].numbers("ratio")); })
      .within(1, 0.08);
}

} // namespace

void judge_digits(const Params& p, const Results& r, Claims& claims) {
  const auto n = static_cast<double>(p.num_train);
  const auto sized = [&r](double size) { return r["size"].where("num_train", size); };
  claims.expect("real-init", "m-coherence before training, true labels")
      .source("figures on random labels")
      .measured([=] { return each(sized(n).numbers("real")); })
      .at_least(2);
  claims.expect("real-init-random", "... random labels")
      .source("figures on random labels")
      .measured([=] { return each(sized(n).numbers("random")); })
      .in(0.4, 2.8);
  claims.expect("n-growth-random", "... random labels, all sample sizes")
      .source("idea of the paper")
      .measured([&r] { return each(r["size"].numbers("random")); })
      .in(0.4, 4);
  if (!p.full) {
    return;
  }
  claims.expect("n-growth", "... true labels, sixteen times the sample: ratio")
      .source("idea of the paper")
      .measured([=] {
        return each(quotients(sized(4 * n).numbers("real"), sized(n / 4).numbers("real")));
      })
      .at_least(8);
  claims
      .expect("redraws", "... true labels over the largest of all redrawn labellings of the same "
                         "digits and network")
      .source("derived")
      .measured([&r] {
        return each(quotients(r["redraws"].numbers("real"), r["redraws"].numbers("redrawn_most")));
      })
      .at_least(1);
  judge_noise(r, claims);
  judge_early(r, claims);
}

} // namespace gradus::examples::agreement
