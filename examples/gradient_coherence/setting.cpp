// SPDX-License-Identifier: BSD-3-Clause
#include "setting.hpp"

#include <algorithm>
#include <string>
#include <vector>

#include <gradus/core/error.hpp>

namespace gradus::examples::agreement {

Params preset(Preset which) {
  Params params;
  if (which == Preset::quick) {
    params.gap_sets = 30;
    params.cluster_sets = 10;
    params.draws = 1000;
    params.size_seeds = 2;
    params.robust_seeds = 1;
    params.gap_seeds = 1;
    params.cluster_seeds = 2;
    params.full = false;
  } else if (which == Preset::paper) {
    params.num_train = 16'000;
    params.num_test = 4000;
    params.width = 256;
    params.hidden_layers = 3;
    params.batch = 100;
    params.easy_train = 8000;
  }
  return params;
}

void validate(const Params& p) {
  require(p.batch <= p.num_train, "batch", p.batch, "at most num_train");
  require(p.batch <= p.easy_train, "batch", p.batch, "at most easy_train");
  require(p.easy_train >= 100, "easy_train", p.easy_train,
          "at least 100: mini-batches of 25 of a quarter");
}

Plan<Params> plan(const Params& p) {
  const auto full = [&](Index seeds) { return p.full ? seeds : 0; };
  const auto robust = [&](const char* name, double share) {
    return arm(name, p).with(&Params::share, share);
  };
  const auto three = [&](const char* name) {
    return arm(name, p)
        .with(&Params::robust_rate, p.robust_rate / 2)
        .with(&Params::robust_epochs, std::max<Index>(p.robust_epochs / 2, 1))
        .seeds(full(p.robust_seeds));
  };
  std::vector<double> sizes{static_cast<double>(p.num_train) / 4, static_cast<double>(p.num_train)};
  std::vector<double> separations{p.separation, 0};
  if (p.full) {
    sizes.push_back(static_cast<double>(p.num_train) * 4);
    separations.insert(separations.begin() + 1, p.separation / 3);
  }
  return {
      arm("toy", p).seeds(p.gap_seeds),
      arm("toy-noisy", p).grid("flipped_share", {0.1, 0.2, 0.3}).seeds(1),
      arm("medians", p).seeds(p.gap_seeds),
      arm("identity", p).seeds(p.gap_seeds),
      arm("gap", p).grid("separation", separations).seeds(p.gap_seeds),
      arm("noise", p).grid("noise", {0, 0.25, 0.5, 0.75, 1}).seeds(full(p.noise_seeds)),
      arm("size", p).grid("num_train", sizes).seeds(p.size_seeds),
      arm("redraws", p).seeds(full(p.noise_seeds)),
      arm("easy", p).seeds(full(p.easy_seeds)),
      arm("pixels", p).seeds(full(p.pixel_seeds)),
      arm("control-random-pixels", p)
          .with(&Params::random_labels, true)
          .with(&Params::pixel_epochs, p.pixel_epochs * 12 / 5)
          .seeds(full(p.pixel_seeds)),
      arm("steps", p).seeds(full(p.noise_seeds)),
      robust("mean", 0).seeds(p.robust_seeds),
      robust("winsorised", p.share).seeds(p.robust_seeds),
      robust("control-weak", p.share * 0.4).seeds(full(p.robust_seeds)),
      robust("control-slow", 0)
          .with(&Params::robust_rate, p.robust_rate / 10)
          .seeds(full(p.robust_seeds)),
      robust("control-random-labels", p.share).with(&Params::flip, 0.5).seeds(full(p.robust_seeds)),
      robust("control-clean", p.share).with(&Params::flip, 0).seeds(full(p.robust_seeds)),
      robust("control-clean-mean", 0).with(&Params::flip, 0).seeds(full(p.robust_seeds)),
      three("rm3"),
      three("m3"),
      three("control-ra3"),
      arm("bias", p).grid("sample_size", {5, 20, 100, 500}).seeds(p.cluster_seeds),
      arm("forms", p).seeds(p.cluster_seeds),
      arm("softmax", p).grid("classes", {2, 5, 10}).seeds(p.cluster_seeds),
      arm("random-law", p).seeds(p.cluster_seeds),
      arm("one-step", p).grid("flip", {0, 0.25, 0.5}).seeds(p.cluster_seeds),
  };
}

namespace {

/// Multiplications of a forward pass of an MLP on digits, one sample.
double pass(const Params& p, Index hidden_layers) {
  const auto w = static_cast<double>(p.width);
  return 64 * w + static_cast<double>(hidden_layers - 1) * w * w + 10 * w;
}

} // namespace

double cost(const Params& p, const Point& at) {
  const std::string& name = at.arm();
  const auto n = static_cast<double>(p.num_train);
  const auto m = static_cast<double>(p.easy_train);
  const auto nets = static_cast<double>(p.timing_nets);
  if (name == "noise") {
    return static_cast<double>(p.epochs) * n * pass(p, p.hidden_layers) * 24;
  }
  if (name == "size") {
    return 40 * n * pass(p, p.hidden_layers);
  }
  if (name == "redraws") {
    return 20 * n * pass(p, p.hidden_layers) * static_cast<double>(p.redraws);
  }
  if (name == "easy") {
    return pass(p, p.hidden_layers) * m *
           (8 * nets * static_cast<double>(p.easy_epochs) +
            6 * static_cast<double>(p.alone_epochs));
  }
  if (name == "pixels" || name == "control-random-pixels") {
    return 12 * pass(p, 1) * m * nets * static_cast<double>(p.pixel_epochs);
  }
  if (name == "steps") {
    return 4e4 * 2000 * static_cast<double>(p.step_draws);
  }
  if (name == "gap") {
    return 2e4 * static_cast<double>(p.gap_sets * p.gap_steps) +
           2e7 * static_cast<double>(p.gap_steps);
  }
  if (name == "bias") {
    return 400 * static_cast<double>(p.draws * p.sample_size);
  }
  if (name == "forms") {
    return 3e7 * static_cast<double>(p.cluster_sets);
  }
  if (name == "one-step" || name == "random-law") {
    return 2e5 * static_cast<double>(p.draws);
  }
  if (name == "toy" || name == "toy-noisy" || name == "medians" || name == "identity" ||
      name == "softmax") {
    return 1e7;
  }
  // Two classes: winsorising costs more than the gradient.
  return static_cast<double>(p.robust_epochs) * (p.share > 0 ? 1.5e7 : 1e7);
}

} // namespace gradus::examples::agreement
