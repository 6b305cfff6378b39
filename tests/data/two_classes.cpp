// SPDX-License-Identifier: BSD-3-Clause
// Samplers of two balanced classes: Gaussian, half images, drawn strokes; swapped labels and
// replicated features.
#include <cmath>

#include "catch.hpp"
#include "support/errors.hpp"
#include <gradus/data/gaussian_classes.hpp>
#include <gradus/data/half_images.hpp>
#include <gradus/data/labelled.hpp>
#include <gradus/data/stroke_digits.hpp>

using namespace gradus;

namespace {

template <class Call>
std::string says(Call&& call) {
  return support::message_of<ArgumentError>(call);
}

} // namespace

TEST_CASE("gaussian classes: means and variances of each class") {
  const Vector<double> mean{{1.5, -0.2, 0.0}};
  const Vector<double> variances{{1.0, 0.01, 0.0}};
  constexpr Index count = 20'000;
  const auto set =
      data::draw_gaussian_classes<double>({mean, variances}, count, Stream(1, "classes"));
  REQUIRE(set.x.cols() == 2 * count);
  REQUIRE(set.labels.head(count).isConstant(-1));
  REQUIRE(set.labels.tail(count).isConstant(1));
  for (const bool positive : {false, true}) {
    const Matrix<double> x = positive ? set.x.rightCols(count) : set.x.leftCols(count);
    for (Index k = 0; k < 3; ++k) {
      const double average = x.row(k).mean();
      const double variance = (x.row(k).array() - average).square().mean();
      const double expected = positive ? mean(k) : -mean(k);
      // Five standard errors.
      REQUIRE(std::abs(average - expected) <= 5 * std::sqrt(variances(k) / count));
      REQUIRE(std::abs(variance - variances(k)) <= 5 * variances(k) * std::sqrt(2.0 / count));
    }
  }
  // Settings share their numbers.
  const auto other =
      data::draw_gaussian_classes<double>({2 * mean, variances}, count, Stream(1, "classes"));
  REQUIRE((other.x.leftCols(count) - set.x.leftCols(count))
              .colwise()
              .norm()
              .isConstant(mean.norm(), 1e-12));
  REQUIRE(data::draw_gaussian_classes<float>({mean, variances}, 0, Stream(1)).x.cols() == 0);
  REQUIRE(data::power_law_variances(3, 2) == Vector<double>{{1, 0.25, 1.0 / 9}});
}

TEST_CASE("half images: noise on the left, the class on the right") {
  const Stream stream(2, "half");
  constexpr Index count = 40;
  const auto set = data::draw_half_images<double>({.side = 6}, count, stream);
  const auto noisy = data::draw_half_images<double>({.side = 6, .corrupted = 3}, count, stream);
  double sum = 0;
  for (Index i = 0; i < 2 * count; ++i) {
    for (Index row = 0; row < 6; ++row) {
      for (Index column = 0; column < 6; ++column) {
        const double value = set.x(6 * row + column, i);
        if (column < 3) {
          REQUIRE((value > 0 && value < 1));
          sum += value;
          // Corruption changes neither the noise nor the label.
          REQUIRE(noisy.x(6 * row + column, i) == value);
        } else {
          REQUIRE(value == (i < count ? 0.0 : 1.0));
          const bool corrupted = i % count < 3;
          REQUIRE((noisy.x(6 * row + column, i) != value) == corrupted);
        }
      }
    }
  }
  const double draws = 2 * count * 18;
  REQUIRE(std::abs(sum / draws - 0.5) < 5 * std::sqrt(1 / 12.0 / draws));
  REQUIRE(noisy.labels == set.labels);
}

TEST_CASE("stroke digits: the distance field of one segment and of a dot") {
  data::Stroke stroke{Matrix<double>(2, 2), 0.1, 0.8};
  stroke.points << -0.7, 0.7, 0.0, 0.0; // from (-0.7, 0) to (0.7, 0)
  constexpr Index side = 28;            // pixel centres at odd multiples of 0.05
  const Vector<double> image = data::render_stroke(stroke, side);
  for (Index row = 0; row < side; ++row) {
    for (Index column = 0; column < side; ++column) {
      const double x = 0.1 * static_cast<double>(column) - 1.35;
      const double y = 0.1 * static_cast<double>(row) - 1.35;
      const double beyond = std::max(0.0, std::abs(x) - 0.7);
      const double distance = std::hypot(beyond, y);
      const double expected = 0.8 * std::min(1.0, std::max(0.0, (0.15 - distance) / 0.1));
      REQUIRE(std::abs(image(side * row + column) - expected) < 1e-12);
    }
  }
  const data::Stroke dot{Matrix<double>::Zero(2, 1), 0.3, 1.0};
  const data::Stroke twice{Matrix<double>::Zero(2, 2), 0.3, 1.0};
  REQUIRE(data::render_stroke(dot, 9) == data::render_stroke(twice, 9));
  REQUIRE(data::render_stroke(dot, 9)(40) == 1.0);
  REQUIRE(data::render_stroke(dot, 9)(0) == 0.0);
}

