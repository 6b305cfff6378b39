// SPDX-License-Identifier: BSD-3-Clause
#include "network.hpp"

#include <algorithm>
#include <cstddef>
#include <limits>
#include <utility>

#include <gradus/nn/initialization.hpp>
#include <gradus/nn/loss/softmax.hpp>
#include <gradus/nn/mlp.hpp>
#include <gradus/objective/empirical_risk.hpp>
#include <gradus/optim/descend.hpp>
#include <gradus/optim/minibatches.hpp>
#include <gradus/optim/sgd.hpp>

namespace gradus::examples::agreement {

struct Network::Parts {
  using Risk = objective::EmpiricalRisk<nn::Mlp<double>, nn::SoftmaxCrossEntropy>;

  Parts(std::vector<Index> widths, Matrix<double> inputs, const Vector<Index>& labels)
      : x(std::move(inputs)),
        risk(nn::Mlp<double>({.widths = std::move(widths), .biases = true}), {}, x, labels) {}

  Matrix<double> x;
  Risk risk;
};

Network::Network(std::vector<Index> widths, Matrix<double> x, const Vector<Index>& labels)
    : parts_(std::make_unique<Parts>(std::move(widths), std::move(x), labels)) {}
Network::~Network() = default;
Network::Network(Network&&) noexcept = default;

Index Network::num_parameters() const { return parts_->risk.num_parameters(); }
Index Network::num_examples() const { return parts_->risk.num_examples(); }

Vector<double> Network::initial(double last_scale, const Stream& stream) const {
  const auto& net = parts_->risk.model();
  Vector<double> theta = net.initial_parameters(nn::HeNormal{}, stream);
  net.weights(theta, net.depth()) *= last_scale;
  return theta;
}

bool Network::train(Vector<double>& theta, const Training& how, const Stream& stream,
                    const Look& look) {
  optim::Minibatches batches(num_examples(), how.batch, stream);
  const Index steps = batches.batches_per_epoch();
  const auto end = optim::descend(parts_->risk, theta, optim::Sgd<double>{how.rate}, batches,
                                  {.steps = steps * how.epochs}, [&](const auto& now) {
                                    if (now.step % steps == 0) {
                                      look(now.step / steps, now.theta);
                                    }
                                  });
  return end.status != optim::Status::diverged;
}

curvature::Coherence Network::coherence(const Vector<double>& theta) {
  Vector<double> norms(num_examples());
  Vector<double> mean(num_parameters());
  parts_->risk.per_example_squared_norms(theta, norms);
  parts_->risk.value_and_gradient(theta, mean);
  return curvature::coherence(norms, mean.squaredNorm());
}

std::vector<double> Network::alignments(const Vector<double>& theta) {
  Vector<double> mean(num_parameters());
  parts_->risk.value_and_gradient(theta, mean);
  std::vector<double> result;
  double squares = 0;
  Matrix<double> gradients;
  for (Index start = 0; start < num_examples(); start += 100) {
    std::vector<Index> run;
    for (Index i = start; i < std::min(start + 100, num_examples()); ++i) {
      run.push_back(i);
    }
    gradients.resize(num_parameters(), static_cast<Index>(run.size()));
    parts_->risk.per_example_gradients(theta, run, gradients);
    squares += gradients.squaredNorm();
    for (Index k = 0; k < gradients.cols(); ++k) {
      result.push_back(gradients.col(k).dot(mean));
    }
  }
  const auto m = static_cast<double>(num_examples());
  for (double& product : result) {
    product *= m / (squares / m);
  }
  return result;
}

std::vector<Index> Network::predictions(const Vector<double>& theta) {
  const auto outputs = parts_->risk.outputs(theta);
  std::vector<Index> classes(static_cast<std::size_t>(outputs.cols()));
  for (Index i = 0; i < outputs.cols(); ++i) {
    outputs.col(i).maxCoeff(&classes[static_cast<std::size_t>(i)]);
  }
  return classes;
}

double Network::loss(const Vector<double>& theta) { return parts_->risk.value(theta); }

double Network::gradient(const Vector<double>& theta, const std::vector<Index>& batch,
                         Vector<double>& gradient) {
  return parts_->risk.value_and_gradient(theta, batch, gradient);
}

void Network::per_example_gradients(const Vector<double>& theta, Matrix<double>& gradients) {
  parts_->risk.per_example_gradients(theta, gradients);
}

void Network::squared_norms(const Vector<double>& theta, Vector<double>& norms) {
  parts_->risk.per_example_squared_norms(theta, norms);
}

double agreement_of(const std::vector<Index>& predicted, const Vector<Index>& labels) {
  Index equal = 0;
  for (Index i = 0; i < labels.size(); ++i) {
    equal += predicted[static_cast<std::size_t>(i)] == labels(i) ? 1 : 0;
  }
  return labels.size() == 0 ? std::numeric_limits<double>::quiet_NaN()
                            : static_cast<double>(equal) / static_cast<double>(labels.size());
}

} // namespace gradus::examples::agreement
