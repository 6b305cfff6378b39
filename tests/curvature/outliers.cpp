// SPDX-License-Identifier: BSD-3-Clause
// Outliers of planted spectra: spikes over Wigner and Wishart bulks (Baik, Ben Arous, Peche 2005).
#include <cmath>
#include <limits>

#include <Eigen/Eigenvalues>

#include "catch.hpp"
#include "support/derivatives.hpp"
#include "support/draws.hpp"
#include <gradus/core/random.hpp>
#include <gradus/curvature/outliers.hpp>

using namespace gradus;
using namespace gradus::curvature;

namespace {

Matrix<double> draw(std::uint64_t seed, Index rows, Index cols) {
  Stream stream(seed, "outliers");
  Matrix<double> result(rows, cols);
  fill_normal(stream, result);
  return result;
}

/// Wigner matrix of bulk radius 1 plus `spike` on m random orthonormal directions.
Matrix<double> spiked_wigner(std::uint64_t seed, Index size, Index m, double spike) {
  const Matrix<double> b = draw(seed, size, size);
  const Matrix<double> u = orthonormal_basis(draw(seed + 100, size, m));
  return (b + b.transpose()) / std::sqrt(8.0 * static_cast<double>(size)) +
         spike * u * u.transpose();
}

Vector<double> spectrum(const Matrix<double>& a) {
  return Eigen::SelfAdjointEigenSolver<Matrix<double>>(a, Eigen::EigenvaluesOnly).eigenvalues();
}

} // namespace

TEST_CASE("outliers: spikes over a Wigner bulk are counted, and lie where theory says") {
  // Radius 1 is 2 sigma with sigma = 1/2: a spike s > sigma shows at s + sigma^2 / s.
  for (const std::uint64_t seed : {1ULL, 2ULL, 3ULL}) {
    for (const Index m : {Index{1}, Index{3}, Index{6}}) {
      const Vector<double> l = spectrum(spiked_wigner(seed, 300, m, 3.0));
      const auto found = count_outliers(l);
      REQUIRE(found.count == m);
      REQUIRE(found.clean(2.0));
      REQUIRE(found.ratio > 2.0);
      REQUIRE(found.edge == Approx(1).margin(0.08)); // fluctuates by n^(-2/3) = 0.02
      REQUIRE(l.tail(m).mean() == Approx(3 + 0.25 / 3).margin(0.15)); // 1 / sqrt(n m)
    }
    // Below the transition at 1/2 nothing shows.
    const auto hidden = count_outliers(spectrum(spiked_wigner(seed, 300, 3, 0.3)));
    REQUIRE_FALSE(hidden.clean(2.0));
    REQUIRE(hidden.ratio < 1.3);
  }
}

TEST_CASE("outliers: spikes over a Wishart bulk") {
  // Covariance 1 + (spike - 1) on two axes, gamma = p / n: spike s shows at s + gamma s / (s - 1),
  // the edge at (1 + sqrt(gamma))^2.
  const Index p = 200;
  const Index n = 400;
  const double spike = 12;
  for (const std::uint64_t seed : {1ULL, 2ULL, 3ULL}) {
    Matrix<double> x = draw(seed, p, n);
    x.topRows(2) *= std::sqrt(spike);
    const Vector<double> l = spectrum(x * x.transpose() / static_cast<double>(n));
    const auto found = count_outliers(l);
    REQUIRE(found.count == 2);
    REQUIRE(found.edge == Approx(std::pow(1 + std::sqrt(0.5), 2)).epsilon(0.06));
    // Standard deviation of one: s sqrt(2 / n) = 0.85.
    REQUIRE(l.tail(2).mean() == Approx(spike + 0.5 * spike / (spike - 1)).margin(2.5));
    // Rank deficient: the zeros are counted.
    const Matrix<double> few = x.leftCols(50);
    REQUIRE(count_zeros(spectrum(few * few.transpose())) == p - 50);
  }
}

TEST_CASE("outliers: by hand, and edges") {
  Vector<double> l(6);
  l << 0.5, 8, 10, 0.4, 0.0, -3; // any order
  const auto found = count_outliers(l);
  // Ratios 1.25, 16, 1.25, infinity: the last positive one over 0.
  REQUIRE(found.count == 4);
  REQUIRE(std::isinf(found.ratio));
  REQUIRE(found.second == Approx(16));
  const auto near = count_outliers(l, 3);
  REQUIRE(near.count == 2);
  REQUIRE(near.ratio == Approx(16));
  REQUIRE(near.second == Approx(1.25));
  REQUIRE(near.edge == 0.5);
  REQUIRE(near_zero_share(l, 0.045) == Approx(2.0 / 6)); // |l| < 0.45
  REQUIRE(count_zeros(l) == 1);
  REQUIRE(count_outliers(Vector<double>()).count == 0);
  REQUIRE(count_outliers(Vector<double>::Ones(1)).count == 0);
  REQUIRE(count_outliers(Vector<double>::Constant(5, -1.0)).count == 0);
  REQUIRE_FALSE(count_outliers(Vector<double>()).clean());
  REQUIRE(near_zero_share(Vector<double>()) == 0);
  l(2) = std::numeric_limits<double>::quiet_NaN();
  REQUIRE_THROWS_AS(count_outliers(l), ArgumentError);
  REQUIRE_THROWS_AS(count_outliers(Vector<double>::Ones(3), 0), ArgumentError);
}

TEST_CASE("subspaces: bases, overlaps and class means") {
  const Matrix<double> a = draw(1, 60, 4);
  Matrix<double> redundant(60, 7);
  redundant << a, a.col(0) + a.col(1), Vector<double>::Zero(60), 2 * a.col(3);
  const Matrix<double> u = orthonormal_basis(redundant);
  REQUIRE(u.cols() == 4);
  REQUIRE((u.transpose() * u - Matrix<double>::Identity(4, 4)).norm() < 1e-14);
  REQUIRE(subspace_overlap(u, orthonormal_basis(a)) == Approx(1));
  REQUIRE(subspace_overlap(u.leftCols(2), u) == Approx(1));
  REQUIRE(subspace_overlap(u.leftCols(2), u.rightCols(2)) < 1e-28);
  // Random spaces: k / P on average, with a spread of about k / P / sqrt(k m / 2).
  double mean = 0;
  for (std::uint64_t seed = 0; seed < 200; ++seed) {
    mean += subspace_overlap(u, orthonormal_basis(draw(seed + 1000, 60, 4))) / 200;
  }
  REQUIRE(mean == Approx(4.0 / 60).epsilon(0.1));
  const Matrix<double> means = class_means(a, support::cyclic_classes(4, 3), 4);
  REQUIRE(means.col(0).isApprox((a.col(0) + a.col(3)) / 2));
  REQUIRE(means.col(1) == a.col(1));
  REQUIRE(means.col(3).isZero(0));
  REQUIRE_THROWS_AS(class_means(a, support::cyclic_classes(4, 3), 2), ArgumentError);
  REQUIRE_THROWS_AS(subspace_overlap(u, a.topRows(3)), ShapeError);
}
