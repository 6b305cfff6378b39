// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <span>

#include <gradus/core/error.hpp>
#include <gradus/core/scalar.hpp>
#include <gradus/core/types.hpp>
#include <gradus/nn/detail/targets.hpp>

namespace gradus::nn {

/// 1/2 |z - y|^2, the sum over outputs. Mind the 1/2: the gradient is z - y and the Hessian the
/// identity. For complex z it is the analytic continuation, 1/2 sum of (z - y)^2, not a modulus.
/// Shapes: outputs z and targets y k x n, values n; n = 0 is fine. Nothing is averaged.
struct Square {
  /// Name for tables, files and the command line.
  static constexpr const char* name = "square";

  /// Targets, outputs x samples, in the real type of T.
  template <class T>
  using Targets = Matrix<RealOf<T>>;
  /// Read-only view of targets.
  template <class T>
  using TargetsView = ConstMatrixRef<RealOf<T>>;

  /// @throws ShapeError unless targets have num_outputs rows; ArgumentError if one is not finite
  template <class Y>
  static void validate(const Eigen::DenseBase<Y>& targets, Index num_outputs) {
    require_shape(targets, "targets", num_outputs, targets.cols());
    require_finite(targets, "targets");
  }

  /// Number of samples that the targets belong to.
  template <class Y>
  static Index num_samples(const Eigen::DenseBase<Y>& targets) {
    return targets.cols();
  }

  /// View of the targets of samples first .. first + count - 1.
  template <class R>
  static ConstMatrixMap<R> slice(const Matrix<R>& targets, Index first, Index count) {
    return {targets.data() + first * targets.rows(), targets.rows(), count};
  }

  /// Column i of out = column indices[i] of targets; allocates only if out has another size.
  /// @throws ArgumentError if an index is out of range
  template <class R>
  static void gather(const Matrix<R>& targets, std::span<const Index> indices, Matrix<R>& out) {
    detail::gather(targets, indices, out);
  }

  /// out(i) = 1/2 |z_i - y_i|^2.
  template <class Z>
  void values(const Eigen::DenseBase<Z>& z, const TargetsView<typename Z::Scalar>& targets,
              VectorRef<typename Z::Scalar> out) const {
    using T = typename Z::Scalar;
    require_shape(z, "z", targets.rows(), targets.cols());
    require_size(out, "out", targets.cols());
    for (Index i = 0; i < targets.cols(); ++i) {
      T sum(0);
      for (Index o = 0; o < targets.rows(); ++o) {
        const T difference = z.derived().coeff(o, i) - targets(o, i);
        sum += difference * difference;
      }
      out(i) = sum * RealOf<T>(0.5);
    }
  }

  /// values(i) = 1/2 |z_i - y_i|^2 and dz = z - y.
  template <class Z>
  void
  value_and_gradient(const Eigen::DenseBase<Z>& z, const TargetsView<typename Z::Scalar>& targets,
                     VectorRef<typename Z::Scalar> values, MatrixRef<typename Z::Scalar> dz) const {
    using T = typename Z::Scalar;
    require_shape(z, "z", targets.rows(), targets.cols());
    require_size(values, "values", targets.cols());
    require_shape(dz, "dz", targets.rows(), targets.cols());
    for (Index i = 0; i < targets.cols(); ++i) {
      T sum(0);
      for (Index o = 0; o < targets.rows(); ++o) {
        const T difference = z.derived().coeff(o, i) - targets(o, i);
        dz(o, i) = difference;
        sum += difference * difference;
      }
      values(i) = sum * RealOf<T>(0.5);
    }
  }

  /// out = v.
  template <class Z>
  void hessian_product(const Eigen::DenseBase<Z>& z, const TargetsView<typename Z::Scalar>& targets,
                       const ConstMatrixRef<typename Z::Scalar>& v,
                       MatrixRef<typename Z::Scalar> out) const {
    require_shape(z, "z", targets.rows(), targets.cols());
    require_shape(v, "v", targets.rows(), targets.cols());
    require_shape(out, "out", targets.rows(), targets.cols());
    out = v;
  }
};

} // namespace gradus::nn
