// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <algorithm>
#include <array>

#include <gradus/core/scalar.hpp>
#include <gradus/core/types.hpp>
#include <gradus/nn/detail/class_head.hpp>
#include <gradus/nn/detail/functions.hpp>

namespace gradus::nn {
namespace detail {

/// The steps of ExactSoftmaxCrossEntropy.
struct ExactSoftmaxHead {
  template <class H>
  static H loss(const H* x, Index k, Index c, H* dx) {
    H result;
    exponentials(x, k, c, dx, result);
    return result;
  }

  template <class H>
  static void product(const H* x, Index k, Index c, const H* v, H* hv) {
    // With p_c = 1 - sum of the others: (H v)_j = p_j (v_j - v_c - mean), mean = sum p_j (v_j -
    // v_c), and -sum of these for j = c.
    H unused;
    exponentials(x, k, c, hv, unused);
    H mean(0);
    for (Index j = 0; j < k; ++j) {
      if (j != c) {
        mean = mean + hv[j] * (v[j] - v[c]);
      }
    }
    H sum(0);
    for (Index j = 0; j < k; ++j) {
      if (j != c) {
        hv[j] = hv[j] * (v[j] - v[c] - mean);
        sum = sum + hv[j];
      }
    }
    hv[c] = -sum;
  }

private:
  /// dx[j] = p_j for j != c, dx[c] = -(sum of these); the loss.
  template <class H>
  static void exponentials(const H* x, Index k, Index c, H* dx, H& loss) {
    const H top = x[place_of_largest(x, k)];
    const bool right = !(primal(top) > primal(x[c]));
    const H base = right ? x[c] : top;
    for (Index j = 0; j < k; ++j) {
      dx[j] = x[j] - base;
    }
    exponentials_of(dx, dx, k);
    H others(0);
    for (Index j = 0; j < k; ++j) {
      others = j == c ? others : H(others + dx[j]);
    }
    // The class is largest: loss = log(1 + others). Otherwise the largest is taken out first.
    loss = right ? static_cast<H>(log1p(widen(others)))
                 : H(top - x[c] + static_cast<H>(log(widen(H(others + dx[c])))));
    const H total = right ? H(others + H(1)) : H(others + dx[c]);
    H sum(0);
    for (Index j = 0; j < k; ++j) {
      if (j != c) {
        dx[j] = dx[j] / total;
        sum = sum + dx[j];
      }
    }
    dx[c] = -sum;
  }
};

} // namespace detail

/// Softmax cross-entropy that loses nothing to absorption: with d_j = z_j - z_c,
///   loss = log1p(sum_{j != c} exp d_j),  dz_j = p_j,  dz_c = -sum_{j != c} p_j,
/// never the difference p_c - 1. Value and gradient keep the relative precision of the type, down
/// to its smallest normal number, where SoftmaxCrossEntropy has its absolute precision.
/// @tparam Precision  arithmetic of the loss; void: that of the outputs
template <class Precision = void>
struct ExactSoftmaxCrossEntropy : detail::ClassHead<detail::ExactSoftmaxHead, Precision> {
  /// Name for tables and files.
  static constexpr const char* name = "exact-softmax-cross-entropy";
};

} // namespace gradus::nn
