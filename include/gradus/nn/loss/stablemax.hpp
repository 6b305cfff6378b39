// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <gradus/core/scalar.hpp>
#include <gradus/core/types.hpp>
#include <gradus/nn/detail/class_head.hpp>
#include <gradus/nn/detail/functions.hpp>

namespace gradus::nn {

/// StableMax's substitute for the exponential: s(x) = x + 1 for x >= 0, 1 / (1 - x) below; it grows
/// and falls slowly, so no term is ever absorbed. Once continuously differentiable.
/// Source: Prieto et al. 2025 (arXiv 2501.04697).
template <Scalar T>
[[nodiscard]] T stablemax_weight(const T& x) {
  return primal(x) < RealOf<T>(0) ? T(T(1) / (T(1) - x)) : T(x + T(1));
}
/// s'(x): 1 for x >= 0, s(x)^2 below.
template <Scalar T>
[[nodiscard]] T stablemax_slope(const T& x) {
  const T s = stablemax_weight(x);
  return primal(x) < RealOf<T>(0) ? T(s * s) : T(1);
}
/// log(s(z_c) / sum_j s(z_j)) for every output of one sample: the logarithm of its probabilities.
/// @param z  outputs (k), k >= 1
template <class Z>
[[nodiscard]] Vector<typename Z::Scalar> log_stablemax(const Eigen::MatrixBase<Z>& z) {
  using T = typename Z::Scalar;
  Vector<T> result(z.size());
  T sum(0);
  for (Index j = 0; j < z.size(); ++j) {
    result(j) = stablemax_weight(T(z.derived().coeff(j)));
    sum += result(j);
  }
  const auto log_sum = detail::log(detail::widen(sum));
  for (Index j = 0; j < z.size(); ++j) {
    result(j) = static_cast<T>(detail::log(detail::widen(result(j))) - log_sum);
  }
  return result;
}

namespace detail {

/// The steps of StableMaxCrossEntropy.
struct StableMaxHead {
  template <class H>
  static H loss(const H* x, Index k, Index c, H* dx) {
    const H sum = weights(x, k, dx);
    const H own = dx[c];
    for (Index j = 0; j < k; ++j) {
      dx[j] = slope_of(x[j], dx[j]) / sum;
    }
    dx[c] = dx[c] - slope_of(x[c], own) / own;
    return static_cast<H>(log(widen(sum)) - log(widen(own)));
  }

  /// With s'' = 0 for x >= 0 and 2 s^3 below:
  /// (H v)_j = s''_j v_j / S - s'_j (sum s'_i v_i) / S^2 - [j = c] (s''_c / s_c - (s'_c / s_c)^2)
  /// v_c.
  template <class H>
  static void product(const H* x, Index k, Index c, const H* v, H* hv) {
    const H sum = weights(x, k, hv);
    const H own = hv[c];
    H moved(0);
    for (Index j = 0; j < k; ++j) {
      moved = moved + slope_of(x[j], hv[j]) * v[j];
    }
    for (Index j = 0; j < k; ++j) {
      const H s = hv[j];
      hv[j] = bend_of(x[j], s) * v[j] / sum - slope_of(x[j], s) * moved / (sum * sum);
    }
    const H ratio = slope_of(x[c], own) / own;
    hv[c] = hv[c] - (bend_of(x[c], own) / own - ratio * ratio) * v[c];
  }

private:
  template <class H>
  static H weights(const H* x, Index k, H* s) {
    H sum(0);
    for (Index j = 0; j < k; ++j) {
      s[j] = stablemax_weight(x[j]);
      sum = sum + s[j];
    }
    return sum;
  }
  template <class H>
  static H slope_of(const H& x, const H& s) {
    return primal(x) < RealOf<H>(0) ? H(s * s) : H(1);
  }
  template <class H>
  static H bend_of(const H& x, const H& s) {
    return primal(x) < RealOf<H>(0) ? H(H(2) * s * s * s) : H(0);
  }
};

} // namespace detail

/// StableMax cross-entropy: -log(s(z_c) / sum_j s(z_j)). Its gradient falls off like 1 / z, not
/// like exp(-z), so that a network that fits goes on learning.
/// Source: Prieto et al. 2025 (arXiv 2501.04697), whose code computes it in double: so does this by
/// default, whatever the network's type. In float, long runs collapse too.
/// @tparam Precision  arithmetic of the loss; void: that of the outputs
template <class Precision = double>
struct StableMaxCrossEntropy : detail::ClassHead<detail::StableMaxHead, Precision> {
  /// Name for tables and files.
  static constexpr const char* name = "stablemax-cross-entropy";
};

} // namespace gradus::nn
