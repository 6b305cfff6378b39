// SPDX-License-Identifier: BSD-3-Clause
#include <cmath>
#include <set>
#include <utility>
#include <vector>

#include "networks.hpp"
#include "training.hpp"
#include <gradus/data/digit_stream.hpp>
#include <gradus/metrics/shape_fit.hpp>
#include <gradus/metrics/trend.hpp>
#include <gradus/nn/normalized_mlp.hpp>

namespace gradus::examples::longer {

namespace {

/// Loss on a batch that no one has seen before, drawn anew at each gradient.
class StreamRisk {
public:
  using Value = double;

  StreamRisk(nn::NormalizedMlp<double> net, data::DigitStream digits, Index batch)
      : net_(std::move(net)), digits_(digits), x_(data::Digits::num_inputs, batch), labels_(batch),
        losses_(batch), d_outputs_(data::Digits::num_classes, batch) {}

  [[nodiscard]] Index num_parameters() const { return net_.num_parameters(); }

  /// On the batch of the last gradient.
  double value(ConstVectorRef<double> theta) {
    loss_.values(net_.forward(theta, x_, workspace_), labels_, losses_);
    return losses_.mean();
  }

  double value_and_gradient(ConstVectorRef<double> theta, VectorRef<double> gradient) {
    digits_.next(x_, labels_);
    const auto outputs = net_.forward(theta, x_, workspace_);
    loss_.value_and_gradient(outputs, labels_, losses_, d_outputs_);
    d_outputs_ /= static_cast<double>(labels_.size());
    net_.backward(theta, x_, d_outputs_, workspace_, gradient);
    return losses_.mean();
  }

private:
  nn::NormalizedMlp<double> net_;
  nn::SoftmaxCrossEntropy loss_;
  data::DigitStream digits_;
  Matrix<double> x_;
  Vector<Index> labels_;
  Vector<double> losses_;
  Matrix<double> d_outputs_;
  nn::NormalizedMlp<double>::Workspace workspace_;
};

} // namespace

void run_stream(const Params& p, Index batch, bool scaled, const Stream& stream, Record& out) {
  const nn::NormalizedMlp<double> net(widths_of(p));
  StreamRisk risk(net,
                  data::DigitStream({.noise = p.pixel_noise}, p.label_noise,
                                    stream.child("images", static_cast<std::uint64_t>(batch))),
                  batch);
  const double ratio = static_cast<double>(batch) / static_cast<double>(p.small_batch);
  const double rate = p.rate * (scaled ? std::sqrt(ratio) : 1);
  Vector<double> theta = net.initial_parameters(nn::HeNormal{}, stream.child("start"));
  const Vector<double> start = theta;
  std::set<Index> due;
  for (const double t : logspace(10, static_cast<double>(p.stream_steps), 80)) {
    due.insert(std::lround(t));
  }
  const Index first = *due.begin();
  for (Index t = 1; t < first; ++t) {
    due.insert(t);
  }
  Axis times{"update", {}};
  std::vector<double> distance;
  const auto end = optim::descend(risk, theta, clipped_momentum(rate, p.weight_decay),
                                  {.steps = p.stream_steps}, [&](const auto& now) {
                                    if (due.count(now.step) > 0) {
                                      times.at.push_back(static_cast<double>(now.step));
                                      distance.push_back((now.theta - start).norm());
                                    }
                                  });
  if (end.status == optim::Status::diverged) {
    out.diverged(static_cast<double>(end.steps), end.diverged);
    return;
  }
  // Both laws on the window from 10 updates on, by least squares in the distance itself.
  std::vector<double> t;
  std::vector<double> ln_t;
  std::vector<double> d;
  for (std::size_t i = 0; i < distance.size(); ++i) {
    if (times.at[i] >= 10) {
      t.push_back(times.at[i]);
      ln_t.push_back(std::log(times.at[i]));
      d.push_back(distance[i]);
    }
  }
  const auto line = metrics::fit_line(ln_t, d);
  const auto power = metrics::fit_power_law(t, d, 0, 2);
  out.number("slope", line.slope);
  out.number("log_r2", line.r_squared);
  out.number("log_gain", line.r_squared - power.r_squared);
  out.number("exponent", power.shape);
  out.series("distance", times, std::move(distance));
}

} // namespace gradus::examples::longer
