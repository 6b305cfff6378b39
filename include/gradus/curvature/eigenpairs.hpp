// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <algorithm>
#include <cmath>
#include <limits>
#include <stdexcept>
#include <utility>

#include <Eigen/Eigenvalues>
#include <Spectra/SymEigsSolver.h>

#include <gradus/core/distributions.hpp>
#include <gradus/core/error.hpp>
#include <gradus/core/random.hpp>
#include <gradus/core/types.hpp>
#include <gradus/curvature/dense.hpp>
#include <gradus/curvature/operator.hpp>

namespace gradus::curvature {

/// Which end of a spectrum.
enum class SpectrumEnd {
  largest,  ///< largest eigenvalues, in falling order
  smallest, ///< smallest (most negative) ones, in rising order
  magnitude ///< those of largest absolute value, in the order of it
};

/// What is sought and how far it is taken.
template <RealScalar T>
struct EigenOptions {
  Index count = 1;                                 ///< eigenpairs, in [1, P]
  SpectrumEnd end = SpectrumEnd::largest;          ///< which
  double tolerance = sizeof(T) < 8 ? 1e-5 : 1e-10; ///< asked of the search, in units of |l|, > 0
  Index restarts = 300;                            ///< most restarts of the Krylov space, >= 1
  Vector<T> start = {}; ///< first vector of the search (P); empty: drawn from the stream
};

/// Eigenpairs found.
template <RealScalar T>
struct [[nodiscard]] Eigenpairs {
  Vector<T> values;       ///< in the order of SpectrumEnd; fewer than asked for if not converged
  Matrix<T> vectors;      ///< unit vectors in columns, (P, values.size())
  bool converged = false; ///< all found, and each |A u - l u| at most ten times the tolerance
                          ///< (no less than 100 rounding units) of the largest |l|
  bool finite = true;     ///< false if a product was not finite; there are then no values
  Index products = 0;     ///< matrix-vector products taken
};

namespace detail {

/// An operator as Spectra wants it.
template <class A>
class SpectraProduct {
public:
  using Scalar = typename A::Value;
  explicit SpectraProduct(A& a) : a_(a) {}
  [[nodiscard]] Index rows() const { return a_.size(); }
  [[nodiscard]] Index cols() const { return a_.size(); }
  void perform_op(const Scalar* x, Scalar* y) const {
    a_.apply(ConstMatrixMap<Scalar>(x, rows(), 1), MatrixMap<Scalar>(y, rows(), 1));
  }

private:
  A& a_;
};

/// The wanted end of a full spectrum.
template <class T>
Eigenpairs<T> end_of(const Eigen::SelfAdjointEigenSolver<Matrix<T>>& all, Index count,
                     SpectrumEnd end) {
  const Index size = all.eigenvalues().size();
  Eigenpairs<T> result{Vector<T>(count), Matrix<T>(size, count), true, true, size};
  Index low = 0;
  Index high = size - 1;
  for (Index j = 0; j < count; ++j) {
    const bool top = end == SpectrumEnd::largest ||
                     (end == SpectrumEnd::magnitude &&
                      std::abs(all.eigenvalues()(high)) >= std::abs(all.eigenvalues()(low)));
    const Index from = top ? high-- : low++;
    result.values(j) = all.eigenvalues()(from);
    result.vectors.col(j) = all.eigenvectors().col(from);
  }
  return result;
}

} // namespace detail

/// A few eigenpairs of a symmetric matrix from products alone, by implicitly restarted Lanczos
/// (Spectra); what it finds is checked by one more product. Matrices too small for a Krylov space
/// of 2 count + 20 are assembled and decomposed. Memory: about 2 count + 20 vectors.
/// @param stream  draws the start vector
/// @throws ArgumentError for a bad option; ShapeError for a start of another size
template <SymmetricOperator A>
Eigenpairs<typename A::Value> eigenpairs(A& a, const Stream& stream,
                                         const EigenOptions<typename A::Value>& options = {}) {
  using T = typename A::Value;
  const Index size = a.size();
  require(options.count >= 1 && options.count <= size, "count", options.count,
          "in [1, number of parameters]");
  require(options.tolerance > 0, "tolerance", options.tolerance, "> 0");
  require(options.restarts >= 1, "restarts", options.restarts, ">= 1");
  Vector<T> start = options.start;
  if (start.size() == 0) {
    start.resize(size);
    Stream draw = stream.child("start");
    fill_normal(draw, start);
  }
  require_size(start, "start", size);
  Vector<T> product(size);
  detail::SpectraProduct<A> op(a);
  op.perform_op(start.data(), product.data());
  if (!product.allFinite()) {
    Eigenpairs<T> none;
    none.finite = false;
    none.products = 1;
    return none;
  }
  if (product.isZero(T(0))) { // a start that A knows nothing of, or A = 0
    Stream draw = stream.child("second start");
    fill_normal(draw, start);
    op.perform_op(start.data(), product.data());
    if (product.isZero(T(0))) {
      return {Vector<T>::Zero(options.count), Matrix<T>::Identity(size, options.count), true, true,
              2};
    }
  }
  const Index space = 2 * options.count + 20;
  if (space > size) {
    const Matrix<T> dense = dense_matrix(a);
    if (!dense.allFinite()) {
      Eigenpairs<T> none;
      none.finite = false;
      none.products = size;
      return none;
    }
    return detail::end_of<T>(Eigen::SelfAdjointEigenSolver<Matrix<T>>(dense), options.count,
                             options.end);
  }
  const Spectra::SortRule rule =
      options.end == SpectrumEnd::largest    ? Spectra::SortRule::LargestAlge
      : options.end == SpectrumEnd::smallest ? Spectra::SortRule::SmallestAlge
                                             : Spectra::SortRule::LargestMagn;
  Eigenpairs<T> result;
  // A start that is (nearly) an eigenvector leads Spectra 1.0 astray: it then returns values that
  // are none and calls them converged. So starts are stirred, answers are checked, and one that
  // fails is sought again from elsewhere.
  for (const auto& [name, share] : {std::pair{"stir", T(0.1)}, std::pair{"elsewhere", T(10)}}) {
    Vector<T> noise(size);
    Stream draw = stream.child(name);
    fill_normal(draw, noise);
    start = start.normalized() + share * noise.normalized();
    Spectra::SymEigsSolver<detail::SpectraProduct<A>> solver(op, options.count, space);
    try {
      solver.init(start.data());
      const Index found =
          solver.compute(rule, options.restarts, static_cast<T>(options.tolerance), rule);
      result.products += solver.num_operations();
      result.values = solver.eigenvalues();
      result.vectors = solver.eigenvectors();
      result.converged = found >= options.count;
    } catch (const std::runtime_error&) { // its small eigenproblem failed: not finite on the way
      result = {};
      result.finite = false;
      return result;
    }
    if (!result.converged) {
      return result;
    }
    Matrix<T> residuals(size, options.count);
    a.apply(result.vectors, residuals);
    result.products += options.count;
    residuals -= result.vectors * result.values.asDiagonal();
    const T scale = result.values.cwiseAbs().maxCoeff();
    const T allowed =
        T(10) * scale * std::max(T(options.tolerance), std::numeric_limits<T>::epsilon() * T(100));
    result.converged = residuals.colwise().norm().maxCoeff() <= allowed;
    if (result.converged) {
      return result;
    }
  }
  return result;
}

/// Top eigenpairs of the Hessian (or another curvature matrix) of an objective at theta (P); see
/// eigenpairs().
template <objective::HasHvp F>
Eigenpairs<typename F::Value> top_eigenpairs(F& objective, ConstVectorRef<typename F::Value> theta,
                                             const Stream& stream,
                                             const EigenOptions<typename F::Value>& options = {},
                                             Curvature kind = Curvature::hessian) {
  CurvatureOperator<F> a(objective, theta, kind);
  return eigenpairs(a, stream, options);
}

} // namespace gradus::curvature
