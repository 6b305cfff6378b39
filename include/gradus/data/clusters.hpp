// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <cmath>
#include <utility>

#include <gradus/core/distributions.hpp>
#include <gradus/core/error.hpp>
#include <gradus/core/random.hpp>
#include <gradus/core/scalar.hpp>
#include <gradus/core/types.hpp>
#include <gradus/data/labelled.hpp>

/// Independent samples of round Gaussian clusters: which one a sample is from is drawn as well
/// (data/gaussian_classes.hpp has classes of exactly equal size).

namespace gradus::data {

/// Two clusters at -mean e_1 and +mean e_1.
struct TwoClusters {
  Index dim = 20;       ///< d >= 1
  double mean = 3;      ///< distance of the centres from the origin, finite
  double deviation = 1; ///< standard deviation of every coordinate, >= 0

  /// @throws ArgumentError that names the field outside its range
  void validate() const {
    require(dim >= 1, "dim", dim, ">= 1");
    require(std::isfinite(mean), "mean", mean, "finite");
    require(deviation >= 0 && std::isfinite(deviation), "deviation", deviation, ">= 0, finite");
  }
};

/// n >= 0 independent samples, labels -1 and +1 by fair coins. @throws ArgumentError
template <RealScalar T>
[[nodiscard]] LabelledSamples<T> draw_two_clusters(const TwoClusters& setting, Index n,
                                                   const Stream& stream) {
  setting.validate();
  require(n >= 0, "n", n, ">= 0");
  Stream coins = stream.child("clusters");
  Stream noise = stream.child("noise");
  LabelledSamples<T> samples{Matrix<T>(setting.dim, n), Vector<T>(n)};
  fill_normal(noise, samples.x, setting.deviation);
  for (Index i = 0; i < n; ++i) {
    samples.labels(i) = T(random_sign(coins));
    samples.x(0, i) += samples.labels(i) * static_cast<T>(setting.mean);
  }
  return samples;
}

/// Clusters at radius e_1, ..., radius e_k.
struct OrthogonalClusters {
  Index num_clusters = 10; ///< k in [1, dim]
  Index dim = 20;          ///< d >= 1
  double radius = 3;       ///< distance of the centres from the origin, finite
  double deviation = 1;    ///< standard deviation of every coordinate, >= 0

  /// @throws ArgumentError that names the field outside its range
  void validate() const {
    require(dim >= 1, "dim", dim, ">= 1");
    require(num_clusters >= 1 && num_clusters <= dim, "num_clusters", num_clusters, "in [1, dim]");
    require(std::isfinite(radius), "radius", radius, "finite");
    require(deviation >= 0 && std::isfinite(deviation), "deviation", deviation, ">= 0, finite");
  }
};

/// Inputs with the number of their cluster.
template <Scalar T>
struct OrthogonalClusterSamples {
  Matrix<T> x;           ///< inputs (d, n)
  Vector<Index> classes; ///< clusters (n), 0 to k - 1
};

/// n >= 0 independent samples, each of a cluster drawn uniformly. @throws ArgumentError
template <RealScalar T>
[[nodiscard]] OrthogonalClusterSamples<T>
draw_orthogonal_clusters(const OrthogonalClusters& setting, Index n, const Stream& stream) {
  setting.validate();
  require(n >= 0, "n", n, ">= 0");
  Stream clusters = stream.child("clusters");
  Stream noise = stream.child("noise");
  OrthogonalClusterSamples<T> samples{Matrix<T>(setting.dim, n), Vector<Index>(n)};
  fill_normal(noise, samples.x, setting.deviation);
  for (Index i = 0; i < n; ++i) {
    samples.classes(i) = uniform_index(clusters, setting.num_clusters);
    samples.x(samples.classes(i), i) += static_cast<T>(setting.radius);
  }
  return samples;
}

} // namespace gradus::data
