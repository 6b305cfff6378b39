// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <cmath>

#include <gradus/core/distributions.hpp>
#include <gradus/core/error.hpp>
#include <gradus/core/random.hpp>
#include <gradus/core/scalar.hpp>
#include <gradus/core/types.hpp>

namespace gradus::data {

/// Gaussian clusters around orthogonal centres, N(c_k, spread^2 I): all centres are equally long
/// and `separation` apart. Several clusters may share a class, so that the number of clusters and
/// the number of classes are two things.
struct GaussianClusters {
  Index dim = 20;        ///< coordinates d, >= 1
  Index clusters = 4;    ///< in [1, d]
  Index classes = 2;     ///< >= 1; the class of a cluster is its number modulo this
  double separation = 4; ///< distance of any two centres, >= 0
  double spread = 0.2;   ///< standard deviation of each coordinate inside a cluster, >= 0

  /// @throws ArgumentError that names the field outside its range
  void validate() const {
    require(dim >= 1, "dim", dim, ">= 1");
    require(clusters >= 1 && clusters <= dim, "clusters", clusters, "in [1, dim]");
    require(classes >= 1, "classes", classes, ">= 1");
    require(separation >= 0 && std::isfinite(separation), "separation", separation, ">= 0, finite");
    require(spread >= 0 && std::isfinite(spread), "spread", spread, ">= 0, finite");
  }
  /// Expectation of |x|^2.
  [[nodiscard]] double mean_squared_norm() const {
    return separation * separation / 2 + static_cast<double>(dim) * spread * spread;
  }
};

/// Inputs with the clusters and the classes they belong to.
template <RealScalar T>
struct ClusteredSamples {
  Matrix<T> x;            ///< inputs (d, n), a column is a sample
  Vector<Index> clusters; ///< 0 ... clusters - 1 (n)
  Vector<Index> labels;   ///< 0 ... classes - 1 (n)
};

/// Centres: orthonormal directions, uniform over all such sets, times separation / sqrt(2).
/// @return (d, clusters)   @throws ArgumentError for a bad setting
template <RealScalar T>
[[nodiscard]] Matrix<T> draw_centres(const GaussianClusters& setting, const Stream& stream) {
  setting.validate();
  Matrix<double> centres(setting.dim, setting.clusters);
  Stream draws = stream.child("centres");
  fill_normal(draws, centres);
  for (Index k = 0; k < setting.clusters; ++k) { // Gram and Schmidt, twice for orthogonality
    for (int pass = 0; pass < 2; ++pass) {
      for (Index j = 0; j < k; ++j) {
        centres.col(k) -= centres.col(j).dot(centres.col(k)) * centres.col(j);
      }
    }
    centres.col(k).normalize();
  }
  centres *= setting.separation / std::sqrt(2.0);
  return centres.template cast<T>();
}

/// Draws n samples, sample i of cluster i modulo clusters. Settings that differ in separation and
/// spread share centres and noise up to their sizes.
/// @throws ArgumentError for a bad setting or n < 0
template <RealScalar T>
[[nodiscard]] ClusteredSamples<T> draw_gaussian_clusters(const GaussianClusters& setting, Index n,
                                                         const Stream& stream) {
  const Matrix<double> centres = draw_centres<double>(setting, stream);
  require(n >= 0, "n", n, ">= 0");
  Matrix<double> x(setting.dim, n);
  Stream noise = stream.child("noise");
  fill_normal(noise, x, setting.spread);
  ClusteredSamples<T> samples{{}, Vector<Index>(n), Vector<Index>(n)};
  for (Index i = 0; i < n; ++i) {
    samples.clusters(i) = i % setting.clusters;
    samples.labels(i) = samples.clusters(i) % setting.classes;
    x.col(i) += centres.col(samples.clusters(i));
  }
  samples.x = x.template cast<T>();
  return samples;
}

/// The control without clusters: n samples of one isotropic Gaussian with the same E|x|^2.
/// @return (d, n)   @throws ArgumentError for a bad setting or n < 0
template <RealScalar T>
[[nodiscard]] Matrix<T> draw_unclustered(const GaussianClusters& setting, Index n,
                                         const Stream& stream) {
  setting.validate();
  require(n >= 0, "n", n, ">= 0");
  Matrix<double> x(setting.dim, n);
  Stream noise = stream.child("noise");
  fill_normal(noise, x, std::sqrt(setting.mean_squared_norm() / static_cast<double>(setting.dim)));
  return x.template cast<T>();
}

} // namespace gradus::data
