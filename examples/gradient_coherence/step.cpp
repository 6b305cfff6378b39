// SPDX-License-Identifier: BSD-3-Clause
// Identities on the gradients of a network, and single steps tried inside training.
#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "experiments.hpp"
#include "network.hpp"
#include <gradus/core/distributions.hpp>
#include <gradus/curvature/coherence.hpp>
#include <gradus/data/digits.hpp>
#include <gradus/metrics/ratio_of_means.hpp>

namespace gradus::examples::agreement {

void run_identities(const Params& p, const Stream& stream, Record& out) {
  constexpr Index m = 60;
  const auto digits = data::draw_digits<double>({.noise = p.pixel_noise}, m, stream);
  Network net({64, 16, 12, 10}, digits.x, digits.classes);
  const Vector<double> theta = net.initial(1, stream.child("network"));
  Matrix<double> g(net.num_parameters(), m);
  net.per_example_gradients(theta, g);
  Vector<double> norms(m);
  net.squared_norms(theta, norms);
  const Vector<double> stored = g.colwise().squaredNorm().transpose();
  const double q = stored.mean();
  const double alpha = g.rowwise().mean().squaredNorm() / q;
  const curvature::Coherence cheap = net.coherence(theta);
  double pairs = 0;
  for (Index i = 0; i < m; ++i) {
    pairs += (g.colwise() - g.col(i)).squaredNorm() / static_cast<double>(m * m);
  }
  out.number("error", std::max({((norms - stored).array() / stored.array()).abs().maxCoeff(),
                                std::abs(cheap.alpha / alpha - 1),
                                std::abs(pairs / (2 * (1 - alpha) * q) - 1)}));

  // Mini-batches of k draws with replacement, by inner products: W.W = w'Kw for counts w.
  const Matrix<double> gram = g.transpose() * g;
  for (const Index k : {Index{2}, Index{5}, Index{20}}) {
    Stream draws = stream.child("draws", static_cast<std::uint64_t>(k));
    constexpr Index count = 100'000;
    Vector<double> all = Vector<double>::Zero(m);
    std::vector<Index> batch(static_cast<std::size_t>(k));
    double squares = 0;
    for (Index b = 0; b < count; ++b) {
      for (Index& i : batch) {
        i = uniform_index(draws, m);
        all(i) += 1;
      }
      for (const Index i : batch) {
        for (const Index j : batch) {
          squares += gram(i, j);
        }
      }
    }
    const double measured =
        all.dot(gram * all) / (static_cast<double>(count) * squares); // the k^2 cancel
    out.number("amplified_" + std::to_string(k),
               measured / curvature::amplified_alpha(alpha, static_cast<double>(k)));
  }
}

void run_steps_of_network(const Params& p, const Stream& stream, Record& out) {
  constexpr Index pool = 2000;
  constexpr Index m = 20;
  constexpr double eta = 1e-3;
  const auto digits = data::draw_digits<double>({.noise = 0.3}, pool, stream.child("training"));
  Network net(digit_widths({32}), digits.x, digits.classes);
  Vector<double> theta = net.initial(p.last_scale, stream.child("network"));
  Network probe(digit_widths({32}), digits.x, digits.classes); // leaves training alone
  std::vector<double> epochs, measured, predicted, alphas;
  const bool finished =
      net.train(theta, {.batch = p.batch, .rate = p.rate, .epochs = 8}, stream.child("batches"),
                [&](Index epoch, const Vector<double>& now) {
                  if (epoch != 0 && epoch != 1 && epoch != 3 && epoch != 8) {
                    return;
                  }
                  const curvature::Coherence at = probe.coherence(now);
                  const double before = probe.loss(now);
                  metrics::RatioOfMeans gains; // of the population over that of the batch
                  Vector<double> g(net.num_parameters());
                  std::vector<Index> order;
                  Stream draws = stream.child("draws", static_cast<std::uint64_t>(epoch));
                  for (Index k = 0; k < p.step_draws; ++k) {
                    // Each example is in one of 100 successive batches: the mean gain of the
                    // population has then no sampling error to first order.
                    const Index place = k % (pool / m);
                    if (place == 0) {
                      order = random_permutation(draws, pool);
                    }
                    const std::vector<Index> batch(order.begin() + place * m,
                                                   order.begin() + (place + 1) * m);
                    const double batch_before = probe.gradient(now, batch, g);
                    const Vector<double> next = now - eta * g;
                    const double population = probe.loss(next) - before;
                    gains.add(population, probe.gradient(next, batch, g) - batch_before);
                  }
                  // E |mean of m|^2 without replacement, in units of q.
                  const double square =
                      at.alpha + (1 - at.alpha) / m * static_cast<double>(pool - m) / (pool - 1);
                  epochs.push_back(static_cast<double>(epoch));
                  measured.push_back(gains.value());
                  predicted.push_back(at.alpha / square);
                  alphas.push_back(at.alpha);
                });
  if (!finished) {
    out.diverged(0, "loss or gradient");
    return;
  }
  out.series("measured", {"epoch", epochs}, measured);
  out.series("predicted", {"epoch", epochs}, predicted);
  out.series("alpha", {"epoch", epochs}, alphas);
  double worst = 1;
  for (std::size_t i = 0; i < measured.size(); ++i) {
    const double ratio = measured[i] / predicted[i];
    worst = std::abs(ratio - 1) > std::abs(worst - 1) ? ratio : worst;
  }
  out.number("ratio", worst);
}

} // namespace gradus::examples::agreement
