// SPDX-License-Identifier: BSD-3-Clause
// Mean-square stability of stochastic gradient descent against the dense map of second moments.
#include <algorithm>
#include <cmath>
#include <limits>

#include <Eigen/Eigenvalues>

#include "catch.hpp"
#include "support/draws.hpp"
#include "support/errors.hpp"
#include <gradus/core/error.hpp>
#include <gradus/curvature/gradient_modes.hpp>
#include <gradus/curvature/gradient_noise.hpp>
#include <gradus/curvature/mean_square_stability.hpp>

namespace {

using namespace gradus;
using namespace gradus::curvature;
using Catch::Matchers::WithinAbs;
using Catch::Matchers::WithinRel;

Matrix<double> kronecker(const Matrix<double>& a, const Matrix<double>& b) {
  Matrix<double> result(a.rows() * b.rows(), a.cols() * b.cols());
  for (Index i = 0; i < a.rows(); ++i) {
    for (Index j = 0; j < a.cols(); ++j) {
      result.block(i * b.rows(), j * b.cols(), b.rows(), b.cols()) = a(i, j) * b;
    }
  }
  return result;
}

using Solver = Eigen::SelfAdjointEigenSolver<Matrix<double>>;

/// m^(-1/2) of a positive definite matrix.
Matrix<double> inverse_root(const Matrix<double>& m) {
  const Solver solver(m);
  return solver.eigenvectors() * solver.eigenvalues().cwiseSqrt().cwiseInverse().asDiagonal() *
         solver.eigenvectors().transpose();
}

/// The pieces of the map on vec(S), in the coordinates of the parameters.
struct Dense {
  explicit Dense(const Matrix<double>& g)
      : dim(g.rows()), count(static_cast<double>(g.cols())), moment(g * g.transpose() / count),
        q(Matrix<double>::Zero(dim * dim, dim * dim)) {
    for (Index i = 0; i < g.cols(); ++i) {
      const Matrix<double> outer = g.col(i) * g.col(i).transpose();
      q += kronecker(outer, outer) / count;
    }
    const Matrix<double> one = Matrix<double>::Identity(dim, dim);
    drift = kronecker(moment, one) + kronecker(one, moment);
  }

  [[nodiscard]] Matrix<double> second_order(double b) const {
    return (1 - 1 / b) * kronecker(moment, moment) + q / b;
  }
  [[nodiscard]] double threshold(double b) const {
    const Matrix<double> root = inverse_root(drift);
    const Solver solver(root * second_order(b) * root, Eigen::EigenvaluesOnly);
    return 1 / solver.eigenvalues().maxCoeff();
  }
  [[nodiscard]] double growth(double rate, double b) const {
    const Matrix<double> map = Matrix<double>::Identity(dim * dim, dim * dim) - rate * drift +
                               rate * rate * second_order(b);
    const Solver solver(map, Eigen::EigenvaluesOnly);
    return solver.eigenvalues().cwiseAbs().maxCoeff();
  }
  /// Growth per step, after many, of the map whose noise is spread over all directions.
  [[nodiscard]] double isotropic_growth(const Matrix<double>& g, double rate, double b) const {
    Matrix<double> noise = -moment * moment;
    for (Index i = 0; i < g.cols(); ++i) {
      noise += g.col(i).squaredNorm() * g.col(i) * g.col(i).transpose() / count;
    }
    const Matrix<double> one = Matrix<double>::Identity(dim, dim);
    const Matrix<double> shrink = one - rate * moment;
    Matrix<double> s = one;
    double growth = 0;
    for (int i = 0; i < 20000; ++i) {
      const double power = s.cwiseProduct(noise).sum();
      const Matrix<double> next =
          shrink * s * shrink + rate * rate / (b * static_cast<double>(dim)) * power * one;
      growth = next.norm() / s.norm();
      s = next / next.norm();
    }
    return growth;
  }

  Index dim;
  double count;
  Matrix<double> moment, q, drift;
};

MeanSquareStability<double> stability_of(const Matrix<double>& g) {
  return MeanSquareStability<double>(gradient_modes<double>(g.transpose() * g));
}

} // namespace

