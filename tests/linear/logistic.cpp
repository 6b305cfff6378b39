// SPDX-License-Identifier: BSD-3-Clause
// Logistic regression: gradient by finite differences of the objective, both systems, closed forms.
#include <cmath>

#include "catch.hpp"
#include "linear/clouds.hpp"
#include "support/draws.hpp"
#include "support/errors.hpp"
#include <gradus/core/error.hpp>
#include <gradus/linear/logistic.hpp>
#include <gradus/linear/nearest_centroid.hpp>
#include <gradus/linear/svm.hpp>

using namespace gradus;
using gradus::test::Clouds;
using gradus::test::two_clouds;
using linear::LogisticRegression;

namespace {

long double logistic_objective(const Clouds& p, const Vector<long double>& w, long double penalty) {
  long double loss = 0;
  for (Index i = 0; i < p.y.size(); ++i) {
    long double margin = 0;
    for (Index k = 0; k < w.size(); ++k) {
      margin += static_cast<long double>(p.y(i) * p.x(k, i)) * w(k);
    }
    loss += std::log1p(std::exp(-margin));
  }
  return loss / static_cast<long double>(p.y.size()) + penalty * w.squaredNorm();
}

/// Norm of the gradient by central differences in long double.
double gradient_norm(const Clouds& p, const Vector<double>& w, double penalty) {
  double square = 0;
  for (Index k = 0; k < w.size(); ++k) {
    Vector<long double> shifted = w.cast<long double>();
    const long double h = 1e-6L * std::max(1.0L, std::abs(shifted(k)));
    shifted(k) += h;
    const long double up = logistic_objective(p, shifted, penalty);
    shifted(k) -= 2 * h;
    square +=
        std::pow(static_cast<double>((up - logistic_objective(p, shifted, penalty)) / (2 * h)), 2);
  }
  return std::sqrt(square);
}

} // namespace

TEST_CASE("logistic: the gradient vanishes at the fit, wide or tall") {
  for (const auto& [d, n] : {std::pair<Index, Index>{4, 60}, {40, 20}, {8, 8}, {1, 1}}) {
    const Clouds p = two_clouds(d, n, 0.7);
    const double scale = (p.x * p.y).norm() / (2 * static_cast<double>(n)); // |gradient| at 0
    for (const double penalty : {100.0, 1.0, 1e-3, 1e-7}) {
      INFO(d << " x " << n << ", penalty " << penalty);
      const auto fit = LogisticRegression<double>(p.x, p.y).fit({.penalty = penalty});
      REQUIRE(fit.converged);
      REQUIRE(fit.gradient_norm <= 4e-11 * scale);
      REQUIRE(fit.iterations <= 60);
      REQUIRE(std::abs(gradient_norm(p, Vector<double>::Zero(d), penalty) / scale - 1) < 1e-6);
      REQUIRE(gradient_norm(p, fit.weights, penalty) <= 1e-8 * scale); // of the differences
      const double value =
          static_cast<double>(logistic_objective(p, fit.weights.cast<long double>(), penalty));
      REQUIRE(std::abs(fit.objective - value) <= 1e-12 * value);
    }
  }
}

TEST_CASE("logistic: the n x n system gives what the d x d one does") {
  // 20 samples in 12 dimensions, and the same with 12 + 20 coordinates of which the last are 0.
  const Clouds low = two_clouds(12, 20, 0.4);
  Clouds high{Matrix<double>::Zero(32, 20), low.y};
  high.x.topRows(12) = low.x;
  const LogisticRegression<double> primal(low.x, low.y);
  const LogisticRegression<double> gram(high.x, high.y);
  for (const double penalty : {10.0, 1e-2, 1e-6}) {
    const auto a = primal.fit({.penalty = penalty});
    const auto b = gram.fit({.penalty = penalty});
    REQUIRE(a.converged);
    REQUIRE(b.converged);
    REQUIRE((a.weights - b.weights.head(12)).norm() <= 1e-5 * a.weights.norm());
    REQUIRE(b.weights.tail(20).isZero(1e-12));
    // A warm start from elsewhere, even from outside the span of the samples, ends there too.
    const auto c = gram.fit({.penalty = penalty}, Vector<double>::Ones(32));
    REQUIRE(c.converged);
    REQUIRE((c.weights - b.weights).norm() <= 1e-5 * b.weights.norm());
  }
}

