// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <cmath>
#include <concepts>
#include <numbers>
#include <utility>

#include <gradus/core/buffer.hpp>
#include <gradus/core/distributions.hpp>
#include <gradus/core/error.hpp>
#include <gradus/core/product.hpp>
#include <gradus/core/random.hpp>
#include <gradus/core/scalar.hpp>
#include <gradus/core/types.hpp>
#include <gradus/nn/activation.hpp>

namespace gradus::linear {

/// Where the directions of random features come from.
enum class Directions {
  gaussian, ///< entries N(0, 1)
  sphere    ///< uniform on the sphere of radius sqrt(d)
};

/// The feature of random Fourier maps: cos(z + phase) with phases uniform on (0, 2 pi). With
/// Gaussian directions and many features, twice the mean product of two inputs' features tends to
/// the Gaussian kernel exp(-scale^2 |x - x'|^2 / 2). Source: Rahimi and Recht 2007.
struct Cosine {
  /// Name for tables, files and the command line.
  static constexpr const char* name = "cosine";
};

/// What makes a feature of a pre-activation: an activation of nn/, or Cosine.
template <class F, class T>
concept Feature = nn::Activation<F, T> || std::same_as<F, Cosine>;

/// How random features are drawn.
struct RandomFeaturesOptions {
  Directions directions = Directions::gaussian; ///< law of the directions
  /// Factor of the pre-activations, >= 0. The pre-activation of a unit is scale <theta, x>; for
  /// inputs of length sqrt(d) the usual scale is 1 / sqrt(d).
  double scale = 1;
};

/// A frozen random first layer: features z_j(x) = f(scale <theta_j, x> [+ phase_j]), of which only
/// a linear read-out is trained. Maps of one stream are nested: the first N features of a wider one
/// are those of the map of width N.
template <RealScalar T, Feature<T> F = nn::Relu>
class RandomFeatures {
public:
  /// @param dim  inputs d >= 1   @param width  features >= 1
  /// @param stream  directions come from its child "directions", phases from "phases"
  /// @throws ArgumentError
  RandomFeatures(Index dim, Index width, const Stream& stream,
                 const RandomFeaturesOptions& options = {}, F feature = {})
      : scale_(static_cast<T>(options.scale)), feature_(std::move(feature)) {
    require(dim >= 1, "dim", dim, ">= 1");
    require(width >= 1, "width", width, ">= 1");
    require(options.scale >= 0 && std::isfinite(options.scale), "scale", options.scale,
            ">= 0, finite");
    directions_.resize(dim, width);
    Stream draws = stream.child("directions");
    if (options.directions == Directions::sphere) {
      fill_sphere(draws, directions_, std::sqrt(static_cast<double>(dim)));
    } else {
      fill_normal(draws, directions_);
    }
    if constexpr (std::same_as<F, Cosine>) {
      Stream phases = stream.child("phases");
      phases_.resize(width);
      for (T& phase : phases_) {
        phase = static_cast<T>(uniform(phases, 0, 2 * std::numbers::pi));
      }
    }
  }

  /// Number of inputs d.
  [[nodiscard]] Index dim() const { return directions_.rows(); }
  /// Number of features.
  [[nodiscard]] Index width() const { return directions_.cols(); }
  /// Directions theta_j, a column each (d, width).
  [[nodiscard]] const Matrix<T>& directions() const { return directions_; }
  /// Weights of the layer, scale theta_j, a row each (width, d).
  [[nodiscard]] Matrix<T> weights() const { return scale_ * directions_.transpose(); }

  /// Features [first, first + out.rows()) of the inputs.
  /// @param x  inputs (d, n)   @param out  (count, n), written   @throws ShapeError, ArgumentError
  void features(ConstMatrixRef<T> x, Index first, MatrixRef<T> out, Buffer<T>& scratch) const {
    require(first >= 0 && first + out.rows() <= width(), "first + count", first + out.rows(),
            "at most the width, first >= 0");
    require_shape(x, "x", dim(), x.cols());
    multiply_then<T>(
        out, directions_.middleCols(first, out.rows()).transpose(), x, scratch,
        [&](Index start, Index count) {
          auto z = out.middleCols(start, count);
          if constexpr (std::same_as<F, Cosine>) {
            z = (z.colwise() + phases_.segment(first, out.rows())).array().cos();
          } else {
            nn::apply(feature_, z, z);
          }
        },
        scale_);
  }
  /// The first `count` features of the inputs (count, n). Cost: 2 count d n.
  [[nodiscard]] Matrix<T> features(ConstMatrixRef<T> x, Index count) const {
    require(count >= 1, "count", count, ">= 1");
    Matrix<T> out(count, x.cols());
    Buffer<T> scratch;
    features(x, 0, out, scratch);
    return out;
  }
  /// All features of the inputs (width, n).
  [[nodiscard]] Matrix<T> operator()(ConstMatrixRef<T> x) const { return features(x, width()); }

private:
  Matrix<T> directions_;
  Vector<T> phases_; ///< of Cosine only
  T scale_;
  F feature_;
};

} // namespace gradus::linear
