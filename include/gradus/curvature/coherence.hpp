// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <cmath>
#include <limits>
#include <span>

#include <gradus/core/error.hpp>
#include <gradus/core/scalar.hpp>
#include <gradus/core/types.hpp>

/// How far the gradients g_i of single examples agree, from their inner products K_ij = g_i . g_j
/// (EmpiricalRisk::per_example_gram) or from the mean gradient and the norms alone.
/// Source: Chatterjee and Zielinski 2022 (arXiv 2203.10036).

namespace gradus::curvature {

/// Agreement of m gradients.
struct Coherence {
  Index examples = 0;     ///< m
  double mean_square = 0; ///< q = mean of |g_i|^2
  double alpha = 0;       ///< |mean g|^2 / q in [0, 1]; NaN if all gradients are 0
  double m_coherence = 0; ///< m alpha = 1'K1 / tr K: 1 if orthogonal, m if equal

  /// The population's alpha without the bias (1 - alpha) / m of the plug-in value:
  /// (m-coherence - 1) / (m - 1); NaN for one example.
  [[nodiscard]] double unbiased_alpha() const {
    return examples < 2 ? std::numeric_limits<double>::quiet_NaN()
                        : (m_coherence - 1) / static_cast<double>(examples - 1);
  }
};

/// Coherence from the norms of gradients and that of their mean: O(m) memory.
/// @param squared_norms  |g_i|^2 (m), m >= 1   @param squared_mean_norm  |mean g|^2
template <class Norms>
[[nodiscard]] Coherence coherence(const Eigen::MatrixBase<Norms>& squared_norms,
                                  typename Norms::Scalar squared_mean_norm) {
  const Index m = squared_norms.size();
  require(m >= 1, "number of examples", m, ">= 1");
  Coherence result;
  result.examples = m;
  result.mean_square = static_cast<double>(squared_norms.sum()) / static_cast<double>(m);
  result.alpha = static_cast<double>(squared_mean_norm) / result.mean_square;
  result.m_coherence = static_cast<double>(m) * result.alpha;
  return result;
}

/// Coherence of some of the examples of a Gram matrix K; of all, for no list.
/// @param gram  K (n, n)   @param subset  indices in [0, n), at least one
/// @throws ShapeError, ArgumentError
template <class Gram>
[[nodiscard]] Coherence coherence_of(const Eigen::MatrixBase<Gram>& gram,
                                     std::span<const Index> subset) {
  using T = typename Gram::Scalar;
  const Index n = gram.cols();
  require_shape(gram, "gram", n, n);
  require(!subset.empty(), "number of examples", subset.size(), ">= 1");
  Vector<T> norms(static_cast<Index>(subset.size()));
  T total(0);
  for (Index a = 0; a < norms.size(); ++a) {
    const Index i = subset[static_cast<std::size_t>(a)];
    require(i >= 0 && i < n, "subset index", i, "below the number of examples");
    norms(a) = gram(i, i);
    for (const Index j : subset) {
      require(j >= 0 && j < n, "subset index", j, "below the number of examples");
      total += gram(i, j);
    }
  }
  const T m = T(norms.size());
  return coherence(norms, T(total / (m * m)));
}
/// The same for all examples.
template <class Gram>
[[nodiscard]] Coherence coherence_of(const Eigen::MatrixBase<Gram>& gram) {
  const Index n = gram.cols();
  require_shape(gram, "gram", n, n);
  require(n >= 1, "number of examples", n, ">= 1");
  using T = typename Gram::Scalar;
  return coherence(Vector<T>(gram.diagonal()), T(gram.sum() / T(n) / T(n)));
}

/// alpha of the mean of k independent draws of gradients of coherence alpha:
/// k alpha / (1 + (k - 1) alpha).
[[nodiscard]] inline double amplified_alpha(double alpha, double k) {
  return k * alpha / (1 + (k - 1) * alpha);
}

} // namespace gradus::curvature