TEST_CASE("logistic: limits of strong and weak penalties") {
  Clouds p = two_clouds(10, 40, 2.0);
  const auto centroids = linear::fit_nearest_centroid<double>(p.x, p.y);
  p.x.colwise() -= centroids.midpoint();
  const LogisticRegression<double> lr(p.x, p.y);
  // Strong: z / (8 penalty), with a relative error of order 1 / penalty.
  for (const double penalty : {1e3, 1e4}) {
    const Vector<double> expected = centroids.direction() / (8 * penalty);
    REQUIRE((lr.fit({.penalty = penalty}).weights - expected).norm() <=
            10 / penalty * expected.norm());
  }
  // Weak, on separable data: the direction of the hard margin, at logarithmic speed.
  const linear::LinearSvm<double> svm(p.x, p.y);
  const auto hard = svm.fit({.penalty = 1e-8, .tolerance = 1e-8}, Stream(1));
  REQUIRE(hard.converged);
  double before = 2;
  for (const double penalty : {1e-4, 1e-8, 1e-12}) {
    const auto fit = lr.fit({.penalty = penalty});
    REQUIRE(fit.converged);
    const double distance = (fit.weights.normalized() - hard.weights.normalized()).norm();
    REQUIRE(distance < before);
    before = distance;
  }
  REQUIRE(before < 0.1);
}

TEST_CASE("logistic: huge margins, one class, no information; float") {
  // One sample of size 1e4: exp would overflow in a plain form.
  const Matrix<double> x = Matrix<double>::Constant(1, 1, 1e4);
  const auto far = LogisticRegression<double>(x, Vector<double>::Ones(1))
                       .fit({.penalty = 1e-6}, Vector<double>::Constant(1, -1e3));
  REQUIRE(far.converged);
  REQUIRE(far.weights(0) > 0);
  const auto none =
      LogisticRegression<double>(Matrix<double>::Zero(2, 3), Vector<double>::Ones(3)).fit({});
  REQUIRE(none.converged);
  REQUIRE(none.weights.isZero(0.0));
  REQUIRE(std::abs(none.objective - std::log(2)) < 1e-15);
  const Clouds p = two_clouds(4, 10, 0.5);
  const auto one = LogisticRegression<double>(p.x, Vector<double>::Ones(10)).fit({.penalty = 1e-3});
  REQUIRE(one.converged);
  const Matrix<float> xf = p.x.cast<float>();
  const Vector<float> yf = p.y.cast<float>();
  const auto narrow = LogisticRegression<float>(xf, yf).fit({.penalty = 1e-2F});
  const auto wide = LogisticRegression<double>(p.x, p.y).fit({.penalty = 1e-2});
  REQUIRE(narrow.converged);
  REQUIRE((narrow.weights.cast<double>() - wide.weights).norm() < 1e-3 * wide.weights.norm());
}

TEST_CASE("logistic: a run that is cut short says so") {
  const Clouds p = two_clouds(10, 40, 2.0);
  const auto fit = LogisticRegression<double>(p.x, p.y).fit({.penalty = 1e-6, .max_iterations = 2});
  REQUIRE_FALSE(fit.converged);
  REQUIRE(fit.iterations == 2);
  REQUIRE(std::abs(fit.gradient_norm / gradient_norm(p, fit.weights, 1e-6) - 1) < 1e-6);
  // More digits than double has.
  const auto strict =
      LogisticRegression<double>(p.x, p.y).fit({.penalty = 1e-3, .tolerance = 1e-30});
  REQUIRE_FALSE(strict.converged);
  REQUIRE(strict.iterations < 200);
  REQUIRE(strict.gradient_norm < 1e-13);
}

TEST_CASE("logistic: bad arguments are named") {
  const auto says = [](auto&& call) { return support::message_of<ArgumentError>(call); };
  const Matrix<double> x = Matrix<double>::Ones(2, 3);
  const Vector<double> y = Vector<double>::Ones(3);
  using Lr = LogisticRegression<double>;
  const Lr lr(x, y);
  REQUIRE(says([&] { (void)lr.fit({.penalty = -1}); }) == "penalty is -1; valid: > 0, finite");
  REQUIRE(says([&] { (void)lr.fit({.penalty = std::nan("")}); }) ==
          "penalty is nan; valid: > 0, finite");
  REQUIRE(says([&] { (void)lr.fit({.max_iterations = -1}); }) ==
          "max_iterations is -1; valid: >= 0");
  REQUIRE(says([&] { (void)lr.fit({}, Vector<double>::Zero(3)); }) ==
          "start is of shape 3; valid: 2");
  REQUIRE(says([&] { Lr(x, Vector<double>::Constant(3, 2)); }) == "label is 2; valid: -1 or +1");
  REQUIRE(says([&] { Lr(Matrix<double>(2, 0), Vector<double>(0)); }) ==
          "number of samples is 0; valid: >= 1");
}
