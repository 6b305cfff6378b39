// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <cmath>

#include <gradus/core/error.hpp>
#include <gradus/core/types.hpp>

namespace gradus::theory {

/// Full-batch gradient descent from 0 on the squared loss 1/2 (y - w.x)^2 over the samples of
/// data::CommonFeature with a common feature of size 1, a share f of them flipped. With residual
/// sizes c_t (clean) and r_t (flipped) and the weight u_t of the common feature,
///   c_{t+1} = c_t - eta ((1-f) c_t - f r_t) - eta c_t / n,
///   r_{t+1} = r_t + eta ((1-f) c_t - f r_t) - eta r_t / n:
/// eigenvalues slow = 1 - eta / n and fast = 1 - eta (1 + 1/n), hence
///   c_t = 2 f slow^t + (1 - 2f) fast^t,  r_t = 2 (1-f) slow^t - (1 - 2f) fast^t,
///   u_t = (1 - 2f) (1 - fast^t) n / (n + 1).
/// Derived here; tested against the descent itself.
struct CommonFeatureDescent {
  Index num_samples = 20;   ///< n >= 1
  double flipped_share = 0; ///< f in [0, 1]
  double rate = 0.1;        ///< eta

  /// @throws ArgumentError that names the field outside its range
  void validate() const {
    require(num_samples >= 1, "num_samples", num_samples, ">= 1");
    require(flipped_share >= 0 && flipped_share <= 1, "flipped_share", flipped_share, "in [0, 1]");
    require(std::isfinite(rate), "rate", rate, "finite");
  }

  /// |y - w.x| of a clean sample after t steps.
  [[nodiscard]] double clean_residual(double t) const {
    return 2 * flipped_share * std::pow(slow(), t) + (1 - 2 * flipped_share) * std::pow(fast(), t);
  }
  /// The same of a flipped sample; it grows at first for f < 1/2.
  [[nodiscard]] double flipped_residual(double t) const {
    return 2 * (1 - flipped_share) * std::pow(slow(), t) -
           (1 - 2 * flipped_share) * std::pow(fast(), t);
  }
  /// Residual of every sample where there is no common feature: slow^t.
  [[nodiscard]] double private_residual(double t) const { return std::pow(slow(), t); }
  /// Weight of the common feature; it tends to (1 - 2f) n / (n + 1).
  [[nodiscard]] double common_weight(double t) const {
    const auto n = static_cast<double>(num_samples);
    return (1 - 2 * flipped_share) * (1 - std::pow(fast(), t)) * n / (n + 1);
  }
  /// m-coherence of the gradients at the start, n ((1-2f)^2 + 1/n) / 2. With f = 0 all residuals
  /// stay equal, and it keeps this value, (n + 1) / 2. Without a common feature it is 1.
  [[nodiscard]] double initial_m_coherence() const {
    const double kept = 1 - 2 * flipped_share;
    return (static_cast<double>(num_samples) * kept * kept + 1) / 2;
  }

private:
  [[nodiscard]] double slow() const { return 1 - rate / static_cast<double>(num_samples); }
  [[nodiscard]] double fast() const { return slow() - rate; }
};

} // namespace gradus::theory
