// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <cmath>
#include <cstdint>
#include <utility>
#include <vector>

#include "setting.hpp"
#include <gradus/core/random.hpp>
#include <gradus/core/types.hpp>
#include <gradus/data/fractional_brownian.hpp>
#include <gradus/theory/stopped_walk.hpp>

namespace gradus::examples::longer {

inline constexpr double near_end = 0.95; ///< of the reach: where the ends may be felt

/// e^x of every entry: mean times from their logarithms.
inline std::vector<double> exponentials(const std::vector<double>& logarithms) {
  std::vector<double> values;
  for (const double x : logarithms) {
    values.push_back(std::exp(x));
  }
  return values;
}

/// Calls body(potential) for every landscape of the field, two drawn at a time.
template <class Body>
void for_landscapes(data::FractionalBrownian& field, Index count, const Stream& stream,
                    Body&& body) {
  Matrix<double> pair(field.num_sites(), 2);
  for (Index k = 0; k < count; k += 2) {
    Stream draw = stream.child("landscapes", static_cast<std::uint64_t>(k / 2));
    field.fill(draw, pair);
    for (Index c = 0; c < 2 && k + c < count; ++c) {
      body(pair.col(c));
    }
  }
}

/// What walks in many landscapes come to.
struct Walks {
  std::vector<double> distance; ///< mean |x| by mean time
  std::vector<double> square;   ///< mean x^2 by mean time
  Matrix<double> each;          ///< |x| by mean time and landscape
  std::vector<double> law;      ///< of |x| = 0 ... reach at the longest mean time
};

/// Gathers moments and law over landscapes, one call of add() each.
class WalkMeans {
public:
  WalkMeans(const std::vector<double>& taus, Index reach, Index landscapes)
      : walk_(taus), square_(static_cast<Index>(taus.size())), law_(2 * reach + 1) {
    const auto count = static_cast<Index>(taus.size());
    result_.each.resize(count, landscapes);
    result_.square.assign(taus.size(), 0);
    result_.law.assign(static_cast<std::size_t>(reach + 1), 0);
  }

  template <class V>
  void add(const V& potential) {
    const auto n = static_cast<double>(result_.each.cols());
    walk_.moments(potential, result_.each.col(done_), square_);
    for (Index t = 0; t < square_.size(); ++t) {
      result_.square[static_cast<std::size_t>(t)] += square_(t) / n;
    }
    walk_.law(potential, square_.size() - 1, law_);
    const Index reach = law_.size() / 2;
    for (Index d = 0; d <= reach; ++d) {
      result_.law[static_cast<std::size_t>(d)] +=
          (d == 0 ? law_(reach) : law_(reach + d) + law_(reach - d)) / n;
    }
    ++done_;
  }

  [[nodiscard]] Walks finish() {
    for (Index t = 0; t < square_.size(); ++t) {
      result_.distance.push_back(result_.each.row(t).mean());
    }
    return std::move(result_);
  }

private:
  theory::StoppedWalk walk_;
  Vector<double> square_;
  Vector<double> law_;
  Walks result_;
  Index done_ = 0;
};

/// Probability to be near an end.
inline double share_near_end(const std::vector<double>& law) {
  double sum = 0;
  for (std::size_t d = 0; d < law.size(); ++d) {
    sum += static_cast<double>(d) > near_end * static_cast<double>(law.size() - 1) ? law[d] : 0;
  }
  return sum;
}

/// Slope of ln y in ln x over the upper half of the points: a local exponent.
double upper_exponent(const std::vector<double>& x, const std::vector<double>& y);

} // namespace gradus::examples::longer
