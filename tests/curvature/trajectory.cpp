// SPDX-License-Identifier: BSD-3-Clause
// Sharpness along a run, and slices of the loss between points.
#include <cmath>
#include <functional>
#include <limits>

#include <Eigen/Eigenvalues>

#include "catch.hpp"
#include "support/derivatives.hpp"
#include "support/draws.hpp"
#include <gradus/curvature/sharpness.hpp>
#include <gradus/curvature/slices.hpp>
#include <gradus/objective/quadratic.hpp>
#include <gradus/objective/test_functions.hpp>
#include <gradus/optim/descend.hpp>
#include <gradus/optim/sgd.hpp>

using namespace gradus;
using namespace gradus::curvature;

TEST_CASE("largest eigenvalue: that of the dense matrix, from any start") {
  const Matrix<double> b = support::normal_matrix("b", 150, 150);
  const Matrix<double> a = b + b.transpose() - 40 * Matrix<double>::Identity(150, 150);
  DenseOperator<double> op(a); // largest in magnitude is the most negative one
  const Eigen::SelfAdjointEigenSolver<Matrix<double>> all(a);
  const auto cold = largest_eigenvalue(op, support::normal_vector("v", 150), {.tolerance = 1e-8});
  REQUIRE(cold.converged);
  REQUIRE(std::abs(cold.value - all.eigenvalues()(149)) < 1e-6);
  REQUIRE(std::abs(cold.vector.dot(all.eigenvectors().col(149))) == Approx(1).epsilon(1e-6));
  REQUIRE((a * cold.vector - cold.value * cold.vector).norm() < 1e-6);
  const auto warm = largest_eigenvalue(op, cold.vector, {.tolerance = 1e-6});
  REQUIRE(warm.products == 1);
  REQUIRE(warm.value == Approx(cold.value));
  const auto cut_short =
      largest_eigenvalue(op, support::normal_vector("v", 150), {.most_steps = 5});
  REQUIRE_FALSE(cut_short.converged);
  REQUIRE(cut_short.value <= all.eigenvalues()(149)); // a Rayleigh quotient
  REQUIRE_THROWS_AS(largest_eigenvalue(op, Vector<double>::Zero(150)), ArgumentError);
  REQUIRE_THROWS_AS(largest_eigenvalue(op, Vector<double>::Ones(3)), ShapeError);
  objective::Quadratic<float> one(Vector<float>::Constant(1, -2.0F));
  CurvatureOperator single(one, one.curvatures());
  REQUIRE(largest_eigenvalue(single, Vector<float>::Ones(1)).value == -2.0F);
  objective::Quadratic<double> zero(Vector<double>::Zero(9));
  CurvatureOperator nothing(zero, zero.curvatures());
  REQUIRE(largest_eigenvalue(nothing, Vector<double>::Ones(9)).value == 0);
  REQUIRE(largest_eigenvalue(nothing, Vector<double>::Ones(9)).converged);
}

TEST_CASE("sharpness: followed along a run, warm starts saving products") {
  objective::Rosenbrock<double> valley;
  Vector<double> theta = Vector<double>::Constant(valley.num_parameters(), -1.0);
  SharpnessTracker<objective::Rosenbrock<double>> sharpness(valley, Stream(5));
  std::vector<double> exact;
  const auto direct = [&](const auto& progress) {
    Matrix<double> h(theta.size(), theta.size());
    Vector<double> column(theta.size());
    for (Index j = 0; j < theta.size(); ++j) {
      valley.hvp(progress.theta, Vector<double>(Vector<double>::Unit(theta.size(), j)), column);
      h.col(j) = column;
    }
    exact.push_back(Eigen::SelfAdjointEigenSolver<Matrix<double>>(h).eigenvalues().maxCoeff());
  };
  const auto end =
      optim::descend(valley, theta, optim::Sgd<double>{.learning_rate = 5e-4}, {.steps = 40},
                     optim::every(10, std::ref(sharpness)), optim::every(10, direct));
  REQUIRE(end.status == optim::Status::finished);
  REQUIRE(sharpness.steps() == std::vector<Index>{0, 10, 20, 30, 40});
  REQUIRE(sharpness.all_converged());
  for (std::size_t k = 0; k < exact.size(); ++k) {
    REQUIRE(sharpness.values()[k] == Approx(exact[k]).epsilon(1e-5));
  }

  // A large matrix whose top eigenvector changes over: the old one is no trap.
  const Index size = 400;
  Vector<double> h = Vector<double>::LinSpaced(size, -1.0, 1.0);
  h(0) = 5;
  objective::Quadratic<double> before(h);
  h(7) = 9;
  objective::Quadratic<double> after(h);
  SharpnessTracker<objective::Quadratic<double>> tracker(before, Stream(6));
  const Vector<double> here = Vector<double>::Zero(size);
  const Index cold = tracker.measure(here, 0).products;
  REQUIRE(tracker.last().value == Approx(5));
  const Index warm = tracker.measure(here, 1).products;
  REQUIRE(warm <= cold);
  before = after;
  REQUIRE(tracker.measure(here, 2).value == Approx(9));
  REQUIRE(tracker.products() > cold + warm);
}

TEST_CASE("sharpness: a point that is no number is recorded as such") {
  objective::Rosenbrock<double> valley;
  SharpnessTracker<objective::Rosenbrock<double>> tracker(valley, Stream(1));
  Vector<double> theta = Vector<double>::Ones(valley.num_parameters());
  theta(0) = std::numeric_limits<double>::quiet_NaN();
  REQUIRE(std::isnan(tracker.measure(theta, 0).value));
  REQUIRE_FALSE(tracker.all_converged());
  theta(0) = 1;
  REQUIRE(tracker.measure(theta, 1).converged); // and it goes on
}

TEST_CASE("slices: lines, barriers and planes") {
  Vector<double> h(2);
  h << 2, -8;
  objective::Quadratic<double> f(h); // x^2 - 4 y^2
  Vector<double> a(2);
  a << 1, 1;
  const auto line = line_slice(f, a, Vector<double>(-a), 5); // through the saddle: -3 t'^2
  REQUIRE(line.at == Vector<double>::LinSpaced(5, 0.0, 1.0));
  REQUIRE(line.values(0) == Approx(-3));
  REQUIRE(line.values(2) == Approx(0).margin(1e-15));
  REQUIRE(line.barrier() == Approx(3));
  Vector<double> up(2);
  up << 2, 0;
  REQUIRE(line_slice(f, up, Vector<double>(-up)).barrier() == 0); // a valley has none
  REQUIRE(line_slice(f, up, up).barrier() == 0);
  Vector<double> at(3);
  at << -1, 0, 3; // beyond the ends
  const auto beyond = line_slice(f, Vector<double>::Zero(2), up, at);
  REQUIRE(beyond.values(0) == Approx(4));
  REQUIRE(beyond.values(2) == Approx(36));
  const Vector<double> grid = Vector<double>::LinSpaced(3, -1.0, 1.0);
  const auto plane = plane_slice(f, Vector<double>::Zero(2), Vector<double>::Unit(2, 0),
                                 Vector<double>::Unit(2, 1), grid, at);
  for (Index i = 0; i < 3; ++i) {
    for (Index j = 0; j < 3; ++j) {
      REQUIRE(plane.values(i, j) == Approx(grid(i) * grid(i) - 4 * at(j) * at(j)).margin(1e-15));
    }
  }
  REQUIRE_THROWS_AS(line_slice(f, a, a, 1), ArgumentError);
  REQUIRE_THROWS_AS(line_slice(f, Vector<double>::Ones(3), a), ShapeError);
}
