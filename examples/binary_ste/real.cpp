// SPDX-License-Identifier: BSD-3-Clause
#include "networks.hpp"
#include "training.hpp"
#include <gradus/nn/activation.hpp>
#include <gradus/nn/normalized_mlp.hpp>

namespace gradus::examples::binary {

void run_real(const Params& p, const Stream& stream, Record& out) {
  const nn::NormalizedMlp<double, nn::Tanh> net(widths_of(p.width, p.binary_layers));
  Vector<double> theta = net.initial_parameters(nn::HeNormal{}, stream.child("start"));
  net.weights(theta, 1) *= std::sqrt(0.5); // the same draws, N(0, 1 / fan_in)
  net.weights(theta, net.depth()) *= 0.01 / std::sqrt(2.0 / static_cast<double>(p.width));
  train(
      p, net, std::move(theta), [](const auto&...) {}, stream, out);
}

} // namespace gradus::examples::binary
