// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <cmath>
#include <vector>

#include <gradus/core/error.hpp>
#include <gradus/core/types.hpp>
#include <gradus/study/card.hpp>
#include <gradus/study/parameter.hpp>

namespace gradus::examples::double_descent {

using namespace gradus::study;

/// Sizes of the random-features model, of its asymptotics and of the two-layer network.
struct Params {
  Index dim = 30;
  Index num_samples = 100;
  double noise = 0.5;
  Index num_test = 1500;
  Index draws = 8;
  Index epochs = 1000;
  Index time_draws = 20;
  Index risk_dim = 100;
  Index risk_samples = 300;
  Index risk_draws = 20;
  Index gaussian_size = 400;
  Index square_size = 100;
  Index square_draws = 300;
  Index net_dim = 5;
  Index net_samples = 60;
  Index net_draws = 32;
  bool full = true;

  static void visit(auto&& self, auto&& field) {
    field("dim", self.dim, "inputs d of the random-features model", between(2, 1000));
    field("num_samples", self.num_samples, "its training samples n", between(20, 4000));
    field("noise", self.noise, "standard deviation of the targets' noise, everywhere", positive());
    field("num_test", self.num_test, "test samples where the error has no closed form",
          at_least(1));
    field("draws", self.draws, "draws of data and features", outside_cells(at_least(1)));
    field("epochs", self.epochs, "epochs of mini-batch descent", at_least(1), "epochs");
    field("time_draws", self.time_draws, "draws of the experiments on time",
          outside_cells(at_least(1)));
    field("risk_dim", self.risk_dim, "inputs d beside the asymptotic risk", between(2, 1000));
    field("risk_samples", self.risk_samples, "samples n there", between(20, 4000));
    field("risk_draws", self.risk_draws, "draws there", outside_cells(at_least(2)));
    field("gaussian_size", self.gaussian_size, "rows of the Gaussian matrices, not square",
          between(4, 4000));
    field("square_size", self.square_size, "rows of the square ones", between(4, 1000));
    field("square_draws", self.square_draws, "draws of the square ones", at_least(10));
    field("net_dim", self.net_dim, "inputs of the two-layer network", between(1, 1000));
    field("net_samples", self.net_samples, "its training samples, ten widths' worth of net_dim + 1",
          between(20, 4000));
    field("net_draws", self.net_draws, "draws of data and network", outside_cells(at_least(1)));
    field("full", self.full, "all factors (true), or those that need little time", yes_or_no());
  }

  /// Features over samples, N / n.
  [[nodiscard]] std::vector<double> ratios() const {
    return full ? std::vector<double>{0.25, 0.5, 0.75, 0.9, 1, 1.1, 1.33, 2, 4}
                : std::vector<double>{0.5, 0.9, 1, 1.1, 4};
  }
  /// The same beside the asymptotic risk.
  [[nodiscard]] std::vector<double> risk_ratios() const {
    return full ? std::vector<double>{0.1, 0.25, 0.5, 0.75, 0.9, 1, 1.1, 1.33, 2, 4}
                : std::vector<double>{0.25, 0.5, 1, 2};
  }
  /// Factors of the first layer, tanh(scale x).
  [[nodiscard]] std::vector<double> scales() const {
    return full ? std::vector<double>{0.1, 0.3, 1, 3} : std::vector<double>{0.1, 1, 3};
  }
  /// The width at which the network has as many parameters as samples.
  [[nodiscard]] Index threshold() const { return net_samples / (net_dim + 1); }
  /// Widths of the network.
  [[nodiscard]] std::vector<double> widths() const {
    std::vector<double> list;
    for (const double share : full ? std::vector<double>{0.1, 0.2, 0.4, 0.6, 0.8, 1, 1.2, 1.5, 2, 4}
                                   : std::vector<double>{0.4, 0.8, 1, 1.2, 4}) {
      list.push_back(std::round(share * static_cast<double>(threshold())));
    }
    return list;
  }
  /// Steps at which the network trained by Adam is looked at.
  [[nodiscard]] static std::vector<double> adam_steps() { return {100, 300, 1000, 3000}; }
};

/// Width of a model of which N / n is given.
inline Index width_of(double ratio, Index num_samples) {
  return std::lround(ratio * static_cast<double>(num_samples));
}

/// The three sizes. The paper's own are not known to us: paper is more of the default.
inline Params preset(Preset which) {
  Params params;
  if (which == Preset::quick) {
    params.draws = 4;
    params.time_draws = 8;
    params.risk_dim = 50;
    params.risk_samples = 150;
    params.square_draws = 100;
    params.net_draws = 8;
    params.full = false;
  } else if (which == Preset::paper) {
    params.dim = 100;
    params.num_samples = 400;
    params.draws = 30;
    params.time_draws = 60;
    params.risk_dim = 200;
    params.risk_samples = 600;
    params.net_dim = 11;
    params.net_samples = 120;
    params.net_draws = 60;
  }
  return params;
}

/// Throws an ArgumentError for values that do not go together.
inline void validate(const Params& params) {
  require(params.net_samples % (params.net_dim + 1) == 0 && params.threshold() >= 10, "net_samples",
          params.net_samples,
          "a multiple of net_dim + 1, ten of them at least: the threshold is to be a width");
}

} // namespace gradus::examples::double_descent
