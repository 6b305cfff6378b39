// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <vector>

#include <gradus/study/metric.hpp>

namespace gradus::examples::agreement {

/// What the recorded numbers mean.
inline std::vector<study::Metric> metric_list() {
  return {
      {"toy.*_path_error",
       "largest distance of the descent from its closed form; *: real or random labels"},
      {"toy.*_least_coherence", "least m-coherence along the run; *: real or random"},
      {"toy.*_most_coherence", "largest m-coherence along the run; *: real or random"},
      {"toy.*_test_loss", "test loss at the end; *: real or random"},
      {"toy.*_median_loss", "training loss that descent on medians ends with; *: real or random"},
      {"toy.*_winsorised_loss", "the same with winsorised gradients; *: real or random"},
      {"toy-noisy.path_error", "largest distance of the residuals from their closed form"},
      {"toy-noisy.rise", "largest loss of a flipped example over that at the start"},
      {"toy-noisy.clean_time", "first step with a loss of a clean example below 0.05, -1 if none",
       "steps"},
      {"toy-noisy.flipped_time", "the same of a flipped one", "steps"},
      {"medians.*_corrupt",
       "share of the flipped labels that are fitted; *: sgd, m3, rm3, ra3, rm3_fixed"},
      {"medians.*_pristine", "share of the other labels that are fitted; *: the rule"},
      {"medians.*_largest", "largest private weight; *: the rule"},
      {"medians.*_common", "common weight; *: the rule"},
      {"identity.error", "largest relative distance of cheap from stored per-example gradients"},
      {"identity.amplified_*", "measured over predicted coherence of mini-batches; *: their size"},
      {"gap.gap", "test minus training loss, mean over sets", "nats"},
      {"gap.train_loss", "training loss, mean over sets", "nats"},
      {"gap.path", "bound of the gap along the path, path form", "nats"},
      {"gap.theorem", "bound of the gap, as the theorem has it", "nats"},
      {"gap.alpha", "coherence alpha at the start"},
      {"noise.start", "m-coherence at the start"},
      {"noise.to_half", "mean m-coherence until half of the labels are fitted"},
      {"noise.peak", "largest m-coherence along the run"},
      {"noise.best_test", "best test accuracy along the run"},
      {"noise.final_test", "test accuracy at the end"},
      {"noise.pristine_time", "first epoch with 80 % of the true labels fitted", "epochs"},
      {"noise.corrupt_time", "first epoch with 80 % of the wrong labels fitted", "epochs"},
      {"size.real", "m-coherence at the start, true labels"},
      {"size.random", "the same, random labels"},
      {"redraws.real", "m-coherence at the start, true labels"},
      {"redraws.redrawn_mean", "the same over redrawn labels, mean"},
      {"redraws.redrawn_most", "the same, largest"},
      {"redraws.rank",
       "share of redrawn labels that are as coherent, the true ones counted among them"},
      {"easy.*_coherence", "m-coherence over the first ten epochs, mean; *: easy or hard examples"},
      {"easy.*_test", "test accuracy after training on these examples alone; *: easy or hard"},
      {"easy.*_time", "mean learning time of these examples; *: easy or hard", "epochs"},
      {"noise_order", "rank correlation of learning time and noise of the pixels"},
      {"aligned_first", "rank correlation of learning time and alignment after one epoch"},
      {"aligned_start", "the same at the start"},
      {"steps.ratio",
       "measured over predicted share of a step's gain that carries over, worst epoch"},
      {"pristine", "share of the true labels that are fitted at the end"},
      {"corrupt", "share of the wrong labels that are fitted at the end"},
      {"corrupt_10", "the same at epoch 10"},
      {"fit", "share of all given labels that are fitted at the end"},
      {"test", "test accuracy at the end"},
      {"*_law", "what theory says of the series of the same name"},
      {"*_z", "distance of the mean m-coherence of random labels from 1; *: the model",
       "standard errors"},
      {"*_deviation", "its measured standard deviation over the law's; *: the model"},
      {"*_true", "m-coherence of the true labels; *: the model"}};
}

} // namespace gradus::examples::agreement