TEST_CASE("mean-square stability: thresholds and growth are those of the dense map") {
  for (const Index n : {6, 9, 30}) {
    Matrix<double> g = support::normal_matrix("g", 5, n);
    g.row(4) *= 0.2; // unlike eigenvalues
    const Dense dense(g);
    const auto stability = stability_of(g);
    for (const Index batch : {1, 2, 7, 64}) {
      INFO(n << " " << batch);
      const auto b = static_cast<double>(batch);
      const double threshold = stability.threshold(batch);
      CHECK_THAT(threshold, WithinRel(dense.threshold(b), 1e-11));
      CHECK_THAT(stability.growth(threshold, batch), WithinAbs(1.0, 1e-12));
      for (const double rate : {0.3 * threshold, 0.95 * threshold, 1.5 * threshold}) {
        CHECK_THAT(stability.growth(rate, batch), WithinRel(dense.growth(rate, b), 1e-11));
      }
      CHECK(threshold <= stability.uniform_bound(batch));
      CHECK(threshold <= stability.descent_threshold());
      CHECK_THAT(stability.uniform_bound(batch) * stability.flatness(batch) / 2,
                 WithinAbs(1.0, 1.0)); // flatness has |g|^4 at its least
      const double isotropic = stability.isotropic_threshold(batch, 5);
      CHECK_THAT(dense.isotropic_growth(g, isotropic, b), WithinAbs(1.0, 1e-11));
      CHECK(dense.isotropic_growth(g, 0.99 * isotropic, b) < 1);
    }
  }
}

TEST_CASE("mean-square stability: power iteration on matrices finds the same threshold") {
  const Index n = 12;
  const Matrix<double> g = support::normal_matrix("g", 30, n); // more parameters than examples
  const auto stability = stability_of(g);
  const auto& modes = stability.modes();
  REQUIRE(modes.rank() == n);
  const Vector<double>& l = modes.eigenvalues;
  const Matrix<double>& c = modes.coordinates;
  const Matrix<double> root =
      (l.replicate(1, n) + l.transpose().replicate(n, 1)).cwiseSqrt().cwiseInverse();
  for (const double b : {1.0, 3.0}) {
    Matrix<double> s = Matrix<double>::Identity(n, n).normalized();
    double value = 0;
    for (int i = 0; i < 3000; ++i) {
      const Matrix<double> inner = root.cwiseProduct(s);
      const Vector<double> along = (c * inner).cwiseProduct(c).rowwise().sum() / double(n);
      const Matrix<double> moved = (1 - 1 / b) * (l.asDiagonal() * inner * l.asDiagonal()) +
                                   c.transpose() * along.asDiagonal() * c / b;
      const Matrix<double> next = root.cwiseProduct(moved);
      value = next.cwiseProduct(s).sum();
      s = next.normalized();
    }
    CHECK_THAT(stability.threshold(static_cast<Index>(b)), WithinRel(1 / value, 1e-10));
  }
}

TEST_CASE("mean-square stability: closed forms") {
  // One vector: d' = (1 - rate |g|^2) d along it, whatever the batch.
  const auto one = stability_of(Vector<double>{{3.0, 4.0}});
  for (const Index batch : {1, 5}) {
    CHECK_THAT(one.threshold(batch), WithinRel(2.0 / 25.0, 1e-12));
    CHECK_THAT(one.growth(0.1, batch), WithinRel(2.25, 1e-12));
  }
  CHECK_THAT(one.isotropic_threshold(1, 2), WithinRel(2.0 / 25.0, 1e-12)); // no noise
  // n orthonormal vectors: each example alone, S' = S - (2/n) rate S + rate^2 S / n for B = 1.
  const auto many = stability_of(Matrix<double>::Identity(6, 6));
  CHECK_THAT(many.threshold(1), WithinRel(2.0, 1e-12));
  CHECK_THAT(many.descent_threshold(), WithinRel(12.0, 1e-12));
  // Large batches are full gradient descent.
  const auto wide = stability_of(support::normal_matrix("g", 4, 9));
  CHECK_THAT(wide.threshold(Index{1} << 40U), WithinRel(wide.descent_threshold(), 1e-9));
  // Units: g twice as long, rates a quarter.
  const Matrix<double> g = support::normal_matrix("g", 4, 9);
  CHECK_THAT(stability_of(2 * g).threshold(3), WithinRel(stability_of(g).threshold(3) / 4, 1e-11));
}

