// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <cstdint>

#include <gradus/core/distributions.hpp>
#include <gradus/core/error.hpp>
#include <gradus/core/random.hpp>
#include <gradus/core/scalar.hpp>
#include <gradus/core/types.hpp>
#include <gradus/data/digits.hpp>

namespace gradus::data {

/// An endless sequence of batches of drawn digits (data/digits.hpp), every sample new and
/// independent of all others, its digit uniform: training on the population instead of a set. With
/// probability label_noise a label is drawn anew, uniform over all digits. The batch of a given
/// number depends on the stream alone.
class DigitStream {
public:
  /// @param label_noise  in [0, 1]   @param stream  batch b comes from stream.child("batch", b)
  /// @throws ArgumentError
  DigitStream(const Digits& setting, double label_noise, const Stream& stream)
      : setting_(setting), label_noise_(label_noise), stream_(stream) {
    setting_.validate();
    require(label_noise >= 0 && label_noise <= 1, "label_noise", label_noise, "in [0, 1]");
  }

  /// Draws the next batch. Allocates nothing.
  /// @param x  images, (64, n), written   @param labels  (n), written   @throws ShapeError
  template <RealScalar T>
  void next(Eigen::PlainObjectBase<Matrix<T>>& x, Vector<Index>& labels) {
    require_shape(x, "x", Digits::num_inputs, labels.size());
    Stream draw = stream_.child("batch", batch_++);
    fill_normal(draw, x, setting_.noise);
    for (Index i = 0; i < labels.size(); ++i) {
      const Index digit = uniform_index(draw, Digits::num_classes);
      const Index down = uniform_index(draw, 2);
      const Index right = uniform_index(draw, 4);
      const T ink = static_cast<T>(uniform(draw, setting_.low_contrast, setting_.high_contrast));
      for (Index row = 0; row < 7; ++row) {
        for (Index column = 0; column < 5; ++column) {
          if (has_ink(digit, row, column)) {
            x(8 * (row + down) + column + right, i) += ink;
          }
        }
      }
      labels(i) = bernoulli(draw, label_noise_) ? uniform_index(draw, Digits::num_classes) : digit;
    }
  }

private:
  Digits setting_;
  double label_noise_;
  Stream stream_;
  std::uint64_t batch_ = 0;
};

} // namespace gradus::data
