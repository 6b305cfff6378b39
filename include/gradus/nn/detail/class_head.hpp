// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <algorithm>
#include <array>
#include <concepts>
#include <cstddef>
#include <type_traits>
#include <vector>

#include <gradus/core/error.hpp>
#include <gradus/core/parallel.hpp>
#include <gradus/core/scalar.hpp>
#include <gradus/core/types.hpp>
#include <gradus/nn/detail/functions.hpp>
#include <gradus/nn/detail/pack.hpp>
#include <gradus/nn/loss/class_targets.hpp>

namespace gradus::nn::detail {

/// Memory for a few numbers for each of k outputs: on the stack up to 512 outputs.
template <class H>
class HeadScratch {
public:
  explicit HeadScratch(Index size) : size_(size) {
    if (size > most) {
      heap_.resize(static_cast<std::size_t>(3 * size));
    }
  }
  /// The n-th of three vectors.
  H* operator[](Index n) { return (heap_.empty() ? stack_.data() : heap_.data()) + n * size_; }

private:
  static constexpr Index most = 512;
  Index size_;
  std::array<H, static_cast<std::size_t>(3 * most)> stack_;
  std::vector<H> heap_;
};

/// A loss over class labels that is worked out sample by sample in arithmetic of its own. Head has
///   loss(x, k, c, dx)      the loss of outputs x[0 .. k) for class c; dx[0 .. k), its gradient
///   product(x, k, c, v, hv)  hv = Hessian at x times v
/// as static functions of pointers to any number type H. @tparam Precision  H, or void for that of
/// the outputs
template <class Head, class Precision>
struct ClassHead : ClassTargets {
  /// out(i) = loss of sample i. Labels may be a vector of any integer type.
  template <class Z, class Labels>
  void values(const Eigen::DenseBase<Z>& z, const Eigen::DenseBase<Labels>& labels,
              VectorRef<typename Z::Scalar> out) const {
    using T = typename Z::Scalar;
    using H = Arithmetic<T>;
    check(z, labels);
    require_size(out, "out", labels.size());
    for_samples<H>(z.rows(), labels.size(), [&](Index i, HeadScratch<H>& scratch) {
      read<H>(z, i, scratch[0]);
      out(i) = to<T>(Head::loss(scratch[0], z.rows(), class_of(labels, i), scratch[1]));
    });
  }

  /// values(i) = loss of sample i and column i of dz its gradient. dz may be z.
  template <class Z, class Labels>
  void value_and_gradient(const Eigen::DenseBase<Z>& z, const Eigen::DenseBase<Labels>& labels,
                          VectorRef<typename Z::Scalar> values,
                          MatrixRef<typename Z::Scalar> dz) const {
    using T = typename Z::Scalar;
    using H = Arithmetic<T>;
    check(z, labels);
    require_size(values, "values", labels.size());
    require_shape(dz, "dz", z.rows(), z.cols());
    for_samples<H>(z.rows(), labels.size(), [&](Index i, HeadScratch<H>& scratch) {
      read<H>(z, i, scratch[0]);
      values(i) = to<T>(Head::loss(scratch[0], z.rows(), class_of(labels, i), scratch[1]));
      for (Index j = 0; j < z.rows(); ++j) {
        dz(j, i) = to<T>(scratch[1][j]);
      }
    });
  }

  /// Column i of out = Hessian of sample i's loss times v_i. out may be z or v.
  template <class Z, class Labels>
  void hessian_product(const Eigen::DenseBase<Z>& z, const Eigen::DenseBase<Labels>& labels,
                       const ConstMatrixRef<typename Z::Scalar>& v,
                       MatrixRef<typename Z::Scalar> out) const {
    using T = typename Z::Scalar;
    using H = Arithmetic<T>;
    check(z, labels);
    require_shape(v, "v", z.rows(), z.cols());
    require_shape(out, "out", z.rows(), z.cols());
    for_samples<H>(z.rows(), labels.size(), [&](Index i, HeadScratch<H>& scratch) {
      read<H>(z, i, scratch[0]);
      read<H>(v, i, scratch[1]);
      Head::product(scratch[0], z.rows(), class_of(labels, i), scratch[1], scratch[2]);
      for (Index j = 0; j < z.rows(); ++j) {
        out(j, i) = to<T>(scratch[2][j]);
      }
    });
  }

private:
  template <class T>
  using Arithmetic = std::conditional_t<std::is_void_v<Precision>, T, Precision>;

  /// Rounds to T, if it is another type.
  template <class T, class H>
  static T to(const H& x) {
    if constexpr (std::same_as<T, H>) {
      return x;
    } else {
      return static_cast<T>(x);
    }
  }

  /// Calls body(i, scratch) for every sample, on all cores when there is much to do; samples do not
  /// depend on each other.
  template <class H, class Body>
  static void for_samples(Index k, Index n, const Body& body) {
    constexpr Index worth_a_thread = Index{1} << 13U; // outputs
    const Index run = std::max<Index>(1, worth_a_thread / k);
    const auto samples = [&](Index start, Index end) {
      HeadScratch<H> scratch(k);
      for (Index i = start; i < end; ++i) {
        body(i, scratch);
      }
    };
    if (n <= 2 * run) {
      samples(0, n);
      return;
    }
    parallel_panels((n + run - 1) / run,
                    [&](Index r) { samples(r * run, std::min(n, (r + 1) * run)); });
  }

  template <class H, class M>
  static void read(const M& from, Index i, H* x) {
    for (Index j = 0; j < from.rows(); ++j) {
      x[j] = to<H>(from.derived().coeff(j, i));
    }
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
};

/// Place of the largest output, by real part; of equal ones the first.
template <class H>
Index place_of_largest(const H* x, Index k) {
  Index best = 0;
  for (Index j = 1; j < k; ++j) {
    best = primal(x[j]) > primal(x[best]) ? j : best;
  }
  return best;
}

/// to = exp(x) over n entries, none positive; results below the smallest normal number of float and
/// double are 0. Half numbers are computed in float and rounded. Any other scalar by its own exp.
template <class H>
void exponentials_of(const H* x, H* out, Index n) {
  if constexpr (Vectorised<H>) {
    constexpr Index width = Pack<H>::size;
    Index j = 0;
    for (; j + width <= n; j += width) {
      exp_negative(-Pack<H>::load(x + j)).store(out + j);
    }
    if (j < n) {
      std::array<H, static_cast<std::size_t>(width)> padded{};
      std::copy(x + j, x + n, padded.begin());
      exp_negative(-Pack<H>::load(padded.data())).store(padded.data());
      std::copy_n(padded.begin(), n - j, out + j);
    }
  } else {
    for (Index j = 0; j < n; ++j) {
      out[j] = static_cast<H>(exp(widen(x[j])));
    }
  }
}

} // namespace gradus::nn::detail
