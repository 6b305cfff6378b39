// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <algorithm>
#include <cmath>
#include <limits>
#include <utility>

#include <Eigen/Eigenvalues>

#include <gradus/core/error.hpp>
#include <gradus/core/scalar.hpp>
#include <gradus/core/types.hpp>
#include <gradus/curvature/gradient_modes.hpp>

/// Up to which step size stochastic gradient descent stays at an interpolating minimum of a squared
/// loss L = (1/2n) sum (f(x_i) - y_i)^2. With g_i the gradients of the outputs there, a step with a
/// batch of B draws with replacement moves the displacement d from the minimum by
///   d' = d - (rate / B) sum_{i in batch} g_i g_i^T d,
/// and its second moment S = E d d^T by the linear map
///   S' = S - rate (G S + S G) + rate^2 [ (1 - 1/B) G S G + Q(S) / B ],
///   Q(S) = (1/n) sum g_i (g_i^T S g_i) g_i^T.
/// Source: linear stability as in Wu and Su 2023 (arXiv 2305.17490); the exact threshold is derived
/// here: in the eigenvectors of G all but Q is diagonal and Q has rank n at most, so that the map's
/// top eigenvalue is the root of a secular equation with n x n matrices.

namespace gradus::curvature {

namespace detail {

/// The largest root x of lambda_max(W(x)) = 1, W(x) = sum_ab weight_ab / (x - pole_ab) e_ab e_ab^T
/// with (e_ab)_i = c_ia c_ib: the top eigenvalue of diag(pole) + (a matrix of rank n). The largest
/// pole lies on the diagonal. 1 / lambda_max(W) is concave and increasing beyond it, so Newton's
/// method on it converges from the left without ever passing the root.
/// @param c  (n, rank), rank >= 1   @param weight  (rank, rank), > 0   @param pole  (rank, rank)
template <RealScalar T>
[[nodiscard]] T top_secular_root(const Matrix<T>& c, const Matrix<T>& weight,
                                 const Matrix<T>& pole) {
  using std::abs;
  const Index n = c.rows();
  const Index rank = c.cols();
  const T eps = std::numeric_limits<T>::epsilon();
  const T largest_pole = pole.maxCoeff();
  // The diagonal of the whole matrix bounds the root from below.
  const Vector<T> fourth = c.cwiseAbs2().cwiseAbs2().colwise().sum().transpose();
  T x = (pole.diagonal() + weight.diagonal().cwiseProduct(fourth)).maxCoeff();
  x = std::max(x, T(largest_pole + T(4) * eps * abs(largest_pole)));
  Matrix<T> w(n, n);
  Matrix<T> pairs(n, rank);
  Matrix<T> weighted(n, rank);
  for (Index iteration = 0; iteration < 100; ++iteration) {
    w.setZero();
    for (Index a = 0; a < rank; ++a) { // pairs with b >= a; those with b > a count twice
      const Index size = rank - a;
      pairs.leftCols(size) = c.rightCols(size).array().colwise() * c.col(a).array();
      for (Index k = 0; k < size; ++k) {
        const T scale = weight(a, a + k) / (x - pole(a, a + k)) * T(k == 0 ? 1 : 2);
        weighted.col(k) = scale * pairs.col(k);
      }
      w.template triangularView<Eigen::Lower>() +=
          weighted.leftCols(size) * pairs.leftCols(size).transpose();
    }
    const Eigen::SelfAdjointEigenSolver<Matrix<T>> solver(w);
    const T value = solver.eigenvalues()(n - 1);
    const Matrix<T> along =
        c.transpose() * solver.eigenvectors().col(n - 1).asDiagonal() * c; // e_ab . v
    const T slope = -(weight.array() * along.array().square() / (x - pole.array()).square()).sum();
    const T step = -value * (value - T(1)) / slope;
    if (!(abs(step) > T(4) * eps * abs(x))) { // NaN ends it, too
      return x + step;
    }
    x = std::max(T(x + step), T(largest_pole + T(4) * eps * abs(largest_pole)));
  }
  return x;
}

} // namespace detail

/// Stability of stochastic gradient descent in mean square at a minimum, from the modes of the
/// gradients of its outputs. Step sizes are compared with those of full gradient descent, which is
/// stable up to 2 / lambda_max(G).
template <RealScalar T>
class MeanSquareStability {
public:
  /// @param modes  of n gradients; see gradient_modes()
  explicit MeanSquareStability(GradientModes<T> modes) : modes_(std::move(modes)) {}

  /// The modes.
  [[nodiscard]] const GradientModes<T>& modes() const { return modes_; }

  /// Largest stable step size of full gradient descent, 2 / lambda_max(G); infinite for G = 0.
  [[nodiscard]] T descent_threshold() const { return T(2) / modes_.top(); }

