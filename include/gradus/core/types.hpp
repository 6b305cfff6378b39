// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <type_traits>

#include <Eigen/Core>

namespace gradus {

/// Signed size and position, as Eigen's.
using Index = Eigen::Index;

/// A run of a flat parameter vector, such as one weight matrix.
struct ParameterBlock {
  Index start; ///< first parameter
  Index size;  ///< number of parameters
};

/// Column vector of dynamic size: parameters theta (P), gradients, labels.
template <class T>
using Vector = Eigen::Matrix<T, Eigen::Dynamic, 1>;

/// Column-major matrix of dynamic size. Data are features x samples: a column is a sample.
template <class T>
using Matrix = Eigen::Matrix<T, Eigen::Dynamic, Eigen::Dynamic>;

/// Read-only view of anything with contiguous columns; binds without a copy.
template <class T>
using ConstVectorRef = Eigen::Ref<const Vector<T>>;
/// The same for a matrix.
template <class T>
using ConstMatrixRef = Eigen::Ref<const Matrix<T>>;

namespace detail {
/// Whether an argument X&& is a matrix whose numbers die with it, so that no one may keep a view: a
/// temporary with storage of its own, or an expression that must be copied to be read column by
/// column.
template <class X, class Plain = std::remove_cvref_t<X>>
inline constexpr bool is_temporary = (int{Plain::Flags} &
                                      int{Eigen::DirectAccessBit | Eigen::RowMajorBit}) !=
                                         int{Eigen::DirectAccessBit} ||
                                     (!std::is_lvalue_reference_v<X> &&
                                      std::is_base_of_v<Eigen::PlainObjectBase<Plain>, Plain>);
} // namespace detail

/// Writable view; whoever takes one never resizes it.
template <class T>
using VectorRef = Eigen::Ref<Vector<T>>;
/// The same for a matrix.
template <class T>
using MatrixRef = Eigen::Ref<Matrix<T>>;

/// View of contiguous memory as a matrix or vector, such as one layer inside a flat theta.
template <class T>
using MatrixMap = Eigen::Map<Matrix<T>>;
/// The same, read-only.
template <class T>
using ConstMatrixMap = Eigen::Map<const Matrix<T>>;
/// View of contiguous memory as a vector.
template <class T>
using VectorMap = Eigen::Map<Vector<T>>;
/// The same, read-only.
template <class T>
using ConstVectorMap = Eigen::Map<const Vector<T>>;

/// A matrix or vector view of memory, read-only if the pointer is.
template <class T>
[[nodiscard]] MatrixMap<T> view_as_matrix(T* data, Index rows, Index cols) {
  return {data, rows, cols};
}
/// The same, read-only.
template <class T>
[[nodiscard]] ConstMatrixMap<T> view_as_matrix(const T* data, Index rows, Index cols) {
  return {data, rows, cols};
}
/// A vector view of memory.
template <class T>
[[nodiscard]] VectorMap<T> view_as_vector(T* data, Index size) {
  return {data, size};
}
/// The same, read-only.
template <class T>
[[nodiscard]] ConstVectorMap<T> view_as_vector(const T* data, Index size) {
  return {data, size};
}

} // namespace gradus
