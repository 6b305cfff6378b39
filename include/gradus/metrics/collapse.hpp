// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <cmath>
#include <limits>
#include <span>
#include <vector>

#include <gradus/core/error.hpp>
#include <gradus/core/types.hpp>

/// What shows that a softmax collapses, and that a network only scales its weights.
/// Source: Prieto et al. 2025 (arXiv 2501.04697).

namespace gradus::metrics {

/// Share of samples whose loss is exactly 0. NaN for no samples.
template <class L>
[[nodiscard]] double zero_loss_fraction(const Eigen::DenseBase<L>& losses) {
  if (losses.size() == 0) {
    return std::numeric_limits<double>::quiet_NaN();
  }
  Index zero = 0;
  for (Index i = 0; i < losses.size(); ++i) {
    zero += losses.derived().coeff(i) == typename L::Scalar(0) ? 1 : 0;
  }
  return static_cast<double>(zero) / static_cast<double>(losses.size());
}

/// Share of samples whose loss has derivative exactly 0 with respect to their own class's output.
/// @param d  derivatives (classes, n)   @param classes  (n). NaN for no samples.
template <class D, class Y>
[[nodiscard]] double zero_label_gradient_fraction(const Eigen::DenseBase<D>& d, const Y& classes) {
  require_size(classes, "classes", d.cols());
  if (d.cols() == 0) {
    return std::numeric_limits<double>::quiet_NaN();
  }
  Index zero = 0;
  for (Index i = 0; i < d.cols(); ++i) {
    zero += d.derived().coeff(static_cast<Index>(classes(i)), i) == typename D::Scalar(0) ? 1 : 0;
  }
  return static_cast<double>(zero) / static_cast<double>(d.cols());
}

/// Cosine between the step downhill and the direction in which all weights grow, the "naive loss
/// minimisation" direction: -<g, w> / (|g| |w|). NaN if either is 0.
/// @param theta, gradient  (P)
template <class W, class G>
[[nodiscard]] double nlm_cosine(const Eigen::MatrixBase<W>& theta,
                                const Eigen::MatrixBase<G>& gradient) {
  require_size(gradient, "gradient", theta.size());
  const auto w = theta.derived().template cast<double>();
  const auto g = gradient.derived().template cast<double>();
  return -w.dot(g) / (w.norm() * g.norm());
}

/// <g, w> of each block. In a network without biases whose activation is homogeneous of degree 1,
/// all weight matrices have the same: the mean over samples of <z_i, dloss_i / dz_i> (Euler).
template <class W, class G>
[[nodiscard]] std::vector<double> block_products(const Eigen::MatrixBase<W>& theta,
                                                 const Eigen::MatrixBase<G>& gradient,
                                                 std::span<const ParameterBlock> blocks) {
  require_size(gradient, "gradient", theta.size());
  std::vector<double> products;
  for (const ParameterBlock& block : blocks) {
    const auto w = theta.segment(block.start, block.size).template cast<double>();
    const auto g = gradient.segment(block.start, block.size).template cast<double>();
    products.push_back(w.dot(g));
  }
  return products;
}

} // namespace gradus::metrics
