// SPDX-License-Identifier: BSD-3-Clause
// The analytic objectives: derivatives against the complex step, minima, errors.
#include <algorithm>
#include <cmath>
#include <limits>

#include "catch.hpp"
#include "support/derivatives.hpp"
#include "support/draws.hpp"
#include "support/errors.hpp"
#include "tolerance.hpp"
#include <gradus/core/error.hpp>
#include <gradus/objective/quadratic.hpp>
#include <gradus/objective/test_functions.hpp>

namespace {

using namespace gradus;
using support::Complex;

/// Gradient and Hessian products of f at some points against those of its complex self.
template <class F, class ComplexF>
void check_derivatives(const F& f, const ComplexF& complex_f) {
  const Index size = f.num_parameters();
  for (const char* name : {"a", "b", "c"}) {
    const Vector<double> theta = support::normal_vector(name, size, 1.5);
    const Vector<double> v = support::normal_vector("v", size);
    Vector<double> gradient = Vector<double>::Constant(size, 7.0);
    REQUIRE(f.value_and_gradient(theta, gradient) == f.value(theta));
    REQUIRE(support::worst_error(gradient, support::gradient_by_complex_step(complex_f, theta)) <
            tol<double>::derivative);
    const Matrix<double> hessian = support::hessian_by_complex_step(complex_f, theta);
    REQUIRE(support::worst_error(support::hvp_of(f, theta, v), hessian * v) <
            tol<double>::derivative);
    REQUIRE(support::worst_error(hessian.transpose(), hessian) < tol<double>::derivative);
  }
}

/// theta is a minimum of value 0: no gradient, no direction of negative curvature.
template <class F>
void check_minimum(const F& f, const Vector<double>& theta, double close) {
  REQUIRE(f.value(theta) <= close * close);
  REQUIRE(support::gradient_of(f, theta).cwiseAbs().maxCoeff() <= 100 * close);
  for (const char* name : {"a", "b", "c", "d"}) {
    const Vector<double> v = support::normal_vector(name, theta.size());
    REQUIRE(v.dot(support::hvp_of(f, theta, v)) > 0);
    REQUIRE(f.value(theta + 0.01 * v) > f.value(theta));
  }
}

/// Every vector argument of the wrong size is refused by name.
template <class F>
void check_sizes(const F& f) {
  using support::message_of;
  using support::starts_with;
  const Index size = f.num_parameters();
  Vector<double> good = Vector<double>::Ones(size);
  for (Vector<double> bad : {Vector<double>(Vector<double>::Ones(size - 1)),
                             Vector<double>(Vector<double>::Ones(size + 1)), Vector<double>()}) {
    REQUIRE(starts_with(message_of<ShapeError>([&] { (void)f.value(bad); }), "theta is"));
    REQUIRE(starts_with(message_of<ShapeError>([&] { (void)f.value_and_gradient(bad, good); }),
                        "theta is"));
    REQUIRE(starts_with(message_of<ShapeError>([&] { (void)f.value_and_gradient(good, bad); }),
                        "gradient is"));
    REQUIRE(starts_with(message_of<ShapeError>([&] { f.hvp(bad, good, good); }), "theta is"));
    REQUIRE(starts_with(message_of<ShapeError>([&] { f.hvp(good, bad, good); }), "v is"));
    REQUIRE(starts_with(message_of<ShapeError>([&] { f.hvp(good, good, bad); }), "product is"));
  }
}

} // namespace

TEST_CASE("Rosenbrock's valley") {
  for (const Index dim : {2, 3, 7}) {
    const objective::Rosenbrock<double> f(dim);
    REQUIRE(f.num_parameters() == dim);
    check_derivatives(f, objective::Rosenbrock<Complex>(dim));
    check_minimum(f, f.minimum(), 0.0);
    check_sizes(f);
  }
  const objective::Rosenbrock<double> two;
  REQUIRE(relative_error(two.value((Vector<double>(2) << -1.2, 1.0).finished()), 24.2) <
          tol<double>::rel);
  REQUIRE(support::message_of<ArgumentError>([] { objective::Rosenbrock<double>(1); }) ==
          "dim is 1; valid: >= 2");
}

TEST_CASE("Himmelblau's function has four minima") {
  const objective::Himmelblau<double> f;
  check_derivatives(f, objective::Himmelblau<Complex>());
  check_minimum(f, (Vector<double>(2) << 3.0, 2.0).finished(), 0.0);
  // The others are irrational: known to six decimals.
  check_minimum(f, (Vector<double>(2) << -2.805118, 3.131312).finished(), 2e-5);
  check_minimum(f, (Vector<double>(2) << -3.779310, -3.283186).finished(), 2e-5);
  check_minimum(f, (Vector<double>(2) << 3.584428, -1.848126).finished(), 2e-5);
  check_sizes(f);
}

TEST_CASE("a quadratic") {
  const Vector<double> h = (Vector<double>(4) << 4.0, 1.0, 0.5, 2.0).finished();
  const objective::Quadratic<double> f(h);
  check_derivatives(f, objective::Quadratic<Complex>(h.cast<Complex>()));
  check_minimum(f, Vector<double>::Zero(4), 0.0);
  check_sizes(f);
  REQUIRE(f.value(Vector<double>::Ones(4)) == 3.75);
  // Negative and zero curvatures are allowed.
  const objective::Quadratic<double> saddle((Vector<double>(2) << 1.0, -1.0).finished());
  REQUIRE(saddle.value(Vector<double>::Ones(2)) == 0.0);

  using support::message_of;
  REQUIRE(message_of<ArgumentError>([] { objective::Quadratic<double>(Vector<double>()); }) ==
          "number of curvatures is 0; valid: >= 1");
  Vector<double> bad = h;
  bad(2) = std::numeric_limits<double>::quiet_NaN();
  REQUIRE(
      support::starts_with(message_of<ArgumentError>([&] { objective::Quadratic<double>{bad}; }),
                           "curvatures(2, 0) is"));
}
