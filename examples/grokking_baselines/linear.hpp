// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <algorithm>
#include <cmath>
#include <functional>
#include <string>
#include <utility>
#include <vector>

#include "setting.hpp"
#include <gradus/core/random.hpp>
#include <gradus/core/types.hpp>
#include <gradus/data/teacher.hpp>
#include <gradus/linear/descent_path.hpp>
#include <gradus/metrics/trend.hpp>
#include <gradus/study/plan.hpp>
#include <gradus/study/record.hpp>
#include <gradus/theory/linear_grokking.hpp>

namespace gradus::examples::baselines {

/// Whole steps from 1 to the last, about evenly spaced in the logarithm, none twice.
inline std::vector<Index> log_steps(const Params& p) {
  std::vector<Index> steps;
  for (const double t : logspace(1, p.last_step, p.num_times)) {
    const auto step = static_cast<Index>(std::lround(t));
    if (steps.empty() || step > steps.back()) {
      steps.push_back(step);
    }
  }
  return steps;
}

/// Step at which a falling loss reaches the level, by bisection in the logarithm of the step; the
/// last step if it does not by then.
inline double crossing(const std::function<double(double)>& loss, double level, double last) {
  if (loss(last) > level) {
    return last;
  }
  double low = 0;
  double high = std::log(last);
  for (int k = 0; k < 40; ++k) {
    const double middle = (low + high) / 2;
    (loss(std::exp(middle)) > level ? low : high) = middle;
  }
  return std::exp(high);
}

/// Which of the times the law is worked out at for the figure: early ones are far apart already.
inline bool is_drawn(std::size_t k) { return k < 16 || k % 8 == 0; }

/// Share of columns' entries whose square is at most epsilon, a value a column.
inline std::vector<double> shares_below(const Matrix<double>& residuals, double epsilon) {
  std::vector<double> shares;
  for (Index k = 0; k < residuals.cols(); ++k) {
    const auto count = (residuals.col(k).array().square() <= epsilon).count();
    shares.push_back(static_cast<double>(count) / static_cast<double>(residuals.rows()));
  }
  return shares;
}

/// One cell of the linear model: the whole path from one decomposition, measured on the samples and
/// on fresh ones, and the theory's times beside it.
inline void run_linear(const Params& p, const Point& at, const Stream& stream, Record& out) {
  const double ratio = at["ratio"];
  const auto num_samples = std::max<Index>(1, std::lround(static_cast<double>(p.dim) / ratio));
  constexpr Index fresh = 2000;
  const data::LinearTeacher setting{.dim = p.dim};
  const Vector<double> teacher = data::draw_teacher<double>(setting, stream);
  const Vector<double> start = data::draw_teacher<double>(setting, stream.child("student"));
  const auto train = data::draw_regression(setting, teacher, num_samples, stream.child("train"));
  const auto test = data::draw_regression(setting, teacher, fresh, stream.child("test"));
  const linear::DescentPath<double> path(train.x, train.y, start, p.linear_rate);

  const std::vector<Index> steps = log_steps(p);
  const Matrix<double> errors = path.weights(steps).colwise() - teacher;
  Matrix<double> train_residuals(num_samples, errors.cols());
  Matrix<double> test_residuals(fresh, errors.cols());
  Buffer<double> scratch;
  multiply<double>(train_residuals, train.x.transpose(), errors, scratch);
  multiply<double>(test_residuals, test.x.transpose(), errors, scratch);

  const theory::LinearGrokking law{
      .ratio = ratio, .learning_rate = p.linear_rate, .start = (start - teacher).squaredNorm()};
  law.validate();
  std::vector<double> times, train_loss, test_loss, train_law, test_law;
  for (std::size_t k = 0; k < steps.size(); ++k) {
    const auto column = static_cast<Index>(k);
    times.push_back(static_cast<double>(steps[k]));
    train_loss.push_back(train_residuals.col(column).squaredNorm() /
                         static_cast<double>(num_samples));
    test_loss.push_back(errors.col(column).squaredNorm());
    if (is_drawn(k)) {
      train_law.push_back(law.training_loss(times.back()).value);
      test_law.push_back(law.generalization_loss(times.back()).value);
    }
  }
  const auto train_accuracy = shares_below(train_residuals, p.epsilon);
  const auto test_accuracy = shares_below(test_residuals, p.epsilon);
  const auto t_train = metrics::first_at_least(times, train_accuracy, 0.95);
  const auto t_test = metrics::first_at_least(times, test_accuracy, 0.95);
  out.time("t_train", t_train);
  out.time("t_test", t_test);
  out.number("end_loss", test_loss.back());
  if (ratio < 1) {
    const double level = theory::loss_at_accuracy(0.95, p.epsilon);
    out.number("t_train_law",
               crossing([&](double t) { return law.training_loss(t).value; }, level, p.last_step));
    out.number("t_test_law", crossing([&](double t) { return law.generalization_loss(t).value; },
                                      level, p.last_step));
  }
  const Axis axis{"step", times};
  Axis sparse{"step", {}};
  for (std::size_t k = 0; k < times.size(); ++k) {
    if (is_drawn(k)) {
      sparse.at.push_back(times[k]);
    }
  }
  out.series("train_loss", axis, std::move(train_loss));
  out.series("test_loss", axis, std::move(test_loss));
  out.series("train_accuracy", axis, train_accuracy);
  out.series("test_accuracy", axis, test_accuracy);
  out.series("train_law", sparse, std::move(train_law));
  out.series("test_law", sparse, std::move(test_law));
}

} // namespace gradus::examples::baselines
