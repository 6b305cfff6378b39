// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <utility>
#include <vector>

#include <Eigen/Cholesky>

#include "linear.hpp"
#include "setting.hpp"
#include <gradus/core/distributions.hpp>
#include <gradus/core/random.hpp>
#include <gradus/core/types.hpp>
#include <gradus/linear/random_features.hpp>
#include <gradus/linear/spectral_path.hpp>
#include <gradus/nn/activation.hpp>
#include <gradus/nn/initialization.hpp>
#include <gradus/nn/loss.hpp>
#include <gradus/nn/mlp.hpp>
#include <gradus/objective/empirical_risk.hpp>
#include <gradus/optim/descend.hpp>
#include <gradus/optim/sgd.hpp>
#include <gradus/study/record.hpp>
#include <gradus/study/summary.hpp>
#include <gradus/theory/arc_cosine.hpp>

namespace gradus::examples::highdim {

/// A teacher of ReLU units with outputs of mean square 1 over x ~ N(0, I/d), and samples of it.
struct ReluTask {
  Matrix<double> x;        ///< inputs (d, P)
  Vector<double> y;        ///< noisy targets (P)
  Matrix<double> units;    ///< the teacher's first layer, a unit a row (Nt, d)
  Vector<double> read_out; ///< its second layer (Nt)

