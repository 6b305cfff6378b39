// SPDX-License-Identifier: BSD-3-Clause
// The path of gradient descent in closed form against the steps themselves.
#include <cmath>

#include <Eigen/Cholesky>
#include <Eigen/LU>

#include "catch.hpp"
#include "support/derivatives.hpp"
#include "support/draws.hpp"
#include "support/errors.hpp"
#include <gradus/core/error.hpp>
#include <gradus/linear/descent_path.hpp>

using namespace gradus;

namespace {

/// Gradient descent on the mean squared error, step by step.
Vector<double> descent_steps(const Matrix<double>& x, const Vector<double>& y, Vector<double> w,
                             double rate, Index count) {
  for (Index t = 0; t < count; ++t) {
    w -= rate * 2 / static_cast<double>(x.cols()) * x * (x.transpose() * w - y);
  }
  return w;
}

} // namespace

TEST_CASE("descent path: any time is that of the steps, whatever the shape") {
  for (const auto& [d, n] : {std::pair<Index, Index>{6, 20}, {20, 6}, {1, 1}, {5, 5}}) {
    INFO(d << " x " << n);
    const Matrix<double> x = support::normal_matrix("x", d, n);
    const Vector<double> y = support::normal_vector("y", n);
    const Vector<double> start = support::normal_vector("w", d);
    const linear::DescentPath<double> path(x, y, start, 0.05);
    REQUIRE(path.is_stable());
    REQUIRE((path.weights(0) - start).norm() < 1e-13);
    for (const Index t : {1, 2, 17, 400}) {
      REQUIRE(support::worst_error(path.weights(t), descent_steps(x, y, start, 0.05, t)) < 1e-11);
    }
    const Matrix<double> several = path.weights(std::vector<Index>{3, 50});
    REQUIRE(support::worst_error(several.col(1), path.weights(50)) < 1e-13);
  }
}

TEST_CASE("descent path: in the end the least squares solution, off the data the start") {
  const Matrix<double> x = support::normal_matrix("x", 8, 5);
  const Vector<double> y = support::normal_vector("y", 5);
  const Vector<double> start = support::normal_vector("w", 8);
  const linear::DescentPath<double> path(x, y, start, 0.1);
  const Vector<double> end = path.weights(10'000'000);
  REQUIRE((x.transpose() * end - y).norm() < 1e-8);
  // The part of w that no sample sees stays.
  const Matrix<double> onto = x * (x.transpose() * x).inverse() * x.transpose();
  REQUIRE(((end - start) - onto * (end - start)).norm() < 1e-8);
}

TEST_CASE("descent path: beyond the stable rate it grows as the steps do") {
  const Matrix<double> x = support::normal_matrix("x", 3, 9);
  const Vector<double> y = support::normal_vector("y", 9);
  const Vector<double> start = support::normal_vector("w", 3);
  const linear::DescentPath<double> path(x, y, start, 1.5);
  REQUIRE_FALSE(path.is_stable());
  REQUIRE(support::worst_error(path.weights(9), descent_steps(x, y, start, 1.5, 9)) < 1e-11);
  REQUIRE(support::worst_error(path.weights(10), descent_steps(x, y, start, 1.5, 10)) < 1e-11);
}

TEST_CASE("descent path: bad arguments are named") {
  using Path = linear::DescentPath<double>;
  const Matrix<double> x = Matrix<double>::Ones(2, 3);
  const Vector<double> y = Vector<double>::Ones(3);
  const Vector<double> w = Vector<double>::Ones(2);
  const auto says = [](auto&& call) { return support::message_of<ArgumentError>(call); };
  REQUIRE(says([&] { Path(x, w, w, 0.1); }) == "y is of shape 2; valid: 3");
  REQUIRE(says([&] { Path(x, y, y, 0.1); }) == "start is of shape 3; valid: 2");
  REQUIRE(says([&] { Path(x, y, w, 0); }) == "learning_rate is 0; valid: > 0, finite");
  REQUIRE(says([&] { Path(Matrix<double>(2, 0), Vector<double>(0), w, 0.1); }) ==
          "number of samples is 0; valid: >= 1");
  Matrix<double> bad = x;
  bad(1, 2) = std::nan("");
  REQUIRE(support::starts_with(says([&] { Path(bad, y, w, 0.1); }), "x(1, 2) is"));
  REQUIRE(says([&] { (void)Path(x, y, w, 0.1).weights(Index{-1}); }) == "t is -1; valid: >= 0");
}
