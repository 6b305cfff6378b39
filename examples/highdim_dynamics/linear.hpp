// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <limits>
#include <string>
#include <utility>
#include <vector>

#include "setting.hpp"
#include <gradus/core/distributions.hpp>
#include <gradus/core/random.hpp>
#include <gradus/core/types.hpp>
#include <gradus/linear/spectral_path.hpp>
#include <gradus/metrics/running_mean.hpp>
#include <gradus/study/record.hpp>
#include <gradus/theory/high_dim_dynamics.hpp>

namespace gradus::examples::highdim {

/// A vector of independent normal entries of the given variance, stretched to exactly its expected
/// length: means over draws are the same, their spread is smaller.
inline Vector<double> draw_of_length(const Stream& stream, Index size, double variance) {
  Matrix<double> direction(size, 1);
  Stream draws = stream;
  fill_sphere(draws, direction, std::sqrt(variance * static_cast<double>(size)));
  return direction.col(0);
}

/// One draw of a linear teacher, in units of the noise: y = X^T wbar + eps.
struct Draw {
  Matrix<double> x;       ///< inputs (N, P), entries N(0, 1/N)
  Vector<double> teacher; ///< wbar (N), |wbar|^2 = N snr
  Vector<double> start;   ///< w(0) (N), |w(0)|^2 = N inr
  Vector<double> noise;   ///< eps (P), |eps|^2 = P

  [[nodiscard]] Vector<double> targets() const { return x.transpose() * teacher + noise; }
};

inline Draw draw_linear(const Params& p, const Stream& stream, Index index) {
  const Stream draw = stream.child("draw", static_cast<std::uint64_t>(index));
  Draw result{Matrix<double>(p.dim, p.num_samples()),
              draw_of_length(draw.child("teacher"), p.dim, p.snr),
              draw_of_length(draw.child("start"), p.dim, p.inr),
              draw_of_length(draw.child("noise"), p.num_samples(), 1)};
  Stream inputs = draw.child("inputs");
  fill_normal(inputs, result.x, 1 / std::sqrt(static_cast<double>(p.dim)));
  return result;
}

/// Errors of a student whose weights lie on a spectral path.
class Student {
public:
  Student(const Draw& draw, const linear::Spectrum<double>& spectrum, const Vector<double>& targets,
          const Vector<double>& start)
      : path_(spectrum, targets, start), truth_(spectrum.left.transpose() * draw.teacher),
        dim_(static_cast<double>(draw.teacher.size())),
        num_samples_(static_cast<double>(targets.size())) {
    const Vector<double> distance = start - draw.teacher;
    outside_ = std::max(0.0, distance.squaredNorm() -
                                 (spectrum.left.transpose() * distance).squaredNorm());
  }