  /// The population error, without the noise of labels, of a student with the given first layer
  /// (units a row), whose outputs are <w, relu(units x)> / sqrt(width).
  [[nodiscard]] theory::PopulationError population_error(const Matrix<double>& student) const {
    const double scale = 1 / std::sqrt(static_cast<double>(x.rows()));
    const auto width = static_cast<double>(student.rows());
    return {1, theory::arc_cosine_kernel(student, units, scale) * read_out / std::sqrt(width),
            theory::arc_cosine_kernel(student, student, scale) / width};
  }
};

inline ReluTask draw_relu_task(Index dim, Index num_samples, Index teacher_width, double noise,
                               const Stream& stream) {
  ReluTask task{Matrix<double>(dim, num_samples), Vector<double>(num_samples),
                Matrix<double>(teacher_width, dim), Vector<double>(teacher_width)};
  Stream inputs = stream.child("inputs");
  Stream units = stream.child("teacher units");
  Stream read_out = stream.child("teacher read-out");
  Stream labels = stream.child("noise");
  const double scale = 1 / std::sqrt(static_cast<double>(dim));
  fill_normal(inputs, task.x, scale);
  fill_normal(units, task.units);
  fill_normal(read_out, task.read_out);
  const Matrix<double> kernel = theory::arc_cosine_kernel(task.units, task.units, scale);
  task.read_out /= std::sqrt(task.read_out.dot(kernel * task.read_out));
  fill_normal(labels, task.y, noise);
  task.y += (task.units * task.x).cwiseMax(0).transpose() * task.read_out;
  return task;
}

/// relu(J x) / sqrt(width) (width, P).
inline Matrix<double> relu_features(const Matrix<double>& units, const Matrix<double>& x) {
  return (units * x).cwiseMax(0) / std::sqrt(static_cast<double>(units.rows()));
}

/// A student's random first layer (width, d); wider ones hold the narrower ones. With
/// `holds_teacher` its first units are the teacher's.
inline Matrix<double> relu_student(const Params& p, const ReluTask& task, const Stream& stream,
                                   bool holds_teacher) {
  Matrix<double> units = linear::RandomFeatures<double>(p.relu_dim, p.width, stream).weights();
  if (holds_teacher) {
    units.topRows(task.units.rows()) = task.units;
  }
  return units;
}

/// Arms "relu" and its controls: the first layer is random and frozen, the read-out follows the
/// flow from 0.
/// @param holds_teacher  the teacher's units are among the student's: nothing is out of reach
inline void run_relu(const Params& p, const Stream& stream, Record& out, bool holds_teacher) {
  constexpr double forever = std::numeric_limits<double>::infinity();
  std::vector<double> times = relu_times();
  const std::size_t curve = times.size();
  times.push_back(relu_late);
  times.push_back(forever);
  std::vector<double> overtraining, late, best, smallest, frozen, approximation, null, overfit,
      final_error, bound, length, violation;
  std::vector<std::vector<double>> curves;
  for (Index i = 0; i < p.relu_draws; ++i) {
    const Stream draw = stream.child("relu draw", static_cast<std::uint64_t>(i));
    const ReluTask task =
        draw_relu_task(p.relu_dim, p.relu_samples, p.relu_teacher, p.relu_noise, draw);
    const Matrix<double> units = relu_student(p, task, draw, holds_teacher);
    const Matrix<double> features = relu_features(units, task.x);
    const auto error = task.population_error(units);
    const linear::SpectralPath<double> path(linear::gram_spectrum<double>(features), task.y);
    const auto& spectrum = path.spectrum();

    Matrix<double> weights(p.width, static_cast<Index>(times.size()));
    double worst = 0;
    double bound_late = 0;
    for (std::size_t k = 0; k < times.size(); ++k) {
      const Flow filter{times[k]};
      weights.col(static_cast<Index>(k)) = path.weights(filter);
      double most = 0; // max_i (1 - exp(-s_i^2 t)) / s_i
      for (const double s : spectrum.values) {
        most = std::max(most, filter.gain(s * s) * s);
      }
      const double limit = task.y.norm() * most;
      worst = std::max(worst, weights.col(static_cast<Index>(k)).norm() / limit);
      if (times[k] == relu_late) {
        bound_late = limit;
      }
    }
    const Vector<double> errors = error.each(weights);
    const auto looks = static_cast<Index>(curve);
    const double least = errors.head(looks).minCoeff();
    late.push_back(errors(looks));
    best.push_back(least);
    overtraining.push_back(errors(looks) - std::min(least, errors(looks)));
    final_error.push_back(errors(looks + 1));
    curves.emplace_back(errors.data(), errors.data() + looks);
    const double s = spectrum.values(spectrum.rank() - 1);
    smallest.push_back(s * s);
    frozen.push_back(static_cast<double>(p.width - spectrum.rank()) / static_cast<double>(p.width));
    bound.push_back(bound_late);
    length.push_back(weights.col(looks).norm());
    violation.push_back(worst);

    // The three parts of the error after infinite time.
    const Vector<double> ideal = error.second().ldlt().solve(error.cross());
    const Vector<double> unreached =
        ideal - spectrum.left * (spectrum.left.transpose() * ideal).eval();
    const Vector<double> residual = task.y - features.transpose() * ideal;
    const Vector<double> noise_fit =
        spectrum.left *
        (spectrum.right.transpose() * residual).cwiseQuotient(spectrum.values).eval();
    approximation.push_back(error.target() - error.cross().dot(ideal));
    null.push_back(unreached.dot(error.second() * unreached));
    overfit.push_back(noise_fit.dot(error.second() * noise_fit));
  }
  out.number("overtraining", median_of(overtraining).value);
  out.number("late", median_of(late).value);
  out.number("best", median_of(best).value);
  out.number("smallest_eigenvalue", median_of(smallest).value);
  out.number("frozen_least", min_of(frozen).value);
  out.number("frozen_most", max_of(frozen).value);
  out.number("bound", median_of(bound).value);
  out.number("norm", median_of(length).value);
  out.number("norm_over_bound", max_of(violation).value);
  out.number("approximation", median_of(approximation).value);
  out.number("null", median_of(null).value);
  out.number("overfit", median_of(overfit).value);
  if (!holds_teacher) { // otherwise rounding alone is left at the end, and nothing to split
    out.number("split",
               (mean_of(approximation).value + mean_of(null).value + mean_of(overfit).value) /
                   mean_of(final_error).value);
  }
  out.series("error", {"time", relu_times()}, quantile_across(curves, 0.5));
}

/// Arm "relu-steps": the read-out by gradient descent, step by step, against its path.
inline void run_relu_steps(const Params& p, const Stream& stream, Record& out) {
  const Stream draw = stream.child("relu draw", 0);
  const ReluTask task =
      draw_relu_task(p.relu_dim, p.relu_samples, p.relu_teacher, p.relu_noise, draw);
  const Matrix<double> units = relu_student(p, task, draw, false);
  const Matrix<double> features = relu_features(units, task.x);
  const linear::SpectralPath<double> path(linear::gram_spectrum<double>(features), task.y);
  const double largest = path.spectrum().values(0);
  const double rate = 1 / (largest * largest);
  constexpr Index steps = 2000;
  Vector<double> w = Vector<double>::Zero(p.width);
  for (Index k = 0; k < steps; ++k) {
    w += rate * features * (task.y - features.transpose() * w);
  }
  const Vector<double> exact = path.weights(Descent{rate, steps});
  const auto error = task.population_error(units);
  out.number("path_error",
             std::max((w - exact).norm() / w.norm(), std::abs(error(w) - error(exact))));
}

/// Arm "both": both layers are trained, by gradient descent on half the sum of squares. Outputs are
/// divided by sqrt(width); as ReLU is homogeneous, dividing the inputs does the same.
inline void run_both(const Params& p, const Stream& stream, Record& out) {
  using Net = nn::Mlp<double, nn::Relu>;
  constexpr Index inputs = 10;
  constexpr Index teacher_width = 5;
  constexpr double noise = 0.5;
  constexpr double learning_rate = 0.02;
  const ReluTask task = draw_relu_task(inputs, both_samples, teacher_width, noise, stream);
  const Net net({.widths = {inputs, p.width, 1}, .biases = false});
  Vector<double> theta =
      net.initial_parameters(nn::Gaussian{.scale = 0.3}, stream.child("student"));
  const Matrix<double> x = task.x / std::sqrt(static_cast<double>(p.width));
  objective::EmpiricalRisk risk(net, nn::Square{}, x, task.y.transpose());
  const auto error_of = [&](const Vector<double>& now) {
    const Matrix<double> units = net.weights(now, 1);
    const Vector<double> read_out = net.weights(now, 2).transpose();
    return task.population_error(units)(read_out);
  };
  std::vector<double> steps, errors;
  const Index look_every = std::max<Index>(1, p.both_steps / 150);
  const auto end = optim::descend(
      risk, theta,
      optim::Sgd<double>{.learning_rate = learning_rate * static_cast<double>(both_samples)},
      {.steps = p.both_steps}, optim::every(look_every, [&](const auto& now) {
        steps.push_back(static_cast<double>(now.step));
        errors.push_back(error_of(now.theta));
      }));
  if (end.status == optim::Status::diverged) {
    out.diverged(static_cast<double>(end.steps), end.diverged);
    return;
  }
  const double last = error_of(theta);
  const double best = std::min(last, *std::min_element(errors.begin(), errors.end()));
  out.number("best", best);
  out.number("final", last);
  out.number("overtraining", last - best);
  out.series("error", {"step", steps}, std::move(errors));
}

} // namespace gradus::examples::highdim
