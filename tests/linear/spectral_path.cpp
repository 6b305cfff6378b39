// SPDX-License-Identifier: BSD-3-Clause
// Filters and the path they give against steps, integrals and solvers.
#include <cmath>
#include <limits>

#include <Eigen/Cholesky>

#include "catch.hpp"
#include "support/derivatives.hpp"
#include "support/draws.hpp"
#include "support/errors.hpp"
#include <gradus/core/error.hpp>
#include <gradus/linear/spectral_path.hpp>

using namespace gradus;
using linear::SpectralPath;

namespace {

/// Heavy ball on 1/2 |X^T w - y|^2 from rest; momentum 0 is gradient descent.
Vector<double> heavy_ball_steps(const Matrix<double>& x, const Vector<double>& y, Vector<double> w,
                                double rate, double momentum, Index count) {
  Vector<double> before = w;
  for (Index t = 0; t < count; ++t) {
    const Vector<double> next = w + rate * x * (y - x.transpose() * w) + momentum * (w - before);
    before = w;
    w = next;
  }
  return w;
}

struct PathProblem {
  Matrix<double> x;
  Vector<double> y;
  Vector<double> start;
  SpectralPath<double> path;

  PathProblem(Index d, Index n)
      : x(support::normal_matrix("x", d, n)), y(support::normal_vector("y", n)),
        start(support::normal_vector("w", d)), path(linear::gram_spectrum<double>(x), y, start) {}
  [[nodiscard]] double largest() const {
    const double s = path.spectrum().values(0);
    return s * s;
  }
};

} // namespace

TEST_CASE("spectral path: descent and heavy ball are their steps, whatever the shape") {
  for (const auto& [d, n] : {std::pair<Index, Index>{6, 20}, {20, 6}, {1, 1}, {5, 5}}) {
    INFO(d << " x " << n);
    const PathProblem p(d, n);
    for (const double ratio : {0.3, 1.0, 1.7}) {
      const double rate = ratio / p.largest();
      for (const Index k : {0, 1, 2, 17, 500}) {
        REQUIRE(support::worst_error(p.path.weights(linear::GradientDescent<double>{rate, k}),
                                     heavy_ball_steps(p.x, p.y, p.start, rate, 0, k)) < 1e-10);
        for (const double momentum : {0.0, 0.5, 0.9, 0.99}) {
          INFO("ratio " << ratio << ", momentum " << momentum << ", step " << k);
          const linear::HeavyBall<double> filter{rate, momentum, k};
          const Vector<double> by_steps = heavy_ball_steps(p.x, p.y, p.start, rate, momentum, k);
          REQUIRE(support::worst_error(p.path.weights(filter), by_steps) < 1e-9);
          REQUIRE(std::abs(p.path.training_error(filter) -
                           (p.y - p.x.transpose() * by_steps).squaredNorm()) <
                  1e-9 * (1 + by_steps.squaredNorm()));
        }
      }
    }
  }
}

TEST_CASE("spectral path: roots of heavy ball that coincide") {
  // z = (1 - sqrt m)^2: both roots are sqrt m.
  for (const double m : {0.25, 0.81, 0.9}) {
    const double double_root = (1 - std::sqrt(m)) * (1 - std::sqrt(m));
    for (const double off : {0.0, 1e-15, -1e-15, 1e-11, -1e-11, 1e-7, -1e-7}) {
      for (const Index k : {1, 3, 100}) {
        const linear::HeavyBall<double> filter{double_root * (1 + off), m, k};
        const linear::HeavyBall<long double> exact{filter.learning_rate, m, k};
        long double error = 1;
        long double before = 1;
        for (Index t = 0; t < k; ++t) {
          const long double next =
              (1 + exact.momentum - exact.learning_rate) * error - exact.momentum * before;
          before = error;
          error = next;
        }
        INFO("m " << m << ", off " << off << ", step " << k);
        REQUIRE(std::abs(filter.left(1) - static_cast<double>(error)) < 1e-9);
      }
    }
  }
}

TEST_CASE("spectral path: small eigenvalues lose no digits") {
  for (const double lam : {1e-6, 1e-10, 1e-14}) {
    // A gain of k steps that have moved nothing yet is learning_rate k (1 - O(k lam)).
    REQUIRE(std::abs(linear::GradientDescent<double>{0.5, 100}.gain(lam) / 50 - 1) < 100 * lam);
    REQUIRE(std::abs(linear::GradientFlow<double>{50}.gain(lam) / 50 - 1) < 100 * lam);
    // Heavy ball: learning_rate / (1 - m) (k - m (1 - m^k) / (1 - m)).
    const double m = 0.9;
    const double reach = 0.5 / (1 - m) * (100 - m * (1 - std::pow(m, 100)) / (1 - m));
    REQUIRE(std::abs(linear::HeavyBall<double>{0.5, m, 100}.gain(lam) / reach - 1) <
            1e4 * lam + 1e-12);
  }
}

