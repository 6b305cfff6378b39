// SPDX-License-Identifier: BSD-3-Clause
// Nearest centroids and principal axes.
#include <cmath>

#include "catch.hpp"
#include "support/draws.hpp"
#include "support/errors.hpp"
#include <gradus/core/error.hpp>
#include <gradus/linear/nearest_centroid.hpp>
#include <gradus/linear/principal_axes.hpp>

using namespace gradus;

TEST_CASE("nearest centroid: the score's sign says which centroid is nearer") {
  const Matrix<double> x = support::normal_matrix("x", 5, 30);
  const Vector<double> y = support::alternating_labels(30);
  const auto centroids = linear::fit_nearest_centroid<double>(x, y);
  Vector<double> positive = Vector<double>::Zero(5);
  for (Index i = 0; i < 30; i += 2) {
    positive += x.col(i) / 15;
  }
  REQUIRE((centroids.positive - positive).norm() < 1e-14);
  const Matrix<double> fresh = support::normal_matrix("fresh", 5, 200);
  const Vector<double> scores = centroids.scores(fresh);
  for (Index i = 0; i < 200; ++i) {
    const bool nearer =
        (fresh.col(i) - centroids.positive).norm() < (fresh.col(i) - centroids.negative).norm();
    REQUIRE((scores(i) > 0) == nearer);
  }
  REQUIRE(std::abs(centroids.scores(centroids.midpoint())(0)) < 1e-14);
  const Matrix<double> centred = linear::centred_by_class<double>(x, y);
  REQUIRE((centred * Vector<double>::Ones(30)).norm() < 1e-13);
  REQUIRE((centred * y).norm() < 1e-13);
}

TEST_CASE("nearest centroid: both classes are needed") {
  const auto says = [](auto&& call) { return support::message_of<ArgumentError>(call); };
  const Matrix<double> x = Matrix<double>::Ones(2, 3);
  const Vector<double> ones = Vector<double>::Ones(3);
  REQUIRE(says([&] { (void)linear::fit_nearest_centroid<double>(x, ones); }) ==
          "number of samples of class -1 is 0; valid: >= 1");
  REQUIRE(says([&] { (void)linear::fit_nearest_centroid<double>(x, -ones); }) ==
          "number of samples of class +1 is 0; valid: >= 1");
  REQUIRE(says([&] {
            (void)linear::fit_nearest_centroid<double>(x, Vector<double>::Constant(3, 0.5));
          }) == "label is 0.5; valid: -1 or +1");
}

TEST_CASE("principal axes: orthonormal eigenvectors of the covariance, wide or tall") {
  for (const auto& [d, n] : {std::pair<Index, Index>{6, 40}, {40, 6}, {5, 5}, {1, 3}}) {
    INFO(d << " x " << n);
    const Matrix<double> x = support::normal_matrix("x", d, n);
    const linear::PrincipalAxes<double> pca(x);
    const Index r = pca.variances().size();
    REQUIRE(r == std::min(d, n));
    REQUIRE((pca.axes().transpose() * pca.axes() - Matrix<double>::Identity(r, r)).norm() < 1e-12);
    const Matrix<double> covariance = x * x.transpose() / static_cast<double>(n);
    REQUIRE((covariance * pca.axes() - pca.axes() * pca.variances().asDiagonal()).norm() <
            1e-12 * covariance.norm());
    REQUIRE(std::abs(pca.variances().sum() - covariance.trace()) < 1e-12 * covariance.trace());
    for (Index k = 1; k < r; ++k) {
      REQUIRE(pca.variances()(k) <= pca.variances()(k - 1));
    }
    // All axes together see all of a sample; the first sees its own direction alone.
    REQUIRE(std::abs(pca.share_within(x.col(0), r) - 1) < 1e-12);
    REQUIRE(std::abs(pca.share_within(pca.axes().col(r - 1), r - 1)) < 1e-12);
    REQUIRE(pca.share_within(x.col(0), 0) == 0);
  }
}

TEST_CASE("principal axes: how many hold a share; data that do not vary") {
  Matrix<double> x = Matrix<double>::Zero(4, 3);
  x.diagonal() << std::sqrt(6.0), 3.0, std::sqrt(3.0); // variances 2, 3, 1
  const linear::PrincipalAxes<double> pca(x);
  REQUIRE(pca.count_holding(0.0) == 0);
  REQUIRE(pca.count_holding(0.4) == 1);
  REQUIRE(pca.count_holding(0.8) == 2);
  REQUIRE(pca.count_holding(1.0) == 3);
  REQUIRE(std::abs(pca.share_within(Vector<double>{{3, 4, 0, 0}}, 1) - 16.0 / 25) < 1e-12);
  const linear::PrincipalAxes<double> none(Matrix<double>::Zero(3, 2));
  REQUIRE(none.variances().size() == 0);
  REQUIRE(none.count_holding(0.9) == 0);
  REQUIRE(none.share_within(Vector<double>::Ones(3), 0) == 0);
  const auto says = [](auto&& call) { return support::message_of<ArgumentError>(call); };
  REQUIRE(says([&] { (void)pca.share_within(Vector<double>::Zero(4), 1); }) ==
          "|w|^2 is 0; valid: > 0, finite");
  REQUIRE(says([&] { (void)pca.share_within(Vector<double>::Ones(4), 4); }) ==
          "count is 4; valid: at most the number of axes");
  REQUIRE(says([&] { (void)pca.count_holding(2); }) == "share is 2; valid: in [0, 1]");
}
