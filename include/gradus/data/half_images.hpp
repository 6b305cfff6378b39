// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <cstdint>

#include <gradus/core/distributions.hpp>
#include <gradus/core/error.hpp>
#include <gradus/core/random.hpp>
#include <gradus/core/scalar.hpp>
#include <gradus/core/types.hpp>
#include <gradus/data/labelled.hpp>

namespace gradus::data {

/// Toy images whose class is written on one half: the left half is uniform noise in (0, 1), the
/// right half all 0 for class -1 and all 1 for class +1. A corrupted image is noise everywhere and
/// keeps its label.
/// Source: Tanay and Griffin 2016 (arXiv 1608.07690); corruption from the authors' remarks on it.
struct HalfImages {
  Index side = 16;     ///< pixels a side, even, >= 2; features are pixels, row by row from the top
  Index corrupted = 0; ///< corrupted images of each class, >= 0

  /// Number of features, side^2.
  [[nodiscard]] Index num_inputs() const { return side * side; }

  /// @throws ArgumentError that names the field outside its range
  void validate() const {
    require(side >= 2 && side % 2 == 0, "side", side, "even, >= 2");
    require(corrupted >= 0, "corrupted", corrupted, ">= 0");
  }
};

/// Draws `count` images of each class, those of class -1 first; the first `corrupted` of each class
/// are the corrupted ones. Settings that differ in `corrupted` alone share their noise.
/// @throws ArgumentError for a bad setting, count < 0 or fewer images than are to be corrupted
template <RealScalar T>
[[nodiscard]] LabelledSamples<T> draw_half_images(const HalfImages& setting, Index count,
                                                  const Stream& stream) {
  setting.validate();
  require(count >= 0, "count", count, ">= 0");
  require(setting.corrupted <= count, "corrupted", setting.corrupted,
          "at most the number of images of a class");
  LabelledSamples<T> samples{Matrix<T>(setting.num_inputs(), 2 * count), balanced_labels<T>(count)};
  for (Index i = 0; i < 2 * count; ++i) {
    Stream noise = stream.child("half image", static_cast<std::uint64_t>(i));
    const bool is_corrupted = i % count < setting.corrupted;
    const T right = i < count ? T(0) : T(1);
    for (Index pixel = 0; pixel < setting.num_inputs(); ++pixel) {
      const T value = static_cast<T>(noise.uniform());
      const bool is_left = pixel % setting.side < setting.side / 2;
      samples.x(pixel, i) = is_left || is_corrupted ? value : right;
    }
  }
  return samples;
}

} // namespace gradus::data
