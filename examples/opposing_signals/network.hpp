// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <cmath>

#include "setting.hpp"
#include <gradus/core/distributions.hpp>
#include <gradus/core/random.hpp>
#include <gradus/core/types.hpp>
#include <gradus/data/opposing_outliers.hpp>
#include <gradus/nn/activation.hpp>
#include <gradus/nn/loss/square.hpp>
#include <gradus/nn/mlp.hpp>
#include <gradus/objective/empirical_risk.hpp>

namespace gradus::examples::opposing {

/// v^T W x, without biases: theta = (W column by column, v), the outliers' column of W last.
using Net = nn::Mlp<double, nn::Identity>;
using Risk = objective::EmpiricalRisk<Net, nn::Square>;

inline Net make_net(const Params& p) {
  return Net({.widths = {p.dim + 1, p.width, 1}, .biases = false});
}
/// Where the outliers' column of W lies in theta.
inline ParameterBlock outlier_column(const Params& p) { return {p.dim * p.width, p.width}; }

/// Entries of W N(0, 0.09 / inputs) for the bulk and N(0, 0.01) for the outliers' feature, of v
/// N(0, 0.09) at width 8, all times `factor`.
inline Vector<double> draw_weights(const Params& p, double factor, const Stream& stream) {
  Vector<double> theta((p.dim + 2) * p.width);
  Stream draws = stream.child("weights");
  fill_normal(draws, theta, factor);
  const auto outliers = outlier_column(p);
  theta.head(outliers.start) *= 0.3 / std::sqrt(static_cast<double>(p.dim + 1));
  theta.segment(outliers.start, outliers.size) *= 0.1;
  theta.tail(p.width) *= 0.3 * std::sqrt(8 / static_cast<double>(p.width));
  return theta;
}

/// The samples of a seed; scale and sign of the outliers' feature change nothing else.
inline data::OutlierSamples<double> draw_samples(const Params& p, double scale, bool opposed,
                                                 const Stream& stream) {
  return data::draw_opposing_outliers<double>({.dim = p.dim,
                                               .beta_norm = p.beta_norm,
                                               .positive = p.outliers,
                                               .negative = p.outliers,
                                               .size = p.size * scale,
                                               .outlier_weight = p.outlier_weight,
                                               .opposed = opposed},
                                              p.num_samples, stream.child("samples"));
}

/// Losses of all samples under the linear map that a net is.
class SampleLosses {
public:
  SampleLosses(const Net& net, const data::OutlierSamples<double>& samples)
      : net_(net), samples_(samples), weights_(samples.x.rows()), losses_(samples.x.cols()) {}

  /// (y^ - y)^2 / 2 of every sample (n); valid until the next call.
  const Vector<double>& at(const Vector<double>& theta) {
    weights_.noalias() = net_.weights(theta, 1).transpose() * net_.weights(theta, 2).transpose();
    losses_.noalias() = samples_.x.transpose() * weights_;
    losses_ = (losses_ - samples_.y).array().square() / 2;
    return losses_;
  }

private:
  const Net& net_;
  const data::OutlierSamples<double>& samples_;
  Vector<double> weights_, losses_;
};

} // namespace gradus::examples::opposing
