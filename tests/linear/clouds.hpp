// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "support/draws.hpp"

namespace gradus::test {

/// Inputs (d, n) and their labels.
struct Clouds {
  Matrix<double> x;
  Vector<double> y;
};

/// Two overlapping clouds with labels -1 and 1 in turn, centred at `distance` along the first axis
/// on either side of the origin.
inline Clouds two_clouds(Index d, Index n, double distance) {
  Clouds p{support::normal_matrix("x", d, n), support::alternating_labels(n)};
  p.x.row(0) += distance * p.y.transpose();
  return p;
}

} // namespace gradus::test
