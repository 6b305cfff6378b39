// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <sstream>
#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>

#include <gradus/core/scalar.hpp>
#include <gradus/core/types.hpp>

namespace gradus {

/// A caller's mistake: an argument outside its valid range. The message is one line that names the
/// argument, its value and what would be valid.
class ArgumentError : public std::invalid_argument {
public:
  /// @param argument name of the argument, as in the signature   @param value what was passed
  /// @param valid what would be valid, in words ("> 0", "in [0, 1)")
  ArgumentError(std::string argument, std::string value, std::string valid)
      : std::invalid_argument(argument + " is " + value + "; valid: " + valid),
        argument_(std::move(argument)), value_(std::move(value)), valid_(std::move(valid)) {}

  /// Name of the argument.
  [[nodiscard]] const std::string& argument() const noexcept { return argument_; }
  /// What was passed, as text.
  [[nodiscard]] const std::string& value() const noexcept { return value_; }
  /// What would be valid, in words.
  [[nodiscard]] const std::string& valid() const noexcept { return valid_; }

private:
  std::string argument_;
  std::string value_;
  std::string valid_;
};

/// A caller's mistake: an argument whose shape does not fit. Names the argument and both shapes.
class ShapeError : public ArgumentError {
public:
  /// @param shape  the shape that was passed   @param expected  the shape that fits
  ShapeError(std::string argument, std::string shape, std::string expected)
      : ArgumentError(std::move(argument), "of shape " + std::move(shape), std::move(expected)) {}
};

namespace detail {

template <class T>
std::string to_text(const T& value) {
  std::ostringstream text;
  text.precision(10);
  text << value;
  return std::move(text).str();
}

inline std::string shape_text(Index rows, Index cols) {
  return to_text(rows) + " x " + to_text(cols);
}

} // namespace detail

/// Throws ArgumentError unless ok. @param valid the valid range in words.
template <class T>
void require(bool ok, std::string_view argument, const T& value, std::string_view valid) {
  if (!ok) [[unlikely]] {
    throw ArgumentError(std::string(argument), detail::to_text(value), std::string(valid));
  }
}

/// Throws ShapeError unless matrix has rows x cols entries.
template <class Derived>
void require_shape(const Eigen::EigenBase<Derived>& matrix, std::string_view argument, Index rows,
                   Index cols) {
  if (matrix.rows() != rows || matrix.cols() != cols) [[unlikely]] {
    throw ShapeError(std::string(argument), detail::shape_text(matrix.rows(), matrix.cols()),
                     detail::shape_text(rows, cols));
  }
}

/// Throws ShapeError unless the vector has the given size.
template <class Derived>
void require_size(const Eigen::EigenBase<Derived>& vector, std::string_view argument, Index size) {
  if (vector.size() != size) [[unlikely]] {
    throw ShapeError(std::string(argument), detail::to_text(vector.size()), detail::to_text(size));
  }
}

/// Throws ArgumentError, naming the first bad entry, unless every entry of the matrix is finite.
template <class Derived>
void require_finite(const Eigen::DenseBase<Derived>& matrix, std::string_view argument) {
  for (Index j = 0; j < matrix.cols(); ++j) {
    for (Index i = 0; i < matrix.rows(); ++i) {
      const auto x = matrix.derived().coeff(i, j);
      if (!is_finite(x)) [[unlikely]] {
        throw ArgumentError(std::string(argument) + "(" + detail::to_text(i) + ", " +
                                detail::to_text(j) + ")",
                            detail::to_text(x), "a finite number");
      }
    }
  }
}

} // namespace gradus
