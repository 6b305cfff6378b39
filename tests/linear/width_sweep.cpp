// SPDX-License-Identifier: BSD-3-Clause
// Sweeps over the number of features against one fit at a time.
#include <cmath>
#include <vector>

#include <Eigen/Cholesky>

#include "catch.hpp"
#include "support/derivatives.hpp"
#include "support/draws.hpp"
#include "support/errors.hpp"
#include <gradus/core/error.hpp>
#include <gradus/linear/refined_spectrum.hpp>
#include <gradus/linear/width_sweep.hpp>

using namespace gradus;
using namespace gradus::linear;

namespace {

const std::vector<Index> widths{1, 3, 9, 10, 11, 11, 15, 40};

/// Least squares of smallest norm from singular values.
Vector<double> pseudo_inverse(const Matrix<double>& z, const Vector<double>& y) {
  const auto spectrum = refined_spectrum<double>(z);
  return spectrum.left * (spectrum.right.transpose() * y).cwiseQuotient(spectrum.values);
}

} // namespace

TEST_CASE("width sweep: every width is the least squares solution of smallest norm") {
  const Matrix<double> z = support::normal_matrix("z", 40, 10);
  const Vector<double> y = support::normal_vector("y", 10);
  const auto fits = sweep_widths<double>(z, y, widths);
  REQUIRE(fits.size() == widths.size());
  for (std::size_t k = 0; k < fits.size(); ++k) {
    const Index width = widths[k];
    INFO("width " << width);
    const Matrix<double> some = z.topRows(width);
    REQUIRE(fits[k].width == width);
    REQUIRE(fits[k].rank == std::min<Index>(width, 10));
    REQUIRE(support::worst_error(fits[k].weights, pseudo_inverse(some, y)) < 1e-10);
    REQUIRE(std::abs(fits[k].training_error -
                     (some.transpose() * fits[k].weights - y).squaredNorm() / 10) < 1e-14);
    if (width >= 10) {
      REQUIRE(fits[k].training_error < 1e-24);
    }
  }
}

TEST_CASE("width sweep: ridge, constant and growing with the width") {
  const Matrix<double> z = support::normal_matrix("z", 40, 10);
  const Vector<double> y = support::normal_vector("y", 10);
  const WidthSweepOptions<double> options{.ridge = 0.3, .ridge_per_feature = 0.02};
  for (const auto& fit : sweep_widths<double>(z, y, widths, options)) {
    INFO("width " << fit.width);
    const Matrix<double> some = z.topRows(fit.width);
    const double g = 0.3 + 0.02 * static_cast<double>(fit.width);
    REQUIRE(fit.ridge == g);
    const Matrix<double> normal =
        some * some.transpose() + g * Matrix<double>::Identity(fit.width, fit.width);
    REQUIRE(support::worst_error(fit.weights, Vector<double>(normal.ldlt().solve(some * y))) <
            1e-12);
  }
}

TEST_CASE("width sweep: badly conditioned features lose no more than their condition number") {
  Matrix<double> z = support::normal_matrix("z", 14, 10);
  // Singular values down to 1e-6 of the largest: their square is all that double has.
  const auto spectrum = refined_spectrum<double>(z);
  Vector<double> values(10);
  for (Index i = 0; i < 10; ++i) {
    values(i) = std::pow(10.0, -6.0 * static_cast<double>(i) / 9);
  }
  z = spectrum.left * values.asDiagonal() * spectrum.right.transpose();
  const Vector<double> y = support::normal_vector("y", 10);
  for (const auto& fit : sweep_widths<double>(z, y, {14})) {
    REQUIRE(fit.rank == 10);
    REQUIRE(support::worst_error(fit.weights, pseudo_inverse(z, y)) < 1e-8);
    REQUIRE(fit.training_error < 1e-18);
  }
}

