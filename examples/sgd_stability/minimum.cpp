// SPDX-License-Identifier: BSD-3-Clause
#include "minimum.hpp"

#include <cmath>
#include <utility>

#include "setting.hpp"
#include <gradus/curvature/gradient_modes.hpp>
#include <gradus/curvature/gradient_noise.hpp>
#include <gradus/curvature/mean_square_stability.hpp>
#include <gradus/study/summary.hpp>

namespace gradus::examples::dynamical_stability {

Flatness flatness(const Matrix<double>& gram, double batch) {
  const curvature::MeanSquareStability<double> stability(curvature::gradient_modes<double>(gram));
  const auto& modes = stability.modes();
  Flatness flat{};
  flat.trace = gram.trace() / static_cast<double>(gram.cols());
  flat.frobenius = modes.frobenius();
  flat.top = modes.top();
  if (batch == all_examples) {
    flat.threshold = stability.descent_threshold();
    flat.condition = flat.frobenius * flat.frobenius / flat.trace;
  } else {
    const auto count = static_cast<Index>(std::lround(batch));
    flat.threshold = stability.threshold(count);
    flat.condition = stability.flatness(count);
  }
  return flat;
}

void record_flatness(const Flatness& flat, double rate, study::Record& out) {
  out.number("trace", flat.trace);
  out.number("frobenius", flat.frobenius);
  out.number("top", flat.top);
  out.number("edge", rate / flat.threshold);
  out.number("tilde_trace", rate / 2 * flat.trace);
  out.number("tilde_top", rate / 2 * flat.top);
  out.number("tilde_condition", rate / 2 * flat.condition);
}

void AlignmentTrace::look(Index step, const Matrix<double>& gram, const Vector<double>& residuals) {
  constexpr double least_loss = 1e-9;
  if (residuals.squaredNorm() / (2 * static_cast<double>(residuals.size())) > least_loss) {
    steps.push_back(static_cast<double>(step));
    values.push_back(curvature::noise_alignment(gram, residuals));
  }
}

void AlignmentTrace::record(study::Record& out) {
  out.number("mu_median", study::median_of(values).value);
  out.number("mu_least", study::min_of(values).value);
  out.series("mu", {"step", std::move(steps)}, std::move(values));
}

} // namespace gradus::examples::dynamical_stability
