// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <cmath>

#include <gradus/core/distributions.hpp>
#include <gradus/core/error.hpp>
#include <gradus/core/random.hpp>
#include <gradus/core/scalar.hpp>
#include <gradus/core/types.hpp>
#include <gradus/data/labelled.hpp>

namespace gradus::data {

/// n samples in 1 + n dimensions with one feature that all have in common and one that each has
/// alone: x_i = (common s_i, sigma_i e_i) with label s_i. What is learned of the common feature
/// carries over to new samples, what is learned of a private one is memorised.
struct CommonFeature {
  Index num_samples = 20;   ///< n >= 1
  double common = 1;        ///< size of the common feature; 0: nothing to generalise from
  bool random_signs = true; ///< s_i and sigma_i at random, +-1; all +1 otherwise
  Index num_flipped = 0;    ///< the first so many samples get the other label

  /// @throws ArgumentError that names the field outside its range
  void validate() const {
    require(num_samples >= 1, "num_samples", num_samples, ">= 1");
    require(std::isfinite(common), "common", common, "finite");
    require(num_flipped >= 0 && num_flipped <= num_samples, "num_flipped", num_flipped,
            "in [0, num_samples]");
  }
};

/// Draws the samples, x (1 + n, n). Settings that differ in `common` alone share their signs.
/// @throws ArgumentError for a bad setting
template <RealScalar T>
[[nodiscard]] LabelledSamples<T> draw_common_feature(const CommonFeature& setting,
                                                     const Stream& stream) {
  setting.validate();
  const Index n = setting.num_samples;
  Stream signs = stream.child("signs");
  LabelledSamples<T> samples{Matrix<T>::Zero(1 + n, n), Vector<T>(n)};
  for (Index i = 0; i < n; ++i) {
    const T s = static_cast<T>(setting.random_signs ? random_sign(signs) : 1.0);
    const T sigma = static_cast<T>(setting.random_signs ? random_sign(signs) : 1.0);
    samples.x(0, i) = static_cast<T>(setting.common) * s;
    samples.x(1 + i, i) = sigma;
    samples.labels(i) = i < setting.num_flipped ? -s : s;
  }
  return samples;
}

} // namespace gradus::data
