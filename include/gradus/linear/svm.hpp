// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <algorithm>
#include <limits>
#include <span>
#include <vector>

#include <gradus/core/buffer.hpp>
#include <gradus/core/distributions.hpp>
#include <gradus/core/error.hpp>
#include <gradus/core/product.hpp>
#include <gradus/core/random.hpp>
#include <gradus/core/scalar.hpp>
#include <gradus/core/types.hpp>
#include <gradus/linear/detail/labels.hpp>

namespace gradus::linear {

/// Which inner products a solver works with. The result is the same up to its tolerance.
enum class GramUse {
  automatic, ///< by size: the Gram matrix if it is small or no larger than the data
  always,    ///< keep the (n, n) matrix of inner products: a changed sample costs n
  never      ///< work with the samples themselves: each sample costs d
};

/// What a fit of a linear support vector machine needs to know.
template <RealScalar T>
struct SvmOptions {
  T penalty = T(1);           ///< lambda > 0
  T tolerance = T(1e-4);      ///< bound on the largest projected gradient, > 0
  T gap_tolerance = T(1e-3);  ///< bound on duality_gap / objective, > 0
  Index max_epochs = 100'000; ///< passes over the samples, >= 0
};

/// A fitted linear support vector machine with the certificate of how well it is solved.
template <RealScalar T>
struct SvmFit {
  Vector<T> weights;    ///< w = sum_i dual_i y_i x_i (d)
  Vector<T> dual;       ///< in [0, 1 / (2 lambda n)], of sample i (n)
  T objective;          ///< (1/n) sum_i max(0, 1 - y_i <w, x_i>) + lambda |w|^2
  T duality_gap;        ///< objective minus its least value is at most this; so |w - w*|^2 is at
                        ///< most duality_gap / lambda
  T projected_gradient; ///< largest violation of the optimality conditions, in units of a margin
  Index epochs = 0;     ///< passes over the samples
  bool converged =
      false; ///< whether both bounds of the options are met, looked at afresh at the end
};

/// Linear support vector machine without a bias, for two classes,
///   min_w (1/n) sum_i max(0, 1 - y_i <w, x_i>) + penalty |w|^2,
/// by coordinate descent on the dual, max_a sum_i a_i - |sum_i a_i y_i x_i|^2 / 2 over
/// 0 <= a_i <= 1 / (2 penalty n), in random order. One object serves many penalties:
///
///     LinearSvm<double> svm(x, labels);
///     auto fit = svm.fit({.penalty = 1.0}, stream);
///     fit = svm.fit({.penalty = 0.1}, stream, fit.dual); // warm start
///
/// Samples of one class alone are no mistake: the boundary goes through the origin. Epochs grow
/// without bound as the penalty of classes that overlap goes to 0; watch `converged`.
/// Source: Hsieh et al. 2008 (A dual coordinate descent method for large-scale linear SVM).
template <RealScalar T>
class LinearSvm {
public:
  /// @param x  inputs (d, n), d and n >= 1, finite   @param labels  -1 or +1 (n)
  /// @throws ArgumentError, ShapeError   Cost: n^2 d with a Gram matrix, otherwise n d
  LinearSvm(ConstMatrixRef<T> x, ConstVectorRef<T> labels, GramUse use = GramUse::automatic)
      : samples_(
            (detail::require_training_set<T>(x, labels), detail::signed_samples<T>(x, labels))),
        norms_(samples_.colwise().squaredNorm().transpose()) {
    const Index n = samples_.cols();
    if (use == GramUse::always ||
        (use == GramUse::automatic && n <= std::max<Index>(small, samples_.rows()))) {
      gram_.resize(n, n);
      Buffer<T> scratch;
      multiply<T>(gram_, samples_.transpose(), samples_, scratch);
    }
  }

  /// Fits from a = 0. @param stream  for the order of the samples
  /// @throws ArgumentError for options outside their ranges
  [[nodiscard]] SvmFit<T> fit(const SvmOptions<T>& options, const Stream& stream) const {
    return fit(options, stream, Vector<T>::Zero(samples_.cols()));
  }

