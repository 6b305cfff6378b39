// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <algorithm>
#include <cmath>
#include <limits>

#include <Eigen/Eigenvalues>

#include <gradus/core/buffer.hpp>
#include <gradus/core/product.hpp>
#include <gradus/core/scalar.hpp>
#include <gradus/core/types.hpp>
#include <gradus/linear/refined_spectrum.hpp>
#include <gradus/linear/spectrum.hpp>

namespace gradus::linear {

/// Largest over smallest of the min(d, n) singular values, no cut-off: about 1 / eps, or infinite,
/// for a matrix that lacks rank; NaN for X = 0. From the eigenvalues of the smaller Gram matrix,
/// and where squaring would cost more than half the digits from refined_spectrum().
/// @param x  (d, n), d and n >= 1, finite   @throws ArgumentError
/// Cost: n d min(d, n) + 4/3 min(d, n)^3
template <RealScalar T>
[[nodiscard]] T condition_number(ConstMatrixRef<T> x) {
  detail::require_data<T>(x);
  const Index size = std::min(x.rows(), x.cols());
  Matrix<T> gram(size, size);
  Buffer<T> scratch;
  if (x.rows() <= x.cols()) {
    multiply<T>(gram, x, x.transpose(), scratch);
  } else {
    multiply<T>(gram, x.transpose(), x, scratch);
  }
  const Vector<T> squares =
      Eigen::SelfAdjointEigenSolver<Matrix<T>>(gram, Eigen::EigenvaluesOnly).eigenvalues();
  const T largest = squares(size - 1);
  if (squares(0) > std::sqrt(std::numeric_limits<T>::epsilon()) * largest) {
    return std::sqrt(largest / squares(0));
  }
  const Spectrum<T> spectrum = refined_spectrum<T>(x, T(0));
  return spectrum.rank() < size && spectrum.rank() > 0 ? std::numeric_limits<T>::infinity()
                                                       : spectrum.condition_number();
}

} // namespace gradus::linear
