// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <gradus/core/random.hpp>
#include <gradus/core/types.hpp>

/// Eigensolvers, in a file of their own because they are slow to compile.

namespace gradus::examples::hessian {

/// All eigenvalues of a symmetric matrix, falling. Without eigenvectors: an eighth of the time.
Vector<double> eigenvalues(const Matrix<double>& symmetric);

/// Orthonormal eigenvectors of the `count` largest eigenvalues (P, count), by Lanczos.
Matrix<double> leading_vectors(const Matrix<double>& symmetric, Index count, const Stream& stream);

/// The same of A A^T for a matrix A with fewer columns than rows, by its Gram matrix.
Matrix<double> leading_left_vectors(const Matrix<double>& a, Index count, const Stream& stream);

} // namespace gradus::examples::hessian
