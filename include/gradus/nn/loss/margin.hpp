// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <span>
#include <type_traits>

#include <gradus/core/error.hpp>
#include <gradus/core/scalar.hpp>
#include <gradus/core/types.hpp>
#include <gradus/nn/detail/functions.hpp>
#include <gradus/nn/detail/kernels.hpp>
#include <gradus/nn/detail/pack.hpp>
#include <gradus/nn/detail/targets.hpp>

/// Losses of the margin m = y f for one output f and labels y = -1 or +1. Written as scalar
/// functions of the margin; MarginLoss lifts them to batches.

namespace gradus::nn {

/// What every margin loss Phi can do with a batch of outputs. Shapes: outputs z 1 x n, labels n,
/// values n, gradients and directions 1 x n; n = 0 is fine. Nothing is averaged over samples.
template <class Phi>
struct MarginLoss {
  /// Labels -1 or +1, one per sample, in the real type of T.
  template <class T>
  using Targets = Vector<RealOf<T>>;
  /// Read-only view of labels; binds to a vector, a segment or a map without a copy.
  template <class T>
  using TargetsView = ConstVectorRef<RealOf<T>>;

  /// @throws ArgumentError naming the first label that is neither -1 nor +1, or if num_outputs is
  ///         not 1
  template <class Labels>
  static void validate(const Eigen::DenseBase<Labels>& labels, Index num_outputs) {
    require(num_outputs == 1, "num_outputs", num_outputs, "1 for a loss of the margin");
    for (Index i = 0; i < labels.size(); ++i) {
      const auto y = labels.derived().coeff(i);
      if (!(y == decltype(y)(1) || y == decltype(y)(-1))) [[unlikely]] {
        throw ArgumentError(detail::entry_name("labels", i), gradus::detail::to_text(y),
                            "-1 or +1");
      }
    }
  }

  /// Number of samples that the labels belong to.
  template <class Labels>
  static Index num_samples(const Eigen::DenseBase<Labels>& labels) {
    return labels.size();
  }

  /// View of the labels of samples first .. first + count - 1.
  template <class R>
  static ConstVectorMap<R> slice(const Vector<R>& labels, Index first, Index count) {
    return {labels.data() + first, count};
  }

  /// out(i) = labels(indices[i]); allocates only if out has another size.
  /// @throws ArgumentError if an index is out of range
  template <class R>
  static void gather(const Vector<R>& labels, std::span<const Index> indices, Vector<R>& out) {
    detail::gather(labels, indices, out);
  }

  /// out(i) = phi(y_i z_i).
  template <class Z>
  void values(const Eigen::DenseBase<Z>& z, const TargetsView<typename Z::Scalar>& labels,
              VectorRef<typename Z::Scalar> out) const {
    using T = typename Z::Scalar;
    require_shape(z, "z", 1, labels.size());
    require_size(out, "out", labels.size());
    const ConstMatrixRef<T> outputs(z.derived());
    if constexpr (has_kernel<T>()) {
      if (outputs.outerStride() == 1) {
        run<0>(labels.size(), outputs.data(), labels.data(), out.data(), static_cast<T*>(nullptr));
        return;
      }
    }
    for (Index i = 0; i < labels.size(); ++i) {
      out(i) = phi().value(T(outputs(0, i) * labels(i)));
    }
  }

  /// values(i) = phi(y_i z_i) and dz(i) = y_i phi'(y_i z_i), the derivative by the output.
  template <class Z>
  void
  value_and_gradient(const Eigen::DenseBase<Z>& z, const TargetsView<typename Z::Scalar>& labels,
                     VectorRef<typename Z::Scalar> values, MatrixRef<typename Z::Scalar> dz) const {
    using T = typename Z::Scalar;
    require_shape(z, "z", 1, labels.size());
    require_size(values, "values", labels.size());
    require_shape(dz, "dz", 1, labels.size());
    const ConstMatrixRef<T> outputs(z.derived());
    if constexpr (has_kernel<T>()) {
      if (outputs.outerStride() == 1 && dz.outerStride() == 1) {
        run<1>(labels.size(), outputs.data(), labels.data(), values.data(), dz.data());
        return;
      }
    }
    for (Index i = 0; i < labels.size(); ++i) {
      const T margin = outputs(0, i) * labels(i);
      values(i) = phi().value(margin);
      dz(0, i) = phi().derivative(margin) * labels(i);
    }
  }

  /// out(i) = phi''(y_i z_i) v(i). (y_i^2 = 1.)
  template <class Z>
  void hessian_product(const Eigen::DenseBase<Z>& z, const TargetsView<typename Z::Scalar>& labels,
                       const ConstMatrixRef<typename Z::Scalar>& v,
                       MatrixRef<typename Z::Scalar> out) const {
    using T = typename Z::Scalar;
    require_shape(z, "z", 1, labels.size());
    require_shape(v, "v", 1, labels.size());
    require_shape(out, "out", 1, labels.size());
    for (Index i = 0; i < labels.size(); ++i) {
      out(0, i) = phi().second_derivative(T(z.derived().coeff(0, i) * labels(i))) * v(0, i);
    }
  }

private:
  const Phi& phi() const { return static_cast<const Phi&>(*this); }

