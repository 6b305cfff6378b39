// SPDX-License-Identifier: BSD-3-Clause
// The linear support vector machine: optimality conditions, duality gap, closed forms.
#include <algorithm>
#include <cmath>
#include <numbers>

#include "catch.hpp"
#include "linear/clouds.hpp"
#include "support/draws.hpp"
#include "support/errors.hpp"
#include <gradus/core/error.hpp>
#include <gradus/linear/nearest_centroid.hpp>
#include <gradus/linear/svm.hpp>

using namespace gradus;
using gradus::test::Clouds;
using gradus::test::two_clouds;
using linear::GramUse;
using linear::LinearSvm;

namespace {

double hinge_objective(const Clouds& p, const Vector<double>& w, double penalty) {
  double loss = 0;
  for (Index i = 0; i < p.y.size(); ++i) {
    loss += std::max(0.0, 1 - p.y(i) * p.x.col(i).dot(w));
  }
  return loss / static_cast<double>(p.y.size()) + penalty * w.squaredNorm();
}

} // namespace

TEST_CASE("svm: the fit meets the optimality conditions, and its certificate is true") {
  for (const auto& [d, n] : {std::pair<Index, Index>{5, 60}, {60, 20}, {1, 7}, {3, 1}}) {
    const Clouds p = two_clouds(d, n, 0.7);
    for (const double penalty : {10.0, 0.1, 1e-3, 1e-4}) {
      for (const GramUse use : {GramUse::always, GramUse::never}) {
        INFO(d << " x " << n << ", penalty " << penalty);
        const LinearSvm<double> svm(p.x, p.y, use);
        const auto fit = svm.fit({.penalty = penalty, .tolerance = 1e-7, .gap_tolerance = 1e-9},
                                 Stream(1, "svm"));
        REQUIRE(fit.converged);
        // Worked out here from scratch: margins, complementary slackness, weights, gap.
        const double bound = 1 / (2 * penalty * static_cast<double>(n));
        Vector<double> w = Vector<double>::Zero(d);
        for (Index i = 0; i < n; ++i) {
          REQUIRE(fit.dual(i) >= 0);
          REQUIRE(fit.dual(i) <= bound);
          w += fit.dual(i) * p.y(i) * p.x.col(i);
        }
        REQUIRE((w - fit.weights).norm() <= 1e-12 * (1 + w.norm()));
        for (Index i = 0; i < n; ++i) {
          const double margin = p.y(i) * p.x.col(i).dot(w);
          if (fit.dual(i) < bound) {
            REQUIRE(margin >= 1 - 2e-7);
          }
          if (fit.dual(i) > 0) {
            REQUIRE(margin <= 1 + 2e-7);
          }
        }
        const double primal = hinge_objective(p, w, penalty);
        const double dual = 2 * penalty * (fit.dual.sum() - w.squaredNorm() / 2);
        REQUIRE(std::abs(fit.objective - primal) <= 1e-12 * primal);
        REQUIRE(std::abs(fit.duality_gap - (primal - dual)) <= 1e-12 * primal);
        REQUIRE(fit.duality_gap >= 0);
        REQUIRE(fit.duality_gap <= 1e-9 * primal);
        // No direction leads down.
        for (Index k = 0; k < 5; ++k) {
          const Vector<double> step =
              1e-3 * w.norm() * support::normal_vector("step " + std::to_string(k), d);
          REQUIRE(hinge_objective(p, w + step, penalty) >= primal - fit.duality_gap);
        }
      }
    }
  }
}

TEST_CASE("svm: both forms and a warm start reach one solution") {
  const Clouds p = two_clouds(30, 50, 0.5);
  const linear::SvmOptions<double> options{
      .penalty = 1e-3, .tolerance = 1e-9, .gap_tolerance = 1e-12};
  const auto by_gram = LinearSvm<double>(p.x, p.y, GramUse::always).fit(options, Stream(1));
  const auto by_samples = LinearSvm<double>(p.x, p.y, GramUse::never).fit(options, Stream(2));
  REQUIRE(by_gram.converged);
  REQUIRE(by_samples.converged);
  REQUIRE((by_gram.weights - by_samples.weights).norm() <= 1e-5 * by_gram.weights.norm());
  const LinearSvm<double> svm(p.x, p.y);
  const auto path = linear::svm_path<double>(svm, {1.0, 1e-1, 1e-2, 1e-3}, options, Stream(3));
  REQUIRE((path.back().weights - by_gram.weights).norm() <= 1e-5 * by_gram.weights.norm());
  // Started at the solution there is nothing to do.
  const auto again = svm.fit(options, Stream(4), path.back().dual);
  REQUIRE(again.epochs == 0);
  REQUIRE(again.converged);
  // The same stream gives the same bits.
  REQUIRE(svm.fit(options, Stream(5)).weights == svm.fit(options, Stream(5)).weights);
}

