// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <array>
#include <cmath>
#include <cstdint>
#include <vector>

#include <gradus/core/distributions.hpp>
#include <gradus/core/error.hpp>
#include <gradus/core/random.hpp>
#include <gradus/core/scalar.hpp>
#include <gradus/core/types.hpp>

namespace gradus::data {

/// Which clean label the four clusters carry.
enum class ClusterLabels {
  exclusive_or, ///< +1 on +-mu_1, -1 on +-mu_2: no linear rule beats chance
  linear        ///< +1 on +mu_1 and +mu_2, -1 on -mu_1 and -mu_2: a linear rule is right
};

/// Four Gaussian clusters at +mu_1, -mu_1, +mu_2, -mu_2 (numbered 0 to 3 in this order), with
///   mu_1 = |mu| e_0,  mu_2 = |mu| e_1,  x = centre + z,  z ~ N(0, I_p).
/// Source: Xu, Wang, Frei, Vardi, Hu 2023 (arXiv 2310.02541), section 2; the axes lose nothing, as
/// the noise is isotropic.
struct XorClusters {
  Index dim = 2;                ///< p >= 2
  double mean_norm_squared = 1; ///< |mu|^2 >= 0, in units of the noise variance of one coordinate
  double label_noise = 0;       ///< eta in [0, 1]: probability that a label is flipped
  /// Which clean label each cluster carries.
  ClusterLabels labels = ClusterLabels::exclusive_or;

  /// @throws ArgumentError that names the field outside its range
  void validate() const {
    require(dim >= 2, "dim", dim, ">= 2");
    require(mean_norm_squared >= 0 && std::isfinite(mean_norm_squared), "mean_norm_squared",
            mean_norm_squared, ">= 0, finite");
    require(label_noise >= 0 && label_noise <= 1, "label_noise", label_noise, "in [0, 1]");
  }
};

/// How many samples each cluster has.
enum class ClusterCounts {
  random, ///< the cluster of every sample is drawn uniformly
  equal   ///< sample i belongs to cluster i mod 4, so a test set measures no luck of the draw
};

/// Which cluster each sample belongs to and how it is labelled; everything but the inputs.
struct ClusterSamples {
  std::vector<int> cluster;    ///< 0 to 3
  Vector<double> labels;       ///< -1 or +1, some flipped
  Vector<double> clean_labels; ///< -1 or +1 as the cluster says

  /// Number of samples.
  [[nodiscard]] Index size() const { return static_cast<Index>(cluster.size()); }
  /// Whether sample i carries the wrong label.
  [[nodiscard]] bool is_flipped(Index i) const { return labels(i) != clean_labels(i); }
};

/// Axis (0 for mu_1, 1 for mu_2) and direction (+1, -1) of a cluster's centre.
[[nodiscard]] constexpr int cluster_axis(int cluster) { return cluster / 2; }
[[nodiscard]] constexpr double cluster_sign(int cluster) { return cluster % 2 == 0 ? 1.0 : -1.0; }

/// The label of a cluster without noise.
[[nodiscard]] constexpr double clean_label(int cluster, ClusterLabels labels) {
  return labels == ClusterLabels::exclusive_or ? (cluster_axis(cluster) == 0 ? 1.0 : -1.0)
                                               : cluster_sign(cluster);
}

/// Draws clusters and labels of n >= 0 samples. Clusters and flips have streams of their own, so
/// two settings that differ in label_noise alone share their clusters.
[[nodiscard]] inline ClusterSamples draw_clusters(const XorClusters& setting, Index n,
                                                  const Stream& stream,
                                                  ClusterCounts counts = ClusterCounts::random) {
  setting.validate();
  require(n >= 0, "num_samples", n, ">= 0");
  Stream clusters = stream.child("clusters");
  Stream flips = stream.child("flips");
  ClusterSamples samples;
  samples.cluster.resize(static_cast<std::size_t>(n));
  samples.labels.resize(n);
  samples.clean_labels.resize(n);
  for (Index i = 0; i < n; ++i) {
    const int cluster =
        static_cast<int>(counts == ClusterCounts::equal ? i % 4 : uniform_index(clusters, 4));
    samples.cluster[static_cast<std::size_t>(i)] = cluster;
    samples.clean_labels(i) = clean_label(cluster, setting.labels);
    samples.labels(i) =
        bernoulli(flips, setting.label_noise) ? -samples.clean_labels(i) : samples.clean_labels(i);
  }
  return samples;
}

/// The samples of both, those of `first` in front.
[[nodiscard]] inline ClusterSamples join(const ClusterSamples& first,
                                         const ClusterSamples& second) {
  ClusterSamples both = first;
  both.cluster.insert(both.cluster.end(), second.cluster.begin(), second.cluster.end());
  both.labels.resize(first.size() + second.size());
  both.labels << first.labels, second.labels;
  both.clean_labels.resize(first.size() + second.size());
  both.clean_labels << first.clean_labels, second.clean_labels;
  return both;
}

/// Adds the clusters' centres to noise. @param x  first two coordinates of the samples or all of
/// them: (>= 2) x n, updated
template <class T>
void add_centres(const XorClusters& setting, const ClusterSamples& samples, MatrixRef<T> x) {
  const double norm = std::sqrt(setting.mean_norm_squared);
  for (Index i = 0; i < samples.size(); ++i) {
    const int cluster = samples.cluster[static_cast<std::size_t>(i)];
    x(cluster_axis(cluster), i) += T(RealOf<T>(cluster_sign(cluster) * norm));
  }
}

/// Draws the inputs of the given samples in full, shape (p, n). Memory: p n numbers; for p beyond
/// what fits see data/xor_gram.hpp.
template <Scalar T>
[[nodiscard]] Matrix<T> draw_inputs(const XorClusters& setting, const ClusterSamples& samples,
                                    const Stream& stream) {
  Stream noise = stream.child("noise");
  Matrix<T> x(setting.dim, samples.size());
  fill_normal(noise, x);
  add_centres<T>(setting, samples, x);
  return x;
}

} // namespace gradus::data
