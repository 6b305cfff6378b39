// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <cmath>
#include <numbers>

#include <gradus/core/buffer.hpp>
#include <gradus/core/error.hpp>
#include <gradus/core/product.hpp>
#include <gradus/core/types.hpp>
#include <gradus/theory/arc_cosine.hpp>

/// The mean tangent kernel of a two-layer ReLU network, and what the labels of Gaussian clusters
/// make of it: coherence of the gradients at the start, in closed form.

namespace gradus::theory {

/// 2 E 1[u > 0] 1[v > 0] for standard normal u and v with the given correlation:
/// (pi - arccos c) / pi; 1 at 1, 1/2 at 0, 0 at -1. The argument is clipped.
/// Source: Cho and Saul 2009, order 0 (with their factor 2).
[[nodiscard]] inline double arc_cosine_step(double correlation) {
  return std::acos(-clipped_cosine(correlation)) / std::numbers::pi;
}

/// Mean over the weights of the inner products of output gradients, both layers trained, of
///   f(x) = sqrt(2/h) sum_j a_j relu(w_j.x),  a, w ~ N(0, 1), no biases, any width h:
///   Theta(x, x') = x.x' k0(c) + |x| |x'| k1(c),  c = cos(x, x'),
/// k0 = (pi - arccos c) / pi, k1 = (sqrt(1 - c^2) + (pi - arccos c) c) / pi; Theta(x, x) = 2 |x|^2.
/// A sample of zeros has a kernel of 0 with all.
/// @param x  (d, n), finite   @return (n, n), symmetric to the bit   @throws ArgumentError
/// Cost: n^2 d + n^2 / 2 arc cosines
[[nodiscard]] inline Matrix<double> two_layer_tangent_kernel(ConstMatrixRef<double> x) {
  require_finite(x, "x");
  const Index n = x.cols();
  const Vector<double> norms = x.colwise().norm().transpose();
  Matrix<double> kernel(n, n);
  Buffer<double> scratch;
  multiply<double>(kernel, x.transpose(), x, scratch);
  for (Index j = 0; j < n; ++j) {
    for (Index i = 0; i < j; ++i) {
      const double size = norms(i) * norms(j);
      if (size > 0) {
        const double c = clipped_cosine(kernel(i, j) / size);
        const double step = std::acos(-c) / std::numbers::pi;
        const double ramp = std::sqrt((1 - c) * (1 + c)) / std::numbers::pi + step * c;
        kernel(i, j) = kernel(i, j) * step + size * ramp;
      } else {
        kernel(i, j) = 0;
      }
      kernel(j, i) = kernel(i, j);
    }
    kernel(j, j) = 2 * norms(j) * norms(j);
  }
  return kernel;
}

/// Coherence alpha = |E g|^2 / E |g|^2 of the logistic loss's gradients at output 0 for two
/// clusters mu t e_1 + sigma z, t = +-1, whose labels are flipped with probability f. With
/// rho = mu^2 / (mu^2 + d sigma^2):
///   a linear model without bias: (1 - 2f)^2 rho;
///   the two-layer network above: (1 - 2f)^2 rho / 2, at any width, as a ratio of means over
///   weights and data: k0(c) + k0(-c) = 1 and k1(c) - k1(-c) = c, so that
///   Theta(x, x') - Theta(x, -x') = 2 x.x'.
/// Derived here; tested by simulation.
struct ClusterCoherence {
  double mean = 3;             ///< mu
  double dim = 20;             ///< d >= 1
  double deviation = 1;        ///< sigma
  double flip_probability = 0; ///< f in [0, 1]; 1/2: random labels

  /// rho, the share of E |x|^2 that the centres have.
  [[nodiscard]] double signal() const {
    return mean * mean / (mean * mean + dim * deviation * deviation);
  }
  /// alpha of a linear model.
  [[nodiscard]] double linear() const {
    const double kept = 1 - 2 * flip_probability;
    return kept * kept * signal();
  }
  /// alpha of the two-layer ReLU network.
  [[nodiscard]] double two_layer() const { return linear() / 2; }
  /// E |g|^2 of the linear model at w = 0: (mu^2 + d sigma^2) / 4.
  [[nodiscard]] double mean_square() const {
    return (mean * mean + dim * deviation * deviation) / 4;
  }
};

/// alpha of a softmax regression without bias at W = 0 on k clusters with orthogonal centres of
/// norm r, equally frequent: r^2 / (k (r^2 + d sigma^2)). With random labels it is 0. Derived.
[[nodiscard]] inline double softmax_cluster_coherence(double num_clusters, double radius,
                                                      double dim, double deviation = 1) {
  return radius * radius / (num_clusters * (radius * radius + dim * deviation * deviation));
}

/// What m-coherence expects of m independent gradients of coherence alpha, as a ratio of means:
/// 1 + (m - 1) alpha.
[[nodiscard]] inline double expected_m_coherence(double alpha, double m) {
  return 1 + (m - 1) * alpha;
}

/// Variance of m-coherence s'Ks / tr K over random signs s on fixed inputs, whatever the network:
/// 2 sum_{i != j} K_ij^2 / (tr K)^2; its mean is 1. Derived.
/// @param gram  K (n, n), symmetric   @throws ShapeError
template <class Gram>
[[nodiscard]] double random_label_variance(const Eigen::MatrixBase<Gram>& gram) {
  require_shape(gram, "gram", gram.cols(), gram.cols());
  const auto trace = static_cast<double>(gram.trace());
  const auto off = static_cast<double>(gram.squaredNorm() - gram.diagonal().squaredNorm());
  return 2 * off / (trace * trace);
}

} // namespace gradus::theory
