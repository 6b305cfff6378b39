// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <array>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include <gradus/core/distributions.hpp>
#include <gradus/core/error.hpp>
#include <gradus/core/random.hpp>
#include <gradus/core/scalar.hpp>
#include <gradus/core/types.hpp>

namespace gradus::data {

/// Drawn digits 0 to 9 on 8 x 8 pixels, in the place of image data sets: the glyph of a dot-matrix
/// display, 5 pixels wide and 7 high, at a random place, of random contrast, in Gaussian noise.
struct Digits {
  static constexpr Index num_inputs = 64;  ///< pixels, row by row from the top left
  static constexpr Index num_classes = 10; ///< classes: the digits

  double noise = 0.15;       ///< standard deviation of every pixel's noise, >= 0
  double low_contrast = 0.6; ///< contrast is uniform on [low_contrast, high_contrast]
  double high_contrast = 1;  ///< see low_contrast

  /// @throws ArgumentError that names the field outside its range
  void validate() const {
    require(noise >= 0 && std::isfinite(noise), "noise", noise, ">= 0, finite");
    require(std::isfinite(low_contrast), "low_contrast", low_contrast, "finite");
    require(high_contrast >= low_contrast && std::isfinite(high_contrast), "high_contrast",
            high_contrast, ">= low_contrast, finite");
  }
};

/// Rows of a digit's glyph from top to bottom, five bits each, the leftmost pixel the highest bit.
[[nodiscard]] constexpr std::array<std::uint8_t, 7> digit_glyph(Index digit) {
  constexpr std::array<std::array<std::uint8_t, 7>, 10> glyphs{{
      {0b01110, 0b10001, 0b10011, 0b10101, 0b11001, 0b10001, 0b01110},
      {0b00100, 0b01100, 0b00100, 0b00100, 0b00100, 0b00100, 0b01110},
      {0b01110, 0b10001, 0b00001, 0b00010, 0b00100, 0b01000, 0b11111},
      {0b11111, 0b00010, 0b00100, 0b00010, 0b00001, 0b10001, 0b01110},
      {0b00010, 0b00110, 0b01010, 0b10010, 0b11111, 0b00010, 0b00010},
      {0b11111, 0b10000, 0b11110, 0b00001, 0b00001, 0b10001, 0b01110},
      {0b00110, 0b01000, 0b10000, 0b11110, 0b10001, 0b10001, 0b01110},
      {0b11111, 0b00001, 0b00010, 0b00100, 0b01000, 0b01000, 0b01000},
      {0b01110, 0b10001, 0b10001, 0b01110, 0b10001, 0b10001, 0b01110},
      {0b01110, 0b10001, 0b10001, 0b01111, 0b00001, 0b00010, 0b01100},
  }};
  return glyphs[static_cast<std::size_t>(digit)];
}

/// Whether the glyph has ink at the row (0 to 6) and column (0 to 4).
[[nodiscard]] constexpr bool has_ink(Index digit, Index row, Index column) {
  const auto bits = static_cast<unsigned>(digit_glyph(digit)[static_cast<std::size_t>(row)]);
  return ((bits >> (4U - static_cast<unsigned>(column))) & 1U) != 0;
}

/// Images and their digits.
template <Scalar T>
struct DigitSamples {
  Matrix<T> x;           ///< images, (64, n)
  Vector<Index> classes; ///< digits, (n), 0 to 9
};

/// Draws as many images as there are noise levels, each in noise of its own standard deviation, in
/// the place of setting.noise; every digit occurs n / 10 times, rounded down or up, in random
/// order.
/// @param noise  (n), >= 0, finite
/// @throws ArgumentError for a bad setting or noise level
template <Scalar T>
[[nodiscard]] DigitSamples<T> draw_digits(const Digits& setting, const Vector<double>& noise,
                                          const Stream& stream) {
  setting.validate();
  const Index n = noise.size();
  Stream order = stream.child("classes");
  Stream places = stream.child("places");
  Stream contrasts = stream.child("contrasts");
  Stream pixels = stream.child("noise");
  DigitSamples<T> samples{Matrix<T>(Digits::num_inputs, n), Vector<Index>(n)};
  const std::vector<Index> permutation = random_permutation(order, n);
  for (Index i = 0; i < n; ++i) {
    require(noise(i) >= 0 && std::isfinite(noise(i)), "noise", noise(i), ">= 0, finite");
    T* image = samples.x.col(i).data();
    fill_normal(pixels, std::span(image, static_cast<std::size_t>(Digits::num_inputs)), noise(i));
    const Index digit = permutation[static_cast<std::size_t>(i)] % Digits::num_classes;
    const Index down = uniform_index(places, 2);
    const Index right = uniform_index(places, 4);
    const T ink(RealOf<T>(uniform(contrasts, setting.low_contrast, setting.high_contrast)));
    samples.classes(i) = digit;
    for (Index row = 0; row < 7; ++row) {
      for (Index column = 0; column < 5; ++column) {
        if (has_ink(digit, row, column)) {
          samples.x(8 * (row + down) + column + right, i) += ink;
        }
      }
    }
  }
  return samples;
}

/// Draws n >= 0 images in noise of setting.noise. Two settings that differ in noise alone share
/// their glyphs, places and contrasts.
/// @throws ArgumentError for a bad setting or n < 0
template <Scalar T>
[[nodiscard]] DigitSamples<T> draw_digits(const Digits& setting, Index n, const Stream& stream) {
  setting.validate();
  require(n >= 0, "num_samples", n, ">= 0");
  return draw_digits<T>(setting, Vector<double>::Constant(n, setting.noise), stream);
}

} // namespace gradus::data
