// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <algorithm>
#include <array>
#include <cmath>
#include <concepts>
#include <span>
#include <string_view>
#include <utility>

#include <Eigen/QR>

#include <gradus/core/distributions.hpp>
#include <gradus/core/error.hpp>
#include <gradus/core/random.hpp>
#include <gradus/core/scalar.hpp>
#include <gradus/core/types.hpp>
#include <gradus/nn/detail/named.hpp>

/// Initial weights: small value types that fill a fan_out x fan_in matrix from a stream. All draws
/// are made in double and rounded, in column-major order and one word of the stream per weight, so
/// networks of different number types start from the same point.

namespace gradus::nn {

/// A rule that fills a weight matrix (fan_out x fan_in) from a stream.
template <class I, class T = double>
concept Initialization = std::copyable<I> &&
    requires(const I& rule, MatrixMap<T> weights, Stream& stream) {
  { I::name } -> std::convertible_to<const char*>;
  rule.fill(weights, stream);
};

namespace detail {

/// Fills anything with contiguous columns, a matrix or a map of one.
template <class W, class FillRun>
void fill_columns(W&& weights, FillRun&& fill_run) {
  using T = typename std::decay_t<W>::Scalar;
  MatrixRef<T> out(weights);
  const auto run = [&](T* data, Index n) {
    fill_run(std::span<T>(data, static_cast<std::size_t>(n)));
  };
  if (out.outerStride() == out.rows() || out.cols() == 1) {
    run(out.data(), out.size());
    return;
  }
  for (Index j = 0; j < out.cols(); ++j) {
    run(out.data() + j * out.outerStride(), out.rows());
  }
}

template <class W>
void fill_gaussian(W&& weights, Stream& stream, double scale) {
  fill_columns(weights, [&](auto run) { fill_normal(stream, run, scale); });
}

template <class W>
void fill_uniform(W&& weights, Stream& stream, double half_width) {
  fill_columns(weights, [&](auto run) {
    using T = typename decltype(run)::value_type;
    for (T& w : run) {
      w = static_cast<T>(static_cast<RealOf<T>>(half_width * (2 * stream.uniform() - 1)));
    }
  });
}

/// sqrt(factor / fan); 0 for an empty layer, which has nothing to fill.
inline double fan_scale(double factor, Index fan) {
  return fan > 0 ? std::sqrt(factor / static_cast<double>(fan)) : 0.0;
}

} // namespace detail

/// N(0, scale^2) entries.
struct Gaussian {
  /// Name for tables, files and the command line.
  static constexpr const char* name = "gaussian";

  double scale = 1.0; ///< standard deviation, >= 0

  /// @param weights  fan_out x fan_in, written   @throws ArgumentError unless scale >= 0, finite
  template <class W>
  void fill(W&& weights, Stream& stream) const {
    require(scale >= 0.0 && std::isfinite(scale), "scale", scale, ">= 0, finite");
    detail::fill_gaussian(weights, stream, scale);
  }
};

/// Uniform entries on (-half_width, half_width).
struct Uniform {
  /// Name for tables, files and the command line.
  static constexpr const char* name = "uniform";

  double half_width = 1.0; ///< >= 0

  /// @param weights  fan_out x fan_in, written
  /// @throws ArgumentError unless half_width >= 0, finite
  template <class W>
  void fill(W&& weights, Stream& stream) const {
    require(half_width >= 0.0 && std::isfinite(half_width), "half_width", half_width,
            ">= 0, finite");
    detail::fill_uniform(weights, stream, half_width);
  }
};

/// N(0, 2 / fan_in): keeps the second moment through ReLU layers. Source: He et al. 2015.
struct HeNormal {
  /// Name for tables, files and the command line.
  static constexpr const char* name = "he-normal";

  /// Overwrites weights (fan_out x fan_in) with draws of the stream.
  template <class W>
  void fill(W&& weights, Stream& stream) const {
    detail::fill_gaussian(weights, stream, detail::fan_scale(2.0, weights.cols()));
  }
};

/// Uniform with variance 2 / fan_in. Source: He et al. 2015.
struct HeUniform {
  /// Name for tables, files and the command line.
  static constexpr const char* name = "he-uniform";

  /// Overwrites weights (fan_out x fan_in) with draws of the stream.
  template <class W>
  void fill(W&& weights, Stream& stream) const {
    detail::fill_uniform(weights, stream, detail::fan_scale(6.0, weights.cols()));
  }
};

/// N(0, 2 / (fan_in + fan_out)). Source: Glorot and Bengio 2010.
struct XavierNormal {
  /// Name for tables, files and the command line.
  static constexpr const char* name = "xavier-normal";

