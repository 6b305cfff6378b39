// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <concepts>
#include <cstdint>
#include <utility>

#include <gradus/core/error.hpp>
#include <gradus/core/scalar.hpp>
#include <gradus/core/types.hpp>
#include <gradus/objective/concepts.hpp>

namespace gradus::curvature {

using objective::Curvature;

/// A symmetric P x P matrix known by its products with blocks of vectors: what all matrix-free
/// tools of curvature/ work on.
template <class A>
concept SymmetricOperator = RealScalar<typename A::Value> &&
    requires(A& a, const Matrix<typename A::Value>& directions,
             Matrix<typename A::Value>& products) {
  { a.size() } -> std::convertible_to<Index>;
  a.apply(directions, products);
};

/// One of the curvature matrices of an objective at a point theta. Objectives with block products
/// (objective::HasCurvatureProducts) do a block in one pass and prepare the point once; all others
/// do hvp() column by column and have the Hessian only.
///
/// The objective is referred to and must outlive the operator. Several operators may share one:
/// each finds out when another has moved it, and prepares its own point again.
template <objective::HasHvp F>
class CurvatureOperator {
public:
  /// Scalar type.
  using Value = typename F::Value;

  /// @param theta  the point (P)
  /// @throws ShapeError for a theta of another size; ArgumentError for a kind that the objective
  ///         has no products with
  CurvatureOperator(F& objective, Vector<Value> theta, Curvature kind = Curvature::hessian)
      : objective_(objective), theta_(std::move(theta)), kind_(kind) {
    require_size(theta_, "theta", objective.num_parameters());
    require(has_blocks || kind == Curvature::hessian, "kind", static_cast<int>(kind),
            "Curvature::hessian for an objective without curvature_products()");
  }

  /// Size P.
  [[nodiscard]] Index size() const { return theta_.size(); }
  /// The point (P).
  [[nodiscard]] const Vector<Value>& point() const { return theta_; }
  /// Which matrix it is.
  [[nodiscard]] Curvature kind() const { return kind_; }

  /// Goes to another point. @throws ShapeError
  void move_to(ConstVectorRef<Value> theta) {
    require_size(theta, "theta", size());
    theta_ = theta;
    linearisation_ = 0;
  }

  /// products = A directions, both (P, k). @throws ShapeError
  void apply(ConstMatrixRef<Value> directions, MatrixRef<Value> products) {
    require_shape(directions, "directions", size(), directions.cols());
    require_shape(products, "products", size(), directions.cols());
    if constexpr (has_blocks) {
      if (linearisation_ == 0 || objective_.linearisation() != linearisation_) {
        linearisation_ = objective_.linearise(theta_);
      }
      objective_.curvature_products(kind_, directions, products);
    } else {
      for (Index j = 0; j < directions.cols(); ++j) {
        // Objectives are free to take owning vectors; these two are kept for that.
        direction_ = directions.col(j);
        product_.resize(size());
        objective_.hvp(theta_, direction_, product_);
        products.col(j) = product_;
      }
    }
  }

private:
  static constexpr bool has_blocks = objective::HasCurvatureProducts<F>;

  F& objective_;
  Vector<Value> theta_;
  Curvature kind_;
  std::uint64_t linearisation_ = 0;
  Vector<Value> direction_, product_;
};

/// A symmetric matrix in memory as an operator: for tests, and for what was assembled anyway. The
/// matrix is referred to.
template <RealScalar T>
class DenseOperator {
public:
  /// Scalar type.
  using Value = T;
  /// @param matrix  symmetric (P, P) @throws ShapeError
  explicit DenseOperator(const Matrix<T>& matrix) : matrix_(matrix) {
    require_shape(matrix, "matrix", matrix.rows(), matrix.rows());
  }
  /// Size P.
  [[nodiscard]] Index size() const { return matrix_.rows(); }
  /// products = A directions, both (P, k).
  void apply(ConstMatrixRef<T> directions, MatrixRef<T> products) const {
    products.noalias() = matrix_ * directions;
  }

private:
  const Matrix<T>& matrix_;
};

} // namespace gradus::curvature
