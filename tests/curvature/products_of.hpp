// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <gradus/core/types.hpp>
#include <gradus/curvature/operator.hpp>

namespace support {

using gradus::Matrix;
using gradus::Vector;
using gradus::curvature::Curvature;

/// Products of the columns of v with a curvature matrix of an objective.
template <class F>
Matrix<typename F::Value> products_of(F& f, const Vector<typename F::Value>& theta, Curvature kind,
                                      const Matrix<typename F::Value>& v) {
  Matrix<typename F::Value> out(v.rows(), v.cols());
  gradus::curvature::CurvatureOperator<F>(f, theta, kind).apply(v, out);
  return out;
}

} // namespace support