TEST_CASE("svm: from a large penalty on, the nearest-centroid classifier") {
  Clouds p = two_clouds(20, 80, 1.0);
  const auto centroids = linear::fit_nearest_centroid<double>(p.x, p.y);
  p.x.colwise() -= centroids.midpoint();
  const Vector<double> z = centroids.direction();
  const double plateau = ((p.x.transpose() * z).cwiseProduct(p.y)).maxCoeff() / 4;
  const LinearSvm<double> svm(p.x, p.y);
  const auto fit = svm.fit({.penalty = 1.0001 * plateau}, Stream(6));
  REQUIRE((fit.weights - z / (4 * 1.0001 * plateau)).norm() <= 1e-12 * fit.weights.norm());
  // Just below, the sample with the largest margin leaves the bound.
  const auto below = svm.fit({.penalty = 0.98 * plateau, .tolerance = 1e-8}, Stream(6));
  REQUIRE((below.weights / below.weights.norm() - z / z.norm()).norm() > 1e-6);
}

TEST_CASE("svm: hard margin of three points in closed form") {
  Clouds p{Matrix<double>(2, 5), Vector<double>{{1, -1, -1, 1, -1}}};
  p.x << 0.2, -0.2, 0.07, 0.9, -0.5, 0, 0, -0.07, 0, 0;
  const LinearSvm<double> svm(p.x, p.y);
  const auto fit = svm.fit({.penalty = 1e-9, .tolerance = 1e-10}, Stream(7));
  REQUIRE(fit.converged);
  REQUIRE(std::abs(fit.weights(0) - 5) < 1e-7);
  REQUIRE(std::abs(fit.weights(1) - 135.0 / 7) < 1e-7);
}

TEST_CASE("svm: samples at the origin, of one class, repeated; float") {
  Clouds p = two_clouds(4, 10, 0.5);
  p.x.col(3).setZero();
  p.x.col(4) = p.x.col(6); // the same sample and label twice
  const auto fit = LinearSvm<double>(p.x, p.y).fit({.penalty = 0.01}, Stream(8));
  REQUIRE(fit.converged);
  REQUIRE(fit.dual(3) == 1 / (2 * 0.01 * 10)); // its hinge loss is 1, whatever w is
  const auto one = LinearSvm<double>(p.x, Vector<double>::Ones(10)).fit({}, Stream(8));
  REQUIRE(one.converged);
  const auto zero =
      LinearSvm<double>(Matrix<double>::Zero(2, 3), Vector<double>::Ones(3)).fit({}, Stream(8));
  REQUIRE(zero.converged);
  REQUIRE(zero.weights.isZero(0.0));
  REQUIRE(zero.objective == 1);
  const Matrix<float> xf = p.x.cast<float>();
  const Vector<float> yf = p.y.cast<float>();
  const auto narrow = LinearSvm<float>(xf, yf).fit({.penalty = 0.01F}, Stream(8));
  REQUIRE(narrow.converged);
  REQUIRE((narrow.weights.cast<double>() - fit.weights).norm() < 1e-2 * fit.weights.norm());
}

TEST_CASE("svm: a run that is cut short says so") {
  const Clouds p = two_clouds(30, 50, 0.5);
  const LinearSvm<double> svm(p.x, p.y);
  const auto none = svm.fit({.penalty = 1e-4, .max_epochs = 0}, Stream(9));
  REQUIRE_FALSE(none.converged);
  REQUIRE(none.weights.isZero(0.0));
  REQUIRE(none.duality_gap == 1); // primal 1, dual 0 at a = 0
  const auto few = svm.fit({.penalty = 1e-4, .max_epochs = 2}, Stream(9));
  REQUIRE_FALSE(few.converged);
  REQUIRE(few.epochs == 2);
  REQUIRE(few.projected_gradient > 1e-4);
}

TEST_CASE("svm: bad arguments are named") {
  const auto says = [](auto&& call) { return support::message_of<ArgumentError>(call); };
  const Matrix<double> x = Matrix<double>::Ones(2, 3);
  const Vector<double> y = Vector<double>::Ones(3);
  using Svm = LinearSvm<double>;
  const Svm svm(x, y);
  REQUIRE(says([&] { (void)svm.fit({.penalty = 0}, Stream(1)); }) ==
          "penalty is 0; valid: > 0, finite");
  REQUIRE(says([&] { (void)svm.fit({.penalty = -1}, Stream(1)); }) ==
          "penalty is -1; valid: > 0, finite");
  REQUIRE(says([&] { (void)svm.fit({.tolerance = 0}, Stream(1)); }) ==
          "tolerance is 0; valid: > 0");
  REQUIRE(says([&] { (void)svm.fit({.max_epochs = -1}, Stream(1)); }) ==
          "max_epochs is -1; valid: >= 0");
  REQUIRE(says([&] { (void)svm.fit({}, Stream(1), Vector<double>::Zero(2)); }) ==
          "start is of shape 2; valid: 3");
  REQUIRE(says([&] { Svm(x, Vector<double>::Ones(2)); }) == "labels is of shape 2; valid: 3");
  REQUIRE(says([&] { Svm(x, Vector<double>::Zero(3)); }) == "label is 0; valid: -1 or +1");
  REQUIRE(says([&] { Svm(Matrix<double>(2, 0), Vector<double>(0)); }) ==
          "number of samples is 0; valid: >= 1");
  REQUIRE(says([&] { Svm(Matrix<double>(0, 2), Vector<double>::Ones(2)); }) ==
          "dim is 0; valid: >= 1");
  Matrix<double> bad = x;
  bad(1, 2) = std::nan("");
  REQUIRE(support::starts_with(says([&] { Svm(bad, y); }), "x(1, 2) is"));
}
