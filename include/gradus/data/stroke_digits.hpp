// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <numbers>
#include <vector>

#include <gradus/core/distributions.hpp>
#include <gradus/core/error.hpp>
#include <gradus/core/random.hpp>
#include <gradus/core/scalar.hpp>
#include <gradus/core/types.hpp>
#include <gradus/data/labelled.hpp>

/// Handwriting in the place of image data sets: a digit is one stroke of the pen along 14 jittered
/// points, then scaled, turned and shifted, and rendered at any size from its distance field.
/// (data/digits.hpp is another setting: dot-matrix glyphs on 8 x 8 pixels.)

namespace gradus::data {

/// Geometry of one drawn digit, in units in which the image is [-1.4, 1.4]^2, y downwards.
struct Stroke {
  Matrix<double> points;     ///< corners of the open polyline, (2, m), m >= 1
  double half_thickness = 0; ///< of the pen, >= 0
  double ink = 1;            ///< value of a fully covered pixel
};

/// How digits are drawn.
struct StrokeDigits {
  double jitter = 0.07;     ///< standard deviation of each point's coordinates, >= 0
  double rotation = 0.25;   ///< largest turn, radians, >= 0
  double shift = 0.15;      ///< largest shift along each axis, >= 0
  double low_scale = 0.8;   ///< each axis is scaled by a uniform factor from this ...
  double high_scale = 1.15; ///< ... to this

