// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "setting.hpp"
#include <gradus/core/random.hpp>
#include <gradus/core/types.hpp>
#include <gradus/data/digits.hpp>
#include <gradus/equilibrium/network.hpp>
#include <gradus/metrics/alignment.hpp>

namespace gradus::examples::equiprop {

/// The layers of the study: 64 - hidden - hidden - 10, and a softmax of 10 classes.
inline equilibrium::NetworkLayout layers(const Params& p) {
  return equilibrium::NetworkLayout::layered(
      {data::Digits::num_inputs, p.hidden, p.hidden, data::Digits::num_classes},
      data::Digits::num_classes);
}
/// How its weights are drawn. @param angle  degrees
inline equilibrium::RotatedFeedback initial(const Params& p, double angle) {
  return {.gain = p.gain, .angle = angle * degree};
}
inline data::DigitSamples<double> digits(Index count, const Stream& stream) {
  return data::draw_digits<double>(data::Digits{}, count, stream);
}

/// Cosine of two sets of error vectors in one layer.
inline double layer_cosine(const equilibrium::NetworkLayout& layout, Index layer,
                           ConstMatrixRef<double> a, ConstMatrixRef<double> b) {
  const Index start = layout.layer_start(layer);
  return metrics::cosine(a.middleRows(start, layout.width(layer)),
                         b.middleRows(start, layout.width(layer)));
}

} // namespace gradus::examples::equiprop
