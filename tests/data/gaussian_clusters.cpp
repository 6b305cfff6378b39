// SPDX-License-Identifier: BSD-3-Clause
// Gaussian clusters with orthogonal centres, their control without clusters, and class labels that
// know nothing of the inputs.
#include <cmath>
#include <limits>

#include "catch.hpp"
#include <gradus/data/class_labels.hpp>
#include <gradus/data/gaussian_clusters.hpp>

using namespace gradus;

TEST_CASE("gaussian clusters: centres are orthogonal, equally long and as far apart as asked") {
  for (const Index m : {Index{1}, Index{4}, Index{12}}) {
    const data::GaussianClusters setting{.dim = 12, .clusters = m, .separation = 4};
    const Matrix<double> c = data::draw_centres<double>(setting, Stream(1, "centres"));
    REQUIRE((c.transpose() * c - 8 * Matrix<double>::Identity(m, m)).norm() < 1e-13);
    for (Index k = 1; k < m; ++k) {
      REQUIRE((c.col(0) - c.col(k)).norm() == Approx(4));
    }
  }
  // Uniform over directions: the mean of the first coordinate squared is |c|^2 / d.
  double mean = 0;
  for (std::uint64_t seed = 0; seed < 400; ++seed) {
    const Matrix<double> c =
        data::draw_centres<double>({.dim = 5, .clusters = 3}, Stream(seed, "uniform"));
    mean += c(0, 2) * c(0, 2) / 400;
  }
  // Five standard errors: Var(u_1^2) = 2 (d - 1) / (d^2 (d + 2)) for a unit vector u.
  REQUIRE(std::abs(mean - 8.0 / 5) < 5 * 8 * std::sqrt(8.0 / 25 / 7 / 400));
}

TEST_CASE("gaussian clusters: samples go round the clusters, classes are shared") {
  const data::GaussianClusters setting{.dim = 6, .clusters = 4, .classes = 3, .spread = 0.5};
  constexpr Index n = 8001;
  const Stream stream(2, "clusters");
  const auto set = data::draw_gaussian_clusters<double>(setting, n, stream);
  const Matrix<double> centres = data::draw_centres<double>(setting, stream);
  Matrix<double> noise = set.x;
  for (Index i = 0; i < n; ++i) {
    REQUIRE(set.clusters(i) == i % 4);
    REQUIRE(set.labels(i) == (i % 4) % 3);
    noise.col(i) -= centres.col(i % 4);
  }
  // Five standard errors of mean and variance.
  const auto count = static_cast<double>(noise.size());
  REQUIRE(std::abs(noise.mean()) < 5 * 0.5 / std::sqrt(count));
  REQUIRE(std::abs(noise.array().square().mean() - 0.25) < 5 * 0.25 * std::sqrt(2 / count));
  const double expected = setting.mean_squared_norm();
  REQUIRE(expected == Approx(8 + 6 * 0.25));
  REQUIRE(set.x.colwise().squaredNorm().mean() == Approx(expected).epsilon(0.02));
  // Without spread every sample is its centre; fewer samples are the first of more.
  auto tight = setting;
  tight.spread = 0;
  const auto points = data::draw_gaussian_clusters<double>(tight, 5, stream);
  REQUIRE(points.x.col(4) == centres.col(0));
  REQUIRE(data::draw_gaussian_clusters<double>(setting, 7, stream).x == set.x.leftCols(7));
  REQUIRE(data::draw_gaussian_clusters<float>(setting, 0, stream).x.cols() == 0);
}

TEST_CASE("gaussian clusters: the control is isotropic and as long") {
  const data::GaussianClusters setting{.dim = 4, .clusters = 2, .separation = 3, .spread = 0.3};
  constexpr Index n = 20'000;
  const Matrix<double> x = data::draw_unclustered<double>(setting, n, Stream(3, "control"));
  const double variance = setting.mean_squared_norm() / 4;
  const Matrix<double> moment = x * x.transpose() / static_cast<double>(n);
  // Entries of a sample covariance: standard errors variance sqrt(2 / n) and sqrt(1 / n).
  REQUIRE((moment - variance * Matrix<double>::Identity(4, 4)).cwiseAbs().maxCoeff() <
          5 * variance * std::sqrt(2.0 / n));
  REQUIRE(data::draw_unclustered<double>(setting, 0, Stream(3)).cols() == 0);
}

TEST_CASE("gaussian clusters: bad settings are named") {
  const auto refuses = [](const data::GaussianClusters& setting) {
    REQUIRE_THROWS_AS(data::draw_gaussian_clusters<double>(setting, 3, Stream(1)), ArgumentError);
    REQUIRE_THROWS_AS(data::draw_unclustered<double>(setting, 3, Stream(1)), ArgumentError);
  };
  refuses({.dim = 0});
  refuses({.dim = 3, .clusters = 4});
  refuses({.clusters = 0});
  refuses({.classes = 0});
  refuses({.separation = -1});
  refuses({.spread = std::numeric_limits<double>::quiet_NaN()});
  REQUIRE_THROWS_AS(data::draw_gaussian_clusters<double>({}, -1, Stream(1)), ArgumentError);
  REQUIRE_THROWS_AS(data::draw_unclustered<double>({}, -1, Stream(1)), ArgumentError);
}

TEST_CASE("class labels: uniform, and some of them drawn anew") {
  const Vector<Index> labels = data::random_classes(30'000, 3, Stream(4, "labels"));
  for (Index c = 0; c < 3; ++c) { // five standard errors of a share
    const auto share = static_cast<double>((labels.array() == c).count()) / 30'000;
    REQUIRE(std::abs(share - 1.0 / 3) < 5 * std::sqrt(2.0 / 9 / 30'000));
  }
  Vector<Index> some = Vector<Index>::Constant(10'000, 7); // not a class: changes show
  data::redraw_classes(some, 4, 0, Stream(5));
  REQUIRE(some.isConstant(7));
  data::redraw_classes(some, 4, 2500, Stream(5));
  REQUIRE((some.array() == 7).count() == 7500);
  REQUIRE(some.minCoeff() >= 0);
  Vector<Index> more = Vector<Index>::Constant(10'000, 7);
  data::redraw_classes(more, 4, 10'000, Stream(5));
  REQUIRE((more.array() < 4).all());
  for (Index i = 0; i < 10'000; ++i) {
    REQUIRE((some(i) == 7 || some(i) == more(i))); // the choice grows
  }
  Vector<Index> none;
  data::redraw_classes(none, 2, 0, Stream(6));
  REQUIRE(data::random_classes(0, 1, Stream(6)).size() == 0);
  REQUIRE_THROWS_AS(data::random_classes(3, 0, Stream(6)), ArgumentError);
  REQUIRE_THROWS_AS(data::redraw_classes(some, 4, 10'001, Stream(6)), ArgumentError);
  REQUIRE_THROWS_AS(data::redraw_classes(some, 0, 1, Stream(6)), ArgumentError);
}
