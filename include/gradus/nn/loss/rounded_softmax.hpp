// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <type_traits>

#include <gradus/core/types.hpp>
#include <gradus/nn/detail/class_head.hpp>
#include <gradus/nn/detail/functions.hpp>

namespace gradus::nn {

/// How the softmax's sum is rounded.
enum class SoftmaxSum {
  /// After every single addition, the largest term first and the others in order: each of them is
  /// absorbed by itself.
  sequential,
  /// Once, when all other terms, added up apart (those of half numbers in float), meet the largest:
  /// as hardware and libraries do, which accumulate in a wider type or in parts.
  once
};

namespace detail {

/// The steps of RoundedSoftmaxCrossEntropy, each result rounded to H.
template <SoftmaxSum rounding>
struct RoundedSoftmaxHead {
  template <class H>
  static H loss(const H* x, Index k, Index c, H* dx) {
    const H own = log_probabilities(x, k, c, dx);
    exponentials_of(dx, dx, k);
    dx[c] = dx[c] - H(1);
    return -own;
  }

  template <class H>
  static void product(const H* x, Index k, Index c, const H* v, H* hv) {
    log_probabilities(x, k, c, hv);
    exponentials_of(hv, hv, k);
    H mean(0);
    for (Index j = 0; j < k; ++j) {
      mean = mean + hv[j] * v[j];
    }
    for (Index j = 0; j < k; ++j) {
      hv[j] = hv[j] * (v[j] - mean);
    }
  }

private:
  /// lp[j] = log of the probability of j; returns that of class c.
  template <class H>
  static H log_probabilities(const H* x, Index k, Index c, H* lp) {
    const Index top = place_of_largest(x, k);
    const H largest = x[top];
    for (Index j = 0; j < k; ++j) {
      lp[j] = x[j] - largest;
    }
    using Wide = std::decay_t<decltype(widen(*x))>;
    H sum(1); // exp(0), the largest term
    Wide others(0);
    constexpr Index piece = 64;
    std::array<H, static_cast<std::size_t>(piece)> e;
    for (Index start = 0; start < k; start += piece) {
      const Index count = std::min(piece, k - start);
      exponentials_of(lp + start, e.data(), count);
      for (Index j = 0; j < count; ++j) {
        if (start + j == top) {
          continue;
        }
        if constexpr (rounding == SoftmaxSum::sequential) {
          sum = sum + e[static_cast<std::size_t>(j)];
        } else {
          others = others + widen(e[static_cast<std::size_t>(j)]);
        }
      }
    }
    if constexpr (rounding == SoftmaxSum::once) {
      sum = static_cast<H>(Wide(1) + others);
    }
    const H log_sum = static_cast<H>(log(widen(sum)));
    for (Index j = 0; j < k; ++j) {
      // The minus of a largest output of +infinity would be NaN, as it should be.
      lp[j] = lp[j] - log_sum;
    }
    return lp[c];
  }
};

} // namespace detail

/// Softmax cross-entropy in the arithmetic of Precision (Eigen::half, Eigen::bfloat16, float,
/// double), whatever the network's own. Outputs are rounded to it first; then every single
/// operation is:
///   d_j = z_j - max z,  S = 1 + sum of the other exp d_j,  lp_j = d_j - log S,
///   loss = -lp_c,  dz_j = exp lp_j - [j = c].
/// Half numbers are computed in float and rounded after each operation, which for one operation is
/// the correctly rounded result. In float and double an exponential below the smallest normal
/// number is 0.
///
/// A sample's loss and label gradient are exactly 0 once S rounds to 1 ("softmax collapse"). With
/// k outputs (m, 0, ..., 0) that is for m >= ln(1 / u) if the sum is sequential, u half the spacing
/// of numbers at 1: 5.545 in bfloat16, 7.625 in half, 16.636 in float, 36.737 in double; and for
/// m >= ln((k - 1) / u) if it is rounded once.
/// Source: Prieto et al. 2025 (arXiv 2501.04697).
/// @tparam Precision  void: that of the outputs   @tparam rounding  see SoftmaxSum
template <class Precision = void, SoftmaxSum rounding = SoftmaxSum::once>
struct RoundedSoftmaxCrossEntropy
    : detail::ClassHead<detail::RoundedSoftmaxHead<rounding>, Precision> {
  /// Name for tables and files.
  static constexpr const char* name = "rounded-softmax-cross-entropy";
};

} // namespace gradus::nn
