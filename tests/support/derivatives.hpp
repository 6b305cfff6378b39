// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <complex>
#include <limits>
#include <utility>

#include <gradus/core/types.hpp>

/// Derivatives of objectives by complex step: Im f(x + i h) / h, exact to rounding because nothing
/// is subtracted. The objective is the complex instantiation of the one under test.

namespace support {

using Complex = std::complex<double>;
using gradus::Index;
using gradus::Matrix;
using gradus::Vector;

/// Any step whose square vanishes beside 1 does.
inline constexpr double complex_step = 1e-30;

/// Gradient of a complex objective at a real point, from values alone.
template <class F>
Vector<double> gradient_by_complex_step(F&& f, const Vector<double>& theta) {
  Vector<Complex> shifted = theta.cast<Complex>();
  Vector<double> gradient(theta.size());
  for (Index j = 0; j < theta.size(); ++j) {
    shifted(j) = Complex(theta(j), complex_step);
    gradient(j) = f.value(shifted).imag() / complex_step;
    shifted(j) = theta(j);
  }
  return gradient;
}

/// Dense Hessian of a complex objective at a real point, from its gradients.
template <class F>
Matrix<double> hessian_by_complex_step(F&& f, const Vector<double>& theta) {
  Vector<Complex> shifted = theta.cast<Complex>();
  Vector<Complex> gradient(theta.size());
  Matrix<double> hessian(theta.size(), theta.size());
  for (Index j = 0; j < theta.size(); ++j) {
    shifted(j) = Complex(theta(j), complex_step);
    f.value_and_gradient(shifted, gradient);
    hessian.col(j) = gradient.imag() / complex_step;
    shifted(j) = theta(j);
  }
  return hessian;
}

/// Gradient of an objective at a point.
template <class F>
Vector<typename std::decay_t<F>::Value>
gradient_of(F&& f, const Vector<typename std::decay_t<F>::Value>& theta) {
  Vector<typename std::decay_t<F>::Value> gradient(theta.size());
  f.value_and_gradient(theta, gradient);
  return gradient;
}

/// H v of an objective at a point.
template <class F, class T>
Vector<T> hvp_of(F&& f, const Vector<T>& theta, const Vector<T>& v) {
  Vector<T> product(theta.size());
  f.hvp(theta, v, product);
  return product;
}

/// Largest deviation in units of the largest entry of the reference. Infinite if the reference is
/// zero or not finite, so that a check which compares nothing with nothing fails.
template <class A, class B>
double worst_error(const Eigen::MatrixBase<A>& computed, const Eigen::MatrixBase<B>& reference) {
  const double scale = reference.cwiseAbs().maxCoeff();
  if (!(scale > 0) || !reference.allFinite() || !computed.allFinite() ||
      computed.rows() != reference.rows() || computed.cols() != reference.cols()) {
    return std::numeric_limits<double>::infinity();
  }
  return (computed - reference).cwiseAbs().maxCoeff() / scale;
}

} // namespace support
