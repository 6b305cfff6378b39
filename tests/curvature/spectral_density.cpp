// SPDX-License-Identifier: BSD-3-Clause
// Lanczos runs and the spectral density made of them, against full decompositions.
#include <cmath>
#include <limits>
#include <vector>

#include "catch.hpp"
#include "support/derivatives.hpp"
#include "support/draws.hpp"
#include <gradus/curvature/spectral_density.hpp>
#include <gradus/objective/quadratic.hpp>

using namespace gradus;
using namespace gradus::curvature;

namespace {

Matrix<double> symmetric(Index size) {
  const Matrix<double> b = support::normal_matrix("b", size, size);
  return (b + b.transpose()) / std::sqrt(8.0 * static_cast<double>(size));
}

} // namespace

TEST_CASE("lanczos: all steps give the whole spectrum, once each") {
  const Matrix<double> a = symmetric(40);
  DenseOperator<double> op(a);
  const Matrix<double> starts = support::normal_matrix("v", 40, 3);
  const Eigen::SelfAdjointEigenSolver<Matrix<double>> dense(a);
  for (const auto& run : lanczos(op, starts, 1000)) {
    const auto q = quadrature(run);
    REQUIRE(run.exhausted);
    REQUIRE(support::worst_error(q.nodes, dense.eigenvalues()) < 1e-11);
  }
  // Weights are the squared components of the start; the order of the starts does not matter.
  const auto run = lanczos(op, starts.col(1), 40).front();
  const Vector<double> squares =
      (dense.eigenvectors().transpose() * starts.col(1)).array().square();
  REQUIRE(support::worst_error(quadrature(run).weights, squares) < 1e-9);
}

TEST_CASE("lanczos: quadrature is exact up to degree 2 k - 1") {
  const Matrix<double> a = symmetric(60);
  DenseOperator<double> op(a);
  const Vector<double> v = support::normal_vector("v", 60);
  const Index k = 6;
  const auto q = quadrature(lanczos(op, v, k).front());
  Vector<double> power = v;
  for (int degree = 0; degree <= 2 * k; ++degree) {
    const double exact = v.dot(power);
    const double found = (q.weights.array() * q.nodes.array().pow(degree)).sum();
    const double error = std::abs(found - exact);
    if (degree < 2 * k) {
      REQUIRE(error < 1e-12 * v.squaredNorm());
    } else {
      REQUIRE(error > 1e-9 * v.squaredNorm()); // and no further
    }
    power = a * power;
  }
}

TEST_CASE("lanczos: degenerate spectra end early, and stay exact") {
  Vector<double> h(50);
  h << Vector<double>::Constant(30, 1.0), Vector<double>::Constant(15, -2.0),
      Vector<double>::Constant(5, 7.0);
  objective::Quadratic<double> f(h);
  CurvatureOperator op(f, h);
  const auto run = lanczos(op, support::normal_vector("v", 50), 20).front();
  REQUIRE(run.exhausted);
  REQUIRE(run.diagonal.size() == 3);
  const auto q = quadrature(run);
  REQUIRE(support::worst_error(q.nodes, Vector<double>(Eigen::Vector3d(-2, 1, 7))) < 1e-12);
  const SpectralDensity spectrum = spectral_density(op, Stream(1), {.probes = 3});
  REQUIRE(spectrum.moment(1).mean == Approx(35.0 / 50)); // diagonal: exact for sign vectors
  objective::Quadratic<float> one(Vector<float>::Constant(1, 2.0F));
  CurvatureOperator single(one, one.curvatures());
  REQUIRE(spectral_density(single, Stream(1)).highest() == 2.0);
  REQUIRE_THROWS_AS(lanczos(op, Matrix<double>::Zero(50, 1), 3), ArgumentError);
  REQUIRE_THROWS_AS(lanczos(op, Matrix<double>::Ones(49, 1), 3), ShapeError);
  REQUIRE_THROWS_AS(lanczos(op, Matrix<double>::Ones(50, 1), 0), ArgumentError);
}

