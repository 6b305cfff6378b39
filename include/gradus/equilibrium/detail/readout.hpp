// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <cmath>
#include <complex>

#include <gradus/core/product.hpp>
#include <gradus/core/scalar.hpp>
#include <gradus/core/types.hpp>
#include <gradus/equilibrium/detail/panel.hpp>
#include <gradus/nn/detail/pack.hpp>
#include <gradus/nn/detail/planar.hpp>

namespace gradus::equilibrium::detail {

/// Replaces logits by exp(z - shift), the shift of each column its largest real part: the
/// continuation of the softmax stays holomorphic, as a common factor of all terms falls out.
/// @param z  (classes) x (paired + real + paired) columns, as in Panel
template <class T>
void shifted_exponentials(T* z, Index classes, Index paired, Index real) {
  for (Index j = 0; j < paired + real; ++j) {
    VectorMap<T> column(z + j * classes, classes);
    column.array() -= column.maxCoeff();
  }
  T* const im = z + classes * (paired + real);
  const Index first_real = classes * paired;
  if constexpr (Vectorised<T>) {
    for_packs<T>(first_real, [&](Index i, Index count) {
      Pack<T> a;
      Pack<T> b;
      nn::detail::complex_exp_negative(load(z + i, count), load(im + i, count), a, b);
      store(a, z + i, count);
      store(b, im + i, count);
    });
    for_packs<T>(classes * real, [&](Index i, Index count) {
      store(nn::detail::exp_negative(-load(z + first_real + i, count)), z + first_real + i, count);
    });
  } else {
    for (Index i = 0; i < classes * (paired + real); ++i) {
      const std::complex<T> e = std::exp(std::complex<T>(z[i], i < first_real ? im[i] : T(0)));
      z[i] = e.real();
      if (i < first_real) {
        im[i] = e.imag();
      }
    }
  }
}

/// Replaces logits by softmax(z), in the layout of shifted_exponentials().
template <class T>
void softmax(T* z, Index classes, Index paired, Index real) {
  shifted_exponentials(z, classes, paired, real);
  for (Index j = 0; j < paired + real; ++j) {
    VectorMap<T> a(z + j * classes, classes);
    const T sum = a.sum();
    if (j >= paired) {
      a *= T(1) / sum;
      continue;
    }
    VectorMap<T> b(z + (paired + real + j) * classes, classes);
    const T im_sum = b.sum();
    const T scale = T(1) / (sum * sum + im_sum * im_sum);
    const T c = sum * scale;
    const T d = im_sum * scale;
    for (Index k = 0; k < classes; ++k) { // times the conjugate of the sum
      const T x = a(k);
      a(k) = x * c + b(k) * d;
      b(k) = b(k) * c - x * d;
    }
  }
}

/// The readout of a network: its weights in both directions.
template <class T>
struct Readout {
  Matrix<T> weights;    ///< R (classes, outputs)
  Matrix<T> transposed; ///< R^T
  Vector<T> bias;       ///< c

  /// z = R r_out + c for states of n units; only real parts get the bias.
  void logits(const T* rates, Index units, Index columns, Index real_parts, T* z) const {
    const Index outputs = weights.cols();
    const Index classes = weights.rows();
    gradus::detail::serial_product(
        z, classes, gradus::detail::Operand<T, false>{weights.data(), classes, outputs, classes},
        gradus::detail::Operand<T, false>{rates + units - outputs, outputs, columns, units}, T(1),
        false);
    for (Index j = 0; j < real_parts; ++j) {
      VectorMap<T>(z + j * classes, classes) += bias;
    }
  }
  /// g = R^T d.
  void back(const T* d, Index columns, T* g) const {
    const Index outputs = weights.cols();
    const Index classes = weights.rows();
    gradus::detail::serial_product(
        g, outputs, gradus::detail::Operand<T, false>{transposed.data(), outputs, classes, outputs},
        gradus::detail::Operand<T, false>{d, classes, columns, classes}, T(1), false);
  }
};

} // namespace gradus::equilibrium::detail
