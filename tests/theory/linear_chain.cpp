// SPDX-License-Identifier: BSD-3-Clause
// The reduced equation of a deep linear chain against the chain itself and closed forms.
#include <cmath>

#include "catch.hpp"
#include "support/derivatives.hpp"
#include "support/draws.hpp"
#include "support/errors.hpp"
#include <gradus/core/error.hpp>
#include <gradus/linear/spectral_path.hpp>
#include <gradus/theory/linear_chain.hpp>

using namespace gradus;
using theory::LinearChain;

namespace {
struct Problem {
  Matrix<double> x = support::normal_matrix("x", 5, 8) / 2;
  Vector<double> y = support::normal_vector("y", 8);
  Vector<double> start = support::normal_vector("start", 5).normalized() * 0.01;
  [[nodiscard]] LinearChain chain(Index depth, double tolerance = 1e-9) const {
    return {x * x.transpose(), x * y, depth, tolerance};
  }
};
} // namespace

TEST_CASE("linear chain: depth 1 is the flow of the linear model") {
  const Problem p;
  const linear::SpectralPath<double> path(linear::gram_spectrum<double>(p.x), p.y, p.start);
  const std::vector<double> times{0, 0.1, 1, 1, 7};
  const Matrix<double> beta = p.chain(1).flow(p.start, times);
  for (std::size_t k = 0; k < times.size(); ++k) {
    REQUIRE(support::worst_error(beta.col(static_cast<Index>(k)),
                                 path.weights(linear::GradientFlow<double>{times[k]})) < 1e-7);
  }
}

TEST_CASE("linear chain: depth 2 and 3 are gradient flow of balanced chains of rank one") {
  const Problem p;
  const double size = p.start.norm();
  const Vector<double> u = p.start / size;
  const double end = 2;
  const double dt = 2e-5;
  const auto steps = static_cast<Index>(std::lround(end / dt));
  { // beta = a w: a scalar layer above one of N inputs
    double a = std::sqrt(size);
    Vector<double> w = std::sqrt(size) * u;
    for (Index k = 0; k < steps; ++k) {
      const Vector<double> pull = p.x * (p.y - p.x.transpose() * (a * w));
      const double change = w.dot(pull);
      w += dt * a * pull;
      a += dt * change;
    }
    REQUIRE(support::worst_error(p.chain(2).flow(p.start, {end}).col(0), Vector<double>(a * w)) <
            2e-3); // Euler's error at this step
  }
  { // beta = b a w
    const double root = std::cbrt(size);
    double a = root;
    double b = root;
    Vector<double> w = root * u;
    for (Index k = 0; k < steps; ++k) {
      const Vector<double> pull = p.x * (p.y - p.x.transpose() * (b * a * w));
      const double along = w.dot(pull);
      w += dt * a * b * pull;
      const double a_now = a;
      a += dt * b * along;
      b += dt * a_now * along;
    }
    REQUIRE(support::worst_error(p.chain(3).flow(p.start, {end}).col(0),
                                 Vector<double>(b * a * w)) < 2e-3);
  }
}

TEST_CASE("linear chain: one direction follows the logistic law") {
  // gram s, pull s m, depth 2: d beta / dt = 2 s beta (m - beta).
  const double s = 1.5;
  const double m = 2;
  const double start = 1e-6;
  const LinearChain chain(Matrix<double>::Constant(1, 1, s), Vector<double>::Constant(1, s * m), 2);
  const Vector<double> beta = Vector<double>::Constant(1, start);
  for (const double t : {0.5, 2.0, 4.0}) {
    const double exact = m / (1 + (m / start - 1) * std::exp(-2 * s * m * t));
    REQUIRE(std::abs(chain.flow(beta, {t})(0, 0) / exact - 1) < 1e-6);
  }
  const double level = 1;
  const double passage = std::log((m / start - 1) / (m / level - 1)) / (2 * s * m);
  REQUIRE(std::abs(chain.first_passage(beta, level, 100) / passage - 1) < 1e-6);
  REQUIRE(std::isinf(chain.first_passage(beta, level, 0.9 * passage)));
  REQUIRE(std::isinf(chain.first_passage(beta, 3, 50))); // it ends at m
  REQUIRE(chain.first_passage(beta, 1e-7, 50) == 0);
}

TEST_CASE("linear chain: the origin is at rest in depth, and moves without it") {
  const Problem p;
  const Vector<double> zero = Vector<double>::Zero(5);
  REQUIRE(p.chain(2).flow(zero, {3}).isZero());
  REQUIRE(p.chain(1).flow(zero, {3}).norm() > 0.1);
}

TEST_CASE("linear chain: bad input is named") {
  const Problem p;
  const Matrix<double> gram = p.x * p.x.transpose();
  const Vector<double> pull = p.x * p.y;
  REQUIRE_THROWS_AS(LinearChain(gram, pull, 0), ArgumentError);
  REQUIRE_THROWS_AS(LinearChain(gram, pull, 2, 0), ArgumentError);
  REQUIRE_THROWS_AS(LinearChain(gram, Vector<double>::Ones(4), 2), ShapeError);
  REQUIRE_THROWS_AS(LinearChain(gram * std::nan(""), pull, 2), ArgumentError);
  REQUIRE_THROWS_AS(p.chain(2).flow(Vector<double>::Ones(3), {1}), ShapeError);
  REQUIRE_THROWS_AS(p.chain(2).flow(p.start, {1, 0.5}), ArgumentError);
  REQUIRE_THROWS_AS(p.chain(2).flow(p.start, {-1}), ArgumentError);
  REQUIRE_THROWS_AS(p.chain(2).first_passage(p.start, -1, 1), ArgumentError);
}