  /// @throws ArgumentError that names the field outside its range
  void validate() const {
    const auto check = [](double x, const char* name) {
      require(x >= 0 && std::isfinite(x), name, x, ">= 0, finite");
    };
    check(jitter, "jitter");
    check(rotation, "rotation");
    check(shift, "shift");
    require(low_scale > 0 && std::isfinite(low_scale), "low_scale", low_scale, "> 0, finite");
    require(high_scale >= low_scale && std::isfinite(high_scale), "high_scale", high_scale,
            ">= low_scale, finite");
  }
};

/// Corners of the ideal digit, (2, 14). @throws ArgumentError unless digit is 3 or 7
[[nodiscard]] inline Matrix<double> stroke_template(Index digit) {
  require(digit == 3 || digit == 7, "digit", digit, "3 or 7");
  Matrix<double> points(2, 14);
  const auto share = [](Index k, Index count) {
    return static_cast<double>(k) / static_cast<double>(count - 1);
  };
  if (digit == 3) {
    constexpr double degree = std::numbers::pi / 180;
    for (Index k = 0; k < 7; ++k) {
      const double upper = (-160 + 250 * share(k, 7)) * degree;
      const double lower = (-90 + 250 * share(k, 7)) * degree;
      points.col(k) << 0.5 * std::cos(upper), -0.42 + 0.42 * std::sin(upper);
      points.col(7 + k) << 0.55 * std::cos(lower), 0.42 + 0.42 * std::sin(lower);
    }
  } else {
    for (Index k = 0; k < 6; ++k) {
      points.col(k) << -0.55 + 1.1 * share(k, 6), -0.8;
    }
    for (Index k = 0; k < 8; ++k) {
      points.col(6 + k) << 0.55 - 0.65 * share(k, 8), -0.8 + 1.65 * share(k, 8);
    }
  }
  return points;
}

/// Draws the geometry of one digit. No pixel has a part in it, so the same stream gives the same
/// figure at every size. @throws ArgumentError for a bad setting or digit
[[nodiscard]] inline Stroke draw_stroke(const StrokeDigits& setting, Index digit, Stream stream) {
  setting.validate();
  Stroke stroke{stroke_template(digit), 0, 1};
  for (Index k = 0; k < stroke.points.cols(); ++k) {
    stroke.points(0, k) += setting.jitter * normal(stream);
    stroke.points(1, k) += setting.jitter * normal(stream);
  }
  const double scale_x = uniform(stream, setting.low_scale, setting.high_scale);
  const double scale_y = uniform(stream, setting.low_scale, setting.high_scale);
  const double turn = uniform(stream, -setting.rotation, setting.rotation);
  const double shift_x = uniform(stream, -setting.shift, setting.shift);
  const double shift_y = uniform(stream, -setting.shift, setting.shift);
  for (Index k = 0; k < stroke.points.cols(); ++k) {
    const double x = scale_x * stroke.points(0, k);
    const double y = scale_y * stroke.points(1, k);
    stroke.points(0, k) = std::cos(turn) * x - std::sin(turn) * y + shift_x;
    stroke.points(1, k) = std::sin(turn) * x + std::cos(turn) * y + shift_y;
  }
  stroke.half_thickness = uniform(stream, 0.06, 0.14);
  stroke.ink = uniform(stream, 0.7, 1.0);
  return stroke;
}

/// Renders a stroke on side x side pixels: with D the distance of a pixel's centre from the
/// polyline, ink times clip((half_thickness + 0.05 - D) / 0.1, 0, 1), an edge 0.1 wide.
/// @return pixels row by row from the top left (side^2)
/// @throws ArgumentError for side < 1 or a stroke without points   Cost: side^2 m
[[nodiscard]] inline Vector<double> render_stroke(const Stroke& stroke, Index side) {
  require(side >= 1, "side", side, ">= 1");
  require_shape(stroke.points, "points", 2, stroke.points.cols());
  require(stroke.points.cols() >= 1, "number of points", stroke.points.cols(), ">= 1");
  require_finite(stroke.points, "points");
  const Index size = side * side;
  Eigen::ArrayXd x(size);
  Eigen::ArrayXd y(size);
  for (Index pixel = 0; pixel < size; ++pixel) {
    const auto centre = [&](Index p) {
      return 2.8 * (static_cast<double>(p) + 0.5) / static_cast<double>(side) - 1.4;
    };
    x(pixel) = centre(pixel % side);
    y(pixel) = centre(pixel / side);
  }
  Eigen::ArrayXd nearest =
      (x - stroke.points(0, 0)).square() + (y - stroke.points(1, 0)).square(); // squared distance
  for (Index k = 0; k + 1 < stroke.points.cols(); ++k) {
    const double from_x = stroke.points(0, k);
    const double from_y = stroke.points(1, k);
    const double along_x = stroke.points(0, k + 1) - from_x;
    const double along_y = stroke.points(1, k + 1) - from_y;
    const double length = along_x * along_x + along_y * along_y; // squared
    const double scale = length > 0 ? 1 / length : 0;            // a corner met twice is a point
    for (Index pixel = 0; pixel < size; ++pixel) {
      const double dx = x(pixel) - from_x;
      const double dy = y(pixel) - from_y;
      const double t = std::min(1.0, std::max(0.0, scale * (dx * along_x + dy * along_y)));
      const double rest_x = dx - t * along_x;
      const double rest_y = dy - t * along_y;
      nearest(pixel) = std::min(nearest(pixel), rest_x * rest_x + rest_y * rest_y);
    }
  }
  return stroke.ink * ((stroke.half_thickness + 0.05 - nearest.sqrt()) / 0.1).max(0.0).min(1.0);
}

/// Draws `count` images of the digit 3 (class -1), then `count` of the digit 7 (class +1).
/// @return pixels in [0, 1], (side^2, 2 count)   @throws ArgumentError
template <RealScalar T>
[[nodiscard]] LabelledSamples<T> draw_stroke_digits(const StrokeDigits& setting, Index side,
                                                    Index count, const Stream& stream) {
  require(side >= 1, "side", side, ">= 1");
  LabelledSamples<T> samples{Matrix<T>(side * side, 2 * std::max<Index>(count, 0)),
                             balanced_labels<T>(count)};
  for (Index i = 0; i < 2 * count; ++i) {
    const Stroke stroke = draw_stroke(setting, i < count ? 3 : 7,
                                      stream.child("stroke", static_cast<std::uint64_t>(i)));
    samples.x.col(i) = render_stroke(stroke, side).template cast<T>();
  }
  return samples;
}

} // namespace gradus::data