TEST_CASE("lanczos: a product that is not finite is reported") {
  Matrix<double> a = symmetric(30);
  a(3, 3) = std::numeric_limits<double>::quiet_NaN();
  DenseOperator<double> op(a);
  const auto runs = lanczos(op, support::normal_vector("v", 30), 5);
  REQUIRE_FALSE(runs.front().finite);
  REQUIRE(quadrature(runs.front()).nodes.size() == 0);
  REQUIRE_FALSE(spectral_density(op, Stream(1)).finite);
}

TEST_CASE("spectral density: moments against the dense matrix, errors over the probes") {
  const Index size = 200;
  const Matrix<double> a = symmetric(size);
  DenseOperator<double> op(a);
  for (const std::uint64_t seed : {1ULL, 2ULL, 3ULL}) {
    Index calls = 0;
    Index last = 0;
    const SpectralDensity spectrum = spectral_density(
        op, Stream(seed), {.probes = 30, .steps = 40, .block = 7}, [&](Index done, Index total) {
          REQUIRE(done > last);
          REQUIRE(total == 1200);
          last = done;
          ++calls;
        });
    REQUIRE(calls == 5 * 40);
    REQUIRE(last == 1200);
    REQUIRE(spectrum.moment(0).mean == Approx(1));
    // Five standard errors of some 30 probes: a false alarm in 1e4 or so.
    const Estimate first = spectrum.moment(1);
    REQUIRE(std::abs(first.mean - a.trace() / size) < 5 * first.standard_error);
    const Estimate second = spectrum.moment(2);
    REQUIRE(std::abs(second.mean - a.squaredNorm() / size) < 5 * second.standard_error);
    const double theory = std::sqrt(2 * (a.squaredNorm() - a.diagonal().squaredNorm()) / 30) / size;
    REQUIRE(first.standard_error == Approx(theory).epsilon(0.5));
  }
}

TEST_CASE("spectral density: a semicircle, and the smoothed dense spectrum") {
  const Index size = 300;
  const Matrix<double> a = symmetric(size); // Wigner, radius 1
  DenseOperator<double> op(a);
  const SpectralDensity spectrum =
      spectral_density(op, Stream(4), {.probes = 16, .steps = 60, .block = 16});
  const double width = 0.08;
  const Vector<double> grid = density_grid(spectrum, 401, width);
  const DensityCurve curve = broadened(spectrum, grid, width);
  const double step = grid(1) - grid(0);
  REQUIRE(curve.density.sum() * step == Approx(1).epsilon(1e-3));
  const Vector<double> l = Eigen::SelfAdjointEigenSolver<Matrix<double>>(a).eigenvalues();
  double worst = 0;
  double distance = 0;
  for (Index g = 0; g < grid.size(); ++g) {
    double exact = 0;
    for (Index i = 0; i < size; ++i) {
      const double t = (grid(g) - l(i)) / width;
      exact += std::exp(-0.5 * t * t) / (std::sqrt(2 * M_PI) * width * size);
    }
    const double error = std::abs(curve.density(g) - exact);
    worst = std::max(worst, error / (5 * curve.standard_error(g) + 1e-3));
    distance +=
        std::abs(curve.density(g) - 2 / M_PI * std::sqrt(std::max(0.0, 1 - grid(g) * grid(g)))) *
        step;
  }
  REQUIRE(worst < 1);
  REQUIRE(distance < 0.08); // the smoothing of the edges alone costs 0.03
  REQUIRE_THROWS_AS(broadened(spectrum, grid, 0), ArgumentError);
}

TEST_CASE("spectral density: the same for any block") {
  const Matrix<double> a = symmetric(50);
  DenseOperator<double> op(a);
  const auto of = [&](Index block) {
    return spectral_density(op, Stream(9), {.probes = 6, .steps = 20, .block = block});
  };
  const SpectralDensity one = of(1);
  const SpectralDensity all = of(6);
  for (std::size_t j = 0; j < 6; ++j) {
    REQUIRE(support::worst_error(one.probes[j].nodes, all.probes[j].nodes) < 1e-10);
  }
}
