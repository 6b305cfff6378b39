// SPDX-License-Identifier: BSD-3-Clause
// One training run: Adam on equilibrium propagation's gradient, or on the exact one.
#include <algorithm>
#include <string>
#include <utility>
#include <vector>

#include "experiments.hpp"
#include "networks.hpp"
#include <gradus/core/types.hpp>
#include <gradus/equilibrium/risk.hpp>
#include <gradus/metrics/alignment.hpp>
#include <gradus/metrics/classification.hpp>
#include <gradus/optim/adam.hpp>
#include <gradus/optim/descend.hpp>
#include <gradus/optim/minibatches.hpp>
#include <gradus/optim/schedule.hpp>
#include <gradus/optim/scheduled.hpp>

namespace gradus::examples::equiprop {
namespace {

using equilibrium::CouplingPenalty;
using equilibrium::ErrorSource;
using Network = equilibrium::Network<double>;

equilibrium::RiskOptions options_of(const Params& p) {
  equilibrium::RiskOptions options;
  options.source = p.gradient == "adjoint" ? ErrorSource::recurrent_backprop
                   : p.gradient == "nudge" ? ErrorSource::nudge
                                           : ErrorSource::tangent;
  options.nudge = equilibrium::Nudge::of_points(p.points, p.beta);
  options.free = {.max_steps = p.free_steps};
  options.response = {.max_steps = p.nudged_steps};
  if (p.penalty == "homeostasis") {
    options.penalty = {.kind = CouplingPenalty::Kind::homeostasis, .weight = p.homeostasis};
  } else if (p.penalty == "shrinkage") {
    options.penalty = {.kind = CouplingPenalty::Kind::shrinkage, .weight = p.shrinkage};
  }
  return options;
}

/// Test accuracy, alignment and symmetry of given parameters.
class Examination {
public:
  Examination(const Params& p, const Network& network, const Stream& stream)
      : params_(p), test_(digits(p.num_test, stream.child("test"))),
        probe_x_(test_.x.leftCols(std::min<Index>(p.num_test, 50))),
        probe_classes_(test_.classes.head(probe_x_.cols())), solver_(network), probe_(network),
        error_(network.layout().num_units(), probe_x_.cols()), adjoint_(error_) {}

  /// Of the first `count` test images.
  double accuracy(const Vector<double>& theta, Index count) {
    count = std::min(count, params_.num_test);
    solver_.assign(theta);
    free_ = solver_.relax(test_.x.leftCols(count), {.max_steps = params_.free_steps});
    return metrics::class_accuracy(solver_.logits(), test_.classes.head(count));
  }
  /// Largest |F| of a test sample's free phase, when accuracy() was last asked for.
  [[nodiscard]] double residual() const { return free_.residual; }

  /// How the error vectors of equilibrium propagation stand to the exact ones.
  struct Alignment {
    std::vector<double> layers;  ///< cosine of all samples' error vectors together, by layer
    std::vector<double> samples; ///< mean of the cosines of single samples, by layer
    double update = 0;           ///< cosine of the gradients of the first weights
  };
  /// On some test images. @param free, response  steps of the two phases
  Alignment alignment(const Vector<double>& theta, Index free, Index response) {
    probe_.assign(theta);
    (void)probe_.relax(probe_x_, {.max_steps = free});
    Vector<double> losses(probe_x_.cols());
    probe_.evaluate(probe_classes_, losses);
    (void)probe_.tangent({.max_steps = response}, error_);
    (void)probe_.adjoint({.max_steps = response}, adjoint_);
    Alignment result;
    const auto& layout = probe_.network().layout();
    const auto n = static_cast<double>(probe_x_.cols());
    for (Index layer = 1; layer <= layout.depth(); ++layer) {
      result.layers.push_back(layer_cosine(layout, layer, error_, adjoint_));
      double mean = 0;
      for (Index i = 0; i < probe_x_.cols(); ++i) {
        mean += layer_cosine(layout, layer, error_.col(i), adjoint_.col(i)) / n;
      }
      result.samples.push_back(mean);
    }
    Vector<double> propagated(theta.size());
    Vector<double> exact(theta.size());
    probe_.gradient(probe_x_, error_, propagated);
    probe_.gradient(probe_x_, adjoint_, exact);
    result.update = metrics::cosine(layout.input_weights(propagated), layout.input_weights(exact));
    return result;
  }
  /// Of the couplings, when alignment() was last asked for.
  [[nodiscard]] double symmetry() const { return metrics::symmetry(probe_.coupling().matrix()); }

private:
  const Params& params_;
  data::DigitSamples<double> test_;
  Matrix<double> probe_x_;
  Vector<Index> probe_classes_;
  equilibrium::Solver<double> solver_;
  equilibrium::Solver<double> probe_;
  Matrix<double> error_;
  Matrix<double> adjoint_;
  equilibrium::Certificate free_;
};

} // namespace

void run_training(const Params& p, const Stream& stream, Record& out) {
  const Network network(layers(p));
  const auto samples = digits(p.num_train, stream.child("train"));
  Vector<double> theta = network.initial_parameters(initial(p, p.angle), stream.child("weights"));
  equilibrium::Risk<double> risk(network, samples.x, samples.classes, options_of(p),
                                 stream.child("penalty"));
  optim::Minibatches batches(p.num_train, p.batch, stream.child("batches"));
  const Index per_epoch = batches.batches_per_epoch();
  const Index steps = per_epoch * p.epochs;
  const optim::Scheduled rule{optim::Adam<double>{.learning_rate = p.rate},
                              optim::CosineSchedule{.steps = steps}};
  Examination examination(p, network, stream);
  std::vector<double> epochs, accuracy, cosine, symmetry;
  const auto end = optim::descend(
      risk, theta, rule, batches, {.steps = steps}, optim::every(per_epoch, [&](const auto& now) {
        epochs.push_back(static_cast<double>(now.step) / static_cast<double>(per_epoch));
        accuracy.push_back(examination.accuracy(now.theta, now.last ? p.num_test : 200));
        cosine.push_back(
            examination.alignment(now.theta, p.free_steps, p.free_steps).samples.front());
        symmetry.push_back(examination.symmetry());
      }));
  if (end.status == optim::Status::diverged) {
    out.diverged(static_cast<double>(end.steps), end.diverged);
    return;
  }
  out.number("accuracy", accuracy.back());
  out.number("residual", examination.residual());
  const auto settled = examination.alignment(theta, 400, 400);
  for (std::size_t layer = 0; layer < settled.layers.size(); ++layer) {
    const std::string number = std::to_string(layer + 1);
    out.number("cosine_" + number, settled.layers[layer]);
    out.number("sample_cosine_" + number, settled.samples[layer]);
  }
  out.number("update_cosine", settled.update);
  const auto as_trained = examination.alignment(theta, p.free_steps, p.nudged_steps);
  out.number("trained_cosine_1", as_trained.layers.front());
  out.number("trained_sample_cosine_1", as_trained.samples.front());
  out.number("symmetry", symmetry.back());
  out.series("accuracies", {"epoch", epochs}, accuracy);
  out.series("cosines", {"epoch", epochs}, cosine);
  out.series("symmetries", {"epoch", epochs}, symmetry);
}

} // namespace gradus::examples::equiprop
