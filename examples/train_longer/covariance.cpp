// SPDX-License-Identifier: BSD-3-Clause
#include <algorithm>
#include <cmath>
#include <cstddef>
#include <numeric>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "networks.hpp"
#include <gradus/core/distributions.hpp>
#include <gradus/data/digits.hpp>
#include <gradus/nn/loss/softmax.hpp>
#include <gradus/nn/mlp.hpp>
#include <gradus/objective/empirical_risk.hpp>
#include <gradus/optim/bernoulli_batches.hpp>
#include <gradus/theory/update_covariance.hpp>

namespace gradus::examples::longer {

namespace {

using theory::BatchDraw;

/// The schemes and their names.
const std::vector<std::pair<BatchDraw, const char*>> schemes{
    {BatchDraw::with_replacement, "with"},
    {BatchDraw::without_replacement, "without"},
    {BatchDraw::bernoulli, "bernoulli"}};

/// Gradients of single examples along one direction: (1, N).
using Along = Matrix<double>;

/// A network at its start, along a random unit direction. Records, by the way, how far the mean of
/// the gradients of blocks is from that of their union: without batch normalisation, a ghost batch
/// is nothing.
Along gradients_along(const Params& p, const Stream& stream, Record& out) {
  const auto set =
      data::draw_digits<double>({.noise = p.pixel_noise}, p.num_train, stream.child("train"));
  const nn::Mlp<double> net({{data::Digits::num_inputs, 32, data::Digits::num_classes}, true});
  objective::EmpiricalRisk risk(net, nn::SoftmaxCrossEntropy{}, set.x, set.classes);
  const Vector<double> theta = net.initial_parameters(nn::HeNormal{}, stream.child("start"));
  Vector<double> direction(theta.size());
  Stream draw = stream.child("direction");
  fill_normal(draw, direction);
  direction.normalize();
  Vector<double> whole(theta.size());
  Vector<double> part(theta.size());
  Vector<double> mean = Vector<double>::Zero(theta.size());
  std::vector<Index> all(static_cast<std::size_t>(p.large_batch));
  std::iota(all.begin(), all.end(), Index{0});
  risk.value_and_gradient(theta, all, whole);
  for (Index start = 0; start < p.large_batch; start += p.small_batch) {
    risk.value_and_gradient(theta,
                            std::span(all).subspan(static_cast<std::size_t>(start),
                                                   static_cast<std::size_t>(p.small_batch)),
                            part);
    mean += part * (static_cast<double>(p.small_batch) / static_cast<double>(p.large_batch));
  }
  out.number("plain_blocks", (whole - mean).cwiseAbs().maxCoeff());

  Matrix<double> gradients(theta.size(), p.num_train);
  risk.per_example_gradients(theta, gradients);
  return direction.transpose() * gradients;
}

/// Mean squared deviation of an update from the full gradient, over draws.
template <class Draw>
double variance_of(Index draws, double centre, Draw&& draw) {
  double sum = 0;
  for (Index k = 0; k < draws; ++k) {
    const double off = draw() - centre;
    sum += off * off;
  }
  return sum / static_cast<double>(draws);
}

double measured_variance(BatchDraw scheme, const Along& g, Index batch, Index draws,
                         const Stream& stream) {
  const Index n = g.cols();
  const auto m = static_cast<double>(batch);
  if (scheme == BatchDraw::bernoulli) {
    optim::BernoulliBatches batches(n, batch, stream);
    return variance_of(draws, g.mean(), [&] {
      double sum = 0;
      for (const Index i : batches.next()) {
        sum += g(i);
      }
      return sum / m;
    });
  }
  Stream draw = stream.child("draws");
  std::vector<Index> order = random_permutation(draw, n);
  return variance_of(draws, g.mean(), [&] {
    double sum = 0;
    for (Index k = 0; k < batch; ++k) {
      if (scheme == BatchDraw::with_replacement) {
        sum += g(uniform_index(draw, n));
      } else { // the first of a new random order
        std::swap(order[static_cast<std::size_t>(k)],
                  order[static_cast<std::size_t>(k + uniform_index(draw, n - k))]);
        sum += g(order[static_cast<std::size_t>(k)]);
      }
    }
    return sum / m;
  });
}

} // namespace

void run_enumeration(const Stream& stream, Record& out) {
  Matrix<double> gradients(4, 7);
  Stream draw = stream.child("gradients");
  fill_normal(draw, gradients);
  gradients.array() += 1;
  for (const auto& [scheme, name] : schemes) {
    const Matrix<double> formula = theory::update_covariance(scheme, gradients, 3);
    const Matrix<double> law = theory::enumerated_update_covariance(scheme, gradients, 3);
    out.number(name, (formula - law).norm() / law.norm());
  }
}

void run_covariance(const Params& p, const Stream& stream, Record& out) {
  const Along g = gradients_along(p, stream, out);
  const double spread = theory::update_covariance(BatchDraw::with_replacement, g, 1)(0, 0);
  std::vector<double> batches;
  for (const Index batch : {p.small_batch, 4 * p.small_batch, p.large_batch}) {
    if (batch <= p.large_batch &&
        (batches.empty() || static_cast<double>(batch) > batches.back())) {
      batches.push_back(static_cast<double>(batch));
    }
  }
  for (const auto& [scheme, name] : schemes) {
    std::vector<double> ratios;
    std::vector<double> scaled;
    for (const double m : batches) {
      const auto batch = static_cast<Index>(m);
      const double variance = measured_variance(
          scheme, g, batch, p.draws, stream.child(name, static_cast<std::uint64_t>(batch)));
      ratios.push_back(variance / theory::update_covariance(scheme, g, batch)(0, 0));
      scaled.push_back(m * variance / spread);
    }
    out.series(std::string("ratio_") + name, {"batch", batches}, ratios);
    out.series(std::string("scaled_") + name, {"batch", batches}, scaled);
  }
  // Noise on every gradient that gives a large batch the covariance of a small one.
  std::vector<double> ratios;
  for (const double m : batches) {
    const auto batch = static_cast<Index>(m);
    const double excess = m / static_cast<double>(p.small_batch) - 1;
    Stream draw = stream.child("noise", static_cast<std::uint64_t>(batch));
    const double variance = variance_of(p.noisy_draws, g.mean(), [&] {
      double sum = 0;
      for (Index k = 0; k < batch; ++k) {
        const double value = g(uniform_index(draw, g.cols()));
        sum += value * (1 + std::sqrt(excess) * normal(draw));
      }
      return sum / m;
    });
    ratios.push_back(variance / theory::noisy_update_covariance(g, batch, excess)(0, 0));
  }
  out.series("ratio_noisy", {"batch", batches}, ratios);
}

} // namespace gradus::examples::longer
