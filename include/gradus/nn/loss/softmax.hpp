// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <algorithm>
#include <array>
#include <concepts>
#include <cstddef>

#include <gradus/core/error.hpp>
#include <gradus/core/scalar.hpp>
#include <gradus/core/types.hpp>
#include <gradus/nn/detail/elementwise.hpp>
#include <gradus/nn/detail/functions.hpp>
#include <gradus/nn/detail/pack.hpp>
#include <gradus/nn/loss/class_targets.hpp>

namespace gradus::nn {

/// log(sum_j exp(z_j)) - z_c for the class c of a sample: cross-entropy of the softmax of k >= 2
/// outputs. The largest output is taken out first, so nothing overflows. As is common, the class's
/// own term stays in the sum: values and the gradient p_c - 1 have the absolute precision of T, and
/// are 0 once the other probabilities round away (the collapse that low precision shows).
/// Shapes: outputs z k x n, labels n with values 0 .. k - 1, values n; n = 0 is fine. Nothing is
/// averaged.
struct SoftmaxCrossEntropy : ClassTargets {
  /// Name for tables, files and the command line.
  static constexpr const char* name = "softmax-cross-entropy";

  /// out(i) = loss of sample i. Labels may be a vector of any integer type.
  template <class Z, class Labels>
  void values(const Eigen::DenseBase<Z>& z, const Eigen::DenseBase<Labels>& labels,
              VectorRef<typename Z::Scalar> out) const {
    using T = typename Z::Scalar;
    check(z, labels);
    require_size(out, "out", labels.size());
    const ConstMatrixRef<T> outputs(z.derived());
    const Index k = z.rows();
    std::array<T, scratch_size> scratch;
    Panel<T> panel;
    for (Index i = 0; i < labels.size(); i += panel.samples) {
      panel.samples = std::min(panel_samples(k), labels.size() - i);
      const auto part = outputs.middleCols(i, panel.samples);
      if (k <= scratch_size) {
        exponentials(part, MatrixMap<T>(scratch.data(), k, panel.samples), panel);
      } else { // one sample, in pieces
        panel.top[0] = maximum(part.col(0));
        panel.sum[0] = T(0);
        for (Index j = 0; j < k; j += scratch_size) {
          VectorMap<T> piece(scratch.data(), std::min<Index>(scratch_size, k - j));
          piece.array() = part.col(0).segment(j, piece.size()).array() - panel.top[0];
          exponentiate(piece.data(), piece.size());
          panel.sum[0] += piece.sum();
        }
      }
      write_values(part, labels, i, panel, out);
    }
  }

  /// values(i) = loss of sample i and column i of dz = softmax(z_i) - e_c. dz must not overlap z.
  template <class Z, class Labels>
  void value_and_gradient(const Eigen::DenseBase<Z>& z, const Eigen::DenseBase<Labels>& labels,
                          VectorRef<typename Z::Scalar> values,
                          MatrixRef<typename Z::Scalar> dz) const {
    using T = typename Z::Scalar;
    check(z, labels);
    require_size(values, "values", labels.size());
    require_shape(dz, "dz", z.rows(), z.cols());
    const ConstMatrixRef<T> outputs(z.derived());
    Panel<T> panel;
    for (Index i = 0; i < labels.size(); i += panel.samples) {
      panel.samples = std::min(panel_samples(z.rows()), labels.size() - i);
      const auto part = outputs.middleCols(i, panel.samples);
      MatrixRef<T> gradient(dz.middleCols(i, panel.samples));
      exponentials(part, gradient, panel);
      for (Index s = 0; s < panel.samples; ++s) {
        gradient.col(s) *= T(T(1) / panel.sum[static_cast<std::size_t>(s)]);
        gradient(class_of(labels, i + s), s) -= T(1);
      }
      write_values(part, labels, i, panel, values);
    }
  }