TEST_CASE("stroke digits: one seed gives the same figure at every size") {
  const Stream stream(3, "strokes");
  const auto small = data::draw_stroke_digits<double>({}, 10, 6, stream);
  const auto large = data::draw_stroke_digits<double>({}, 70, 6, stream);
  REQUIRE(small.x.minCoeff() >= 0);
  REQUIRE(small.x.maxCoeff() <= 1);
  for (Index i = 0; i < 12; ++i) {
    // Each small pixel lies at the centre of a 7 x 7 block of the large image.
    for (Index row = 0; row < 10; ++row) {
      for (Index column = 0; column < 10; ++column) {
        REQUIRE(std::abs(small.x(10 * row + column, i) -
                         large.x(70 * (7 * row + 3) + 7 * column + 3, i)) < 1e-12);
      }
    }
  }
  // A 7 has its ink at the top, a 3 as much below its middle as above.
  const data::StrokeDigits ideal{
      .jitter = 0, .rotation = 0, .shift = 0, .low_scale = 1, .high_scale = 1};
  const auto plain = data::draw_stroke_digits<double>(ideal, 20, 1, stream);
  const auto upper_share = [&](Index i) {
    return plain.x.col(i).head(200).sum() / plain.x.col(i).sum();
  };
  REQUIRE(std::abs(upper_share(0) - 0.5) < 0.1);
  REQUIRE(upper_share(1) > 0.6);
  // The ends of the ideal figures.
  const Matrix<double> three = data::stroke_template(3);
  REQUIRE(std::abs(three(0, 6) - 0) < 1e-12);
  REQUIRE(std::abs(three(1, 6) - 0) < 1e-12);
  REQUIRE(three.col(6).isApprox(three.col(7), 1e-12) == false);
  const Matrix<double> seven = data::stroke_template(7);
  REQUIRE(seven.col(5) == seven.col(6));
  REQUIRE((seven.col(13) - Vector<double>{{-0.1, 0.85}}).norm() < 1e-12);
}

TEST_CASE("labels: swapping keeps classes balanced, and smaller choices are part of larger ones") {
  const Stream stream(4, "swap");
  const Vector<double> labels = data::balanced_labels<double>(10);
  Vector<double> before = labels;
  for (Index count = 0; count <= 10; ++count) {
    Vector<double> swapped = labels;
    data::swap_labels(swapped, count, stream);
    REQUIRE(swapped.sum() == 0);
    REQUIRE((swapped.array() != labels.array()).head(10).count() == count);
    REQUIRE((swapped.array() != labels.array()).tail(10).count() == count);
    REQUIRE((swapped.array() != before.array()).count() == (count > 0 ? 2 : 0));
    before = swapped;
  }
  REQUIRE(before == -labels);
}

TEST_CASE("features: replication multiplies inner products") {
  const Matrix<double> x{{1, 2}, {3, -1}};
  const Matrix<double> large = data::replicate_features<double>(x, 3);
  REQUIRE(large.col(0) == Vector<double>{{1, 1, 1, 3, 3, 3}});
  REQUIRE(large.transpose() * large == 3 * (x.transpose() * x));
  REQUIRE(data::replicate_features<double>(x, 1) == x);
}

TEST_CASE("two classes: bad arguments are named") {
  const Stream stream(5);
  const Vector<double> one{{1.0}};
  REQUIRE(says([&] {
            (void)data::draw_gaussian_classes<double>({one, -one}, 1, stream);
          }) == "least variance is -1; valid: >= 0");
  REQUIRE(says([&] {
            (void)data::draw_gaussian_classes<double>({one, Vector<double>(2)}, 1, stream);
          }) == "variances is of shape 2; valid: 1");
  REQUIRE(says([&] { (void)data::draw_gaussian_classes<double>({}, 1, stream); }) ==
          "dim is 0; valid: >= 1");
  REQUIRE(says([&] {
            (void)data::draw_gaussian_classes<double>({one, one}, -1, stream);
          }) == "count is -1; valid: >= 0");
  REQUIRE(says([&] { (void)data::draw_half_images<double>({.side = 5}, 1, stream); }) ==
          "side is 5; valid: even, >= 2");
  REQUIRE(says([&] {
            (void)data::draw_half_images<double>({.side = 4, .corrupted = 2}, 1, stream);
          }) == "corrupted is 2; valid: at most the number of images of a class");
  REQUIRE(says([&] { (void)data::draw_stroke({}, 4, stream); }) == "digit is 4; valid: 3 or 7");
  REQUIRE(says([&] { (void)data::draw_stroke_digits<double>({}, 0, 1, stream); }) ==
          "side is 0; valid: >= 1");
  REQUIRE(says([&] { (void)data::draw_stroke_digits<double>({.jitter = -1}, 8, 1, stream); }) ==
          "jitter is -1; valid: >= 0, finite");
  REQUIRE(says([&] {
            (void)data::render_stroke({Matrix<double>(2, 0), 1, 1}, 4);
          }) == "number of points is 0; valid: >= 1");
  Vector<double> labels = data::balanced_labels<double>(2);
  REQUIRE(support::starts_with(says([&] { data::swap_labels(labels, 3, stream); }),
                               "count is 3; valid: at most 2"));
  REQUIRE(says([&] { (void)data::replicate_features<double>(Matrix<double>(1, 1), 0); }) ==
          "times is 0; valid: >= 1");
}
