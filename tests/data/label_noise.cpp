// SPDX-License-Identifier: BSD-3-Clause
// Labels with noise that keep the truth; samples with a common feature; round clusters.
#include <cmath>

#include "catch.hpp"
#include "support/draws.hpp"
#include "support/errors.hpp"
#include <gradus/data/clusters.hpp>
#include <gradus/data/common_feature.hpp>
#include <gradus/data/label_noise.hpp>

using namespace gradus;
using namespace gradus::data;

TEST_CASE("label noise: redrawn classes, how many are wrong, nested in the probability") {
  const Index n = 20'000;
  const Vector<Index> truth = support::cyclic_classes(n, 10);
  const Stream stream(3);
  REQUIRE(redraw_classes(truth, 10, 0, stream).num_corrupt() == 0);
  const auto half = redraw_classes(truth, 10, 0.5, stream);
  const auto all = redraw_classes(truth, 10, 1, stream);
  REQUIRE(half.truth == truth);
  // Binomial with probability 0.45 and 0.9: five standard deviations.
  REQUIRE(std::abs(static_cast<double>(half.num_corrupt()) - 0.45 * n) < 5 * 70.4);
  REQUIRE(std::abs(static_cast<double>(all.num_corrupt()) - 0.9 * n) < 5 * 42.5);
  Index nested = 0;
  for (Index i = 0; i < n; ++i) {
    REQUIRE((all.given(i) >= 0 && all.given(i) < 10));
    REQUIRE(half.corrupt(i) == (half.given(i) != truth(i)));
    nested += half.given(i) == truth(i) || half.given(i) == all.given(i) ? 1 : 0;
  }
  REQUIRE(nested == n);
  REQUIRE(redraw_classes(truth, 10, 0.5, stream).given == half.given);
  // One class: nothing can be wrong. No samples: nothing to redraw.
  REQUIRE(redraw_classes(Vector<Index>::Zero(5), 1, 1, stream).num_corrupt() == 0);
  REQUIRE(redraw_classes(Vector<Index>(0), 3, 1, stream).given.size() == 0);
}

TEST_CASE("label noise: flipped signs") {
  const Vector<double> truth = support::alternating_labels(10'000);
  const Stream stream(4);
  const auto some = flip_labels(truth, 0.2, stream);
  REQUIRE(std::abs(static_cast<double>(some.num_corrupt()) - 2000) < 5 * 40);
  REQUIRE(some.given.cwiseAbs() == Vector<double>::Ones(10'000));
  REQUIRE(flip_labels(truth, 1, stream).given == -truth);
  REQUIRE(flip_labels(truth, 0, stream).given == truth);
  REQUIRE(flip_labels(Vector<float>(0), 0.5, stream).num_corrupt() == 0);
}

TEST_CASE("label noise: mistakes are named") {
  const Stream stream(1);
  const Vector<Index> classes = support::cyclic_classes(4, 4);
  REQUIRE(support::message_of<ArgumentError>([&] {
            (void)redraw_classes(classes, 3, 0.5, stream);
          }) == "class is 3; valid: below the number of classes");
  REQUIRE(support::message_of<ArgumentError>([&] {
            (void)redraw_classes(classes, 4, 1.5, stream);
          }) == "probability is 1.5; valid: in [0, 1]");
  REQUIRE_THROWS_AS(redraw_classes(classes, 0, 0.5, stream), ArgumentError);
  REQUIRE_THROWS_AS(flip_labels(Vector<double>{{0.5}}, 0.1, stream), ArgumentError);
  REQUIRE_THROWS_AS(flip_labels(Vector<double>{{1.0}}, std::nan(""), stream), ArgumentError);
}

TEST_CASE("common feature: one shared and one private feature a sample") {
  const Stream stream(5);
  const auto real = draw_common_feature<double>({.num_samples = 12}, stream);
  const auto random = draw_common_feature<double>({.num_samples = 12, .common = 0}, stream);
  REQUIRE((real.x.rows() == 13 && real.x.cols() == 12));
  REQUIRE(real.x.row(0).transpose() == real.labels);
  REQUIRE(random.x.row(0).isZero(0));
  REQUIRE(random.labels == real.labels);
  REQUIRE(random.x.bottomRows(12) == real.x.bottomRows(12));
  const Matrix<double> diagonal = real.x.bottomRows(12).cwiseAbs();
  REQUIRE(diagonal == Matrix<double>::Identity(12, 12));
  const auto noisy = draw_common_feature<float>(
      {.num_samples = 5, .random_signs = false, .num_flipped = 2}, stream);
  REQUIRE(noisy.labels == Vector<float>{{-1, -1, 1, 1, 1}});
  REQUIRE(noisy.x.row(0) == Matrix<float>::Ones(1, 5));
  REQUIRE(draw_common_feature<double>({.num_samples = 1}, stream).x.rows() == 2);
  REQUIRE_THROWS_AS(draw_common_feature<double>({.num_samples = 0}, stream), ArgumentError);
  REQUIRE(support::message_of<ArgumentError>([&] {
            (void)draw_common_feature<double>({.num_samples = 3, .num_flipped = 4}, stream);
          }) == "num_flipped is 4; valid: in [0, num_samples]");
}

TEST_CASE("clusters: means, spreads and frequencies") {
  const Index n = 40'000;
  const auto two = draw_two_clusters<double>({.dim = 3, .mean = 2, .deviation = 0.5}, n, Stream(6));
  REQUIRE(std::abs(two.labels.mean()) < 5 / std::sqrt(double(n)));
  const Matrix<double> aligned = two.x * two.labels.asDiagonal();
  REQUIRE(std::abs(aligned.row(0).mean() - 2) < 5 * 0.5 / std::sqrt(double(n)));
  REQUIRE(std::abs(two.x.row(2).squaredNorm() / n - 0.25) < 5 * 0.25 * std::sqrt(2.0 / n));
  const auto many = draw_orthogonal_clusters<double>(
      {.num_clusters = 4, .dim = 6, .radius = 3, .deviation = 0}, n, Stream(7));
  Index counts[4] = {};
  for (Index i = 0; i < n; ++i) {
    ++counts[many.classes(i)];
    REQUIRE(many.x.col(i) == 3 * Vector<double>::Unit(6, many.classes(i)));
  }
  for (const Index count : counts) {
    REQUIRE(std::abs(static_cast<double>(count) - n / 4.0) < 5 * std::sqrt(n * 3 / 16.0));
  }
  REQUIRE(draw_two_clusters<double>({.dim = 1}, 0, Stream(1)).x.cols() == 0);
  REQUIRE_THROWS_AS(draw_two_clusters<double>({.dim = 0}, 1, Stream(1)), ArgumentError);
  REQUIRE_THROWS_AS(draw_two_clusters<double>({.mean = std::nan("")}, 1, Stream(1)), ArgumentError);
  REQUIRE_THROWS_AS(draw_two_clusters<double>({}, -1, Stream(1)), ArgumentError);
  REQUIRE_THROWS_AS(draw_orthogonal_clusters<double>({.num_clusters = 3, .dim = 2}, 1, Stream(1)),
                    ArgumentError);
}
