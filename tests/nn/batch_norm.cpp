// SPDX-License-Identifier: BSD-3-Clause
// Batch normalisation by itself: statistics, ghost blocks, derivatives by complex step, running
// statistics.
#include <cmath>
#include <limits>

#include "catch.hpp"
#include "support/derivatives.hpp"
#include "support/draws.hpp"
#include "support/errors.hpp"
#include <gradus/core/error.hpp>
#include <gradus/nn/batch_norm.hpp>

using namespace gradus;
using support::Complex;

namespace {

const Matrix<double> z0 = (support::normal_matrix("z", 3, 10, 2.0).array() + 1.5).matrix();
const Vector<double> gamma0 = support::normal_vector("gamma", 3);
const Vector<double> beta0 = support::normal_vector("beta", 3);

template <class T>
Matrix<T> forward(const nn::BatchNorm& norm, const Vector<T>& gain, const Vector<T>& beta,
                  const Matrix<T>& z) {
  nn::BatchNormWorkspace<T> ws;
  Matrix<T> y(z.rows(), z.cols());
  norm.forward<T>(gain, beta, z, ws, y);
  return y;
}

} // namespace

TEST_CASE("batch norm: every feature of a block has the asked mean and variance") {
  for (const Index ghost : {Index{0}, Index{5}, Index{4}, Index{100}}) {
    const nn::BatchNorm norm{.epsilon = 1e-3, .ghost = ghost};
    const Matrix<double> y = forward<double>(norm, gamma0, beta0, z0);
    const Index block = ghost == 0 ? 10 : std::min<Index>(ghost, 10);
    for (Index start = 0; start < 10; start += block) {
      const Index size = std::min<Index>(block, 10 - start);
      for (Index i = 0; i < 3; ++i) {
        const Eigen::ArrayXd z = z0.row(i).segment(start, size).transpose();
        const Eigen::ArrayXd out = y.row(i).segment(start, size).transpose();
        const double variance = (z - z.mean()).square().mean();
        CHECK(std::abs(out.mean() - beta0(i)) < 1e-14);
        CHECK(std::abs((out - out.mean()).square().mean() -
                       gamma0(i) * gamma0(i) * variance / (variance + 1e-3)) < 1e-13);
      }
    }
  }
}

TEST_CASE("batch norm: a ghost block is a batch of its own, bit for bit") {
  const Matrix<double> y = forward<double>({.ghost = 4}, gamma0, beta0, z0);
  for (Index start = 0; start < 10; start += 4) {
    const Index size = std::min<Index>(4, 10 - start);
    const Matrix<double> part = z0.middleCols(start, size);
    CHECK(forward<double>({}, gamma0, beta0, part) == y.middleCols(start, size));
  }
  CHECK(forward<double>({.ghost = 10}, gamma0, beta0, z0) ==
        forward<double>({}, gamma0, beta0, z0));
}

TEST_CASE("batch norm: derivatives against the complex step") {
  const Matrix<double> d = support::normal_matrix("d", 3, 10);
  for (const Index ghost : {Index{0}, Index{5}, Index{4}, Index{3}, Index{1}}) {
    const nn::BatchNorm norm{.ghost = ghost}; // 3: the last block has one sample
    nn::BatchNormWorkspace<double> ws;
    Matrix<double> y = z0; // in place
    norm.forward<double>(gamma0, beta0, y, ws, y);
    Vector<double> d_gamma = Vector<double>::Constant(3, 7.0);
    Vector<double> d_beta = d_gamma;
    Matrix<double> dz = d; // in place too
    norm.backward<double>(gamma0, dz, ws, d_gamma, d_beta, dz);
    const auto value = [&](const Vector<Complex>& g, const Vector<Complex>& b,
                           const Matrix<Complex>& z) {
      return forward<Complex>(norm, g, b, z).cwiseProduct(d.cast<Complex>()).sum().imag() /
             support::complex_step;
    };
    const Vector<Complex> g = gamma0.cast<Complex>();
    const Vector<Complex> b = beta0.cast<Complex>();
    const Matrix<Complex> z = z0.cast<Complex>();
    const Complex step(0, support::complex_step);
    double worst = 0;
    for (Index i = 0; i < 3; ++i) {
      Vector<Complex> moved = g;
      moved(i) += step;
      worst = std::max(worst, std::abs(value(moved, b, z) - d_gamma(i)));
      moved = b;
      moved(i) += step;
      worst = std::max(worst, std::abs(value(g, moved, z) - d_beta(i)));
      for (Index j = 0; j < 10; ++j) {
        Matrix<Complex> moved_z = z;
        moved_z(i, j) += step;
        worst = std::max(worst, std::abs(value(g, b, moved_z) - dz(i, j)));
      }
    }
    CHECK(worst < 1e-12);
    CHECK(d_beta.norm() > 0);
    CHECK((ghost == 1 || dz.norm() > 0.1));
  }
}

