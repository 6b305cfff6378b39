// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <span>
#include <utility>
#include <vector>

#include <gradus/core/detail/pack.hpp>
#include <gradus/core/error.hpp>
#include <gradus/core/parallel.hpp>
#include <gradus/core/random.hpp>
#include <gradus/core/scalar.hpp>
#include <gradus/core/types.hpp>

/// Draws from a Stream, spelled out here because the standard library's distributions give
/// different numbers on different platforms. A normal takes exactly one 64-bit word, so the draw
/// at any position can be reached directly and arrays are filled in parallel with the same bits.

namespace gradus {

namespace detail {

/// The normal quantile at u = 1/2 + q for |q| <= normal_quantile_split.
inline Pack<double> normal_quantile_centre(Pack<double> q) {
  constexpr std::array num{3.3871328727963666080e0,  1.3314166789178437745e+2,
                           1.9715909503065514427e+3, 1.3731693765509461125e+4,
                           4.5921953931549871457e+4, 6.7265770927008700853e+4,
                           3.3430575583588128105e+4, 2.5090809287301226727e+3};
  constexpr std::array den{1.0,
                           4.2313330701600911252e+1,
                           6.8718700749205790830e+2,
                           5.3941960214247511077e+3,
                           2.1213794301586595867e+4,
                           3.9307895800092710610e+4,
                           2.8729085735721942674e+4,
                           5.2264952788528545610e+3};
  const Pack<double> x = Pack<double>(0.180625) - q * q;
  return q * polynomial(x, num) / polynomial(x, den);
}

/// The normal quantile at u for normal_quantile_split < |u - 1/2| < 1/2.
/// @param q  anything with the sign of u - 1/2   @param tail  min(u, 1 - u)
inline Pack<double> normal_quantile_tail(Pack<double> q, Pack<double> tail) {
  constexpr std::array near_num{1.42343711074968357734e0,  4.63033784615654529590e0,
                                5.76949722146069140550e0,  3.64784832476320460504e0,
                                1.27045825245236838258e0,  2.41780725177450611770e-1,
                                2.27238449892691845833e-2, 7.74545014278341407640e-4};
  constexpr std::array near_den{1.0,
                                2.05319162663775882187e0,
                                1.67638483018380384940e0,
                                6.89767334985100004550e-1,
                                1.48103976427480074590e-1,
                                1.51986665636164571966e-2,
                                5.47593808499534494600e-4,
                                1.05075007164441684324e-9};
  constexpr std::array far_num{6.65790464350110377720e0,  5.46378491116411436990e0,
                               1.78482653991729133580e0,  2.96560571828504891230e-1,
                               2.65321895265761230930e-2, 1.24266094738807843860e-3,
                               2.71155556874348757815e-5, 2.01033439929228813265e-7};
  constexpr std::array far_den{1.0,
                               5.99832206555887937690e-1,
                               1.36929880922735805310e-1,
                               1.48753612908506148525e-2,
                               7.86869131145613259100e-4,
                               1.84631831751005468180e-5,
                               1.42151175831644588870e-7,
                               2.04426310338993978564e-15};
  const Pack<double> r = sqrt(-log(tail));
  const Pack<double> near = r - Pack<double>(1.6);
  const Pack<double> far = r - Pack<double>(5.0);
  const Pack<double> is_far = Pack<double>(5.0) < r;
  const Pack<double> numerator =
      select(is_far, polynomial(far, far_num), polynomial(near, near_num));
  const Pack<double> denominator =
      select(is_far, polynomial(far, far_den), polynomial(near, near_den));
  return with_sign(numerator / denominator, q);
}

constexpr double normal_quantile_split = 0.425;

/// The normal quantile at u = 1/2 + q for n numbers, n a multiple of 8 up to `most`. The entries
/// in the tails, one in seven, are gathered and done together.
template <std::size_t most>
void normal_quantiles(const std::array<double, most>& q, std::array<double, most>& x) {
  static_assert(most % 8 == 0);
  constexpr auto width = static_cast<std::size_t>(Pack<double>::size);
  std::array<std::uint32_t, most> where;
  std::array<double, most> tail{};
  std::size_t tails = 0;
  for (std::size_t k = 0; k < most; ++k) {
    where[tails] = static_cast<std::uint32_t>(k);
    tail[tails] = q[k];
    tails += std::abs(q[k]) > normal_quantile_split ? 1 : 0;
  }
  for (std::size_t k = 0; k < most; k += width) {
    normal_quantile_centre(Pack<double>::load(&q[k])).store(&x[k]);
  }
  for (std::size_t k = 0; k < tails; k += width) {
    const Pack<double> at = Pack<double>::load(&tail[k]);
    normal_quantile_tail(at, Pack<double>(0.5) - abs(at)).store(&tail[k]);
  }
  for (std::size_t k = 0; k < tails; ++k) {
    x[where[k]] = tail[k];
  }
}

} // namespace detail

/// Quantile of the standard normal law at u in (0, 1), relative error about 1e-15.
/// Source: Wichura 1988, algorithm AS 241 (PPND16).
inline double normal_quantile(double u) {
  using Pack = detail::Pack<double>;
  const Pack q(u - 0.5);
  std::array<double, static_cast<std::size_t>(Pack::size)> x{};
  (std::abs(u - 0.5) > detail::normal_quantile_split
       ? detail::normal_quantile_tail(q, Pack(std::min(u, 1.0 - u)))
       : detail::normal_quantile_centre(q))
      .store(x.data());
  return x[0];
}

/// Standard normal draw; takes one word of the stream.
inline double normal(Stream& stream) { return normal_quantile(stream.uniform()); }

/// Fills out with independent N(0, scale^2) draws, in parallel when there are many. The numbers
/// are those of out.size() calls of normal(), rounded to T.
template <class T>
void fill_normal(Stream& stream, std::span<T> out, double scale = 1.0) {
  constexpr Index chunk = 8192;
  const Index size = static_cast<Index>(out.size());
  const std::uint64_t start = stream.position();
  parallel_for((size + chunk - 1) / chunk, [&](Index c) {
    Stream local(stream);
    local.seek(start + static_cast<std::uint64_t>(c * chunk));
    constexpr Index block = 256;
    std::array<std::uint64_t, block> bits;
    std::array<double, block> q{};
    std::array<double, block> x{};
    const Index end = std::min(size, (c + 1) * chunk);
    for (Index i = c * chunk; i < end; i += block) {
      const auto count = static_cast<std::size_t>(std::min(block, end - i));
      local.fill_bits(std::span(bits.data(), count));
      for (std::size_t k = 0; k < count; ++k) {
        q[k] = Stream::to_uniform(bits[k]) - 0.5;
      }
      detail::normal_quantiles(q, x);
      for (std::size_t k = 0; k < count; ++k) {
        out[static_cast<std::size_t>(i) + k] = static_cast<T>(RealOf<T>(scale * x[k]));
      }
    }
  });
  stream.seek(start + static_cast<std::uint64_t>(size));
}

/// Fills a contiguous Eigen matrix or vector with N(0, scale^2), in storage (column-major) order.
template <class Derived>
void fill_normal(Stream& stream, Eigen::PlainObjectBase<Derived>& out, double scale = 1.0) {
  fill_normal(stream, std::span(out.data(), static_cast<std::size_t>(out.size())), scale);
}

/// Fills every column with an independent uniform draw from the sphere of the given radius: a
/// normal vector, scaled to that length. The first columns of a wider matrix are those of a
/// narrower one.
/// @param out  (d, count), d >= 1 unless there are no columns   @param radius  >= 0
/// @throws ArgumentError
template <RealScalar T>
void fill_sphere(Stream& stream, Eigen::PlainObjectBase<Matrix<T>>& out, double radius = 1.0) {
  require(out.rows() >= 1 || out.cols() == 0, "dim", out.rows(), ">= 1");
  require(radius >= 0.0 && std::isfinite(radius), "radius", radius, ">= 0, finite");
  fill_normal(stream, out);
  for (Index j = 0; j < out.cols(); ++j) {
    out.col(j) *= static_cast<T>(radius) / out.col(j).norm();
  }
}

/// Uniform draw from the open interval (low, high).
inline double uniform(Stream& stream, double low, double high) {
  return low + (high - low) * stream.uniform();
}

/// Uniform draw from {0, ..., n - 1}, without bias. Source: Lemire 2019.
/// @throws ArgumentError if n < 1
inline Index uniform_index(Stream& stream, Index n) {
  require(n >= 1, "n", n, ">= 1");
  const auto range = static_cast<std::uint64_t>(n);
  const std::uint64_t threshold = (0 - range) % range; // 2^64 mod range
  while (true) {
    const std::uint64_t word = stream.bits();
    // 64 x 64 -> 128 bit product in 32-bit halves: portable, and not on any hot path.
    const std::uint64_t a = word >> 32U;
    const std::uint64_t b = word & 0xffffffffU;
    const std::uint64_t c = range >> 32U;
    const std::uint64_t d = range & 0xffffffffU;
    const std::uint64_t middle = a * d + ((b * d) >> 32U);
    const std::uint64_t carry = b * c + (middle & 0xffffffffU);
    const std::uint64_t low = word * range;
    const std::uint64_t high = a * c + (middle >> 32U) + (carry >> 32U);
    if (low >= threshold) {
      return static_cast<Index>(high);
    }
  }
}

/// True with the given probability. Takes one word whatever the probability is, so two streams
/// that differ in it alone stay in step.
inline bool bernoulli(Stream& stream, double probability) { return stream.uniform() < probability; }

/// +1 or -1 with equal probability.
inline double random_sign(Stream& stream) { return (stream.bits() >> 63U) != 0 ? 1.0 : -1.0; }

/// Puts the items into uniformly random order. Source: Fisher-Yates.
template <class T>
void shuffle(Stream& stream, std::span<T> items) {
  for (std::size_t i = items.size(); i > 1; --i) {
    std::swap(items[i - 1],
              items[static_cast<std::size_t>(uniform_index(stream, static_cast<Index>(i)))]);
  }
}

/// Uniformly random order of 0, ..., n - 1.
/// @throws ArgumentError if n < 0
[[nodiscard]] inline std::vector<Index> random_permutation(Stream& stream, Index n) {
  require(n >= 0, "n", n, ">= 0");
  std::vector<Index> order(static_cast<std::size_t>(n));
  for (Index i = 0; i < n; ++i) {
    order[static_cast<std::size_t>(i)] = i;
  }
  shuffle(stream, std::span(order));
  return order;
}

/// Gamma draw with the given shape and scale 1; exact and cheap at any shape, 1e13 included.
/// Source: Marsaglia and Tsang 2000.
/// @throws ArgumentError unless shape > 0
inline double gamma(Stream& stream, double shape) {
  require(shape > 0.0 && std::isfinite(shape), "shape", shape, "> 0, finite");
  if (shape < 1.0) {
    const double boosted = gamma(stream, shape + 1.0);
    return boosted * std::pow(stream.uniform(), 1.0 / shape);
  }
  const double d = shape - 1.0 / 3.0;
  const double c = 1.0 / std::sqrt(9.0 * d);
  while (true) {
    const double x = normal(stream);
    const double t = c * x;
    if (t <= -1.0) {
      continue;
    }
    // d (1 - v + log v) with v = (1 + t)^3, arranged so that huge shapes lose no digits that
    // matter.
    const double log_ratio = 3.0 * d * (std::log1p(t) - t - t * t - t * t * t / 3.0);
    if (std::log(stream.uniform()) < 0.5 * x * x + log_ratio) {
      return d * (1.0 + t) * (1.0 + t) * (1.0 + t);
    }
  }
}

/// Chi-squared draw with the given degrees of freedom (> 0, not only whole).
inline double chi_squared(Stream& stream, double degrees) {
  return 2.0 * gamma(stream, 0.5 * degrees);
}

} // namespace gradus
