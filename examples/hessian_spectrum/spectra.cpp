// SPDX-License-Identifier: BSD-3-Clause
#include "spectra.hpp"

#include <Eigen/Eigenvalues>

#include <gradus/curvature/eigenpairs.hpp>
#include <gradus/curvature/operator.hpp>
#include <gradus/curvature/outliers.hpp>

namespace gradus::examples::hessian {

Vector<double> eigenvalues(const Matrix<double>& symmetric) {
  return Eigen::SelfAdjointEigenSolver<Matrix<double>>(symmetric, Eigen::EigenvaluesOnly)
      .eigenvalues()
      .reverse();
}

Matrix<double> leading_vectors(const Matrix<double>& symmetric, Index count, const Stream& stream) {
  curvature::DenseOperator<double> a(symmetric);
  return curvature::eigenpairs(a, stream, {.count = count}).vectors;
}

Matrix<double> leading_left_vectors(const Matrix<double>& a, Index count, const Stream& stream) {
  const Matrix<double> gram = a.transpose() * a;
  return curvature::orthonormal_basis(a * leading_vectors(gram, count, stream));
}

} // namespace gradus::examples::hessian