TEST_CASE("batch norm: running statistics take one step a block, with the unbiased variance") {
  const nn::BatchNorm norm{.ghost = 4}; // blocks of 4, 4 and 2
  nn::BatchNormWorkspace<double> ws;
  Matrix<double> y(3, 10);
  norm.forward<double>(gamma0, beta0, z0, ws, y);
  nn::RunningStatistics<double> running(3, 0.25);
  running.absorb(ws);
  for (Index i = 0; i < 3; ++i) {
    double mean = 0;
    double variance = 1;
    for (const auto& [start, size] : {std::pair<Index, Index>{0, 4}, {4, 4}, {8, 2}}) {
      const Eigen::ArrayXd z = z0.row(i).segment(start, size).transpose();
      mean += 0.25 * (z.mean() - mean);
      variance += 0.25 * ((z - z.mean()).square().sum() / static_cast<double>(size - 1) - variance);
    }
    CHECK(std::abs(running.mean(i) - mean) < 1e-14);
    CHECK(std::abs(running.variance(i) - variance) < 1e-14);
  }
  // Evaluation with the statistics of a batch is the training pass on it.
  nn::RunningStatistics<double> own(3, 1.0);
  nn::BatchNorm{}.forward<double>(gamma0, beta0, z0, ws, y);
  own.absorb(ws);
  own.variance *= 0.9; // biased again
  Matrix<double> evaluated = z0;
  nn::BatchNorm{}.evaluate<double>(gamma0, beta0, own, evaluated, evaluated);
  CHECK((evaluated - y).cwiseAbs().maxCoeff() < 1e-14);
}

TEST_CASE("batch norm: edges") {
  nn::BatchNormWorkspace<double> ws;
  Matrix<double> y(3, 1);
  const Matrix<double> one = z0.leftCols(1);
  nn::BatchNorm{}.forward<double>(gamma0, beta0, one, ws, y);
  CHECK((y - beta0).norm() == 0); // a single sample is its own mean
  nn::RunningStatistics<double> running(3);
  running.absorb(ws); // and has no variance
  CHECK(running.mean.isZero(0));
  CHECK(running.variance.isOnes(0));

  Matrix<double> bad = z0;
  bad(1, 2) = std::numeric_limits<double>::quiet_NaN();
  const Matrix<double> out = forward<double>({.ghost = 5}, gamma0, beta0, bad);
  CHECK(std::isnan(out(1, 0)));
  CHECK(std::isfinite(out(1, 7))); // another block
  CHECK(std::isfinite(out(0, 0))); // another feature

  CHECK_THROWS_AS(nn::BatchNorm{.epsilon = 0}.validate(), ArgumentError);
  CHECK_THROWS_AS(nn::BatchNorm{.ghost = -1}.validate(), ArgumentError);
  CHECK_THROWS_AS(nn::RunningStatistics<double>(3, 1.5), ArgumentError);
  CHECK_THROWS_AS(forward<double>({}, gamma0, beta0, Matrix<double>(3, 0)), ArgumentError);
  CHECK_THROWS_AS(forward<double>({}, Vector<double>(2), beta0, z0), ShapeError);
  nn::RunningStatistics<double> other(2);
  CHECK_THROWS_AS(other.absorb(ws), ShapeError);
}
