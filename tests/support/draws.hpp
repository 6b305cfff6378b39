// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <string_view>

#include <gradus/core/distributions.hpp>
#include <gradus/core/random.hpp>
#include <gradus/core/types.hpp>

/// Data for tests, named so that each case has its own.

namespace support {

using gradus::Index;
using gradus::Matrix;
using gradus::Vector;

/// Standard normal entries times `scale`.
inline Matrix<double> normal_matrix(std::string_view name, Index rows, Index cols,
                                    double scale = 1.0) {
  gradus::Stream stream(20, name);
  Matrix<double> result(rows, cols);
  gradus::fill_normal(stream, result, scale);
  return result;
}

inline Vector<double> normal_vector(std::string_view name, Index size, double scale = 1.0) {
  return normal_matrix(name, size, 1, scale);
}

/// Labels -1 and +1 by turns, starting with +1.
template <class T = double>
Vector<T> alternating_labels(Index n) {
  Vector<T> labels(n);
  for (Index i = 0; i < n; ++i) {
    labels(i) = i % 2 == 0 ? T(1) : T(-1);
  }
  return labels;
}

/// Classes 0, 1, ..., k - 1, 0, 1, ...
inline Vector<Index> cyclic_classes(Index n, Index k) {
  Vector<Index> classes(n);
  for (Index i = 0; i < n; ++i) {
    classes(i) = i % k;
  }
  return classes;
}

} // namespace support