TEST_CASE("mean-square stability: nothing, NaN and bad arguments") {
  const auto none = stability_of(Matrix<double>::Zero(3, 4));
  CHECK(none.modes().rank() == 0);
  CHECK(std::isinf(none.threshold(1)));
  CHECK(std::isinf(none.isotropic_threshold(1, 1)));
  CHECK(none.growth(0.5, 1) == 1);
  CHECK(std::isnan(least_alignment(none.modes())));
  const auto nan = MeanSquareStability<double>(gradient_modes<double>(
      Matrix<double>::Constant(2, 2, std::numeric_limits<double>::quiet_NaN())));
  CHECK(std::isnan(nan.threshold(2)));
  CHECK(std::isnan(nan.growth(0.1, 2)));
  CHECK(std::isnan(nan.modes().trace()));
  CHECK(support::message_of<ArgumentError>([&] { (void)none.threshold(0); }) ==
        "batch is 0; valid: >= 1");
  CHECK_THROWS_AS(none.growth(-1.0, 1), ArgumentError);
  const auto some = stability_of(Matrix<double>::Identity(3, 3));
  CHECK_THROWS_AS(some.isotropic_threshold(1, 2), ArgumentError);
  CHECK_THROWS_AS(gradient_modes<double>(Matrix<double>(0, 0)), ArgumentError);
  CHECK_THROWS_AS(gradient_modes<double>(Matrix<double>(2, 3)), ShapeError);
  CHECK_THROWS_AS(gradient_modes<double>(Matrix<double>::Identity(2, 2), 0.0), ArgumentError);
}

TEST_CASE("gradient modes: traces, norms, shares and the least alignment") {
  const Index n = 11;
  const Matrix<double> g = support::normal_matrix("g", 4, n);
  const Matrix<double> moment = g * g.transpose() / double(n);
  const auto modes = gradient_modes<double>(g.transpose() * g);
  REQUIRE(modes.rank() == 4);
  CHECK_THAT(modes.trace(), WithinRel(moment.trace(), 1e-12));
  CHECK_THAT(modes.frobenius(), WithinRel(moment.norm(), 1e-12));
  const Solver spectrum(moment);
  CHECK_THAT(modes.top(), WithinRel(spectrum.eigenvalues()(3), 1e-12));
  CHECK_THAT(modes.mean_fourth_power(),
             WithinRel(g.colwise().squaredNorm().squaredNorm() / double(n), 1e-12));
  const Vector<double> shares = curvature_shares(modes);
  CHECK_THAT(shares.mean(), WithinRel(1.0, 1e-12));
  Matrix<double> m = Matrix<double>::Zero(4, 4);
  for (Index i = 0; i < n; ++i) {
    const double share = g.col(i).dot(moment * g.col(i));
    CHECK_THAT(shares(i), WithinRel(share / moment.squaredNorm(), 1e-11));
    m += share * g.col(i) * g.col(i).transpose() / double(n);
  }
  const Matrix<double> root = inverse_root(moment);
  const Solver solver(root * (m - moment * moment * moment) * root);
  const double least = solver.eigenvalues()(0) / moment.squaredNorm();
  CHECK_THAT(least_alignment(modes), WithinRel(least, 1e-10));
  // No displacement has less, and the minimiser has it.
  const Vector<double> best = root * solver.eigenvectors().col(0);
  const Matrix<double> gram = g.transpose() * g;
  CHECK_THAT(noise_alignment(gram, Vector<double>(g.transpose() * best)), WithinRel(least, 1e-9));
  for (Index k = 0; k < 20; ++k) {
    const Vector<double> d = support::normal_matrix("d", 4, 20).col(k);
    CHECK(noise_alignment(gram, Vector<double>(g.transpose() * d)) >= least);
  }
}
