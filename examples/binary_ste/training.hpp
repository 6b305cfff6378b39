// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <cmath>
#include <utility>
#include <vector>

#include "setting.hpp"
#include <gradus/core/random.hpp>
#include <gradus/core/types.hpp>
#include <gradus/data/digits.hpp>
#include <gradus/metrics/binarisation.hpp>
#include <gradus/metrics/classification.hpp>
#include <gradus/nn/binary_mlp.hpp>
#include <gradus/nn/initialization.hpp>
#include <gradus/nn/loss/softmax.hpp>
#include <gradus/objective/empirical_risk.hpp>
#include <gradus/optim/descend.hpp>
#include <gradus/optim/epoch_schedule.hpp>
#include <gradus/optim/minibatches.hpp>
#include <gradus/optim/momentum.hpp>
#include <gradus/optim/scheduled.hpp>
#include <gradus/study/record.hpp>

namespace gradus::examples::binary {

/// 64-h-...-h-10.
inline std::vector<Index> widths_of(Index hidden, Index binary_layers) {
  std::vector<Index> widths(static_cast<std::size_t>(binary_layers + 1), hidden);
  widths.insert(widths.begin(), data::Digits::num_inputs);
  widths.push_back(data::Digits::num_classes);
  return widths;
}

/// N(0, 1 / fan_in) of the input layer.
inline nn::Gaussian first_weights() {
  return {.scale = 1 / std::sqrt(static_cast<double>(data::Digits::num_inputs))};
}

/// Momentum and weight decay; the rate falls along half a cosine, epoch by epoch. All arms of a
/// seed share images, mini-batches and initial weights.
/// @param end_of_epoch  called at the last mini-batch of each epoch, before its update, with the
///        risk, the number of the epoch, parameters and gradient
template <class Net, class EndOfEpoch>
void train(const Params& p, const Net& net, Vector<double> theta, EndOfEpoch&& end_of_epoch,
           const Stream& stream, Record& out) {
  const data::Digits digits{.noise = p.noise};
  const auto train_set = data::draw_digits<double>(digits, p.num_train, stream.child("train"));
  const auto test_set = data::draw_digits<double>(digits, p.num_test, stream.child("test"));
  objective::EmpiricalRisk risk(net, nn::SoftmaxCrossEntropy{}, train_set.x, train_set.classes);
  optim::Minibatches batches(p.num_train, p.batch, stream.child("batches"));
  const Index per_epoch = batches.batches_per_epoch();
  const optim::Scheduled rule(optim::Momentum<double>{.learning_rate = p.rate,
                                                      .momentum = p.momentum,
                                                      .weight_decay = p.weight_decay},
                              optim::PerEpoch{per_epoch, optim::CosineSchedule{.steps = p.epochs}});
  auto statistics = net.initial_statistics(0.1);
  Axis epochs{"epoch", {}};
  std::vector<double> losses;
  double sum = 0;
  const auto end = optim::descend(risk, theta, rule, batches, {.steps = p.epochs * per_epoch},
                                  [&](const auto& now) {
                                    if (now.last) {
                                      return; // a mini-batch of an epoch that is not run
                                    }
                                    sum += now.loss;
                                    risk.model().absorb(risk.latest_workspace(), statistics);
                                    if ((now.step + 1) % per_epoch == 0) {
                                      const Index epoch = now.step / per_epoch;
                                      epochs.at.push_back(static_cast<double>(epoch + 1));
                                      losses.push_back(sum / static_cast<double>(per_epoch));
                                      sum = 0;
                                      end_of_epoch(risk, epoch, now.theta, now.gradient);
                                    }
                                  });
  if (end.status == optim::Status::diverged) {
    out.diverged(static_cast<double>(end.steps), end.diverged);
    return;
  }
  typename Net::Workspace testing;
  out.number("loss", losses.back());
  out.number("accuracy",
             metrics::class_accuracy(net.evaluate(theta, statistics, test_set.x, testing),
                                     test_set.classes));
  out.number("norm", theta.norm());
  out.series("loss_curve", std::move(epochs), std::move(losses));
}

/// Training of the binary network, with both indicators at the last step of every epoch: the
/// estimating error's mean over epochs and the spread's sum are numbers of the record.
/// @param schedule  of the surrogate   @param judged  share of the run -> surrogate whose
///        estimating error is measured
template <class Schedule, class Judged>
void train_binary(const Params& p, const Schedule& schedule, const Judged& judged,
                  const Stream& stream, Record& out) {
  using S = decltype(schedule.at(0));
  schedule.validate();
  const nn::BinaryMlp<double, S> net(widths_of(p.width, p.binary_layers), {schedule.at(0)});
  Axis epochs{"epoch", {}};
  std::vector<double> errors;
  std::vector<double> spreads;
  const auto share = [&](Index epoch) {
    return static_cast<double>(epoch) / static_cast<double>(p.epochs);
  };
  train(
      p, net,
      net.initial_parameters(first_weights(), nn::HeNormal{}, nn::Gaussian{.scale = 0.01},
                             stream.child("start")),
      [&](auto& risk, Index epoch, const Vector<double>& theta, const Vector<double>& gradient) {
        const auto f = judged(share(epoch));
        double error = 0;
        double spread = 0;
        for (Index l = 2; l < net.depth(); ++l) {
          error += metrics::estimating_error(net.weights(theta, l),
                                             [&](double w) { return f.value(w); });
          spread += metrics::gradient_spread(net.weights(gradient, l));
        }
        epochs.at.push_back(static_cast<double>(epoch + 1));
        errors.push_back(error);
        spreads.push_back(spread);
        if (epoch + 1 < p.epochs) {
          risk.model().set_surrogate(schedule.at(share(epoch + 1)));
        }
      },
      stream, out);
  if (out.divergence()) {
    return;
  }
  double error_sum = 0;
  double spread_sum = 0;
  for (std::size_t k = 0; k < errors.size(); ++k) {
    error_sum += errors[k];
    spread_sum += spreads[k];
  }
  out.number("error", error_sum / static_cast<double>(errors.size()));
  out.number("spread", spread_sum);
  out.series("error_curve", epochs, std::move(errors));
  out.series("spread_curve", epochs, std::move(spreads));
}

} // namespace gradus::examples::binary
