// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <algorithm>
#include <cmath>
#include <string>

#include <gradus/core/buffer.hpp>
#include <gradus/core/error.hpp>
#include <gradus/core/parallel.hpp>
#include <gradus/core/product.hpp>
#include <gradus/core/scalar.hpp>
#include <gradus/core/types.hpp>

/// How a network's first layer reads its inputs: the two products of W_1 and X that its passes are
/// made of. A parameter of Mlp.

namespace gradus::nn {

/// Inputs as they are: X is (features, samples).
struct DenseInput {
  /// Rows of X for a first layer of so many columns.
  [[nodiscard]] Index num_rows(Index num_features) const { return num_features; }
  /// Any finite numbers are inputs.
  template <class T>
  void validate(const ConstMatrixRef<T>& /*x*/, Index /*num_features*/) const {}

  /// z = W X, then finish(first column, number of columns) as multiply_then() has it.
  template <class T, class W, class Finish>
  void apply(MatrixRef<T> z, const W& w, ConstMatrixRef<T> x, Buffer<T>& scratch,
             const Finish& finish) const {
    multiply_then<T>(z, w, x, scratch, finish);
  }
  /// gradient = delta X^T.
  template <class T>
  void weight_gradient(MatrixRef<T> gradient, ConstMatrixRef<T> delta, ConstMatrixRef<T> x,
                       Buffer<T>& scratch) const {
    multiply<T>(gradient, delta, x.transpose(), scratch);
  }
  /// gram = X^T X, inner products of the inputs of all pairs of samples (n, n).
  template <class T>
  void gram(MatrixRef<T> gram, ConstMatrixRef<T> x, Buffer<T>& scratch) const {
    multiply<T>(gram, x.transpose(), x, scratch);
  }
  /// norms(i) = |x_i|^2.
  template <class T>
  void squared_norms(VectorRef<T> norms, ConstMatrixRef<T> x) const {
    for (Index i = 0; i < x.cols(); ++i) {
      norms(i) = x.col(i).cwiseProduct(x.col(i)).sum();
    }
  }
};

/// Inputs that are sums of unit vectors, by their positions: X is (positions, samples), its entries
/// whole numbers in [0, features), and stands for the dense input with a 1 at each position of a
/// sample (2 where one occurs twice). The first layer then adds up columns of W_1, and its gradient
/// adds to them, instead of multiplying with zeros: 2 m n (positions) additions in the place of
/// 2 m n (features) multiplications for m units and n samples.
///
/// Positions are held in the number type of the network, which has them exactly up to 2^11 for half
/// and 2^24 for float.
struct OneHotInput {
  /// Positions of a sample, >= 1.
  Index positions = 1;

  /// Rows of X.
  [[nodiscard]] Index num_rows(Index /*num_features*/) const { return positions; }

  /// @throws ArgumentError naming the first entry that is no position
  template <class T>
  void validate(const ConstMatrixRef<T>& x, Index num_features) const {
    require(positions >= 1, "positions", positions, ">= 1");
    for (Index i = 0; i < x.cols(); ++i) {
      for (Index k = 0; k < x.rows(); ++k) {
        const auto at = primal(x(k, i));
        // The range comes before the conversion, which is undefined for numbers beyond Index.
        require(at >= RealOf<T>(0) && at < RealOf<T>(num_features) &&
                    RealOf<T>(static_cast<Index>(at)) == at,
                "x(" + gradus::detail::to_text(k) + ", " + gradus::detail::to_text(i) + ")", at,
                "a whole number in [0, " + gradus::detail::to_text(num_features) + ")");
      }
    }
  }

  /// z = W X, then finish(first column, number of columns).
  template <class T, class W, class Finish>
  void apply(MatrixRef<T> z, const W& w, ConstMatrixRef<T> x, Buffer<T>& /*scratch*/,
             const Finish& finish) const {
    const Index run = std::max<Index>(1, entries_at_once / std::max<Index>(1, z.rows()));
    const auto columns = [&](Index start, Index count) {
      for (Index i = start; i < start + count; ++i) {
        z.col(i) = w.col(place(x(0, i)));
        for (Index k = 1; k < x.rows(); ++k) {
          z.col(i) += w.col(place(x(k, i)));
        }
      }
      finish(start, count);
    };
    for_runs(z.cols(), run, columns);
  }

  /// gradient = delta X^T. Threads take rows of it, so that each entry is summed in the order of
  /// the samples.
  template <class T>
  void weight_gradient(MatrixRef<T> gradient, ConstMatrixRef<T> delta, ConstMatrixRef<T> x,
                       Buffer<T>& /*scratch*/) const {
    const bool small = delta.size() * x.rows() < entries_at_once;
    const Index run = small ? std::max<Index>(1, delta.rows()) : 64;
    for_runs(delta.rows(), run, [&](Index start, Index count) {
      auto rows = gradient.middleRows(start, count);
      rows.setZero();
      for (Index i = 0; i < x.cols(); ++i) {
        for (Index k = 0; k < x.rows(); ++k) {
          rows.col(place(x(k, i))) += delta.col(i).segment(start, count);
        }
      }
    });
  }

  /// gram(i, j) = number of position pairs on which samples i and j agree.
  template <class T>
  void gram(MatrixRef<T> gram, ConstMatrixRef<T> x, Buffer<T>& /*scratch*/) const {
    for (Index j = 0; j < x.cols(); ++j) {
      for (Index i = 0; i < x.cols(); ++i) {
        gram(i, j) = agreements<T>(x, i, j);
      }
    }
  }
  /// norms(i) = |x_i|^2 of the dense input that the positions stand for.
  template <class T>
  void squared_norms(VectorRef<T> norms, ConstMatrixRef<T> x) const {
    for (Index i = 0; i < x.cols(); ++i) {
      norms(i) = agreements<T>(x, i, i);
    }
  }

private:
  template <class T>
  static T agreements(const ConstMatrixRef<T>& x, Index i, Index j) {
    Index count = 0;
    for (Index a = 0; a < x.rows(); ++a) {
      for (Index b = 0; b < x.rows(); ++b) {
        count += place(x(a, i)) == place(x(b, j)) ? 1 : 0;
      }
    }
    return T(RealOf<T>(count));
  }

  static constexpr Index entries_at_once = Index{1} << 14U;

  template <class T>
  static Index place(const T& x) {
    return static_cast<Index>(primal(x));
  }
  template <class Body>
  static void for_runs(Index n, Index run, const Body& body) {
    if (n <= run) {
      body(0, n);
      return;
    }
    parallel_panels((n + run - 1) / run,
                    [&](Index r) { body(r * run, std::min(run, n - r * run)); });
  }
};

} // namespace gradus::nn