  /// Overwrites weights (fan_out x fan_in) with draws of the stream.
  template <class W>
  void fill(W&& weights, Stream& stream) const {
    detail::fill_gaussian(weights, stream, detail::fan_scale(2.0, weights.rows() + weights.cols()));
  }
};

/// Uniform with variance 2 / (fan_in + fan_out). Source: Glorot and Bengio 2010.
struct XavierUniform {
  /// Name for tables, files and the command line.
  static constexpr const char* name = "xavier-uniform";

  /// Overwrites weights (fan_out x fan_in) with draws of the stream.
  template <class W>
  void fill(W&& weights, Stream& stream) const {
    detail::fill_uniform(weights, stream, detail::fan_scale(6.0, weights.rows() + weights.cols()));
  }
};

/// N(0, 1 / fan_in): unit variance through linear layers. Source: LeCun et al. 1998, section 4.6.
struct LeCunNormal {
  /// Name for tables, files and the command line.
  static constexpr const char* name = "lecun-normal";

  /// Overwrites weights (fan_out x fan_in) with draws of the stream.
  template <class W>
  void fill(W&& weights, Stream& stream) const {
    detail::fill_gaussian(weights, stream, detail::fan_scale(1.0, weights.cols()));
  }
};

/// Uniform with variance 1 / fan_in. Source: LeCun et al. 1998, section 4.6.
struct LeCunUniform {
  /// Name for tables, files and the command line.
  static constexpr const char* name = "lecun-uniform";

  /// Overwrites weights (fan_out x fan_in) with draws of the stream.
  template <class W>
  void fill(W&& weights, Stream& stream) const {
    detail::fill_uniform(weights, stream, detail::fan_scale(3.0, weights.cols()));
  }
};

/// Uniform on (-1, 1) / sqrt(fan_in), variance 1 / (3 fan_in): what torch.nn.Linear starts from.
struct FanInUniform {
  /// Name for tables, files and the command line.
  static constexpr const char* name = "fan-in-uniform";

  /// Overwrites weights (fan_out x fan_in) with draws of the stream.
  template <class W>
  void fill(W&& weights, Stream& stream) const {
    detail::fill_uniform(weights, stream, detail::fan_scale(1.0, weights.cols()));
  }
};

namespace detail {

/// rows x cols matrix (rows >= cols >= 1) with orthonormal columns, Haar distributed. A template so
/// that only who calls it compiles the decomposition (3 s); R is double.
template <class R>
Matrix<R> haar(Index rows, Index cols, Stream& stream) {
  Matrix<R> gauss(rows, cols);
  fill_normal(stream, gauss);
  const Eigen::HouseholderQR<Matrix<R>> qr(gauss);
  Matrix<R> q = Matrix<R>::Identity(rows, cols);
  q.applyOnTheLeft(qr.householderQ());
  for (Index j = 0; j < cols; ++j) {
    if (qr.matrixQR()(j, j) < R(0)) {
      q.col(j) = -q.col(j);
    }
  }
  return q;
}

} // namespace detail

/// gain times a matrix with orthonormal columns (fan_out >= fan_in) or rows, uniform (Haar) over
/// all of them: the Q of a Gaussian matrix with the signs of R's diagonal taken in.
/// Source: Mezzadri 2007; as an initialisation, Saxe et al. 2014.
struct Orthogonal {
  /// Name for tables, files and the command line.
  static constexpr const char* name = "orthogonal";

  double gain = 1.0; ///< common singular value, finite

  /// @param weights  fan_out x fan_in, written   @throws ArgumentError unless gain is finite
  /// Cost: one QR in double, O(fan_out fan_in min(fan_out, fan_in)); allocates.
  template <class W>
  void fill(W&& weights, Stream& stream) const {
    using T = typename std::decay_t<W>::Scalar;
    require(std::isfinite(gain), "gain", gain, "finite");
    MatrixRef<T> out(weights);
    if (out.size() == 0) {
      return;
    }
    const bool wide = out.rows() < out.cols();
    const Matrix<double> q = detail::haar<double>(std::max(out.rows(), out.cols()),
                                                  std::min(out.rows(), out.cols()), stream);
    for (Index j = 0; j < out.cols(); ++j) {
      for (Index i = 0; i < out.rows(); ++i) {
        out(i, j) = static_cast<T>(static_cast<RealOf<T>>(gain * (wide ? q(j, i) : q(i, j))));
      }
    }
  }
};

/// Calls visitor with the default-constructed rule of the given name ("gaussian", "uniform",
/// "he-normal", "he-uniform", "xavier-normal", "xavier-uniform", "lecun-normal", "lecun-uniform",
/// "orthogonal") and returns what it returns.
/// @throws ArgumentError listing the valid names
template <class Visitor>
decltype(auto) with_initialization(std::string_view name, Visitor&& visitor) {
  return detail::with_named<Gaussian, Uniform, HeNormal, HeUniform, XavierNormal, XavierUniform,
                            LeCunNormal, LeCunUniform, FanInUniform, Orthogonal>(
      "initialization", name, std::forward<Visitor>(visitor));
}

} // namespace gradus::nn