  /// Column i of out = (diag(p) - p p^T) v_i with p = softmax(z_i). out must overlap neither z
  /// nor v.
  template <class Z, class Labels>
  void hessian_product(const Eigen::DenseBase<Z>& z, const Eigen::DenseBase<Labels>& labels,
                       const ConstMatrixRef<typename Z::Scalar>& v,
                       MatrixRef<typename Z::Scalar> out) const {
    using T = typename Z::Scalar;
    check(z, labels);
    require_shape(v, "v", z.rows(), z.cols());
    require_shape(out, "out", z.rows(), z.cols());
    const ConstMatrixRef<T> outputs(z.derived());
    Panel<T> panel;
    for (Index i = 0; i < labels.size(); i += panel.samples) {
      panel.samples = std::min(panel_samples(z.rows()), labels.size() - i);
      MatrixRef<T> product(out.middleCols(i, panel.samples));
      exponentials(outputs.middleCols(i, panel.samples), product, panel);
      for (Index s = 0; s < panel.samples; ++s) {
        auto p = product.col(s);
        const auto direction = v.col(i + s);
        const T mass = panel.sum[static_cast<std::size_t>(s)];
        const T mean = p.cwiseProduct(direction).sum() / mass;
        p = p.cwiseProduct((direction.array() - mean).matrix()) * T(T(1) / mass);
      }
    }
  }

private:
  static constexpr Index scratch_size = 1024;
  static constexpr Index most_samples = 128;

  /// A run of samples that is worked on at once, small enough for the nearest cache.
  template <class T>
  struct Panel {
    Index samples = 0;
    std::array<T, most_samples> top; ///< largest output of each sample (by real part)
    std::array<T, most_samples> sum; ///< sum of exp(z - top)
  };

  static Index panel_samples(Index k) {
    return std::clamp<Index>(scratch_size / k, 1, most_samples);
  }

  template <class Z, class Labels>
  static void check(const Eigen::DenseBase<Z>& z, const Eigen::DenseBase<Labels>& labels) {
    static_assert(std::integral<typename Labels::Scalar>, "class labels are whole numbers");
    require(z.rows() >= 2, "num_outputs", z.rows(), ">= 2 for a softmax");
    require_shape(z, "z", z.rows(), labels.size());
  }

  template <class Labels>
  static Index class_of(const Eigen::DenseBase<Labels>& labels, Index i) {
    return static_cast<Index>(labels.derived().coeff(i));
  }

  template <class Column>
  static typename Column::Scalar maximum(const Column& z) {
    if constexpr (detail::Vectorised<typename Column::Scalar>) {
      return z.maxCoeff();
    } else {
      Index best = 0;
      for (Index j = 1; j < z.size(); ++j) {
        if (primal(z(j)) > primal(z(best))) {
          best = j;
        }
      }
      return z(best);
    }
  }

  /// x = exp(x) over n entries, none positive.
  template <class T>
  static void exponentiate(T* x, Index n) {
    if constexpr (detail::Vectorised<T>) {
      using Pack = detail::Pack<T>;
      Index i = 0;
      for (; i + Pack::size <= n; i += Pack::size) {
        detail::exp_negative(-Pack::load(x + i)).store(x + i);
      }
      if (i < n) {
        std::array<T, static_cast<std::size_t>(Pack::size)> padded{};
        std::copy(x + i, x + n, padded.begin());
        detail::exp_negative(-Pack::load(padded.data())).store(padded.data());
        std::copy_n(padded.begin(), n - i, x + i);
      }
    } else {
      for (Index i = 0; i < n; ++i) {
        x[i] = static_cast<T>(detail::exp(detail::widen(x[i])));
      }
    }
  }

  /// out = exp(z - top) for the samples of a panel; fills the panel's top and sum.
  template <class Z, class Out, class T>
  static void exponentials(const Z& z, Out&& out, Panel<T>& panel) {
    for (Index s = 0; s < panel.samples; ++s) {
      const T top = maximum(z.col(s));
      panel.top[static_cast<std::size_t>(s)] = top;
      out.col(s).array() = z.col(s).array() - top;
    }
    detail::for_contiguous([](Index n, T* x) { exponentiate(x, n); }, out);
    for (Index s = 0; s < panel.samples; ++s) {
      panel.sum[static_cast<std::size_t>(s)] = out.col(s).sum();
    }
  }

  /// Entries first .. of values = log(sum) - (z_c - top).
  template <class Z, class Labels, class T>
  static void write_values(const Z& z, const Eigen::DenseBase<Labels>& labels, Index first,
                           const Panel<T>& panel, VectorRef<T>& values) {
    auto part = values.segment(first, panel.samples);
    const ConstVectorMap<T> sums(panel.sum.data(), panel.samples);
    if constexpr (detail::Vectorised<T>) {
      part = sums.array().log();
    } else {
      for (Index s = 0; s < panel.samples; ++s) {
        part(s) = static_cast<T>(detail::log(detail::widen(sums(s))));
      }
    }
    for (Index s = 0; s < panel.samples; ++s) {
      part(s) -= z(class_of(labels, first + s), s) - panel.top[static_cast<std::size_t>(s)];
    }
  }
};

} // namespace gradus::nn
