// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <cmath>
#include <vector>

#include "setting.hpp"
#include <gradus/core/distributions.hpp>
#include <gradus/core/random.hpp>
#include <gradus/core/types.hpp>
#include <gradus/linear/condition_number.hpp>
#include <gradus/study/record.hpp>
#include <gradus/theory/marchenko_pastur.hpp>

/// Condition numbers of Gaussian matrices, which have laws.
namespace gradus::examples::double_descent {

inline const std::vector<double> gaussian_ratios{0.25, 0.5, 1.33, 2, 4};
/// Square matrices a cell.
inline constexpr Index squares_a_cell = 10;

/// sigma_max / sigma_min at the edges of Marchenko and Pastur's law.
inline double edge_condition(double ratio) {
  const theory::MarchenkoPastur law(ratio);
  return std::sqrt(law.high() / law.low());
}

/// One matrix of each ratio.
inline void run_gaussian(const Params& p, const Stream& stream, Record& out) {
  std::vector<double> condition;
  for (std::size_t r = 0; r < gaussian_ratios.size(); ++r) {
    Stream draws = stream.child("gaussian", r);
    Matrix<double> x(p.gaussian_size, width_of(gaussian_ratios[r], p.gaussian_size));
    fill_normal(draws, x);
    condition.push_back(linear::condition_number<double>(x));
  }
  out.series("condition", {"columns over rows", gaussian_ratios}, std::move(condition));
}

/// log of the condition number less log of the size, for some square matrices.
inline void run_square(const Params& p, const Stream& stream, Record& out) {
  std::vector<double> excess;
  Axis number{"matrix", {}};
  for (Index k = 0; k < squares_a_cell; ++k) {
    Stream draws = stream.child("square", static_cast<std::uint64_t>(k));
    Matrix<double> x(p.square_size, p.square_size);
    fill_normal(draws, x);
    excess.push_back(std::log(linear::condition_number<double>(x)) -
                     std::log(static_cast<double>(p.square_size)));
    number.at.push_back(static_cast<double>(k));
  }
  out.series("excess", std::move(number), std::move(excess));
}

} // namespace gradus::examples::double_descent
