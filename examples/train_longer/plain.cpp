// SPDX-License-Identifier: BSD-3-Clause
#include "networks.hpp"
#include "training.hpp"
#include <gradus/nn/mlp.hpp>

namespace gradus::examples::longer {

void run_plain(const Params& p, const Regime& regime, const Stream& stream, Record& out) {
  using Net = nn::Mlp<double>;
  const Net net({widths_of(p), true});
  Net::Workspace testing;
  train(
      p, regime, net, net.initial_parameters(nn::HeNormal{}, stream.child("start")),
      [&](const Vector<double>& theta, const Matrix<double>& x) {
        return net.forward(theta, x, testing);
      },
      [](auto&) {}, stream, out);
}

} // namespace gradus::examples::longer