  /// Largest step size at which E |d|^2 does not grow, exactly:
  ///   1 / max_S <S, (1 - 1/B) G S G + Q(S) / B> / <S, G S + S G>   over S on the range of G.
  /// @param batch  B, draws with replacement, >= 1   @return infinite for G = 0, NaN for NaN
  /// Cost: one n x n eigendecomposition and n^2 rank^2 / 2 multiplications for B = 1, some five
  /// times that for larger B.   @throws ArgumentError
  [[nodiscard]] T threshold(Index batch) const {
    const T b = checked(batch);
    if (degenerate()) {
      return descent_threshold();
    }
    const Vector<T>& l = modes_.eigenvalues;
    const Matrix<T> sums = l.replicate(1, l.size()) + l.transpose().replicate(l.size(), 1);
    const Matrix<T> pole = (T(1) - T(1) / b) * (l * l.transpose()).cwiseQuotient(sums);
    const Matrix<T> weight = sums.cwiseInverse() / (b * examples());
    return T(1) / detail::top_secular_root<T>(modes_.coordinates, weight, pole);
  }

  /// Factor by which E |d|^2 grows per step in the long run: the top eigenvalue of the map above on
  /// the range of G. At the threshold it is 1.
  /// @param rate  step size, >= 0   @param batch  B >= 1   @return 1 for G = 0 or rate = 0
  [[nodiscard]] T growth(T rate, Index batch) const {
    const T b = checked(batch);
    require(rate >= T(0), "rate", rate, ">= 0");
    if (modes_.rank() == 0 || rate == T(0)) {
      return T(1);
    }
    if (degenerate()) {
      return std::numeric_limits<T>::quiet_NaN();
    }
    const Vector<T>& l = modes_.eigenvalues;
    const Matrix<T> sums = l.replicate(1, l.size()) + l.transpose().replicate(l.size(), 1);
    const Matrix<T> pole = Matrix<T>::Ones(l.size(), l.size()) - rate * sums +
                           rate * rate * (T(1) - T(1) / b) * (l * l.transpose());
    const Matrix<T> weight =
        Matrix<T>::Constant(l.size(), l.size(), rate * rate / (b * examples()));
    return detail::top_secular_root<T>(modes_.coordinates, weight, pole);
  }

  /// The same threshold if the noise of a step had its power, but no preferred direction:
  ///   S' = (I - rate G) S (I - rate G) + rate^2 / (B dim) Tr[S N] I,
  ///   N = (1/n) sum |g_i|^2 g_i g_i^T - G^2.
  /// @param dim  directions over which the power is spread, >= rank
  [[nodiscard]] T isotropic_threshold(Index batch, Index dim) const {
    const T b = checked(batch);
    require(dim >= modes_.rank() && dim >= 1, "dim", dim, ">= 1, at least the rank");
    if (degenerate()) {
      return descent_threshold();
    }
    const Vector<T>& l = modes_.eigenvalues;
    const Vector<T> norms = modes_.coordinates.rowwise().squaredNorm();
    const Vector<T> power =
        modes_.coordinates.cwiseAbs2().transpose() * norms / examples() - l.cwiseAbs2(); // N_aa
    // s_a settles at rate^2 q / (B dim) / (1 - (1 - rate l_a)^2) for q = Tr[S N]; q feeds itself.
    T low = T(0);
    T high = descent_threshold();
    for (int i = 0; i < std::numeric_limits<T>::digits + 10; ++i) {
      const T rate = (low + high) / T(2);
      const T gain = rate / (b * static_cast<T>(dim)) *
                     (power.array() / (l.array() * (T(2) - rate * l.array()))).sum();
      (gain < T(1) ? low : high) = rate;
    }
    return low;
  }

  /// Upper bound on threshold(batch) from S = I:
  ///   2 Tr G / ((1 - 1/B) |G|_F^2 + (1/n) sum |g_i|^4 / B);  for B = 1 at most 2 / Tr G.
  [[nodiscard]] T uniform_bound(Index batch) const {
    const T b = checked(batch);
    const T f = modes_.frobenius();
    return T(2) * modes_.trace() / ((T(1) - T(1) / b) * f * f + modes_.mean_fourth_power() / b);
  }

  /// The flatness that a stable minimum has at most 2 / rate of:
  ///   Tr G / B + (1 - 1/B) |G|_F^2 / Tr G.
  [[nodiscard]] T flatness(Index batch) const {
    const T b = checked(batch);
    const T f = modes_.frobenius();
    return modes_.trace() / b + (T(1) - T(1) / b) * f * f / modes_.trace();
  }

private:
  static T checked(Index batch) {
    require(batch >= 1, "batch", batch, ">= 1");
    return static_cast<T>(batch);
  }
  [[nodiscard]] T examples() const { return static_cast<T>(modes_.num_examples()); }
  [[nodiscard]] bool degenerate() const {
    return modes_.rank() == 0 || !modes_.eigenvalues.allFinite();
  }

  GradientModes<T> modes_;
};

} // namespace gradus::curvature
