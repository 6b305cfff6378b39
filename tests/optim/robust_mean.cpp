// SPDX-License-Identifier: BSD-3-Clause
// Means that ignore what few vectors ask for: against sorting, in their limits, with NaN.
#include <algorithm>
#include <cmath>
#include <limits>
#include <vector>

#include "catch.hpp"
#include "support/derivatives.hpp"
#include "support/draws.hpp"
#include <gradus/optim/last_three.hpp>
#include <gradus/optim/robust_mean.hpp>
#include <gradus/optim/rule.hpp>
#include <gradus/optim/sgd.hpp>

using namespace gradus;
using namespace gradus::optim;

namespace {

/// The definition, by sorting.
Vector<double> by_sorting(const Matrix<double>& values, Index k) {
  Vector<double> result(values.rows());
  for (Index r = 0; r < values.rows(); ++r) {
    std::vector<double> sorted(static_cast<std::size_t>(values.cols()));
    for (Index c = 0; c < values.cols(); ++c) {
      sorted[static_cast<std::size_t>(c)] = values(r, c);
    }
    std::sort(sorted.begin(), sorted.end());
    const double low = sorted[static_cast<std::size_t>(k)];
    const double high = sorted[sorted.size() - 1 - static_cast<std::size_t>(k)];
    result(r) = 0;
    for (const double x : sorted) {
      result(r) += std::clamp(x, low, high) / static_cast<double>(values.cols());
    }
  }
  return result;
}

Vector<double> winsorised(const Matrix<double>& values, double share) {
  WinsorisedMean<double> mean(share);
  Vector<double> result(values.rows());
  mean(values, result);
  return result;
}

} // namespace

TEST_CASE("winsorised mean: the definition by sorting, any number of vectors and coordinates") {
  for (const Index count : {1, 2, 3, 4, 5, 7, 16, 17, 20, 30, 33}) {
    for (const Index size : {1, 63, 64, 65, 200}) {
      const Matrix<double> values = support::normal_matrix("values", size, count);
      for (const double share : {0.0, 0.1, 0.25, 0.4, 0.5}) {
        const Index k = WinsorisedMean<double>(share).clipped(count);
        REQUIRE(2 * k <= count - 1);
        REQUIRE(support::worst_error(winsorised(values, share), by_sorting(values, k)) < 1e-14);
      }
    }
  }
}

TEST_CASE("winsorised mean: how many are clipped; the mean and the median as its limits") {
  REQUIRE(WinsorisedMean<double>(0.25).clipped(30) == 7);
  REQUIRE(WinsorisedMean<double>(0.25).clipped(20) == 5);
  REQUIRE(WinsorisedMean<double>(0.1).clipped(20) == 2);
  REQUIRE(WinsorisedMean<double>(0.1).clipped(1) == 0);
  REQUIRE(WinsorisedMean<double>(0.5).clipped(20) == 9);
  Matrix<double> values(1, 4);
  values << 5, 1, 100, 3;
  REQUIRE(winsorised(values, 0.5)(0) == 4);
  REQUIRE(winsorised(values, 0)(0) == 27.25);
  // One vector alone asks for something: not even one clipped value at either end leaves it.
  Matrix<double> lonely = Matrix<double>::Zero(3, 20);
  lonely(1, 4) = -7;
  REQUIRE(winsorised(lonely, 0.1) == Vector<double>::Zero(3));
  REQUIRE_THROWS_AS(WinsorisedMean<double>(0.6), ArgumentError);
  REQUIRE_THROWS_AS(WinsorisedMean<double>(std::nan("")), ArgumentError);
  WinsorisedMean<double> mean(0.2);
  Vector<double> out(2);
  REQUIRE_THROWS_AS(mean(Matrix<double>(2, 0), out), ArgumentError);
  REQUIRE_THROWS_AS(mean(Matrix<double>::Zero(3, 4), out), ShapeError);
}

TEST_CASE("winsorised mean: other vectors in another order, other sizes on one object, float") {
  WinsorisedMean<float> mean(0.3F);
  for (const Index count : {9, 4, 9}) {
    const Matrix<float> values = support::normal_matrix("order", 70, count).cast<float>();
    Vector<float> a(70), b(70);
    mean(values, a);
    mean(Matrix<float>(values.rowwise().reverse()), b);
    REQUIRE((a - b).cwiseAbs().maxCoeff() < 1e-6F);
  }
}

TEST_CASE("robust means: a value that is not finite is not hidden") {
  for (const double bad :
       {std::numeric_limits<double>::quiet_NaN(), std::numeric_limits<double>::infinity()}) {
    Matrix<double> values = support::normal_matrix("nan", 80, 10);
    values(70, 3) = bad;
    const Vector<double> result = winsorised(values, 0.25);
    REQUIRE(std::isnan(result(70)));
    REQUIRE(result.head(70).allFinite());
    Vector<double> median(80);
    median_of_three<double>(values.col(2), values.col(3), values.col(4), median);
    REQUIRE(std::isnan(median(70)));
  }
}

TEST_CASE("median of three: all orders") {
  const double orders[6][3] = {{1, 2, 3}, {1, 3, 2}, {2, 1, 3}, {2, 3, 1}, {3, 1, 2}, {3, 2, 1}};
  for (const auto& o : orders) {
    Vector<double> out(1);
    median_of_three<double>(Vector<double>{{o[0]}}, Vector<double>{{o[1]}}, Vector<double>{{o[2]}},
                            out);
    REQUIRE(out(0) == 2);
  }
  Vector<double> out(2);
  REQUIRE_THROWS_AS(
      median_of_three<double>(Vector<double>(2), Vector<double>(3), Vector<double>(2), out),
      ShapeError);
}

TEST_CASE("last three: no step before three gradients, then their median or mean") {
  static_assert(Rule<LastThree<Sgd<double>>>);
  const double gradients[] = {1, 10, 4, -2, 7};
  const double medians[] = {0, 0, 4, 4, 4};
  const double means[] = {0, 0, 5, 4, 3};
  for (const Combine combine : {Combine::median, Combine::mean}) {
    const LastThree<Sgd<double>> rule{{.learning_rate = 1}, combine};
    auto state = rule.make_state(1);
    Vector<double> theta{{0.0}};
    for (std::size_t t = 0; t < 5; ++t) {
      const double before = theta(0);
      rule.update(theta, Vector<double>{{gradients[t]}}, state);
      REQUIRE(before - theta(0) == (combine == Combine::median ? medians[t] : means[t]));
    }
    REQUIRE(state.step == 5);
    REQUIRE(state.inner.step == 3);
  }
  const LastThree<Sgd<double>> bad{{.learning_rate = -1}};
  REQUIRE_THROWS_AS(bad.validate(), ArgumentError);
  const LastThree<Sgd<double>> rule{{.learning_rate = 1}};
  auto state = rule.make_state(2);
  Vector<double> theta(3);
  REQUIRE_THROWS_AS(rule.update(theta, Vector<double>::Zero(3), state), ShapeError);
}
