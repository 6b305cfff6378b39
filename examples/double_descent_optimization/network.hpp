// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <algorithm>
#include <cmath>
#include <string>
#include <utility>
#include <vector>

#include "setting.hpp"
#include <gradus/core/distributions.hpp>
#include <gradus/core/random.hpp>
#include <gradus/core/types.hpp>
#include <gradus/linear/condition_number.hpp>
#include <gradus/nn/activation.hpp>
#include <gradus/nn/initialization.hpp>
#include <gradus/nn/loss.hpp>
#include <gradus/nn/mlp.hpp>
#include <gradus/objective/empirical_risk.hpp>
#include <gradus/objective/residuals.hpp>
#include <gradus/optim/adam.hpp>
#include <gradus/optim/descend.hpp>
#include <gradus/optim/levenberg_marquardt.hpp>
#include <gradus/optim/momentum.hpp>
#include <gradus/optim/sgd.hpp>
#include <gradus/study/plan.hpp>
#include <gradus/study/record.hpp>

/// The two-layer network f(x) = a . tanh(W x), both layers trained, on a noisy linear target.
namespace gradus::examples::double_descent {

inline const std::vector<double> network_rates{0.01, 0.1};
inline const std::vector<double> network_scales{0.01, 1, 3};
inline constexpr Index marquardt_steps = 500;
inline constexpr Index few_marquardt_steps = 5;

/// Training and test data of one draw, the same at every width.
struct NetworkData {
  Matrix<double> x;      ///< (d, n)
  Vector<double> y;      ///< (n), noisy
  Matrix<double> test_x; ///< (d, tests)
  Vector<double> test_y; ///< without noise

  NetworkData(const Params& p, const Stream& stream)
      : x(p.net_dim, p.net_samples), y(p.net_samples), test_x(p.net_dim, p.num_test) {
    Stream inputs = stream.child("network inputs");
    Stream tests = stream.child("network test inputs");
    Stream target = stream.child("network target");
    Stream noise = stream.child("network noise");
    Vector<double> beta(p.net_dim);
    fill_normal(inputs, x);
    fill_normal(tests, test_x);
    fill_normal(target, beta);
    beta.normalize();
    fill_normal(noise, y, p.noise);
    y += x.transpose() * beta;
    test_y = test_x.transpose() * beta;
  }
};

/// One cell: a draw at one width, by every optimizer.
inline void run_network(const Params& p, Index width, const Stream& stream, Record& out) {
  using Net = nn::Mlp<double, nn::Tanh>;
  const NetworkData data(p, stream);
  const Net net({.widths = {p.net_dim, width, 1}, .biases = false});
  const Vector<double> start = net.initial_parameters(
      nn::LeCunNormal{}, stream.child("network", static_cast<std::uint64_t>(width)));
  objective::Residuals<Net> residuals(net, data.x, data.y);
  objective::EmpiricalRisk risk(net, nn::Square{}, data.x, Matrix<double>(data.y.transpose()));
  Net::Workspace workspace;
  const auto n = static_cast<double>(p.net_samples);
  const auto measure = [&](const std::string& name, const Vector<double>& theta) {
    const auto f = net.forward(theta, data.test_x, workspace);
    out.number("test_" + name, (f.row(0).transpose() - data.test_y).squaredNorm() /
                                   static_cast<double>(data.test_y.size()));
    out.number("train_" + name,
               (net.forward(theta, data.x, workspace).row(0).transpose() - data.y).squaredNorm() /
                   n);
  };

  Vector<double> theta = start;
  auto end = optim::levenberg_marquardt(residuals, theta, {.steps = marquardt_steps},
                                        [&](const auto& now) {
                                          if (now.step == few_marquardt_steps) {
                                            measure("few_marquardt", now.theta);
                                          }
                                        });
  out.number("marquardt_steps", static_cast<double>(end.steps));
  measure("marquardt", theta);
  theta = start;
  end = optim::levenberg_marquardt(residuals, theta, {.steps = marquardt_steps, .ridge = 3});
  measure("marquardt_ridge", theta);

  const auto looks = Params::adam_steps();
  theta = start;
  const auto adam =
      optim::descend(risk, theta, optim::Adam<double>{.learning_rate = 0.01},
                     {.steps = static_cast<Index>(looks.back())}, [&](const auto& now) {
                       const auto step = static_cast<double>(now.step);
                       if (std::find(looks.begin(), looks.end(), step) != looks.end()) {
                         measure("adam_" + std::to_string(now.step), now.theta);
                       }
                     });
  if (adam.status == optim::Status::diverged) {
    out.diverged(static_cast<double>(adam.steps), adam.diverged);
  }
  if (p.full) {
    const auto descend = [&](const std::string& name, const auto& rule) {
      theta = start;
      const auto run = optim::descend(risk, theta, rule, {.steps = 3000});
      if (run.status == optim::Status::diverged) {
        out.diverged(static_cast<double>(run.steps), run.diverged);
        return;
      }
      measure(name, theta);
    };
    descend("slow", optim::Sgd<double>{.learning_rate = network_rates[0]});
    descend("fast", optim::Sgd<double>{.learning_rate = network_rates[1]});
    descend("momentum", optim::Momentum<double>{.learning_rate = 0.1, .momentum = 0.9});
  }

  std::vector<double> condition;
  Vector<double> r(p.net_samples);
  Matrix<double> jacobian(net.num_parameters(), p.net_samples);
  for (const double scale : network_scales) {
    residuals.residuals_and_jacobian(scale * start, r, jacobian);
    condition.push_back(linear::condition_number<double>(jacobian));
  }
  out.series("condition", {"start's scale", network_scales}, std::move(condition));
}

} // namespace gradus::examples::double_descent
