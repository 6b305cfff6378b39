// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <Eigen/LU>

#include <gradus/core/error.hpp>
#include <gradus/core/scalar.hpp>
#include <gradus/core/types.hpp>

/// Responses of a fixed point by dense elimination: the reference that owes nothing to a relaxation
/// or a nudge. (Eigen's LU costs some seconds of compile time: include it where it is needed.)
namespace gradus::equilibrium {

/// Both error vectors of one sample.
template <Scalar T>
struct ExactResponse {
  Vector<T> error;   ///< e = d r*/d beta = (1/sigma' - M)^-1 g, of equilibrium propagation
  Vector<T> adjoint; ///< delta = (1/sigma' - M)^-T g = dL/db, by implicit differentiation
};

/// @param m  couplings (n, n)   @param slopes  sigma'(u) at the fixed point (n)
/// @param g  dL/dr of the sample's loss (n)   @throws ShapeError
/// Cost: two eliminations of n^3 / 3 multiplications.
template <Scalar T>
[[nodiscard]] ExactResponse<T> exact_response(ConstMatrixRef<T> m, ConstVectorRef<T> slopes,
                                              ConstVectorRef<T> g) {
  const Index n = slopes.size();
  require_shape(m, "m", n, n);
  require_size(g, "g", n);
  // (1/sigma' - M) e = g times sigma', which may be 0 where a unit is saturated.
  const Vector<T> right = slopes.cwiseProduct(g);
  const auto solve = [&](const Matrix<T>& couplings) {
    const Matrix<T> system = Matrix<T>::Identity(n, n) - slopes.asDiagonal() * couplings;
    return Vector<T>(system.partialPivLu().solve(right));
  };
  return {solve(m), solve(m.transpose())};
}

/// How the error vector e of equilibrium propagation departs from the exact delta where the
/// Jacobian J = M - diag(1/sigma') is not symmetric. With J = S + A (symmetric, antisymmetric),
/// E = S^-1 A and x = -S^-1 g,
///   e - delta = -2 (E + E^3 + ...) x = -2 E delta + O(E^2) = -2 E x + O(E^3).
struct AsymmetryBias {
  double size = 0;         ///< |E|, Frobenius
  double bias = 0;         ///< |e - delta|
  double first_order = 0;  ///< |e - delta + 2 E delta|
  double second_order = 0; ///< |e - delta + 2 E x|
  double misalignment = 0; ///< 1 - cos(e, delta)
};

/// @param m  couplings (n, n)   @param slopes  sigma' at the fixed point (n), none 0
/// @param g  dL/dr of the sample's loss (n), not 0   @throws ShapeError
template <RealScalar T>
[[nodiscard]] AsymmetryBias asymmetry_bias(ConstMatrixRef<T> m, ConstVectorRef<T> slopes,
                                           ConstVectorRef<T> g) {
  const ExactResponse<T> exact = exact_response<T>(m, slopes, g);
  Matrix<T> even = T(0.5) * (m + m.transpose());
  even.diagonal() -= slopes.cwiseInverse();
  const Matrix<T> odd = T(0.5) * (m - m.transpose());
  const auto lu = even.partialPivLu();
  const Matrix<T> e = lu.solve(odd);
  const Vector<T> x = -lu.solve(Vector<T>(g));
  const Vector<T> bias = exact.error - exact.adjoint;
  AsymmetryBias result;
  result.size = static_cast<double>(e.norm());
  result.bias = static_cast<double>(bias.norm());
  result.first_order = static_cast<double>((bias + T(2) * (e * exact.adjoint)).norm());
  result.second_order = static_cast<double>((bias + T(2) * (e * x)).norm());
  // 1 - cos = |e/|e| - delta/|delta||^2 / 2: no difference of numbers near 1.
  result.misalignment = static_cast<double>(
      T(0.5) * (exact.error.normalized() - exact.adjoint.normalized()).squaredNorm());
  return result;
}

} // namespace gradus::equilibrium
