// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <algorithm>
#include <cmath>
#include <limits>

#include <Eigen/Eigenvalues>

#include <gradus/core/error.hpp>
#include <gradus/core/scalar.hpp>
#include <gradus/core/types.hpp>

/// The second moment G = (1/n) sum g_i g_i^T of n vectors (gradients of outputs, say), seen in its
/// own eigenvectors. All of it is in the inner products K_ij = g_i . g_j: with K = U diag(n l) U^T
/// the non-zero eigenvalues of G are l, and g_i has the coordinates c_i = row i of U sqrt(n l).

namespace gradus::curvature {

/// Eigenvalues of G and the n vectors in the coordinates of its eigenvectors.
template <RealScalar T>
struct GradientModes {
  Vector<T> eigenvalues; ///< those of G that count as not 0, descending (rank)
  Matrix<T> coordinates; ///< row i is c_i (n, rank): (1/n) C^T C = diag(eigenvalues)

  /// Number of vectors n.
  [[nodiscard]] Index num_examples() const { return coordinates.rows(); }
  /// Number of eigenvalues that count as not 0.
  [[nodiscard]] Index rank() const { return eigenvalues.size(); }
  /// Tr G.
  [[nodiscard]] T trace() const { return eigenvalues.sum(); }
  /// |G|_F.
  [[nodiscard]] T frobenius() const { return eigenvalues.norm(); }
  /// Largest eigenvalue; 0 for rank 0.
  [[nodiscard]] T top() const { return rank() > 0 ? eigenvalues(0) : T(0); }
  /// (1/n) sum |g_i|^4.
  [[nodiscard]] T mean_fourth_power() const {
    return coordinates.rowwise().squaredNorm().squaredNorm() / static_cast<T>(num_examples());
  }
};

/// Modes of n vectors from their inner products. Cost: one n x n eigendecomposition.
/// @param gram  K (n, n), n >= 1; its lower half is read
/// @param cut_off  relative size from which an eigenvalue counts as not 0, in (0, 1)
/// @return of rank 0 for K = 0; of NaN for a K that is not finite
/// @throws ShapeError, ArgumentError
template <RealScalar T>
[[nodiscard]] GradientModes<T> gradient_modes(const Matrix<T>& gram, T cut_off = T(1e-9)) {
  const Index n = gram.cols();
  require_shape(gram, "gram", n, n);
  require(n >= 1, "number of examples", n, ">= 1");
  require(cut_off > T(0) && cut_off < T(1), "cut_off", cut_off, "in (0, 1)");
  GradientModes<T> modes;
  if (!gram.allFinite()) {
    const T nan = std::numeric_limits<T>::quiet_NaN();
    modes.eigenvalues = Vector<T>::Constant(1, nan);
    modes.coordinates = Matrix<T>::Constant(n, 1, nan);
    return modes;
  }
  const Eigen::SelfAdjointEigenSolver<Matrix<T>> solver(gram);
  const Vector<T> values = solver.eigenvalues().reverse();
  Index rank = 0;
  while (rank < n && values(rank) > T(0) && values(rank) >= cut_off * values(0)) {
    ++rank;
  }
  modes.eigenvalues = values.head(rank) / static_cast<T>(n);
  modes.coordinates = solver.eigenvectors().rowwise().reverse().leftCols(rank) *
                      values.head(rank).cwiseSqrt().asDiagonal();
  return modes;
}

/// How evenly single vectors lie in G: chi_i = g_i^T G g_i / |G|_F^2 (n). Their mean is 1.
template <RealScalar T>
[[nodiscard]] Vector<T> curvature_shares(const GradientModes<T>& modes) {
  const Vector<T> l = modes.eigenvalues;
  return modes.coordinates.cwiseAbs2() * l / l.squaredNorm();
}

/// Smallest alignment of gradient noise with curvature over all directions d of a displacement from
/// an interpolating minimum of L = (1/2n) sum (g_i . d)^2, where
///   mu(d) = Tr(G S(d)) / (2 L |G|_F^2),   S(d) = (1/n) sum (g_i . d)^2 g_i g_i^T - G d d^T G;
/// it is the least eigenvalue of M - G^3 relative to G, over |G|_F^2, with
/// M = (1/n) sum (g_i^T G g_i) g_i g_i^T. See noise_alignment() for mu at one point.
/// @return >= 0 up to rounding; NaN for rank 0
template <RealScalar T>
[[nodiscard]] T least_alignment(const GradientModes<T>& modes) {
  const T nan = std::numeric_limits<T>::quiet_NaN();
  if (modes.rank() == 0 || !modes.eigenvalues.allFinite()) {
    return nan;
  }
  const Vector<T>& l = modes.eigenvalues;
  const Vector<T> weights =
      modes.coordinates.cwiseAbs2() * l / static_cast<T>(modes.num_examples());
  const Matrix<T> whitened = modes.coordinates * l.cwiseSqrt().cwiseInverse().asDiagonal();
  Matrix<T> m = whitened.transpose() * weights.asDiagonal() * whitened;
  m.diagonal() -= l.cwiseAbs2(); // l^-1/2 l^3 l^-1/2
  const Eigen::SelfAdjointEigenSolver<Matrix<T>> solver(m, Eigen::EigenvaluesOnly);
  return solver.eigenvalues()(0) / l.squaredNorm();
}

} // namespace gradus::curvature
