// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <array>
#include <cmath>
#include <cstddef>
#include <limits>
#include <map>
#include <utility>
#include <vector>

#include <gradus/core/error.hpp>

namespace gradus::study {

/// Lines one behind the other, apart by a point of NaN.
struct Contour {
  std::vector<double> x; ///< coordinates on the grid's first axis
  std::vector<double> y; ///< as many on the second
};

namespace detail {

/// A grid of values on even or logarithmic axes, reaching half a cell beyond its outermost points,
/// as far as a heat map of it is coloured; beyond them the values go on as a straight line.
class PaddedGrid {
public:
  PaddedGrid(const std::vector<double>& x, const std::vector<double>& y,
             const std::vector<double>& values, bool log_x, bool log_y)
      : log_x_(log_x), log_y_(log_y), x_(padded(x, log_x)), y_(padded(y, log_y)) {
    const std::size_t n = x.size();
    std::vector<std::vector<double>> rows;
    for (std::size_t r = 0; r < y.size(); ++r) {
      const auto row = values.begin() + static_cast<std::ptrdiff_t>(r * n);
      rows.push_back(extended({row, row + static_cast<std::ptrdiff_t>(n)}));
    }
    if (rows.size() > 1) {
      std::vector<double> low = rows.front();
      std::vector<double> high = rows.back();
      for (std::size_t c = 0; c < low.size(); ++c) {
        low[c] = 1.5 * rows[0][c] - 0.5 * rows[1][c];
        high[c] = 1.5 * rows.back()[c] - 0.5 * rows[rows.size() - 2][c];
      }
      rows.insert(rows.begin(), std::move(low));
      rows.push_back(std::move(high));
    }
    values_ = std::move(rows);
  }

  [[nodiscard]] std::size_t columns() const { return x_.size(); }
  [[nodiscard]] std::size_t rows() const { return y_.size(); }
  [[nodiscard]] double operator()(std::size_t r, std::size_t c) const { return values_[r][c]; }

  /// The zero between two neighbours, whose values have different signs.
  [[nodiscard]] std::array<double, 2> zero(std::size_t r, std::size_t c, bool upright) const {
    const std::size_t r2 = r + (upright ? 1 : 0);
    const std::size_t c2 = c + (upright ? 0 : 1);
    const double share = values_[r][c] / (values_[r][c] - values_[r2][c2]);
    const double x = x_[c] + share * (x_[c2] - x_[c]);
    const double y = y_[r] + share * (y_[r2] - y_[r]);
    return {log_x_ ? std::exp(x) : x, log_y_ ? std::exp(y) : y};
  }

private:
  /// Half a step beyond both ends, linearly. Uneven steps: halfway to the neighbour, mirrored.
  static std::vector<double> extended(std::vector<double> list) {
    const std::size_t n = list.size();
    if (n > 1) {
      const double low = 1.5 * list[0] - 0.5 * list[1];
      const double high = 1.5 * list[n - 1] - 0.5 * list[n - 2];
      list.insert(list.begin(), low);
      list.push_back(high);
    }
    return list;
  }
  static std::vector<double> padded(std::vector<double> axis, bool log) {
    for (double& value : axis) {
      value = log ? std::log(value) : value;
    }
    return extended(std::move(axis));
  }

  bool log_x_;
  bool log_y_;
  std::vector<double> x_;
  std::vector<double> y_;
  std::vector<std::vector<double>> values_;
};

} // namespace detail

/// Where a function on a grid is zero: marching squares, linear between grid points on axes as they
/// are drawn. Squares with a NaN at a corner have no line. It reaches half a cell beyond the grid.
/// @param x, y    ascending, positive on a logarithmic axis
/// @param values  row by row, a row for each y
/// @throws ShapeError unless there is a value for each point
[[nodiscard]] inline Contour zero_lines(const std::vector<double>& x, const std::vector<double>& y,
                                        const std::vector<double>& values, bool log_x, bool log_y) {
  if (values.size() != x.size() * y.size()) {
    throw ShapeError("values", std::to_string(values.size()),
                     std::to_string(x.size() * y.size()) + ", one for each grid point");
  }
  const detail::PaddedGrid grid(x, y, values, log_x, log_y);
  using Edge = std::array<std::size_t, 3>; // row, column, whether upright
  std::map<Edge, std::vector<Edge>> next;
  const auto join = [&](const Edge& a, const Edge& b) {
    next[a].push_back(b);
    next[b].push_back(a);
  };
  for (std::size_t r = 0; r + 1 < grid.rows(); ++r) {
    for (std::size_t c = 0; c + 1 < grid.columns(); ++c) {
      const std::array<double, 4> corner{grid(r, c), grid(r, c + 1), grid(r + 1, c + 1),
                                         grid(r + 1, c)};
      const double sum = corner[0] + corner[1] + corner[2] + corner[3];
      if (!std::isfinite(sum)) {
        continue;
      }
      const std::array<Edge, 4> around{Edge{r, c, 0}, Edge{r, c + 1, 1}, Edge{r + 1, c, 0},
                                       Edge{r, c, 1}}; // edge k lies between corners k and k + 1
      std::vector<Edge> crossed;
      for (std::size_t k = 0; k < 4; ++k) {
        if ((corner[k] < 0.0) != (corner[(k + 1) % 4] < 0.0)) {
          crossed.push_back(around[k]);
        }
      }
      if (crossed.size() == 2) {
        join(crossed[0], crossed[1]);
      } else if (crossed.size() == 4) { // a saddle: the middle decides which corners hang together
        const std::size_t shift = (sum < 0.0) == (corner[0] < 0.0) ? 0 : 1;
        join(crossed[shift], crossed[(shift + 1) % 4]);
        join(crossed[(shift + 2) % 4], crossed[(shift + 3) % 4]);
      }
    }
  }
  Contour lines;
  const auto walk = [&](Edge at) {
    if (!lines.x.empty()) {
      lines.x.push_back(std::numeric_limits<double>::quiet_NaN());
      lines.y.push_back(std::numeric_limits<double>::quiet_NaN());
    }
    while (true) {
      const std::array<double, 2> place = grid.zero(at[0], at[1], at[2] == 1);
      lines.x.push_back(place[0]);
      lines.y.push_back(place[1]);
      std::vector<Edge>& ways = next[at];
      if (ways.empty()) {
        return;
      }
      const Edge to = ways.back();
      ways.pop_back();
      std::erase(next[to], at);
      at = to;
    }
  };
  for (const std::size_t degree : {1U, 2U}) { // lines from their ends, then rings
    for (auto it = next.begin(); it != next.end(); ++it) {
      if (it->second.size() == degree) {
        walk(it->first);
      }
    }
  }
  return lines;
}

} // namespace gradus::study
