// SPDX-License-Identifier: BSD-3-Clause
// Two classes with flipped labels, under gradients that ignore what few examples ask for.
#include <algorithm>
#include <cstddef>
#include <utility>
#include <vector>

#include "experiments.hpp"
#include <gradus/data/gaussian_classes.hpp>
#include <gradus/data/label_noise.hpp>
#include <gradus/nn/initialization.hpp>
#include <gradus/nn/loss/softmax.hpp>
#include <gradus/nn/mlp.hpp>
#include <gradus/objective/empirical_risk.hpp>
#include <gradus/optim/descend.hpp>
#include <gradus/optim/last_three.hpp>
#include <gradus/optim/minibatches.hpp>
#include <gradus/optim/robust_gradient.hpp>
#include <gradus/optim/sgd.hpp>

namespace gradus::examples::agreement {

namespace {

using Risk = objective::EmpiricalRisk<nn::Mlp<double>, nn::SoftmaxCrossEntropy>;

Vector<Index> classes_of(const Vector<double>& labels) {
  return (labels.array() > 0).cast<Index>().matrix();
}

/// Whether the larger of two outputs is that of the class.
bool is_right(const MatrixMap<double>& outputs, Index i, Index own) {
  return outputs(own, i) > outputs(1 - own, i);
}

} // namespace

void run_robust(const Params& p, Aggregator how, Index batch, const Stream& stream, Record& out) {
  data::GaussianClasses classes{Vector<double>::Zero(50), Vector<double>::Ones(50)};
  classes.mean.head(3).setConstant(1.5);
  const auto train = data::draw_gaussian_classes<double>(classes, 250, stream.child("training"));
  const auto test = data::draw_gaussian_classes<double>(classes, 2000, stream.child("test"));
  const auto labels = data::flip_labels(train.labels, p.flip, stream.child("noise"));
  const Vector<Index> given = classes_of(labels.given);
  const Vector<Index> test_classes = classes_of(test.labels);

  const nn::Mlp<double> net({.widths = {50, 64, 2}, .biases = true});
  Risk risk(net, {}, train.x, given);
  Risk judge(net, {}, test.x, test_classes);
  Vector<double> theta = net.initial_parameters(nn::HeNormal{}, stream.child("network"));
  optim::Minibatches batches(given.size(), batch, stream.child("batches"));
  const Index steps = batches.batches_per_epoch();

  std::vector<double> epochs, pristine, corrupt, accuracy;
  const auto look = [&](const auto& now) {
    if (now.step % steps != 0) {
      return;
    }
    double right[2] = {0, 0};
    const auto outputs = risk.outputs(now.theta);
    for (Index i = 0; i < given.size(); ++i) {
      right[labels.corrupt(i) ? 1 : 0] += is_right(outputs, i, given(i)) ? 1 : 0;
    }
    const auto wrong = static_cast<double>(labels.num_corrupt());
    const auto other = static_cast<double>(given.size()) - wrong;
    epochs.push_back(static_cast<double>(now.step / steps));
    pristine.push_back(other > 0 ? right[0] / other : 0.0);
    corrupt.push_back(wrong > 0 ? right[1] / wrong : 0.0);
    const auto tested = judge.outputs(now.theta);
    double passed = 0;
    for (Index i = 0; i < test_classes.size(); ++i) {
      passed += is_right(tested, i, test_classes(i)) ? 1 : 0;
    }
    accuracy.push_back(passed / static_cast<double>(test_classes.size()));
  };
  const optim::Sgd<double> sgd{p.robust_rate};
  const optim::DescendOptions<double> options{.steps = steps * p.robust_epochs};
  const auto end = [&] {
    if (how == Aggregator::median_of_thirds) {
      optim::MedianOfThirds thirds(risk);
      return optim::descend(thirds, theta, sgd, batches, options, look);
    }
    if (how != Aggregator::winsorised) {
      const optim::LastThree<optim::Sgd<double>> three{
          sgd, how == Aggregator::last_three_mean ? optim::Combine::mean : optim::Combine::median};
      return optim::descend(risk, theta, three, batches, options, look);
    }
    if (p.share > 0) {
      optim::WinsorisedGradient winsorised(risk, p.share);
      return optim::descend(winsorised, theta, sgd, batches, options, look);
    }
    return optim::descend(risk, theta, sgd, batches, options, look);
  }();
  if (end.status == optim::Status::diverged) {
    out.diverged(static_cast<double>(end.steps), end.diverged);
    return;
  }
  const Index tenth = std::min<Index>(10, p.robust_epochs);
  out.number("pristine", pristine.back());
  out.number("corrupt", corrupt.back());
  out.number("corrupt_10", corrupt[static_cast<std::size_t>(tenth)]);
  out.number("fit", [&] { // of all labels, right or wrong
    const auto wrong = static_cast<double>(labels.num_corrupt());
    const auto all = static_cast<double>(given.size());
    return (corrupt.back() * wrong + pristine.back() * (all - wrong)) / all;
  }());
  out.number("test", accuracy.back());
  out.series("pristine", {"epoch", epochs}, std::move(pristine));
  out.series("corrupt", {"epoch", epochs}, std::move(corrupt));
  out.series("test", {"epoch", epochs}, std::move(accuracy));
}

} // namespace gradus::examples::agreement
