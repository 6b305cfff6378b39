// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <array>
#include <cmath>
#include <numbers>

#include <gradus/core/error.hpp>
#include <gradus/core/types.hpp>
#include <gradus/data/xor_clusters.hpp>
#include <gradus/theory/normal.hpp>

/// Closed forms for a two-layer ReLU network on XOR clusters after its first gradient step, started
/// from tiny weights: there f_1(x) is the linear rule (alpha / 8n) <sum_i y_i x_i, x> up to noise.
/// Setting: Xu et al. 2023 (arXiv 2310.02541); the formulas are derived here from that rule.

namespace gradus::theory {

/// What the laws below need of a training set.
struct ClusterImbalance {
  std::array<double, 2> signed_labels{}; ///< s_c: labels on +mu_c minus labels on -mu_c, summed
  std::array<double, 2> labels{};        ///< Y_c: labels on the axis, summed
  std::array<double, 2> counts{};        ///< n_c: samples on the axis
  double num_samples = 0;                ///< n
};

/// Counts a training set. @param samples  the labels used in training   @param num_train  the first
/// so many of them
[[nodiscard]] inline ClusterImbalance imbalance(const data::ClusterSamples& samples,
                                                Index num_train) {
  require(num_train >= 0 && num_train <= samples.size(), "num_train", num_train,
          "between 0 and the number of samples");
  ClusterImbalance result;
  for (Index i = 0; i < num_train; ++i) {
    const int cluster = samples.cluster[static_cast<std::size_t>(i)];
    const auto axis = static_cast<std::size_t>(data::cluster_axis(cluster));
    result.signed_labels[axis] += data::cluster_sign(cluster) * samples.labels(i);
    result.labels[axis] += samples.labels(i);
    result.counts[axis] += 1.0;
  }
  result.num_samples = static_cast<double>(num_train);
  return result;
}

/// Test accuracy of each cluster (+mu_1, -mu_1, +mu_2, -mu_2) after one step:
///   Phi(+-s_c |mu|^2 / sd),  sd^2 = n p + |mu|^2 (n + s_1^2 + s_2^2).
/// Opposite clusters add up to 1, so the mean is exactly 1/2: the net overfits at chance.
[[nodiscard]] inline std::array<double, 4>
one_step_cluster_accuracy(const ClusterImbalance& set, double mean_norm_squared, double dim) {
  const double s1 = set.signed_labels[0];
  const double s2 = set.signed_labels[1];
  const double sd =
      std::sqrt(set.num_samples * dim + mean_norm_squared * (set.num_samples + s1 * s1 + s2 * s2));
  const double first = normal_cdf(s1 * mean_norm_squared / sd);
  const double second = normal_cdf(s2 * mean_norm_squared / sd);
  return {first, 1.0 - first, 1.0 - second, second};
}

/// Share of the neurons of one sign whose weight along their own mean (mu_1 for a_j > 0, mu_2 for
/// a_j < 0) is positive after one step:
///   Phi( lab s_c / 2 / sqrt( n_c / 4 + asin(rho) / (2 pi) (Y_c^2 - n_c) ) ),
/// rho = |mu|^2 / (|mu|^2 + p), lab = +1, -1 for axis 0, 1.
[[nodiscard]] inline double positive_neuron_share(const ClusterImbalance& set, int axis,
                                                  double mean_norm_squared, double dim) {
  require(axis == 0 || axis == 1, "axis", axis, "0 or 1");
  const auto c = static_cast<std::size_t>(axis);
  const double rho = mean_norm_squared / (mean_norm_squared + dim);
  const double variance = set.counts[c] / 4.0 + std::asin(rho) / (2.0 * std::numbers::pi) *
                                                    (set.labels[c] * set.labels[c] - set.counts[c]);
  const double label = axis == 0 ? 1.0 : -1.0;
  return normal_cdf(label * set.signed_labels[c] / 2.0 / std::sqrt(variance));
}

} // namespace gradus::theory