  /// |w - wbar|^2 / N: the error beyond the noise of new labels.
  template <class Filter>
  [[nodiscard]] double excess(const Filter& filter) const {
    return ((path_.coordinates(filter) - truth_).squaredNorm() + outside_) / dim_;
  }
  /// E_g = 1 + |w - wbar|^2 / N.
  template <class Filter>
  [[nodiscard]] double generalization_error(const Filter& filter) const {
    return 1 + excess(filter);
  }
  /// E_t = |y - X^T w|^2 / P.
  template <class Filter>
  [[nodiscard]] double training_error(const Filter& filter) const {
    return path_.training_error(filter) / num_samples_;
  }
  [[nodiscard]] const linear::SpectralPath<double>& path() const { return path_; }

private:
  linear::SpectralPath<double> path_;
  Vector<double> truth_; ///< V^T wbar
  double outside_ = 0;   ///< squared distance where no sample points
  double dim_;
  double num_samples_;
};

using Flow = linear::GradientFlow<double>;
using Descent = linear::GradientDescent<double>;

/// Learning rates at the given share of 1 / (1 + sqrt alpha)^2; stable below 2.
inline double learning_rate(const Params& p, double share) {
  const double root = 1 + std::sqrt(p.alpha);
  return share / (root * root);
}

/// Writes mean, standard error and law of a curve.
inline void write_curve(Record& out, const std::string& name, const Axis& axis,
                        const metrics::RunningMean& errors, std::vector<double> law) {
  out.series(name, axis, errors.mean());
  out.series(name + "_se", axis, errors.standard_error());
  out.series(name + "_law", axis, std::move(law));
}

/// Test errors of flow at the given times over so many draws.
inline metrics::RunningMean flow_errors(const Params& p, const Stream& stream, Index draws,
                                        const std::vector<double>& times) {
  metrics::RunningMean result;
  for (Index i = 0; i < draws; ++i) {
    const Draw draw = draw_linear(p, stream, i);
    const Student student(draw, linear::gram_spectrum<double>(draw.x), draw.targets(), draw.start);
    std::vector<double> errors;
    for (const double t : times) {
      errors.push_back(student.generalization_error(Flow{t}));
    }
    result.add(errors);
  }
  return result;
}

/// The same by the integral.
inline std::vector<double> flow_law(const theory::HighDimDynamics& law,
                                    const std::vector<double>& times) {
  std::vector<double> errors;
  for (const double t : times) {
    errors.push_back(law.generalization_error(theory::HighDimDynamics::flow(t)).value);
  }
  return errors;
}

/// The setting's law.
inline theory::HighDimDynamics law_of(const Params& p) {
  return {.alpha = p.alpha, .snr = p.snr, .inr = p.inr};
}

/// Arms "curve-...": both errors over time, by flow and by descent with a small and a big step,
/// means over draws beside the integrals over Marchenko and Pastur's law.
inline void run_curves(const Params& p, const Stream& stream, Record& out) {
  const theory::HighDimDynamics law = law_of(p);
  const double small = learning_rate(p, 0.3);
  const double big = learning_rate(p, 1.6);
  const std::vector<double> times = curve_times();
  std::vector<Index> small_steps, big_steps;
  for (const double t : times) {
    const Index k = std::max<Index>(1, std::lround(t / small));
    if (small_steps.empty() || k > small_steps.back()) {
      small_steps.push_back(k);
    }
  }
  for (const Index k : {1, 2, 3, 4, 5, 6, 7, 8, 10, 12, 15, 20, 30, 40, 60}) {
    big_steps.push_back(k);
  }
  struct Curve {
    metrics::RunningMean test, train;
  } flow, gd, gd_big;
  for (Index i = 0; i < p.draws; ++i) {
    const Draw draw = draw_linear(p, stream, i);
    const Student student(draw, linear::gram_spectrum<double>(draw.x), draw.targets(), draw.start);
    const auto add = [&](Curve& curve, const auto& points, const auto& filter_at) {
      std::vector<double> test, train;
      for (const auto& point : points) {
        test.push_back(student.generalization_error(filter_at(point)));
        train.push_back(student.training_error(filter_at(point)));
      }
      curve.test.add(test);
      curve.train.add(train);
    };
    add(flow, times, [](double t) { return Flow{t}; });
    add(gd, small_steps, [&](Index k) { return Descent{small, k}; });
    add(gd_big, big_steps, [&](Index k) { return Descent{big, k}; });
  }
  const auto write = [&](const std::string& name, const Curve& curve, const Axis& axis,
                         const auto& points, const auto& filter_at) {
    std::vector<double> test, train;
    for (const auto& point : points) {
      test.push_back(law.generalization_error(filter_at(point)).value);
      train.push_back(law.training_error(filter_at(point)).value);
    }
    write_curve(out, name + "_test", axis, curve.test, std::move(test));
    write_curve(out, name + "_train", axis, curve.train, std::move(train));
  };
  using Law = theory::HighDimDynamics;
  const auto times_of = [](const std::vector<Index>& steps, double rate) {
    std::vector<double> at;
    for (const Index k : steps) {
      at.push_back(rate * static_cast<double>(k));
    }
    return Axis{"time", at};
  };
  write("flow", flow, Axis{"time", times}, times, [](double t) { return Law::flow(t); });
  write("small", gd, times_of(small_steps, small), small_steps,
        [&](Index k) { return Law::descent(small, k); });
  write("big", gd_big, times_of(big_steps, big), big_steps,
        [&](Index k) { return Law::descent(big, k); });
  // The big step judged by the curve of flow at the same time: the control.
  std::vector<double> wrong;
  for (const Index k : big_steps) {
    wrong.push_back(law.generalization_error(Law::flow(big * static_cast<double>(k))).value);
  }
  out.series("big_test_flow_law", times_of(big_steps, big), std::move(wrong));
  out.number("train_start", law.training_error(Law::flow(0)).value);
}

/// Arm "sweep": overtraining, best stop, ridge and spectrum at one ratio alpha.
inline void run_sweep(const Params& p, const Stream& stream, Record& out) {
  const theory::HighDimDynamics law = law_of(p);
  const std::vector<double> times = sweep_times();
  // Without a teacher and a start the best penalty is infinite.
  const double penalty = std::min(law.optimal_ridge().penalty, 1e12);
  metrics::RunningMean test, quiet, numbers;
  std::vector<double> eigenvalues;
  for (Index i = 0; i < p.draws; ++i) {
    const Draw draw = draw_linear(p, stream, i);
    const auto spectrum = linear::gram_spectrum<double>(draw.x);
    const Student student(draw, spectrum, draw.targets(), draw.start);
    // The same draw without label noise.
    const Student clean(draw, spectrum, draw.x.transpose() * draw.teacher, draw.start);
    // An initial weight of unit variance, and its opposite: the mean of the two errors is free of
    // the term linear in w(0).
    const Vector<double> ahead =
        draw_of_length(stream.child("init", static_cast<std::uint64_t>(i)), p.dim, 1);
    const Student plus(draw, spectrum, draw.targets(), draw.start + ahead);
    const Student minus(draw, spectrum, draw.targets(), draw.start - ahead);
    std::vector<double> errors, clean_errors;
    for (const double t : times) {
      errors.push_back(student.generalization_error(Flow{t}));
      clean_errors.push_back(clean.excess(Flow{t}));
    }
    test.add(errors);
    quiet.add(clean_errors);
    const Flow late{times.back()};
    const double per_inr = (plus.excess(late) + minus.excess(late)) / 2 - student.excess(late);
    const Vector<double>& s = spectrum.values;
    numbers.add({student.generalization_error(linear::RidgeFilter<double>{penalty}),
                 student.generalization_error(linear::RidgeFilter<double>{10 * penalty}), per_inr,
                 s(s.size() - 1) * s(s.size() - 1)});
    for (const double value : s) {
      eigenvalues.push_back(value * value);
    }
  }
  std::vector<double> curve = flow_law(law, times);
  const Axis axis{"time", times};
  const auto least = [](const std::vector<double>& values) {
    return *std::min_element(values.begin(), values.end());
  };
  const double best = least(test.mean());
  out.number("final", test.mean().back());
  out.number("final_se", test.standard_error().back());
  out.number("final_law", curve.back());
  out.number("best_stop", best);
  out.number("best_stop_law", law.optimal_stop().error);
  out.number("overtraining", test.mean().back() - best);
  out.number("overtraining_clean", quiet.mean().back() - least(quiet.mean()));
  out.number("ridge", numbers.mean()[0]);
  out.number("ridge_law", law.optimal_ridge().error);
  out.number("ridge_too_strong", numbers.mean()[1]);
  out.number("per_inr", numbers.mean()[2]);
  out.number("smallest_eigenvalue", numbers.mean()[3]);
  write_curve(out, "test", axis, test, std::move(curve));
  // Histogram of the eigenvalues that are not 0, as a density over all N.
  const double high = law.high() * 1.1;
  constexpr int bins = 44;
  std::vector<double> centres, density(bins, 0.0);
  const double bin = high / bins;
  for (int b = 0; b < bins; ++b) {
    centres.push_back((b + 0.5) * bin);
  }
  for (const double value : eigenvalues) {
    const auto b = static_cast<std::size_t>(value / bin);
    if (b < density.size()) {
      density[b] += 1 / (bin * static_cast<double>(p.dim * p.draws));
    }
  }
  out.series("eigenvalue_density", {"eigenvalue", centres}, std::move(density));
}

/// Arm "stopping": the best time to stop at one snr.
inline void run_stopping(const Params& p, const Stream& stream, Record& out) {
  const theory::HighDimDynamics law = law_of(p);
  const auto stop = law.optimal_stop();
  std::vector<double> times = stopping_times();
  times.push_back(stop.time); // last: theory's own time
  const metrics::RunningMean test = flow_errors(p, stream, p.stopping_draws, times);
  const auto& mean = test.mean();
  const auto best = std::min_element(mean.begin(), mean.end() - 1);
  out.number("t_opt", times[static_cast<std::size_t>(best - mean.begin())]);
  out.number("t_opt_law", stop.time);
  out.number("regret", mean.back() / std::min(*best, mean.back()) - 1);
}

/// Arms "finite-...": the error after infinite time of a small system, whose mean is known.
inline void run_finite(const Params& p, const Stream& stream, Record& out) {
  const theory::HighDimDynamics law = law_of(p);
  metrics::RunningMean test;
  for (Index i = 0; i < p.finite_draws; ++i) {
    const Draw draw = draw_linear(p, stream, i);
    const Student student(draw, linear::gram_spectrum<double>(draw.x), draw.targets(), draw.start);
    test.add({student.generalization_error(linear::Interpolation<double>{})});
  }
  const double error = test.standard_error()[0];
  out.number("mean", test.mean()[0]);
  out.number("z_exact", std::abs(test.mean()[0] - law.final_error(p.dim, p.num_samples())) / error);
  out.number("z_limit", std::abs(test.mean()[0] - law.final_error()) / error);
}

/// Arm "steps": gradient descent step by step, with and without weight decay, against the path and
/// in the null space of the data.
inline void run_steps(const Params& p, const Stream& stream, Record& out) {
  const Draw draw = draw_linear(p, stream, 0);
  const Vector<double> y = draw.targets();
  const double rate = learning_rate(p, 0.3);
  constexpr Index steps = 2000;
  const auto spectrum = linear::gram_spectrum<double>(draw.x);
  const auto descend = [&](double decay) {
    Vector<double> w = draw.start;
    Vector<double> residual(y.size());
    for (Index k = 0; k < steps; ++k) {
      residual = y;
      residual.noalias() -= draw.x.transpose() * w;
      w *= 1 - rate * decay;
      w.noalias() += rate * draw.x * residual;
    }
    return w;
  };
  const auto hidden_share = [&](const Vector<double>& w) {
    const Vector<double> motion = w - draw.start;
    const Vector<double> hidden =
        motion - spectrum.left * (spectrum.left.transpose() * motion).eval();
    return hidden.norm() / motion.norm();
  };
  const Vector<double> w = descend(0);
  const Student student(draw, spectrum, y, draw.start);
  const Descent filter{rate, steps};
  const auto error_of = [&](const Vector<double>& weights) {
    return 1 + (weights - draw.teacher).squaredNorm() / static_cast<double>(p.dim);
  };
  out.number("path_error", std::max((w - student.path().weights(filter)).norm() / w.norm(),
                                    std::abs(error_of(w) - student.generalization_error(filter))));
  out.number("zero_modes", static_cast<double>(p.dim - spectrum.rank()));
  out.number("zero_modes_expected",
             static_cast<double>(std::max<Index>(0, p.dim - p.num_samples())));
  out.number("null_motion", hidden_share(w));
  out.number("null_motion_decay", hidden_share(descend(0.1)));
}

/// Arm "theory": what needs no draw. Early stopping against ridge, the growth of the stopping time,
/// the quadrature, the square-root law's constant.
inline void run_theory(Record& out) {
  using Law = theory::HighDimDynamics;
  double least = std::numeric_limits<double>::infinity();
  double most = -least;
  for (const double snr : logspace(0.1, 1000, 9)) {
    for (const double alpha : logspace(0.1, 10, 21)) {
      const Law law{.alpha = alpha, .snr = snr};
      const double excess = law.optimal_stop().error / law.optimal_ridge().error - 1;
      least = std::min(least, excess);
      most = std::max(most, excess);
    }
  }
  out.number("stop_over_ridge_least", least);
  out.number("stop_over_ridge_most", most);
  const std::vector<double> alphas{0.5, 2, 4};
  std::vector<double> growth;
  for (const double alpha : alphas) {
    const auto stop = [&](double snr) {
      return Law{.alpha = alpha, .snr = snr}.optimal_stop().time;
    };
    growth.push_back((stop(1e5) - stop(1e4)) / (std::log(10.0) / Law{.alpha = alpha}.low()));
  }
  out.series("stop_growth", {"alpha", alphas}, std::move(growth));
  double worst = 0;
  for (const double alpha : {0.25, 0.5, 0.9, 1.0, 1.1, 2.0, 4.0}) {
    const theory::MarchenkoPastur spectrum(1 / alpha);
    const Law law{.alpha = alpha, .snr = 5, .inr = 2};
    const auto off = [&](double value, double exact) {
      worst = std::max(worst, std::abs(value - exact));
    };
    off(spectrum.continuous_mean([](double) { return 1.0; }).value, std::min(1.0, alpha));
    off(spectrum.mean([&](double x) { return alpha * x; }).value, alpha);
    if (alpha != 1) {
      const double late = 1e4;
      off(law.generalization_error(Law::flow(late)).value, law.final_error());
    }
  }
  out.number("quadrature", worst);
}

/// Arm "noise-only": alpha = 1, no teacher: the error grows like the root of the time.
inline void run_noise_only(const Params& p, const Stream& stream, Record& out) {
  const std::vector<double> times = logspace(5, 100, 20);
  write_curve(out, "test", {"time", times}, flow_errors(p, stream, p.draws, times),
              flow_law(law_of(p), times));
}

} // namespace gradus::examples::highdim
