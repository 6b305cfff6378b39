// SPDX-License-Identifier: BSD-3-Clause
#include <algorithm>
#include <cmath>
#include <cstddef>
#include <vector>

#include "networks.hpp"
#include "training.hpp"
#include <gradus/core/distributions.hpp>
#include <gradus/nn/normalized_mlp.hpp>

namespace gradus::examples::longer {

void run_ghost_gradient(const Params& p, const Stream& stream, Record& out) {
  // A smooth activation, so that a finite step crosses no kink.
  using Net = nn::NormalizedMlp<double, nn::Tanh>;
  const Index blocks = 4;
  const Index n = blocks * p.small_batch;
  const auto set = data::draw_digits<double>({.noise = p.pixel_noise}, n, stream.child("train"));
  const Net net(widths_of(p), {.ghost = p.small_batch});
  objective::EmpiricalRisk risk(net, nn::SoftmaxCrossEntropy{}, set.x, set.classes);
  objective::EmpiricalRisk plain(Net(widths_of(p)), nn::SoftmaxCrossEntropy{}, set.x, set.classes);
  Vector<double> theta = net.initial_parameters(nn::HeNormal{}, stream.child("start"));
  Stream draw = stream.child("moved");
  Vector<double> moved(theta.size());
  fill_normal(draw, moved, 0.1);
  theta += moved; // so that gains and biases are not what they start from

  Vector<double> gradient(theta.size());
  risk.value_and_gradient(theta, gradient);
  Vector<double> mean = Vector<double>::Zero(theta.size());
  Vector<double> part(theta.size());
  std::vector<Index> block(static_cast<std::size_t>(p.small_batch));
  for (Index b = 0; b < blocks; ++b) {
    for (Index i = 0; i < p.small_batch; ++i) {
      block[static_cast<std::size_t>(i)] = b * p.small_batch + i;
    }
    plain.value_and_gradient(theta, block, part);
    mean += part / static_cast<double>(blocks);
  }
  out.number("blocks", (gradient - mean).cwiseAbs().maxCoeff());
  plain.value_and_gradient(theta, part);
  out.number("batch", (gradient - part).cwiseAbs().maxCoeff());

  double worst = 0;
  const double step = 1e-5;
  for (Index k = 0; k < 40; ++k) {
    const Index at = uniform_index(draw, theta.size());
    const double here = theta(at);
    theta(at) = here + step;
    const double above = risk.value(theta);
    theta(at) = here - step;
    const double below = risk.value(theta);
    theta(at) = here;
    worst = std::max(worst, std::abs((above - below) / (2 * step) - gradient(at)));
  }
  out.number("finite_difference", worst);
}

} // namespace gradus::examples::longer
