// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <utility>
#include <vector>

#include <gradus/core/buffer.hpp>
#include <gradus/core/error.hpp>
#include <gradus/core/scalar.hpp>
#include <gradus/core/types.hpp>
#include <gradus/optim/detail/sorting_network.hpp>

/// Means of gradients that ignore, coordinate by coordinate, what only few of them ask for.

namespace gradus::optim {

/// Coordinate-wise winsorised mean of B vectors: with k = round(share (B - 1)) every value is
/// clipped to [k-th smallest, k-th largest] (0-based) of its coordinate, then averaged. Share 0 is
/// the mean, 1/2 the coordinate-wise median. A coordinate with a value that is not finite gives
/// NaN.
/// Source: Chatterjee 2020 (arXiv 2002.10657), whose code adds up where this one averages. Owns its
/// memory, sized at the first call for each B; not for sharing among threads.
template <RealScalar T>
class WinsorisedMean {
public:
  /// @param share  of the values clipped at either end, in [0, 1/2]   @throws ArgumentError
  explicit WinsorisedMean(double share) : share_(share) {
    require(share >= 0 && share <= 0.5, "share", share, "in [0, 0.5]");
  }

  /// The share.
  [[nodiscard]] double share() const { return share_; }
  /// How many values of B are clipped at either end, k <= (B - 1) / 2.
  [[nodiscard]] Index clipped(Index count) const {
    const auto k = static_cast<Index>(std::lround(share_ * static_cast<double>(count - 1)));
    return std::min(k, (count - 1) / 2);
  }

  /// @param values  (P, B), a vector a column, B >= 1   @param mean  (P), written
  /// @throws ArgumentError, ShapeError   Cost: P B log(B)^2 / 4 comparisons, vectorised over P
  void operator()(ConstMatrixRef<T> values, VectorRef<T> mean) {
    const Index size = values.rows();
    const Index count = values.cols();
    require(count >= 1, "number of vectors", count, ">= 1");
    require_size(mean, "mean", size);
    const Index k = clipped(count);
    if (k == 0) {
      mean = values.rowwise().mean();
      return;
    }
    const auto& exchanges = network(count, k);
    auto sorted = sorted_.matrix(block, count);
    const auto lane = [&](Index i) { return Eigen::Map<Lane>(sorted.data() + i * block); };
    for (Index start = 0; start < size; start += block) {
      const Index rows = std::min(block, size - start);
      if (rows < block) {
        sorted.setZero();
      }
      sorted.topRows(rows) = values.middleRows(start, rows);
      Lane plain = lane(0);
      for (Index i = 1; i < count; ++i) {
        plain += lane(i);
      }
      for (const auto& [i, j] : exchanges) {
        const Lane a = lane(i);
        const Lane b = lane(j);
        lane(i) = a.min(b);
        lane(j) = a.max(b);
      }
      const Lane low = lane(k);
      const Lane high = lane(count - 1 - k);
      // Sorted away or not, each value counts once: those between, and those clipped to the ends.
      sorted.topRows(rows) = values.middleRows(start, rows);
      Lane sum = Lane::Zero();
      for (Index i = 0; i < count; ++i) {
        sum += lane(i).max(low).min(high);
      }
      sum = sum / T(RealOf<T>(count)) + T(0) * plain; // 0 times NaN or infinity is NaN
      mean.segment(start, rows) = sum.head(rows).matrix();
    }
  }

private:
  static constexpr Index block = 64;
  using Lane = Eigen::Array<T, static_cast<int>(block), 1>;
  using Exchanges = std::vector<std::pair<Index, Index>>;

  const Exchanges& network(Index count, Index k) {
    const auto place = static_cast<std::size_t>(count);
    if (place >= networks_.size()) {
      networks_.resize(place + 1);
    }
    if (networks_[place].empty()) {
      networks_[place] = detail::selection_network(count, k, count - 1 - k);
    }
    return networks_[place];
  }

  double share_;
  std::vector<Exchanges> networks_; ///< by the number of vectors
  Buffer<T> sorted_;
};

/// Coordinate-wise median of three vectors; NaN where one of them is not finite.
/// @param out  (P), written; may be one of the others   @throws ShapeError
template <RealScalar T>
void median_of_three(ConstVectorRef<T> a, ConstVectorRef<T> b, ConstVectorRef<T> c,
                     VectorRef<T> out) {
  require_size(b, "b", a.size());
  require_size(c, "c", a.size());
  require_size(out, "out", a.size());
  const auto x = a.array();
  const auto y = b.array();
  const auto z = c.array();
  out = (x.min(y).max(x.max(y).min(z)) + T(0) * (x + y + z)).matrix();
}

} // namespace gradus::optim