  template <class T>
  static constexpr bool has_kernel() {
    if constexpr (detail::Vectorised<T>) {
      return requires(const Phi& f, detail::Pack<T> x) { f.template pack<1>(x, x, x); };
    } else {
      return false;
    }
  }

  /// The vector path: values, and output gradients if Order is 1, over n contiguous samples.
  template <int Order, class T>
  void run(Index n, const T* z, const T* labels, T* values, T* dz) const {
    using Pack = detail::Pack<T>;
    Pack value;
    Pack slope;
    Index i = 0;
    for (; i + Pack::size <= n; i += Pack::size) {
      const Pack y = Pack::load(labels + i);
      phi().template pack<Order>(Pack::load(z + i) * y, value, slope);
      value.store(values + i);
      if constexpr (Order >= 1) {
        (slope * y).store(dz + i);
      }
    }
    if (i < n) {
      std::array<T, static_cast<std::size_t>(Pack::size)> padded{};
      std::array<T, static_cast<std::size_t>(Pack::size)> padded_labels{};
      std::copy(z + i, z + n, padded.begin());
      std::copy(labels + i, labels + n, padded_labels.begin());
      const Pack y = Pack::load(padded_labels.data());
      phi().template pack<Order>(Pack::load(padded.data()) * y, value, slope);
      value.store(padded.data());
      std::copy_n(padded.begin(), n - i, values + i);
      if constexpr (Order >= 1) {
        (slope * y).store(padded.data());
        std::copy_n(padded.begin(), n - i, dz + i);
      }
    }
  }
};

/// log(1 + exp(-m)), exact in its limits: 0 at m = inf, -m at m = -inf.
struct Logistic : MarginLoss<Logistic> {
  /// Name for tables, files and the command line.
  static constexpr const char* name = "logistic";

  /// @param m margin
  template <Scalar T>
  T value(const T& m) const {
    return static_cast<T>(detail::softplus(negative(m)));
  }
  /// -1 / (1 + exp(m)), in [-1, 0].
  template <Scalar T>
  T derivative(const T& m) const {
    return static_cast<T>(-detail::sigmoid(negative(m)));
  }
  /// Second derivative by the margin.
  template <Scalar T>
  T second_derivative(const T& m) const {
    return static_cast<T>(detail::sigmoid_derivative(detail::widen(m)));
  }
  /// Vector kernel behind the batches: value and, if Order is 1, derivative.
  template <int Order, detail::Vectorised T>
  void pack(detail::Pack<T> m, detail::Pack<T>& value, detail::Pack<T>& derivative) const {
    detail::Pack<T> unused;
    detail::softplus_kernel<Order>(-m, value, derivative, unused);
    if constexpr (Order >= 1) {
      derivative = -derivative;
    }
  }

private:
  template <class T>
  static auto negative(const T& m) {
    using W = std::decay_t<decltype(detail::widen(m))>;
    return W(-detail::widen(m));
  }
};

/// max(0, 1 - m). The derivative at the kink m = 1 is 0; the second derivative is 0 everywhere.
struct Hinge : MarginLoss<Hinge> {
  /// Name for tables, files and the command line.
  static constexpr const char* name = "hinge";

  /// @param m margin
  template <Scalar T>
  T value(const T& m) const {
    return primal(m) >= RealOf<T>(1) ? T(0) : T(T(1) - m); // NaN stays NaN
  }
  /// Derivative by the margin.
  template <Scalar T>
  T derivative(const T& m) const {
    return primal(m) < RealOf<T>(1) ? T(-1) : T(0);
  }
  /// Second derivative by the margin.
  template <Scalar T>
  T second_derivative(const T&) const {
    return T(0);
  }
};

/// exp(-m). Grows without bound: infinite, as are its derivatives, once -m passes about 88 in
/// float or 709 in double.
struct Exponential : MarginLoss<Exponential> {
  /// Name for tables, files and the command line.
  static constexpr const char* name = "exponential";

  /// @param m margin
  template <Scalar T>
  T value(const T& m) const {
    const auto wide = detail::widen(m);
    return static_cast<T>(detail::exp(std::decay_t<decltype(wide)>(-wide)));
  }
  /// Derivative by the margin.
  template <Scalar T>
  T derivative(const T& m) const {
    return -value(m);
  }
  /// Second derivative by the margin.
  template <Scalar T>
  T second_derivative(const T& m) const {
    return value(m);
  }
};

} // namespace gradus::nn
