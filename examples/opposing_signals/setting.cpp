// SPDX-License-Identifier: BSD-3-Clause
#include "setting.hpp"

#include <cmath>

namespace gradus::examples::opposing {

Params preset(Preset which) {
  Params params;
  if (which == Preset::quick) {
    params.num_seeds = 2;
    params.rule_seeds = 4;
    params.full = false;
  } else if (which == Preset::paper) {
    params.dim = 100;
    params.num_samples = 2000;
    params.outliers = 20;
    params.size = 20;
    params.width = 64;
    params.num_seeds = 20;
    params.rule_seeds = 20;
  }
  return params;
}

void validate(const Params& p) {
  require(2 * p.outliers < p.num_samples, "outliers", p.outliers,
          "less than half of num_samples, so that there is a bulk");
  require(p.batch_size <= p.num_samples, "batch_size", p.batch_size, "at most num_samples");
  require(p.outlier_start < p.factor_start, "outlier_start", p.outlier_start, "below factor_start");
  require(p.window + 20 <= p.net_steps, "window", p.window, "well below net_steps");
  require(p.net_steps % p.sharpness_every == 0, "sharpness_every", p.sharpness_every,
          "a divisor of net_steps");
}

std::vector<double> rates_of(const std::string& rule, bool full) {
  const double main = rule == "momentum" ? 0.01 : rule == "sign" ? 0.02 : 0.04;
  if (!full) {
    return {main};
  }
  if (rule == "adam" || rule == "sign") {
    return {main, main / 4, main / 2, main * 2};
  }
  return {main, main / 8, main / 4, main / 2}; // twice as much diverges for some seeds
}

} // namespace gradus::examples::opposing
