// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <cmath>
#include <string>
#include <utility>
#include <vector>

#include "setting.hpp"
#include <gradus/core/distributions.hpp>
#include <gradus/core/random.hpp>
#include <gradus/core/types.hpp>
#include <gradus/core/xtensor.hpp>
#include <gradus/linear/random_features.hpp>
#include <gradus/study/record.hpp>
#include <gradus/theory/arc_cosine.hpp>

namespace gradus::examples::double_descent {

/// Inputs on the sphere of radius sqrt(d), a linear target of unit length, noisy training labels.
/// Every arm of a draw sees the same one.
struct Problem {
  Vector<double> beta;
  Matrix<double> x; ///< (d, n)
  Vector<double> y; ///< (n)

  Problem(Index dim, Index num_samples, double noise, const Stream& stream)
      : beta(dim), x(dim, num_samples), y(num_samples) {
    Stream inputs = stream.child("inputs");
    Stream target = stream.child("target");
    Stream labels = stream.child("noise");
    fill_sphere(inputs, x, std::sqrt(static_cast<double>(dim)));
    fill_normal(target, beta);
    beta.normalize();
    fill_normal(labels, y, noise);
    y += x.transpose() * beta;
  }
};

/// The random first layer; widths are nested.
template <class Act>
linear::RandomFeatures<double, Act> draw_features(Index dim, Index width, double scale,
                                                  const Stream& stream) {
  return {dim,
          width,
          stream.child("features"),
          {.directions = linear::Directions::sphere,
           .scale = scale / std::sqrt(static_cast<double>(dim))}};
}

/// Mean of a ReLU feature over the sphere.
inline double relu_mean(Index dim) {
  return theory::relu_means(Matrix<double>::Ones(1, 1))(0) / theory::mean_normal_length(dim);
}

/// Exact test error of read-outs of ReLU features of the linear target, on the sphere.
inline theory::PopulationError relu_error(const linear::RandomFeatures<double, nn::Relu>& features,
                                          const Vector<double>& beta, bool centred = false) {
  const Matrix<double> w = features.weights();
  Matrix<double> second = theory::arc_cosine_kernel(w, w);
  if (centred) {
    const double mean = relu_mean(features.dim());
    second.array() -= mean * mean;
  }
  return {beta.squaredNorm(), theory::relu_input_moments(w).transpose() * beta, std::move(second)};
}

/// Test and training errors over what was varied x N / n, as a cell records them.
class Grid {
public:
  /// @param name  of what is recorded: test_<name> and train_<name>
  Grid(std::string name, Axis varied, std::vector<double> ratios)
      : name_(std::move(name)), varied_(std::move(varied)), ratios_{"N/n", std::move(ratios)} {
    test_ = xt::xarray<double>::from_shape({varied_.at.size(), ratios_.at.size()});
    train_ = test_;
  }
  /// Enters the errors of one fit.
  void set(std::size_t varied, std::size_t ratio, double test, double train) {
    test_(varied, ratio) = test;
    train_(varied, ratio) = train;
  }
  /// Writes both tables.
  void record(Record& out) const {
    out.table("test_" + name_, {varied_, ratios_}, {test_.begin(), test_.end()});
    out.table("train_" + name_, {varied_, ratios_}, {train_.begin(), train_.end()});
  }

private:
  std::string name_;
  Axis varied_;
  Axis ratios_;
  xt::xarray<double> test_;
  xt::xarray<double> train_;
};

/// Mean squared residual of a read-out on the training samples.
inline double training_error(const Matrix<double>& z, const Vector<double>& y,
                             const Vector<double>& a) {
  return (z.transpose() * a - y).squaredNorm() / static_cast<double>(y.size());
}

} // namespace gradus::examples::double_descent
