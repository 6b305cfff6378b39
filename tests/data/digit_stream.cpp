// SPDX-License-Identifier: BSD-3-Clause
#include <cmath>

#include "catch.hpp"
#include <gradus/core/error.hpp>
#include <gradus/data/digit_stream.hpp>

using namespace gradus;

TEST_CASE("digit stream: fresh images of uniform digits, the label redrawn at the asked rate") {
  data::DigitStream digits({.noise = 0}, 0.3, Stream(1));
  Matrix<double> x(64, 5000);
  Vector<Index> labels(5000);
  digits.next(x, labels);
  // Without noise an image is its glyph, whose ink tells most digits apart from their label's.
  Index ones = 0;
  Index labelled = 0;
  for (Index i = 0; i < labels.size(); ++i) {
    REQUIRE((labels(i) >= 0 && labels(i) < 10));
    Index ink = 0;
    for (Index k = 0; k < 64; ++k) {
      ink += x(k, i) > 0 ? 1 : 0;
    }
    if (ink == 10) { // the 1 alone
      ++ones;
      labelled += labels(i) == 1 ? 1 : 0;
    }
  }
  CHECK(std::abs(static_cast<double>(ones) / 5000 - 0.1) < 0.02);
  CHECK(std::abs(static_cast<double>(labelled) / static_cast<double>(ones) - 0.73) < 0.08);
}

TEST_CASE("digit stream: a batch depends on its number alone; none is like another") {
  data::DigitStream one({.noise = 0.4}, 0, Stream(2));
  data::DigitStream two({.noise = 0.4}, 0, Stream(2));
  Matrix<float> a(64, 3);
  Matrix<float> b(64, 3);
  Vector<Index> labels(3);
  one.next(a, labels);
  two.next(b, labels);
  CHECK(a == b);
  one.next(a, labels);
  CHECK(a != b);
  Vector<Index> none(0);
  Matrix<float> empty(64, 0);
  one.next(empty, none);
  CHECK_THROWS_AS(one.next(a, none), ShapeError);
  CHECK_THROWS_AS(data::DigitStream({}, 1.5, Stream(1)), ArgumentError);
}
