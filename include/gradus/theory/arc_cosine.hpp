// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <algorithm>
#include <cmath>
#include <numbers>
#include <utility>

#include <gradus/core/buffer.hpp>
#include <gradus/core/error.hpp>
#include <gradus/core/product.hpp>
#include <gradus/core/types.hpp>

/// Averages of ReLU units over Gaussian inputs, and the population error they give a network whose
/// output is linear in its read-out. Units are rows: A (m x d) holds one weight vector a row, as a
/// first layer does.

namespace gradus::theory {

/// The number, brought into [-1, 1]: rounding may leave a cosine just outside. NaN stays NaN.
[[nodiscard]] inline double clipped_cosine(double x) { return std::clamp(x, -1.0, 1.0); }

/// E relu(u) relu(v) for standard normal u and v with the given correlation:
///   (sin t + (pi - t) cos t) / (2 pi),  cos t = correlation;
/// 1/2 at 1, 1 / (2 pi) at 0, 0 at -1. Absolute error a few 1e-17; the argument is clipped.
/// Source: Cho and Saul 2009, equations 3 and 6 (order 1, without their factor 2).
[[nodiscard]] inline double arc_cosine(double correlation) {
  const double c = clipped_cosine(correlation);
  const double sine = std::sqrt((1 - c) * (1 + c));
  return (sine + std::acos(-c) * c) / (2 * std::numbers::pi); // pi - acos(c) = acos(-c)
}

/// E relu(a.x) relu(b.x) over x ~ N(0, scale^2 I) for every row a of A and b of B:
///   scale^2 |a| |b| arc_cosine(cos(a, b)),
/// 0 where a or b is 0. It is also the mean over the sphere of radius scale sqrt(d), as the product
/// has degree 2 in |x|.
/// @param a  (m, d)   @param b  (k, d), finite   @param scale  >= 0, in units of x
/// @return   (m, k)   Cost: m k d + an arc cosine an entry
/// @throws   ShapeError, ArgumentError
[[nodiscard]] inline Matrix<double> arc_cosine_kernel(ConstMatrixRef<double> a,
                                                      ConstMatrixRef<double> b, double scale = 1) {
  require(scale >= 0 && std::isfinite(scale), "scale", scale, ">= 0, finite");
  require_shape(b, "b", b.rows(), a.cols());
  require_finite(a, "a");
  require_finite(b, "b");
  const Vector<double> norms = a.rowwise().norm();
  const Vector<double> other = b.rowwise().norm();
  Matrix<double> kernel(a.rows(), b.rows());
  Buffer<double> scratch;
  multiply<double>(kernel, a, b.transpose(), scratch);
  for (Index j = 0; j < kernel.cols(); ++j) {
    for (Index i = 0; i < kernel.rows(); ++i) {
      const double size = norms(i) * other(j);
      kernel(i, j) = size > 0 ? scale * scale * size * arc_cosine(kernel(i, j) / size) : 0.0;
    }
  }
  return kernel;
}

/// E relu(a.x) over x ~ N(0, scale^2 I) for every row a of A: scale |a| / sqrt(2 pi).
/// @param a  (m, d)   @return (m)
[[nodiscard]] inline Vector<double> relu_means(ConstMatrixRef<double> a, double scale = 1) {
  require(scale >= 0 && std::isfinite(scale), "scale", scale, ">= 0, finite");
  return scale / std::sqrt(2 * std::numbers::pi) * a.rowwise().norm();
}

/// Mean length of a vector of d independent standard normal entries, over sqrt(d):
///   sqrt(2 / d) Gamma((d + 1) / 2) / Gamma(d / 2), which tends to 1 as d grows.
/// Averages of degree 1 over the sphere of radius sqrt(d) are the Gaussian ones over this number.
/// @param dim  d >= 1   @throws ArgumentError
[[nodiscard]] inline double mean_normal_length(Index dim) {
  require(dim >= 1, "dim", dim, ">= 1");
  const double half = static_cast<double>(dim) / 2;
  return std::exp(std::lgamma(half + 0.5) - std::lgamma(half)) / std::sqrt(half);
}

/// E x relu(a.x) for every row a of A over x ~ N(0, scale^2 I), a column each: scale^2 a / 2.
/// The mean of a linear target <beta, x> times unit a is <beta, column>.
/// @param a  (m, d)   @return (d, m)
[[nodiscard]] inline Matrix<double> relu_input_moments(ConstMatrixRef<double> a, double scale = 1) {
  require(scale >= 0 && std::isfinite(scale), "scale", scale, ">= 0, finite");
  return scale * scale / 2 * a.transpose();
}

/// Population mean square error of a model that is linear in its read-out w, from moments of its
/// features z and the target t:
///   E (t - <w, z>)^2 = v - 2 <w, c> + <w, S w>,  v = E t^2, c = E t z, S = E z z^T.
/// The three terms cancel where the error is small: absolute error about 1e-16 (v + |w|^2 |S|).
class PopulationError {
public:
  /// @param target  v >= 0   @param cross  c (m), finite   @param second  S (m, m), symmetric
  /// @throws ArgumentError, ShapeError
  PopulationError(double target, Vector<double> cross, Matrix<double> second)
      : target_(target), cross_(std::move(cross)), second_(std::move(second)) {
    require(target >= 0 && std::isfinite(target), "target", target, ">= 0, finite");
    require_shape(second_, "second", cross_.size(), cross_.size());
    require_finite(cross_, "cross");
  }

  /// Number of features m.
  [[nodiscard]] Index num_features() const { return cross_.size(); }
  /// E t^2: the error of w = 0.
  [[nodiscard]] double target() const { return target_; }
  /// E t z (m).
  [[nodiscard]] const Vector<double>& cross() const { return cross_; }
  /// E z z^T (m, m).
  [[nodiscard]] const Matrix<double>& second() const { return second_; }

  /// The error of w. @param w  the read-out of the first w.size() <= m features
  /// @throws ArgumentError for more   Cost: w.size()^2
  [[nodiscard]] double operator()(ConstVectorRef<double> w) const {
    const Index m = w.size();
    require(m <= num_features(), "size of w", m, "at most the number of features");
    return target_ - 2 * w.dot(cross_.head(m)) + w.dot(second_.topLeftCorner(m, m) * w);
  }
  /// The errors of several read-outs, a column each (m' <= m, count).
  [[nodiscard]] Vector<double> each(ConstMatrixRef<double> w) const {
    const Index m = w.rows();
    require(m <= num_features(), "rows of w", m, "at most the number of features");
    Matrix<double> image(m, w.cols());
    Buffer<double> scratch;
    multiply<double>(image, second_.topLeftCorner(m, m), w, scratch);
    image -= 2 * cross_.head(m).replicate(1, w.cols());
    return (w.cwiseProduct(image).colwise().sum().transpose().array() + target_).matrix();
  }

private:
  double target_;
  Vector<double> cross_;
  Matrix<double> second_;
};

} // namespace gradus::theory
