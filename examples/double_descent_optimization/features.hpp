// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <cmath>
#include <cstddef>
#include <string>
#include <utility>
#include <vector>

#include "optimizers.hpp"
#include "problem.hpp"
#include "setting.hpp"
#include <gradus/core/distributions.hpp>
#include <gradus/core/random.hpp>
#include <gradus/core/types.hpp>
#include <gradus/linear/condition_number.hpp>
#include <gradus/linear/refined_spectrum.hpp>
#include <gradus/linear/spectral_filter.hpp>
#include <gradus/linear/spectral_path.hpp>
#include <gradus/linear/width_sweep.hpp>
#include <gradus/study/plan.hpp>
#include <gradus/study/record.hpp>

/// The random-features model. Every cell is one draw of data and features, and one way of training
/// or a family of them, at all widths.
namespace gradus::examples::double_descent {

using linear::GradientDescent;
using linear::HeavyBall;
using linear::Interpolation;
using linear::RidgeFilter;
using Path = linear::SpectralPath<double>;

inline const std::vector<double> descent_steps{10, 100, 1e3, 1e4, 1e5, 1e7};
inline const std::vector<double> descent_rates{1e-3, 1e-2, 1e-1, 1};
inline const std::vector<double> momenta{0.9, 0.99};
inline const std::vector<double> adam_read_out_steps{100, 1000};
inline const std::vector<double> krylov_steps{10, 30, 100, 300};
inline const std::vector<double> batch_sizes{100, 10, 1};
inline const std::vector<double> starts{1, 3};
inline const std::vector<double> penalties{1e-3, 1e-1};
inline const std::vector<double> risk_penalties{0, 1e-3, 1e-2, 1e-1};

/// Gradient descent at 1 / L, L the largest eigenvalue of Z Z^T / n of this very design.
inline double unit_rate(const Path& path) {
  const double s = path.spectrum().values(0);
  return 1 / (s * s);
}

/// Enters test and training errors of every filter of a list.
template <class Error, class MakeFilter>
void enter(Grid& grid, std::size_t ratio, const Path& path, const Error& error,
           const std::vector<double>& varied, const MakeFilter& filter) {
  const auto n = static_cast<double>(path.spectrum().right.rows());
  for (std::size_t k = 0; k < varied.size(); ++k) {
    const auto f = filter(varied[k]);
    grid.set(k, ratio, error(path.weights(f)), path.training_error(f) / n);
  }
}

/// Largest difference of the closed forms from 500 steps of descent and of heavy ball.
inline std::pair<double, double> difference_from_steps(const Path& path, const Matrix<double>& z,
                                                       const Vector<double>& y) {
  const double rate = unit_rate(path);
  const auto stepped = [&](double momentum) {
    Vector<double> a = Vector<double>::Zero(z.rows());
    Vector<double> before = a;
    for (int t = 0; t < 500; ++t) {
      const Vector<double> next =
          a + rate * (z * (y - z.transpose() * a)) + momentum * (a - before);
      before = a;
      a = next;
    }
    return a;
  };
  const Vector<double> plain = path.weights(GradientDescent<double>{rate, 500}) - stepped(0);
  const Vector<double> heavy = path.weights(HeavyBall<double>{rate, 0.9, 500}) - stepped(0.9);
  return {plain.cwiseAbs().maxCoeff(), heavy.cwiseAbs().maxCoeff()};
}

/// ReLU features: steps, rates, momentum, Adam, conjugate gradients, starts, ridge.
inline void run_relu(const Params& p, const Stream& stream, Record& out) {
  const Problem problem(p.dim, p.num_samples, p.noise, stream);
  const auto ratios = p.ratios();
  const Index widest = width_of(ratios.back(), p.num_samples);
  const auto features = draw_features<nn::Relu>(p.dim, widest, 1, stream);
  const auto error = relu_error(features, problem.beta);
  const Matrix<double> all = features(problem.x);
  Stream directions = stream.child("start");
  Vector<double> start(widest);
  fill_normal(directions, start);

  Grid descent("descent", {"step", descent_steps}, ratios);
  Grid end("end", {"limit", {0}}, ratios);
  Grid rate("rate", {"rate in 1/L", descent_rates}, ratios);
  Grid momentum("momentum", {"momentum", momenta}, ratios);
  Grid adam("adam", {"step", adam_read_out_steps}, ratios);
  Grid krylov("conjugate_gradient", {"step", krylov_steps}, ratios);
  Grid from("start", {"start's scale", starts}, ratios);
  Grid ridge("ridge", {"ridge", penalties}, ratios);
  std::vector<double> condition;
  for (std::size_t r = 0; r < ratios.size(); ++r) {
    const Index width = width_of(ratios[r], p.num_samples);
    const Matrix<double> z = all.topRows(width);
    const Path path(linear::refined_spectrum<double>(z), problem.y);
    const double unit = unit_rate(path);
    condition.push_back(path.spectrum().condition_number());
    enter(descent, r, path, error, descent_steps, [&](double steps) {
      return GradientDescent<double>{unit, static_cast<Index>(steps)};
    });
    enter(end, r, path, error, {0}, [](double) { return Interpolation<double>{}; });
    enter(ridge, r, path, error, penalties, [&](double penalty) {
      return RidgeFilter<double>{penalty * static_cast<double>(p.num_samples)};
    });
    const auto trained = by_adam(z, problem.y, adam_read_out_steps);
    for (std::size_t k = 0; k < trained.size(); ++k) {
      adam.set(k, r, error(trained[k]), training_error(z, problem.y, trained[k]));
    }
    const auto solved = by_conjugate_gradient(z, problem.y, krylov_steps);
    for (std::size_t k = 0; k < solved.size(); ++k) {
      krylov.set(k, r, error(solved[k]), training_error(z, problem.y, solved[k]));
    }
    if (p.full) {
      enter(rate, r, path, error, descent_rates, [&](double share) {
        return GradientDescent<double>{share * unit, 100000};
      });
      enter(momentum, r, path, error, momenta, [&](double m) {
        return HeavyBall<double>{unit, m, 10000};
      });
      for (std::size_t k = 0; k < starts.size(); ++k) {
        const double scale = starts[k] / std::sqrt(static_cast<double>(width));
        const Path moved(path.spectrum(), problem.y, scale * start.head(width));
        const GradientDescent<double> filter{unit, 10000};
        from.set(k, r, error(moved.weights(filter)),
                 moved.training_error(filter) / static_cast<double>(p.num_samples));
      }
    }
    if (ratios[r] == 1) {
      const auto [plain, heavy] = difference_from_steps(path, z, problem.y);
      out.number("step_difference", plain);
      out.number("heavy_ball_difference", heavy);
    }
  }
  for (const Grid* grid : {&descent, &end, &ridge, &adam, &krylov}) {
    grid->record(out);
  }
  if (p.full) {
    for (const Grid* grid : {&rate, &momentum, &from}) {
      grid->record(out);
    }
  }
  out.series("condition", {"N/n", ratios}, std::move(condition));
}

/// ReLU features and mini-batches.
inline void run_minibatches(const Params& p, Index batch, const Stream& stream, Record& out) {
  const Problem problem(p.dim, p.num_samples, p.noise, stream);
  const auto ratios = p.ratios();
  const auto features =
      draw_features<nn::Relu>(p.dim, width_of(ratios.back(), p.num_samples), 1, stream);
  const auto error = relu_error(features, problem.beta);
  const Matrix<double> all = features(problem.x);
  Grid grid("minibatches", {"batch size", {static_cast<double>(batch)}}, ratios);
  for (std::size_t r = 0; r < ratios.size(); ++r) {
    const Matrix<double> z = all.topRows(width_of(ratios[r], p.num_samples));
    const Vector<double> a = by_minibatches(z, problem.y, batch, p.epochs, stream.child("order"));
    grid.set(0, r, error(a), training_error(z, problem.y, a));
  }
  grid.record(out);
}

/// Ten thousand steps and the limit, at all widths, for any features.
/// @param z  of the training samples   @param error  of a read-out
template <class Error>
void run_two_budgets(const Params& p, const Matrix<double>& z, const Vector<double>& y,
                     const Error& error, Record& out) {
  const auto ratios = p.ratios();
  Grid descent("descent", {"step", {1e4}}, ratios);
  Grid end("end", {"limit", {0}}, ratios);
  std::vector<double> condition;
  for (std::size_t r = 0; r < ratios.size(); ++r) {
    const Path path(linear::refined_spectrum<double>(z.topRows(width_of(ratios[r], p.num_samples))),
                    y);
    condition.push_back(path.spectrum().condition_number());
    enter(descent, r, path, error, {1e4}, [&](double steps) {
      return GradientDescent<double>{unit_rate(path), static_cast<Index>(steps)};
    });
    enter(end, r, path, error, {0}, [](double) { return Interpolation<double>{}; });
  }
  descent.record(out);
  end.record(out);
  out.series("condition", {"N/n", ratios}, std::move(condition));
}

/// ReLU features less their mean.
inline void run_centred(const Params& p, const Stream& stream, Record& out) {
  const Problem problem(p.dim, p.num_samples, p.noise, stream);
  const auto features =
      draw_features<nn::Relu>(p.dim, width_of(p.ratios().back(), p.num_samples), 1, stream);
  const Matrix<double> z = features(problem.x).array() - relu_mean(p.dim);
  run_two_budgets(p, z, problem.y, relu_error(features, problem.beta, true), out);
}

/// Mean squared error of read-outs on test samples. @param z  features of these (widest, samples)
inline auto sampled_error(const Matrix<double>& z, const Vector<double>& target) {
  return [&z, &target](const Vector<double>& a) {
    return (z.topRows(a.size()).transpose() * a - target).squaredNorm() /
           static_cast<double>(target.size());
  };
}

/// tanh features: the scale of the first layer, or columns of unequal scale.
/// @param spread  columns are multiplied by exp(spread g), g ~ N(0, 1)
/// @param normed  and then divided by their root mean square over the training samples
inline void run_tanh(const Params& p, double scale, double spread, bool normed,
                     const Stream& stream, Record& out) {
  const Problem problem(p.dim, p.num_samples, p.noise, stream);
  const Index widest = width_of(p.ratios().back(), p.num_samples);
  const auto features = draw_features<nn::Tanh>(p.dim, widest, scale, stream);
  Stream inputs = stream.child("test inputs");
  Matrix<double> x(p.dim, p.num_test);
  fill_sphere(inputs, x, std::sqrt(static_cast<double>(p.dim)));
  Matrix<double> z = features(problem.x);
  Matrix<double> test = features(x);
  Stream factors = stream.child("columns");
  for (Index j = 0; j < widest; ++j) {
    double factor = std::exp(spread * normal(factors));
    if (normed) {
      factor = std::sqrt(static_cast<double>(z.cols())) / z.row(j).norm();
    }
    z.row(j) *= factor;
    test.row(j) *= factor;
  }
  const Vector<double> target = x.transpose() * problem.beta;
  run_two_budgets(p, z, problem.y, sampled_error(test, target), out);
}

/// ReLU features at N = n, and around it: growth of the error with time, and descent beside ridge.
inline void run_time(const Params& p, const Stream& stream, Record& out) {
  const Problem problem(p.dim, p.num_samples, p.noise, stream);
  const std::vector<double> ratios{0.5, 1, 2};
  const auto features =
      draw_features<nn::Relu>(p.dim, width_of(ratios.back(), p.num_samples), 1, stream);
  const auto error = relu_error(features, problem.beta);
  const Matrix<double> all = features(problem.x);
  const std::vector<double> times = logspace(1e3, 1e6, 7);
  const std::vector<double> few{1e2, 1e3, 1e4, 1e5};
  Grid descent("descent", {"step", few}, ratios);
  Grid ridge("ridge", {"step", few}, ratios);
  for (std::size_t r = 0; r < ratios.size(); ++r) {
    const Path path(
        linear::refined_spectrum<double>(all.topRows(width_of(ratios[r], p.num_samples))),
        problem.y);
    const double unit = unit_rate(path);
    const auto steps = [&](double t) {
      return GradientDescent<double>{unit, static_cast<Index>(std::lround(t))};
    };
    enter(descent, r, path, error, few, steps);
    // The sum's learning rate: eta / n with eta = 1 / L.
    enter(ridge, r, path, error, few,
          [&](double t) { return RidgeFilter<double>{1 / (unit * t)}; });
    if (ratios[r] == 1) {
      std::vector<double> growth;
      for (const double t : times) {
        growth.push_back(error(path.weights(steps(t))));
      }
      out.series("test_at_threshold", {"step", times}, std::move(growth));
    }
  }
  descent.record(out);
  ridge.record(out);
}

/// ReLU features of another size beside their asymptotic risk: ridge fits of all widths in one
/// pass.
inline void run_risk(const Params& p, const Stream& stream, Record& out) {
  const Problem problem(p.risk_dim, p.risk_samples, p.noise, stream);
  const auto ratios = p.risk_ratios();
  const Index widest = width_of(ratios.back(), p.risk_samples);
  const auto features = draw_features<nn::Relu>(p.risk_dim, widest, 1, stream);
  const auto error = relu_error(features, problem.beta);
  const Matrix<double> z = features(problem.x);
  std::vector<Index> widths;
  std::vector<double> condition;
  for (const double ratio : ratios) {
    widths.push_back(width_of(ratio, p.risk_samples));
    condition.push_back(linear::condition_number<double>(z.topRows(widths.back())));
  }
  Grid grid("risk", {"ridge", risk_penalties}, ratios);
  for (std::size_t k = 0; k < risk_penalties.size(); ++k) {
    // 1/n |y - Z a|^2 + N ridge / d |a|^2, times n.
    const double each =
        risk_penalties[k] * static_cast<double>(p.risk_samples) / static_cast<double>(p.risk_dim);
    const auto fits =
        linear::sweep_widths<double>(z, problem.y, widths, {.ridge_per_feature = each});
    for (std::size_t r = 0; r < fits.size(); ++r) {
      grid.set(k, r, error(fits[r].weights), fits[r].training_error);
    }
  }
  grid.record(out);
  out.series("condition", {"N/n", ratios}, std::move(condition));
}

} // namespace gradus::examples::double_descent
