// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <algorithm>
#include <cmath>
#include <vector>

#include <gradus/core/error.hpp>
#include <gradus/core/types.hpp>
#include <gradus/study/card.hpp>
#include <gradus/study/parameter.hpp>
#include <gradus/study/plan.hpp>

namespace gradus::examples::highdim {

using namespace gradus::study;

/// Sizes of the linear teacher and student, of the deep linear chain and of the ReLU students.
struct Params {
  Index dim = 100;
  double alpha = 1;
  double snr = 5;
  double inr = 0;
  Index draws = 100;
  Index stopping_draws = 40;
  Index finite_draws = 3000;
  Index deep_draws = 20;
  Index relu_samples = 100;
  Index relu_dim = 20;
  Index relu_teacher = 10;
  double relu_noise = 0.3;
  Index relu_draws = 20;
  Index width = 100;
  Index both_steps = 15000;
  Index both_draws = 12;
  bool full = true;

  static void visit(auto&& self, auto&& field) {
    field("dim", self.dim, "parameters N of the linear student", between(4, 4000));
    field("alpha", self.alpha, "samples over parameters, P / N; an axis of every linear arm",
          between(0.05, 20));
    field("snr", self.snr, "variance of the teacher's weights over that of the noise, s_w^2/s_e^2",
          at_least(0));
    field("inr", self.inr, "variance of the initial weights over that of the noise, s_0^2/s_e^2",
          at_least(0));
    field("draws", self.draws, "draws over which a linear setting is averaged", at_least(2));
    field("stopping_draws", self.stopping_draws, "draws for the best time to stop", at_least(2));
    field("finite_draws", self.finite_draws, "draws for the error of small systems", at_least(2));
    field("deep_draws", self.deep_draws, "draws of the deep linear chain at each ratio",
          at_least(1));
    field("relu_samples", self.relu_samples, "samples P of the ReLU student with a random layer",
          at_least(2));
    field("relu_dim", self.relu_dim, "its inputs d", at_least(1));
    field("relu_teacher", self.relu_teacher, "ReLU units of its teacher", at_least(1));
    field("relu_noise", self.relu_noise, "standard deviation of its label noise", at_least(0));
    field("relu_draws", self.relu_draws, "draws of it at each width", at_least(1));
    field("width", self.width, "units of a ReLU student; an axis of every ReLU arm", at_least(1));
    field("both_steps", self.both_steps, "steps of the ReLU student with both layers trained",
          at_least(10), "steps");
    field("both_draws", self.both_draws, "draws of it at each width, as seeds",
          outside_cells(at_least(1)));
    field("full", self.full, "all ratios, widths and networks (true), or the core of them",
          outside_cells(yes_or_no()));
  }

  /// Samples P of the linear student.
  [[nodiscard]] Index num_samples() const {
    return std::max<Index>(1, std::lround(alpha * static_cast<double>(dim)));
  }
  /// Ratios alpha of the sweep.
  [[nodiscard]] std::vector<double> ratios() const {
    return full ? std::vector<double>{0.25, 0.5, 0.75, 0.9, 1, 1.1, 1.33, 2, 4}
                : std::vector<double>{0.25, 0.5, 1, 2, 4};
  }
  /// Widths of the ReLU student, as multiples of the number of samples.
  [[nodiscard]] std::vector<double> widths() const {
    const std::vector<double> shares =
        full ? std::vector<double>{0.1, 0.25, 0.5, 0.75, 0.9, 1, 1.1, 1.35, 2, 4, 8}
             : std::vector<double>{0.5, 1, 2, 4};
    std::vector<double> list;
    for (const double share : shares) {
      list.push_back(std::round(share * static_cast<double>(relu_samples)));
    }
    return list;
  }
};

/// Samples of the network with both layers trained.
constexpr Index both_samples = 60;
/// Its widths: the number of weights, 11 a unit, passes the number of samples between 4 and 6.
inline std::vector<double> both_widths() { return {2, 4, 6, 10, 20, 50}; }

/// Times at which curves are looked at.
inline std::vector<double> curve_times() { return logspace(0.1, 100, 24); }
/// Times of the sweep over alpha; the last one is the time of overtraining.
inline std::vector<double> sweep_times() { return logspace(0.05, 100, 60); }
/// Times of the search for the best stop.
inline std::vector<double> stopping_times() { return logspace(0.02, 200, 120); }
/// Times of the ReLU student with a random layer.
inline std::vector<double> relu_times() { return logspace(0.1, 1e5, 40); }
/// The time at which it is said to be overtrained.
inline constexpr double relu_late = 1e4;

/// The three sizes. Those of the paper's figures are not known to us: `paper` is larger.
inline Params preset(Preset which) {
  Params params;
  if (which == Preset::quick) {
    params.draws = 40;
    params.stopping_draws = 20;
    params.finite_draws = 400;
    params.relu_draws = 8;
    params.full = false;
  } else if (which == Preset::paper) {
    params.dim = 400;
    params.draws = 400;
    params.stopping_draws = 100;
    params.deep_draws = 50;
    params.relu_samples = 400;
    params.relu_dim = 80;
    params.relu_draws = 50;
    params.both_draws = 24;
  }
  return params;
}

/// Throws an ArgumentError for values that do not go together.
inline void validate(const Params& params) {
  require(
      params.relu_samples >= 10 && params.relu_samples >= 2 * params.relu_teacher, "relu_samples",
      params.relu_samples,
      ">= 10 and >= 2 relu_teacher: the narrowest student of the control, half as wide as there "
      "are samples, is to hold the teacher");
}

} // namespace gradus::examples::highdim
