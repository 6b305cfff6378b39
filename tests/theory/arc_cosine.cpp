// SPDX-License-Identifier: BSD-3-Clause
// Averages of ReLU units against sampling, special angles and scaling.
#include <cmath>
#include <numbers>

#include "catch.hpp"
#include "support/derivatives.hpp"
#include "support/draws.hpp"
#include "support/errors.hpp"
#include <gradus/core/error.hpp>
#include <gradus/theory/arc_cosine.hpp>

using namespace gradus;
using namespace gradus::theory;

namespace {

/// Means over many inputs with their standard errors, in units of which they may be off.
double worst_z(const Matrix<double>& samples_of_products, double expected) {
  const double n = static_cast<double>(samples_of_products.size());
  const double mean = samples_of_products.mean();
  const double variance = (samples_of_products.array() - mean).square().sum() / (n - 1);
  return std::abs(mean - expected) / std::sqrt(variance / n);
}

} // namespace

TEST_CASE("arc cosine: special angles, and clipped beyond") {
  constexpr double pi = std::numbers::pi;
  REQUIRE(std::abs(arc_cosine(1) - 0.5) < 1e-16);
  REQUIRE(std::abs(arc_cosine(0) - 1 / (2 * pi)) < 1e-16);
  REQUIRE(std::abs(arc_cosine(-1)) < 1e-16);
  REQUIRE(std::abs(arc_cosine(0.5) - (std::sqrt(3.0) / 2 + 2 * pi / 3 * 0.5) / (2 * pi)) < 1e-16);
  REQUIRE(arc_cosine(1 + 1e-12) == arc_cosine(1));
  REQUIRE(arc_cosine(-1 - 1e-12) == arc_cosine(-1));
  REQUIRE(std::isnan(arc_cosine(std::nan(""))));
  // relu(u) relu(v) - relu(-u) relu(v) = u relu(v), of mean correlation / 2.
  for (const double c : {-0.99, -0.3, 0.2, 0.999999}) {
    REQUIRE(std::abs(arc_cosine(c) - arc_cosine(-c) - c / 2) < 1e-15);
  }
}

TEST_CASE("arc cosine: kernel, means and input moments are averages over Gaussian inputs") {
  const Matrix<double> a = support::normal_matrix("a", 3, 4);
  const Matrix<double> b = support::normal_matrix("b", 2, 4);
  const double scale = 0.7;
  const Matrix<double> x = support::normal_matrix("x", 4, 40000, scale);
  const Matrix<double> za = (a * x).cwiseMax(0);
  const Matrix<double> zb = (b * x).cwiseMax(0);
  const Matrix<double> kernel = arc_cosine_kernel(a, b, scale);
  const Vector<double> means = relu_means(a, scale);
  const Matrix<double> moments = relu_input_moments(a, scale);
  REQUIRE(kernel.rows() == 3);
  REQUIRE(kernel.cols() == 2);
  // 6 + 3 + 12 numbers, 4 standard errors: one false alarm in some 750 choices of the seed.
  for (Index i = 0; i < 3; ++i) {
    REQUIRE(worst_z(za.row(i), means(i)) < 4);
    for (Index j = 0; j < 2; ++j) {
      REQUIRE(worst_z(za.row(i).cwiseProduct(zb.row(j)), kernel(i, j)) < 4);
    }
    for (Index k = 0; k < 4; ++k) {
      REQUIRE(worst_z(za.row(i).cwiseProduct(x.row(k)), moments(k, i)) < 4);
    }
  }
}

TEST_CASE("arc cosine: on the sphere the products agree, the means are longer by the mean length") {
  const Index d = 5;
  const Matrix<double> a = support::normal_matrix("a", 2, d);
  Matrix<double> x = support::normal_matrix("x", d, 40000);
  x = std::sqrt(static_cast<double>(d)) * x.colwise().normalized();
  const Matrix<double> z = (a * x).cwiseMax(0);
  REQUIRE(worst_z(z.row(0).cwiseProduct(z.row(1)), arc_cosine_kernel(a, a)(0, 1)) < 4);
  REQUIRE(worst_z(z.row(0), relu_means(a)(0) / mean_normal_length(d)) < 4);
  REQUIRE(std::abs(mean_normal_length(1) - std::sqrt(2 / std::numbers::pi)) < 1e-15);
  REQUIRE(std::abs(mean_normal_length(2) - std::sqrt(std::numbers::pi) / 2) < 1e-15);
  REQUIRE(std::abs(mean_normal_length(1000000) - 1 + 0.25e-6) < 1e-8);
}

TEST_CASE("arc cosine: homogeneous, symmetric, positive; zero weights give zero") {
  Matrix<double> a = support::normal_matrix("a", 6, 3);
  const Matrix<double> kernel = arc_cosine_kernel(a, a);
  REQUIRE((kernel - kernel.transpose()).cwiseAbs().maxCoeff() < 1e-15);
  REQUIRE((kernel.diagonal() - a.rowwise().squaredNorm() / 2).cwiseAbs().maxCoeff() < 1e-14);
  REQUIRE(support::worst_error(arc_cosine_kernel(2 * a, 3 * a, 0.5), 1.5 * kernel) < 1e-15);
  a.row(2).setZero();
  REQUIRE(arc_cosine_kernel(a, a).row(2).isZero(0.0));
  REQUIRE(arc_cosine_kernel(Matrix<double>(0, 3), a).rows() == 0);
}

TEST_CASE("population error: the expanded square, nested read-outs included") {
  const Matrix<double> z = support::normal_matrix("z", 4, 500);
  const Vector<double> t = support::normal_vector("t", 500);
  const PopulationError error(t.squaredNorm() / 500, z * t / 500, z * z.transpose() / 500);
  const Matrix<double> w = support::normal_matrix("w", 4, 3);
  for (const Index m : {Index{4}, Index{2}, Index{0}}) {
    const Matrix<double> some = w.topRows(m);
    const Vector<double> all = error.each(some);
    for (Index k = 0; k < 3; ++k) {
      const double direct = (t - z.topRows(m).transpose() * some.col(k)).squaredNorm() / 500;
      REQUIRE(std::abs(error(some.col(k)) - direct) < 1e-12);
      REQUIRE(std::abs(all(k) - direct) < 1e-12);
    }
  }
}

TEST_CASE("arc cosine: bad arguments are named") {
  const auto says = [](auto&& call) { return support::message_of<ArgumentError>(call); };
  const Matrix<double> a = Matrix<double>::Ones(2, 3);
  REQUIRE(says([&] { (void)arc_cosine_kernel(a, Matrix<double>::Ones(2, 4)); }) ==
          "b is of shape 2 x 4; valid: 2 x 3");
  REQUIRE(says([&] { (void)arc_cosine_kernel(a, a, -1); }) == "scale is -1; valid: >= 0, finite");
  REQUIRE(says([&] { (void)mean_normal_length(0); }) == "dim is 0; valid: >= 1");
  REQUIRE(says([&] { PopulationError(-1, Vector<double>(0), Matrix<double>(0, 0)); }) ==
          "target is -1; valid: >= 0, finite");
  const PopulationError error(1, Vector<double>::Ones(2), Matrix<double>::Identity(2, 2));
  REQUIRE(says([&] { (void)error(Vector<double>::Ones(3)); }) ==
          "size of w is 3; valid: at most the number of features");
  Matrix<double> bad = a;
  bad(1, 2) = std::nan("");
  REQUIRE(support::starts_with(says([&] { (void)arc_cosine_kernel(bad, a); }), "a(1, 2) is"));
}
