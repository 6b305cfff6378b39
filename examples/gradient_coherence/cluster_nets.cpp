// SPDX-License-Identifier: BSD-3-Clause
#include "cluster_nets.hpp"

#include <gradus/nn/loss/margin.hpp>
#include <gradus/nn/mirrored.hpp>
#include <gradus/nn/mlp.hpp>
#include <gradus/objective/empirical_risk.hpp>

namespace gradus::examples::agreement {

namespace {

using Net = nn::Mlp<double>;

Net net_for(const Matrix<double>& x, Index width) {
  return Net({.widths = {x.rows(), width, 1}, .biases = false});
}

} // namespace

std::vector<std::pair<double, double>> net_sums(const Matrix<double>& x,
                                                const std::vector<Vector<double>>& labels,
                                                Index width, const Stream& stream) {
  objective::EmpiricalRisk<Net, nn::Logistic> risk(net_for(x, width), {}, x, labels.front());
  const Vector<double> theta = nn::mirrored_parameters(risk.model(), stream);
  Vector<double> norms(x.cols());
  Vector<double> sum(theta.size());
  risk.per_example_squared_norms(theta, norms);
  std::vector<std::pair<double, double>> result;
  for (const Vector<double>& y : labels) {
    // The loss's slope at output 0 is -y / 2: another label is another sign.
    risk.weighted_gradient(theta, labels.front().cwiseProduct(y), sum);
    result.emplace_back(sum.squaredNorm(), norms.sum());
  }
  return result;
}

Matrix<double> net_kernel(const Matrix<double>& x, Index width, const Stream& stream) {
  const Vector<double> labels = Vector<double>::Ones(x.cols());
  objective::EmpiricalRisk<Net, nn::Logistic> risk(net_for(x, width), {}, x, labels);
  Matrix<double> gram(x.cols(), x.cols());
  risk.output_gram(nn::mirrored_parameters(risk.model(), stream), Matrix<double>::Ones(1, x.cols()),
                   gram);
  return gram;
}

} // namespace gradus::examples::agreement