  /// Fits from given dual variables, such as those of a larger penalty; they are cut off at the
  /// bound that belongs to this one. Cost: an epoch n d, or n times the changed samples.
  /// @param start  (n), finite   @throws ArgumentError, ShapeError
  [[nodiscard]] SvmFit<T> fit(const SvmOptions<T>& options, const Stream& stream,
                              ConstVectorRef<T> start) const {
    detail::require_penalty(options.penalty);
    require(options.tolerance > T(0), "tolerance", options.tolerance, "> 0");
    require(options.gap_tolerance > T(0), "gap_tolerance", options.gap_tolerance, "> 0");
    require(options.max_epochs >= 0, "max_epochs", options.max_epochs, ">= 0");
    require_size(start, "start", samples_.cols());
    require_finite(start, "start");
    const Index n = samples_.cols();
    const T bound = T(1) / (T(2) * options.penalty * static_cast<T>(n));
    SvmFit<T> result;
    result.dual = start.cwiseMax(T(0)).cwiseMin(bound);
    Vector<T> margins(n); // kept up to date in Gram form alone
    certify(result, margins, bound, options);
    std::vector<Index> order(static_cast<std::size_t>(n));
    for (Index i = 0; i < n; ++i) {
      order[static_cast<std::size_t>(i)] = i;
    }
    Stream draws = stream.child("svm");
    while (!result.converged && result.epochs < options.max_epochs) {
      shuffle(draws, std::span(order));
      const T violation = gram_.size() > 0 ? gram_epoch(result.dual, margins, order, bound)
                                           : sample_epoch(result, order, bound);
      ++result.epochs;
      // The violations seen along an epoch are of changing weights: those that count are taken
      // afresh, which also removes what rounding has piled up.
      if (violation <= options.tolerance || result.epochs % refresh == 0 ||
          result.epochs == options.max_epochs) {
        certify(result, margins, bound, options);
      }
    }
    return result;
  }

private:
  static constexpr Index small = 1024;  // a Gram matrix of 8 MB fits a cache
  static constexpr Index refresh = 500; // epochs after which rounding is removed

  /// How far the gradient of the dual points into the box.
  static T violation_of(T dual, T margin, T bound) {
    const T gradient = margin - T(1);
    if (dual <= T(0)) {
      return std::max(T(0), -gradient);
    }
    return dual >= bound ? std::max(T(0), gradient) : (gradient < T(0) ? -gradient : gradient);
  }

  /// The value of dual variable i at which its own optimality condition holds.
  [[nodiscard]] T updated(T dual, T margin, T norm, T bound) const {
    if (!(norm > T(0))) {
      return bound; // a sample at the origin: its margin is 0 whatever w is
    }
    return std::min(bound, std::max(T(0), dual - (margin - T(1)) / norm));
  }

  T gram_epoch(Vector<T>& dual, Vector<T>& margins, const std::vector<Index>& order,
               T bound) const {
    T worst(0);
    for (const Index i : order) {
      worst = std::max(worst, violation_of(dual(i), margins(i), bound));
      const T next = updated(dual(i), margins(i), norms_(i), bound);
      if (next != dual(i)) {
        margins += (next - dual(i)) * gram_.col(i);
        dual(i) = next;
      }
    }
    return worst;
  }

  T sample_epoch(SvmFit<T>& result, const std::vector<Index>& order, T bound) const {
    T worst(0);
    Vector<T>& dual = result.dual;
    for (const Index i : order) {
      const T margin = samples_.col(i).dot(result.weights);
      worst = std::max(worst, violation_of(dual(i), margin, bound));
      const T next = updated(dual(i), margin, norms_(i), bound);
      if (next != dual(i)) {
        result.weights += (next - dual(i)) * samples_.col(i);
        dual(i) = next;
      }
    }
    return worst;
  }

  /// Weights, objective and certificate from the dual variables alone.
  void certify(SvmFit<T>& result, Vector<T>& margins, T bound, const SvmOptions<T>& options) const {
    result.weights.noalias() = samples_ * result.dual;
    margins.noalias() = samples_.transpose() * result.weights;
    T loss(0);
    T gap(0);
    T worst(0);
    for (Index i = 0; i < margins.size(); ++i) {
      const T dual = result.dual(i);
      const T lack = T(1) - margins(i);
      loss += std::max(T(0), lack);
      // Each sample's part of the gap is >= 0, so that nothing cancels.
      gap += lack > T(0) ? (bound - dual) * lack : dual * -lack;
      worst = std::max(worst, violation_of(dual, margins(i), bound));
    }
    result.objective =
        loss / static_cast<T>(margins.size()) + options.penalty * result.weights.squaredNorm();
    result.duality_gap = T(2) * options.penalty * gap;
    result.projected_gradient = worst;
    result.converged = worst <= options.tolerance &&
                       result.duality_gap <= options.gap_tolerance * result.objective;
  }

  Matrix<T> samples_; ///< y_i x_i (d, n)
  Vector<T> norms_;   ///< |x_i|^2 (n)
  Matrix<T> gram_;    ///< inner products of samples_ (n, n), or empty
};

/// Fits along a path of penalties, each from the dual variables of the one before: go from the
/// largest penalty to the smallest. @param options  all but the penalty
/// @throws ArgumentError for options or penalties outside their ranges
template <RealScalar T>
[[nodiscard]] std::vector<SvmFit<T>> svm_path(const LinearSvm<T>& svm,
                                              const std::vector<T>& penalties,
                                              SvmOptions<T> options, const Stream& stream) {
  std::vector<SvmFit<T>> path;
  path.reserve(penalties.size());
  for (std::size_t k = 0; k < penalties.size(); ++k) {
    options.penalty = penalties[k];
    const Stream draws = stream.child("path", k);
    path.push_back(k == 0 ? svm.fit(options, draws) : svm.fit(options, draws, path[k - 1].dual));
  }
  return path;
}

} // namespace gradus::linear
