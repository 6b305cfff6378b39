// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <algorithm>
#include <utility>
#include <vector>

#include <gradus/core/random.hpp>
#include <gradus/core/types.hpp>
#include <gradus/linear/conjugate_gradient.hpp>
#include <gradus/nn/activation.hpp>
#include <gradus/nn/loss.hpp>
#include <gradus/nn/mlp.hpp>
#include <gradus/objective/empirical_risk.hpp>
#include <gradus/optim/adam.hpp>
#include <gradus/optim/descend.hpp>
#include <gradus/optim/minibatches.hpp>

/// Ways to train a read-out on 1/(2n) |y - Z^T a|^2 that are no filter on the spectrum.
namespace gradus::examples::double_descent {

/// Read-outs of Adam after the given numbers of steps, ascending.
inline std::vector<Vector<double>> by_adam(const Matrix<double>& z, const Vector<double>& y,
                                           const std::vector<double>& steps) {
  using ReadOut = nn::Mlp<double, nn::Identity>;
  objective::EmpiricalRisk risk(ReadOut({.widths = {z.rows(), 1}, .biases = false}), nn::Square{},
                                z, Matrix<double>(y.transpose()));
  Vector<double> a = Vector<double>::Zero(z.rows());
  std::vector<Vector<double>> result;
  static_cast<void>(optim::descend(risk, a, optim::Adam<double>{.learning_rate = 0.01},
                                   {.steps = static_cast<Index>(steps.back())},
                                   [&](const auto& now) {
                                     if (static_cast<double>(now.step) == steps[result.size()]) {
                                       result.push_back(now.theta);
                                     }
                                   }));
  return result;
}

/// Read-outs of conjugate gradients after the given numbers of steps, ascending; a run that ends
/// earlier stays where it is.
inline std::vector<Vector<double>> by_conjugate_gradient(const Matrix<double>& z,
                                                         const Vector<double>& y,
                                                         const std::vector<double>& steps) {
  std::vector<Vector<double>> result;
  const auto end = linear::conjugate_gradient<double>(
      z, y, {.steps = static_cast<Index>(steps.back())}, [&](Index step, const Vector<double>& a) {
        if (static_cast<double>(step) == steps[result.size()]) {
          result.push_back(a);
        }
      });
  result.resize(steps.size(), end.weights);
  return result;
}

/// The read-out of mini-batch descent from 0 with reshuffled epochs, at the rate 0.5 / max |z_i|^2.
inline Vector<double> by_minibatches(const Matrix<double>& z, const Vector<double>& y, Index batch,
                                     Index epochs, const Stream& stream) {
  const double rate = 0.5 / z.colwise().squaredNorm().maxCoeff();
  optim::Minibatches batches(z.cols(), batch, stream);
  Vector<double> a = Vector<double>::Zero(z.rows());
  std::vector<double> residuals(static_cast<std::size_t>(batch));
  while (batches.epoch() < epochs) {
    const auto samples = batches.next();
    const double step = rate / static_cast<double>(samples.size());
    for (std::size_t k = 0; k < samples.size(); ++k) {
      residuals[k] = y(samples[k]) - z.col(samples[k]).dot(a);
    }
    for (std::size_t k = 0; k < samples.size(); ++k) {
      a += step * residuals[k] * z.col(samples[k]);
    }
  }
  return a;
}

} // namespace gradus::examples::double_descent
