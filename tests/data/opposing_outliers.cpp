// SPDX-License-Identifier: BSD-3-Clause
#include <cmath>

#include "catch.hpp"
#include "support/errors.hpp"
#include <gradus/core/error.hpp>
#include <gradus/data/opposing_outliers.hpp>

using namespace gradus;
using data::OpposingOutliers;

TEST_CASE("opposing outliers: groups, features and targets are what the setting says") {
  const OpposingOutliers setting{.dim = 3, .beta_norm = 2, .positive = 4, .negative = 5, .size = 7};
  const auto set = data::draw_opposing_outliers<double>(setting, 20, Stream(1, "outliers"));
  REQUIRE(set.x.rows() == 4);
  REQUIRE(set.x.cols() == 20);
  REQUIRE(set.group.size() == 20);
  REQUIRE(std::abs(set.beta.norm() - 2) < 1e-14);
  for (Index i = 0; i < 20; ++i) {
    const int group = i < 4 ? 1 : i < 9 ? -1 : 0;
    REQUIRE(set.group[static_cast<std::size_t>(i)] == group);
    REQUIRE(set.x(3, i) == 7.0 * group);
    const double target = set.beta.dot(set.x.col(i).head(3)) + 0.3 * 7 * std::abs(group);
    REQUIRE(std::abs(set.y(i) - target) < 1e-13);
  }
}

TEST_CASE("opposing outliers: the bulk is standard normal, directions are uniform") {
  constexpr Index n = 20'000;
  const auto set = data::draw_opposing_outliers<double>({.dim = 4}, n, Stream(2, "bulk"));
  const Matrix<double> x = set.x.topRows(4);
  const Matrix<double> moment = x * x.transpose() / static_cast<double>(n);
  // Five standard errors of a second moment: 5 sqrt(2 / n) on the diagonal, less beside it.
  REQUIRE((moment - Matrix<double>::Identity(4, 4)).cwiseAbs().maxCoeff() < 5 * std::sqrt(2.0 / n));
  Vector<double> sum = Vector<double>::Zero(4);
  for (std::uint64_t seed = 0; seed < 400; ++seed) {
    sum += data::draw_opposing_outliers<double>({.dim = 4, .beta_norm = 1}, 20, Stream(seed)).beta;
  }
  // A coordinate of a direction has the variance 1/4; five standard errors of the sum.
  REQUIRE(sum.cwiseAbs().maxCoeff() < 5 * std::sqrt(400 / 4.0));
}

TEST_CASE("opposing outliers: settings share their numbers") {
  const Stream stream(3, "shared");
  const auto base = data::draw_opposing_outliers<double>({}, 50, stream);
  const auto small = data::draw_opposing_outliers<double>({.size = 1}, 50, stream);
  const auto none = data::draw_opposing_outliers<double>({.size = 0}, 50, stream);
  const auto same = data::draw_opposing_outliers<double>({.opposed = false}, 50, stream);
  for (const auto* other : {&small, &none, &same}) {
    REQUIRE(other->x.topRows(20) == base.x.topRows(20));
    REQUIRE(other->beta == base.beta);
    REQUIRE(other->group == base.group);
    REQUIRE(other->y.tail(30) == base.y.tail(30));
  }
  REQUIRE(same.x.row(20).head(20).isConstant(10));
  REQUIRE(base.x.row(20).sum() == 0);
  REQUIRE(same.y == base.y);
  REQUIRE(none.x.row(20).isZero(0));
  REQUIRE((small.y - none.y).head(20).isConstant(0.3, 1e-12));
}

TEST_CASE("opposing outliers: edges, and what is wrong is named") {
  const auto says = [](const OpposingOutliers& setting, Index n = 30) {
    return support::message_of<ArgumentError>(
        [&] { (void)data::draw_opposing_outliers<double>(setting, n, Stream(4)); });
  };
  const OpposingOutliers none{.dim = 1, .beta_norm = 0, .positive = 0, .negative = 0};
  REQUIRE(data::draw_opposing_outliers<float>(none, 0, Stream(4)).x.cols() == 0);
  REQUIRE(data::draw_opposing_outliers<double>(none, 1, Stream(4)).y(0) == 0);
  REQUIRE(says({}, 20) == "no error");
  REQUIRE(says({}, 19) == "num_samples is 19; valid: at least the number of outliers");
  REQUIRE(support::starts_with(says({.dim = 0}), "dim is 0"));
  REQUIRE(support::starts_with(says({.beta_norm = -1}), "beta_norm is -1"));
  REQUIRE(support::starts_with(says({.positive = -1}), "positive is -1"));
  REQUIRE(support::starts_with(says({.negative = -1}), "negative is -1"));
  REQUIRE(support::starts_with(says({.size = std::nan("")}), "size is nan"));
  REQUIRE(support::starts_with(says({.outlier_weight = INFINITY}), "outlier_weight is inf"));
}
