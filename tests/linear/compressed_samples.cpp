// SPDX-License-Identifier: BSD-3-Clause
#include <algorithm>
#include <cmath>
#include <string>
#include <utility>

#include <Eigen/LU>

#include "catch.hpp"
#include "support/draws.hpp"
#include "support/errors.hpp"
#include <gradus/core/error.hpp>
#include <gradus/linear/compressed_samples.hpp>

using namespace gradus;

namespace {
double mean_loss(const Matrix<double>& x, const Vector<double>& y, const Vector<double>& w) {
  return (x.transpose() * w - y).squaredNorm() / 2 / static_cast<double>(x.cols());
}
} // namespace

TEST_CASE("compressed samples: every linear model has the same loss, less the floor") {
  for (const auto& [d, n] : {std::pair<Index, Index>{4, 30}, {6, 3}, {1, 1}, {5, 5}, {1, 9}}) {
    const Matrix<double> x = support::normal_matrix("x", d, n);
    const Vector<double> y = support::normal_vector("y", n);
    const auto few = linear::compress_samples<double>(x, y);
    REQUIRE(few.x.rows() == d);
    REQUIRE(few.x.cols() == std::min(d, n));
    for (int k = 0; k < 5; ++k) {
      const Vector<double> w = support::normal_vector("w" + std::to_string(k), d);
      REQUIRE(std::abs(few.floor + mean_loss(few.x, few.y, w) - mean_loss(x, y, w)) < 1e-13);
    }
    // The moments that gradients and Hessians are made of.
    const Matrix<double> moment = x * x.transpose() / static_cast<double>(n);
    const auto r = static_cast<double>(few.x.cols());
    REQUIRE((few.x * few.x.transpose() / r - moment).cwiseAbs().maxCoeff() < 1e-13);
    REQUIRE((few.x * few.y / r - x * y / static_cast<double>(n)).cwiseAbs().maxCoeff() < 1e-13);
  }
}

TEST_CASE("compressed samples: data that lack rank keep their floor apart") {
  Matrix<double> x = support::normal_matrix("x", 4, 20);
  x.row(2).setZero();
  x.row(3) = x.row(0) - x.row(1);
  const Vector<double> y = support::normal_vector("y", 20);
  const auto few = linear::compress_samples<double>(x, y);
  REQUIRE(few.x.cols() == 2);
  // The floor by the normal equations of the two rows that matter.
  const Matrix<double> rows = x.topRows(2);
  const Vector<double> best = (rows * rows.transpose()).inverse() * rows * y;
  REQUIRE(std::abs(few.floor - mean_loss(rows, y, best)) < 1e-14);
  Vector<double> w = Vector<double>::Zero(4);
  w.head(2) = best;
  REQUIRE(mean_loss(few.x, few.y, w) < 1e-28);
}

TEST_CASE("compressed samples: what is wrong is named") {
  const auto says = [](const Matrix<double>& x, const Vector<double>& y) {
    return support::message_of<ArgumentError>(
        [&] { (void)linear::compress_samples<double>(x, y); });
  };
  const Matrix<double> x = support::normal_matrix("x", 2, 3);
  REQUIRE(says(x, Vector<double>::Ones(3)) == "no error");
  REQUIRE(support::starts_with(says(x, Vector<double>::Ones(2)), "y is of shape 2"));
  REQUIRE(support::starts_with(says(x, Vector<double>::Ones(3) * NAN), "y(0, 0) is nan"));
  REQUIRE(says(Matrix<double>::Zero(2, 3), Vector<double>::Ones(3)) ==
          "rank of x is 0; valid: >= 1");
  REQUIRE(says(Matrix<double>(2, 0), Vector<double>(0)) != "no error");
}
