// SPDX-License-Identifier: BSD-3-Clause
#include <cmath>
#include <limits>
#include <set>

#include "catch.hpp"
#include "support/errors.hpp"
#include <gradus/data/digits.hpp>

using namespace gradus;
using data::Digits;

TEST_CASE("digits: glyphs look like their digits") {
  // Ink of each glyph, counted by hand.
  constexpr Index ink[] = {19, 10, 14, 14, 14, 17, 15, 11, 17, 15};
  for (Index digit = 0; digit < 10; ++digit) {
    Index count = 0;
    for (Index row = 0; row < 7; ++row) {
      for (Index column = 0; column < 5; ++column) {
        count += data::has_ink(digit, row, column) ? 1 : 0;
      }
    }
    INFO(digit);
    REQUIRE(count == ink[digit]);
  }
  // The leftmost pixel is the highest bit: a 1 has its foot from column 1 to 3, a 7 its bar above.
  REQUIRE(data::has_ink(1, 1, 1));
  REQUIRE_FALSE(data::has_ink(1, 1, 3));
  REQUIRE(data::has_ink(7, 0, 0));
  REQUIRE_FALSE(data::has_ink(7, 6, 4));
}

TEST_CASE("digits: without noise an image is a glyph at one of eight places") {
  const auto samples = data::draw_digits<double>({.noise = 0}, 400, Stream(3, "digits"));
  std::set<std::pair<Index, Index>> places;
  for (Index i = 0; i < 400; ++i) {
    const auto image = samples.x.col(i);
    const double contrast = image.maxCoeff();
    REQUIRE(contrast > 0.6);
    REQUIRE(contrast < 1);
    bool found = false;
    for (Index down = 0; down < 2; ++down) {
      for (Index right = 0; right < 4; ++right) {
        bool same = true;
        for (Index row = 0; row < 8; ++row) {
          for (Index column = 0; column < 8; ++column) {
            const Index r = row - down;
            const Index c = column - right;
            const bool ink =
                r >= 0 && r < 7 && c >= 0 && c < 5 && data::has_ink(samples.classes(i), r, c);
            same = same && image(8 * row + column) == (ink ? contrast : 0.0);
          }
        }
        if (same) {
          found = true;
          places.insert({down, right});
        }
      }
    }
    REQUIRE(found);
  }
  REQUIRE(places.size() == 8);
}

TEST_CASE("digits: every class has its share, noise its size, and all pixels are noisy") {
  const auto samples = data::draw_digits<double>({.noise = 0.3}, 2003, Stream(4, "digits"));
  const auto clean = data::draw_digits<double>({.noise = 0}, 2003, Stream(4, "digits"));
  REQUIRE(samples.classes == clean.classes); // noise is a stream of its own
  for (Index digit = 0; digit < 10; ++digit) {
    const Index count = (samples.classes.array() == digit).count();
    REQUIRE((count == 200 || count == 201));
  }
  const Matrix<double> noise = samples.x - clean.x;
  const auto n = static_cast<double>(noise.size());
  REQUIRE(std::abs(noise.mean()) < 6 * 0.3 / std::sqrt(n));
  REQUIRE(std::abs(noise.squaredNorm() / n / 0.09 - 1) < 6 * std::sqrt(2 / n));
  REQUIRE((noise.array() != 0).all());
  // Order is random: neighbours are not in the order 0, 1, 2 ...
  Index ascending = 0;
  for (Index i = 1; i < 2003; ++i) {
    ascending += samples.classes(i) == (samples.classes(i - 1) + 1) % 10 ? 1 : 0;
  }
  REQUIRE(ascending < 300);
}

TEST_CASE("digits: same stream same bits, float is double rounded, none are none") {
  const auto a = data::draw_digits<double>({}, 20, Stream(5, "digits"));
  const auto b = data::draw_digits<double>({}, 20, Stream(5, "digits"));
  REQUIRE(a.x == b.x);
  const auto f = data::draw_digits<float>({}, 20, Stream(5, "digits"));
  REQUIRE((f.x.cast<double>() - a.x).cwiseAbs().maxCoeff() < 3e-7);
  REQUIRE(data::draw_digits<double>({}, 0, Stream(5, "digits")).x.cols() == 0);
  REQUIRE(data::draw_digits<double>({}, 1, Stream(5, "digits")).classes(0) == 0);
}

TEST_CASE("digits: bad settings are named") {
  const auto says = [](const Digits& setting, Index n = 1) {
    return support::message_of<ArgumentError>(
        [&] { (void)data::draw_digits<double>(setting, n, Stream(1, "digits")); });
  };
  REQUIRE(says({.noise = -1}) == "noise is -1; valid: >= 0, finite");
  REQUIRE(support::starts_with(says({.low_contrast = 2}), "high_contrast is 1; valid: >= low"));
  REQUIRE(support::starts_with(says({.noise = std::numeric_limits<double>::infinity()}), "noise"));
  REQUIRE(says({}, -1) == "num_samples is -1; valid: >= 0");
}

TEST_CASE("digits: a noise level for each image") {
  const Stream stream(3, "levels");
  const Vector<double> levels{{0.0, 1.0, 0.25}};
  const auto mixed = data::draw_digits<double>({}, levels, stream);
  const auto clean = data::draw_digits<double>({.noise = 0}, 3, stream);
  const auto loud = data::draw_digits<double>({.noise = 1}, 3, stream);
  REQUIRE(mixed.classes == clean.classes);
  for (Index i = 0; i < 3; ++i) {
    const Vector<double> expected = clean.x.col(i) + levels(i) * (loud.x.col(i) - clean.x.col(i));
    REQUIRE((mixed.x.col(i) - expected).cwiseAbs().maxCoeff() < 1e-15);
  }
  REQUIRE(data::draw_digits<double>({}, Vector<double>(0), stream).x.cols() == 0);
  REQUIRE_THROWS_AS(data::draw_digits<double>({}, Vector<double>{{-1.0}}, stream), ArgumentError);
}
