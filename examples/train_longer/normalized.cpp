// SPDX-License-Identifier: BSD-3-Clause
#include "networks.hpp"
#include "training.hpp"
#include <gradus/nn/normalized_mlp.hpp>

namespace gradus::examples::longer {

void run_normalized(const Params& p, const Regime& regime, const Stream& stream, Record& out) {
  using Net = nn::NormalizedMlp<double>;
  const Net net(widths_of(p), {.ghost = regime.ghost});
  auto statistics = net.initial_statistics(0.1);
  Net::Workspace testing; // apart from training's, whose statistics are still to be absorbed
  train(
      p, regime, net, net.initial_parameters(nn::HeNormal{}, stream.child("start")),
      [&](const Vector<double>& theta, const Matrix<double>& x) {
        return net.evaluate(theta, statistics, x, testing);
      },
      [&](auto& risk) { net.absorb(risk.latest_workspace(), statistics); }, stream, out);
}

} // namespace gradus::examples::longer