TEST_CASE("spectral path: flow is the limit of small steps, and its end the interpolation") {
  const PathProblem p(8, 5);
  const double rate = 1e-7;
  const double t = 0.3;
  const Vector<double> flow = p.path.weights(linear::GradientFlow<double>{t});
  const linear::GradientDescent<double> small{rate, static_cast<Index>(std::lround(t / rate))};
  REQUIRE(support::worst_error(flow, p.path.weights(small)) < 1e-5);
  constexpr double forever = std::numeric_limits<double>::infinity();
  const Vector<double> end = p.path.weights(linear::Interpolation<double>{});
  REQUIRE(support::worst_error(p.path.weights(linear::GradientFlow<double>{forever}), end) < 1e-12);
  REQUIRE(support::worst_error(p.path.weights(linear::RidgeFilter<double>{0}), end) < 1e-12);
  REQUIRE((p.x.transpose() * end - p.y).norm() < 1e-11);
  REQUIRE(p.path.training_error(linear::Interpolation<double>{}) < 1e-20);
  // What lies outside the data has not moved.
  const Matrix<double>& basis = p.path.spectrum().left;
  const Vector<double> moved = end - p.start;
  REQUIRE((moved - basis * (basis.transpose() * moved)).norm() < 1e-13);
}

TEST_CASE("spectral path: ridge towards the start solves its normal equations") {
  for (const auto& [d, n] : {std::pair<Index, Index>{4, 30}, {30, 4}}) {
    const PathProblem p(d, n);
    const double g = 0.7;
    const Matrix<double> gram = p.x * p.x.transpose() + g * Matrix<double>::Identity(d, d);
    const Vector<double> exact = gram.ldlt().solve(p.x * p.y + g * p.start);
    REQUIRE(support::worst_error(p.path.weights(linear::RidgeFilter<double>{g}), exact) < 1e-11);
  }
}

TEST_CASE("spectrum: rank by definition, and none at all") {
  Matrix<double> x = support::normal_matrix("x", 6, 10);
  x.row(3) = x.row(1) + 2 * x.row(2);
  const auto lacking = linear::gram_spectrum<double>(x);
  REQUIRE(lacking.rank() == 5);
  REQUIRE((lacking.left * lacking.values.asDiagonal() * lacking.right.transpose() - x).norm() <
          1e-12);
  REQUIRE((lacking.right.transpose() * lacking.right - Matrix<double>::Identity(5, 5)).norm() <
          1e-10);
  const auto turned = linear::gram_spectrum<double>(Matrix<double>(x.transpose()));
  REQUIRE(support::worst_error(turned.values, lacking.values) < 1e-12);

  const auto nothing = linear::gram_spectrum<double>(Matrix<double>::Zero(3, 4));
  REQUIRE(nothing.rank() == 0);
  REQUIRE(std::isnan(nothing.condition_number()));
  const Vector<double> start = support::normal_vector("w", 3);
  const SpectralPath<double> still(nothing, Vector<double>::Ones(4), start);
  REQUIRE(still.weights(linear::GradientFlow<double>{5}) == start);
  REQUIRE(still.training_error(linear::GradientFlow<double>{5}) == 4);
}

TEST_CASE("spectral path: other scalar types, and from 0 unless a start is given") {
  const Matrix<long double> x = support::normal_matrix("x", 3, 7).cast<long double>();
  const Vector<long double> y = support::normal_vector("y", 7).cast<long double>();
  const SpectralPath<long double> path(linear::gram_spectrum<long double>(x), y);
  REQUIRE(path.start().isZero());
  const Vector<long double> w = path.weights(linear::Interpolation<long double>{});
  REQUIRE(static_cast<double>((x * (x.transpose() * w - y)).norm()) < 1e-17);
}

TEST_CASE("spectral path: bad input is named") {
  using support::message_of;
  const Matrix<double> x = support::normal_matrix("x", 3, 4);
  const auto spectrum = linear::gram_spectrum<double>(x);
  const Vector<double> y = Vector<double>::Ones(4);
  REQUIRE_THROWS_AS(linear::gram_spectrum<double>(Matrix<double>(0, 4)), ArgumentError);
  REQUIRE_THROWS_AS(linear::gram_spectrum<double>(Matrix<double>(4, 0)), ArgumentError);
  REQUIRE_THROWS_AS(linear::gram_spectrum<double>(x * std::nan("")), ArgumentError);
  REQUIRE_THROWS_AS(SpectralPath<double>(spectrum, Vector<double>::Ones(3)), ShapeError);
  REQUIRE_THROWS_AS(SpectralPath<double>(spectrum, y, Vector<double>::Ones(4)), ShapeError);
  const SpectralPath<double> path(spectrum, y);
  REQUIRE_THROWS_AS(path.weights(linear::RidgeFilter<double>{-1}), ArgumentError);
  REQUIRE_THROWS_AS(path.weights(linear::GradientFlow<double>{-1}), ArgumentError);
  REQUIRE_THROWS_AS(path.weights(linear::GradientDescent<double>{0, 3}), ArgumentError);
  REQUIRE_THROWS_AS(path.weights(linear::GradientDescent<double>{0.1, -1}), ArgumentError);
  REQUIRE_THROWS_AS(path.weights(linear::HeavyBall<double>{0.1, 1, 3}), ArgumentError);
}