TEST_CASE("width sweep: features that lack rank") {
  Matrix<double> z = support::normal_matrix("z", 30, 10);
  z.row(2) = z.row(0) - 2 * z.row(1);
  Matrix<double> flat = z; // two samples alike: rank 9 at any width
  flat.col(4) = flat.col(7);
  Vector<double> y = support::normal_vector("y", 10);
  const auto fits = sweep_widths<double>(z, y, {2, 3, 5, 10, 30});
  REQUIRE(fits[0].rank == 2);
  REQUIRE(fits[1].rank == 2);
  REQUIRE(fits[2].rank == 4);
  REQUIRE(fits[3].rank == 9);
  REQUIRE(fits[4].rank == 10);
  for (const auto& fit : sweep_widths<double>(flat, y, {5, 12, 30})) {
    INFO("width " << fit.width);
    REQUIRE(fit.rank == (fit.width == 5 ? 4 : 9));
    const Matrix<double> some = flat.topRows(fit.width);
    REQUIRE((some * (some.transpose() * fit.weights - y)).norm() < 1e-10);
    REQUIRE(support::worst_error(fit.weights, pseudo_inverse(some, y)) < 1e-9);
  }
  for (const auto& fit :
       sweep_widths<double>(Matrix<double>::Zero(4, 2), Vector<double>::Ones(2), {1, 4})) {
    REQUIRE(fit.rank == 0);
    REQUIRE(fit.weights.isZero(0.0));
    REQUIRE(fit.training_error == 1);
  }
}

TEST_CASE("width sweep: outputs of all fits in one product") {
  const Matrix<double> z = support::normal_matrix("z", 12, 5);
  const Matrix<double> fresh = support::normal_matrix("fresh", 12, 8);
  const auto fits = sweep_widths<double>(z, support::normal_vector("y", 5), {2, 5, 12});
  const Matrix<double> out = predictions<double>(fits, fresh);
  REQUIRE(out.rows() == 8);
  for (Index k = 0; k < 3; ++k) {
    const auto& fit = fits[static_cast<std::size_t>(k)];
    REQUIRE((out.col(k) - fresh.topRows(fit.width).transpose() * fit.weights).norm() < 1e-12);
  }
}

TEST_CASE("width sweep: bad arguments are named") {
  const auto says = [](auto&& call) { return support::message_of<ArgumentError>(call); };
  const Matrix<double> z = Matrix<double>::Ones(4, 3);
  const Vector<double> y = Vector<double>::Ones(3);
  const auto sweep = [&](const std::vector<Index>& some, WidthSweepOptions<double> options = {}) {
    (void)sweep_widths<double>(z, y, some, options);
  };
  REQUIRE(says([&] { (void)sweep_widths<double>(Matrix<double>(4, 0), Vector<double>(0), {1}); }) ==
          "number of samples is 0; valid: >= 1");
  REQUIRE(says([&] { (void)sweep_widths<double>(Matrix<double>(0, 3), y, {1}); }) ==
          "number of features is 0; valid: >= 1");
  REQUIRE(says([&] { (void)sweep_widths<double>(z, Vector<double>::Ones(2), {1}); }) ==
          "targets is of shape 2; valid: 3");
  REQUIRE(says([&] { sweep({0}); }) == "width is 0; valid: in [1, number of features], ascending");
  REQUIRE(says([&] {
            sweep({2, 1});
          }) == "width is 1; valid: in [1, number of features], ascending");
  REQUIRE(says([&] { sweep({5}); }) == "width is 5; valid: in [1, number of features], ascending");
  REQUIRE(says([&] { sweep({2}, {.ridge = -1}); }) == "ridge is -1; valid: >= 0, finite");
  REQUIRE(says([&] { sweep({2}, {.ridge_per_feature = -1}); }) ==
          "ridge_per_feature is -1; valid: >= 0, finite");
  REQUIRE(sweep_widths<double>(z, y, {}).empty());
  Matrix<double> bad = z;
  bad(0, 1) = std::nan("");
  REQUIRE(support::starts_with(says([&] { (void)sweep_widths<double>(bad, y, {1}); }),
                               "features(0, 1) is"));
}
