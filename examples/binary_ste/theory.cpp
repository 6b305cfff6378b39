// SPDX-License-Identifier: BSD-3-Clause
#include <cmath>
#include <vector>

#include "networks.hpp"
#include "training.hpp"
#include <gradus/nn/surrogate.hpp>
#include <gradus/theory/gaussian_moments.hpp>

namespace gradus::examples::binary {

void run_theory(const Params& p, const Stream& stream, Record& out) {
  using S = nn::StraightThrough; // any: neither the forward pass nor G knows it
  const nn::BinaryMlp<double, S> net(widths_of(p.theory_width, 1));
  const auto images =
      data::draw_digits<double>({.noise = p.noise}, p.theory_samples, stream.child("train"));
  const Vector<double> theta = net.initial_parameters(
      first_weights(), nn::HeNormal{}, nn::Gaussian{.scale = 1}, stream.child("start"));
  objective::EmpiricalRisk risk(net, nn::SoftmaxCrossEntropy{}, images.x, images.classes);
  Vector<double> gradient(theta.size());
  risk.value_and_gradient(theta, gradient);
  const Matrix<double> w = net.weights(theta, 2);
  auto& layer = risk.latest_workspace().layers[1].binary;
  const Matrix<double> g = layer.scale * layer.correlation.matrix(w.rows(), w.cols());
  const theory::AbsoluteMoments moments{g.cwiseAbs().mean(),
                                        g.squaredNorm() / static_cast<double>(g.size())};
  const double sd = std::sqrt(2.0 / static_cast<double>(p.theory_width));
  std::vector<double> error, error_ratio, spread, spread_ratio;
  for (const double order : theory_orders()) {
    const nn::RectifiedStraightThrough f(order, p.flat, p.clip);
    const auto slope = [&](double x) { return f.derivative(x); };
    error.push_back(metrics::estimating_error(w, [&](double x) { return f.value(x); }));
    error_ratio.push_back(error.back() / std::sqrt(static_cast<double>(w.size()) *
                                                   theory::power_sign_error(order, sd)));
    const Matrix<double> estimated = g.cwiseProduct(w.unaryExpr(slope));
    spread.push_back(metrics::gradient_spread(estimated));
    spread_ratio.push_back(spread.back() /
                           theory::surrogate_gradient_spread(
                               theory::slope_moments(slope, sd, {p.flat, p.clip}), moments));
  }
  const Axis axis{"order", theory_orders()};
  out.series("error", axis, std::move(error));
  out.series("error_ratio", axis, std::move(error_ratio));
  out.series("spread", axis, std::move(spread));
  out.series("spread_ratio", axis, std::move(spread_ratio));
}

} // namespace gradus::examples::binary
