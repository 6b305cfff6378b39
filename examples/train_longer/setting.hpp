// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <array>
#include <cmath>
#include <string>
#include <string_view>
#include <vector>

#include <gradus/core/error.hpp>
#include <gradus/core/types.hpp>
#include <gradus/study/card.hpp>
#include <gradus/study/parameter.hpp>
#include <gradus/study/plan.hpp>

namespace gradus::examples::longer {

using namespace gradus::study;

/// Settings of the walks, of the covariances and of the networks.
struct Params {
  Index landscapes = 1000;
  Index sinai_landscapes = 4000;
  Index valley_landscapes = 12'000;
  Index walkers = 4000;
  Index path_steps = 4'000'000;
  Index draws = 4000;
  Index noisy_draws = 1000;
  double pixel_noise = 0.4;
  Index num_train = 1024;
  Index num_test = 2000;
  Index hidden = 64;
  Index small_batch = 16;
  Index large_batch = 256;
  double rate = 0.05;
  Index epochs = 20;
  Index longer_epochs = 60;
  double label_noise = 0.3;
  double weight_decay = 5e-4;
  Index stream_steps = 1500;
  Index walk_seeds = 3;
  Index gap_seeds = 5;
  Index stream_seeds = 3;
  bool full = true;

  static void visit(auto&& self, auto&& field) {
    field("landscapes", self.landscapes, "random potentials of a walk", between(2, 1e6));
    field("sinai_landscapes", self.sinai_landscapes, "the same for Sinai's walk", between(2, 1e6));
    field("valley_landscapes", self.valley_landscapes, "the same for valleys at zero temperature",
          between(2, 1e6));
    field("walkers", self.walkers, "walkers simulated step by step", between(10, 1e6));
    field("path_steps", self.path_steps, "steps of the paths shown", between(1000, 1e10));
    field("draws", self.draws, "mini-batches behind a covariance", between(100, 1e7));
    field("noisy_draws", self.noisy_draws, "the same with noise on the gradients",
          between(100, 1e7));
    field("pixel_noise", self.pixel_noise, "standard deviation of a pixel's noise", between(0, 10));
    field("num_train", self.num_train, "training images", between(16, 1e6));
    field("num_test", self.num_test, "test images", between(100, 1e6));
    field("hidden", self.hidden, "units of each of two hidden layers", between(1, 4096));
    field("small_batch", self.small_batch, "images of a small mini-batch", between(2, 1e5));
    field("large_batch", self.large_batch, "images of a large one", between(2, 1e5));
    field("rate", self.rate, "learning rate of the small batch", positive());
    field("epochs", self.epochs, "passes over the training images", between(2, 1e5));
    field("longer_epochs", self.longer_epochs, "the same of the arms called 60", between(2, 1e5));
    field("label_noise", self.label_noise, "share of labels drawn anew, endless stream",
          between(0, 1));
    field("weight_decay", self.weight_decay, "L2 coefficient, endless stream", at_least(0));
    field("stream_steps", self.stream_steps, "updates on the endless stream", between(30, 1e7));
    field("walk_seeds", self.walk_seeds, "seeds of the walks", outside_cells(at_least(1)));
    field("gap_seeds", self.gap_seeds, "seeds of the networks", outside_cells(at_least(1)));
    field("stream_seeds", self.stream_seeds, "seeds on the endless stream",
          outside_cells(at_least(1)));
    field("full", self.full, "all arms (true), or the quick ones", outside_cells(yes_or_no()));
  }
};

/// The three sizes.
inline Params preset(Preset which) {
  Params params;
  if (which == Preset::quick) {
    params.landscapes = 100;
    params.sinai_landscapes = 200;
    params.path_steps = 20'000;
    params.walk_seeds = 1;
    params.gap_seeds = 2;
    params.full = false;
  } else if (which == Preset::paper) {
    params.landscapes = 3000;
    params.sinai_landscapes = 20'000;
    params.valley_landscapes = 40'000;
    params.walkers = 40'000;
    params.draws = 40'000;
    params.noisy_draws = 40'000;
    params.num_test = 10'000;
    params.gap_seeds = 20;
    params.stream_seeds = 10;
  }
  return params;
}

/// Throws an ArgumentError for values that do not go together.
inline void validate(const Params& p) {
  require(p.large_batch <= p.num_train, "large_batch", p.large_batch, "at most num_train");
  require(p.large_batch >= p.small_batch, "large_batch", p.large_batch, "at least small_batch");
  require(p.large_batch % p.small_batch == 0, "small_batch", p.small_batch,
          "a divisor of large_batch");
  require(p.num_train % p.large_batch == 0, "num_train", p.num_train, "a multiple of large_batch");
}

/// A walk in a random potential: E (V_i - V_j)^2 = sigma^2 |i - j|^alpha on the sites -reach ...
/// reach, stopped at mean times e^low ... e^high.
struct WalkSetting {
  double alpha;
  double sigma;
  double low;
  double high;
  Index reach;
};

/// The walks, by their exponent.
inline constexpr std::array<WalkSetting, 5> walks{{{0.5, 4, 10, 48, 6000},
                                                   {0.8, 3, 8, 40, 3000},
                                                   {1.0, 1.5, 6, 30, 3000},
                                                   {1.2, 1.5, 8, 45, 6000},
                                                   {1.5, 2, 10, 60, 8000}}};

/// Their exponents.
inline std::vector<double> exponents() {
  std::vector<double> alphas;
  for (const WalkSetting& walk : walks) {
    alphas.push_back(walk.alpha);
  }
  return alphas;
}

/// How a network is trained.
struct Regime {
  Index batch;
  double rate;
  Index epochs;
  Index ghost;    ///< samples that share batch statistics; 0: the batch
  bool normalize; ///< whether there is batch normalisation at all
};

/// The regime of an arm. Its name is made of words: sb or lb (small or large batch), lr (rate times
/// the square root of the ratio of batches), gbn (ghost batches of the small size), ra (as many
/// updates as the small batch), 60 (the longer run), plain (no batch normalisation).
inline Regime regime_of(const Params& p, std::string_view arm) {
  const std::string name = "-" + std::string(arm) + "-";
  const auto has = [&](const char* word) {
    return name.find("-" + std::string(word) + "-") != std::string::npos;
  };
  const Index ratio = p.large_batch / p.small_batch;
  if (has("control")) {
    const double scaled = p.rate * std::sqrt(static_cast<double>(ratio));
    return has("short") ? Regime{p.small_batch, p.rate, 1, 0, true}
                        : Regime{p.large_batch, scaled, p.epochs, p.large_batch, true};
  }
  Regime regime{has("lb") ? p.large_batch : p.small_batch, p.rate,
                has("60") ? p.longer_epochs : p.epochs, has("gbn") ? p.small_batch : 0,
                !has("plain")};
  regime.rate *= has("lr") ? std::sqrt(static_cast<double>(ratio)) : 1;
  regime.epochs *= has("ra") ? ratio : 1;
  return regime;
}

/// Updates of a run.
inline Index updates_of(const Params& p, const Regime& regime) {
  return regime.epochs * (p.num_train / regime.batch);
}

} // namespace gradus::examples::longer
