// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <cmath>
#include <limits>

#include <gradus/core/scalar.hpp>
#include <gradus/core/types.hpp>

/// Two indicators of a surrogate f of the sign in a binary layer: how far it is from the sign, and
/// how unsteady the gradients are that it gives. Source: Wu et al. 2023, and their code.

namespace gradus::metrics {

/// Estimating error of a layer, |sign(W) - f(W)|_2 (Frobenius), with sign(0) = +1.
/// @param w  latent weights, any shape   @param f  entry -> surrogate of its sign
/// @return   >= 0; 0 for no weights, NaN if there is one among them
template <class W, class F>
[[nodiscard]] auto estimating_error(const Eigen::DenseBase<W>& w, F&& f) {
  using T = typename W::Scalar;
  using std::sqrt;
  T sum(0);
  for (Index j = 0; j < w.cols(); ++j) {
    for (Index i = 0; i < w.rows(); ++i) {
      const T x = w.derived().coeff(i, j);
      const T gap = T(x < T(0) ? -1 : 1) - T(f(x));
      sum += gap * gap;
    }
  }
  return T(sqrt(sum));
}

/// Spread of a gradient: the unbiased variance of the absolute values of its entries.
/// @param gradient  any shape   @return  squared units of the gradient; NaN for fewer than two
template <class G>
[[nodiscard]] auto gradient_spread(const Eigen::DenseBase<G>& gradient) {
  using T = typename G::Scalar;
  const Index n = gradient.size();
  if (n < 2) {
    return std::numeric_limits<T>::quiet_NaN();
  }
  const T mean = gradient.derived().cwiseAbs().sum() / T(n);
  T sum(0); // the second pass spares the cancellation of E x^2 - (E x)^2
  for (Index j = 0; j < gradient.cols(); ++j) {
    sum += (gradient.derived().col(j).cwiseAbs().array() - mean).square().sum();
  }
  return T(sum / T(n - 1));
}

} // namespace gradus::metrics
