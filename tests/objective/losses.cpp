// SPDX-License-Identifier: BSD-3-Clause
// The empirical risk under losses with other targets: classes, numbers, one class alone.
#include <array>
#include <cmath>

#include "catch.hpp"
#include "support/derivatives.hpp"
#include "support/draws.hpp"
#include "support/errors.hpp"
#include "tolerance.hpp"
#include <gradus/core/error.hpp>
#include <gradus/nn/loss.hpp>
#include <gradus/nn/mlp.hpp>
#include <gradus/objective/empirical_risk.hpp>

namespace {

using namespace gradus;
using support::message_of;
using support::starts_with;
using LinearNet = nn::Mlp<double, nn::Identity>;

/// The mini-batch (3, 0, 3) is the mean of its single-example evaluations.
template <class Risk>
void check_gathering(Risk& risk, const Vector<double>& theta) {
  Vector<double> gradient(theta.size());
  double expected = 0;
  Vector<double> expected_gradient = Vector<double>::Zero(theta.size());
  const std::array<Index, 3> batch{3, 0, 3};
  for (const Index i : batch) {
    expected += risk.value_and_gradient(theta, std::array{i}, gradient) / 3;
    expected_gradient += gradient / 3;
  }
  REQUIRE(relative_error(risk.value_and_gradient(theta, batch, gradient), expected) <
          tol<double>::rel);
  REQUIRE(support::worst_error(gradient, expected_gradient) < tol<double>::rel);
}

} // namespace

TEST_CASE("empirical risk: classes") {
  const LinearNet net({{2, 3}, true});
  const Matrix<double> x = support::normal_matrix("x", 2, 4);
  const Vector<Index> y = support::cyclic_classes(4, 3);
  const Vector<double> theta = support::normal_vector("theta", net.num_parameters());
  objective::EmpiricalRisk risk(net, nn::SoftmaxCrossEntropy{}, x, y);
  check_gathering(risk, theta);
  // All logits equal: log 3, whatever the classes.
  REQUIRE(relative_error(risk.value(0.0 * theta), std::log(3.0)) < tol<double>::rel);

  Vector<Index> bad = y;
  bad(1) = 3;
  const auto says = [&](const Vector<Index>& labels) {
    return message_of<ArgumentError>(
        [&] { objective::EmpiricalRisk(net, nn::SoftmaxCrossEntropy{}, x, labels); });
  };
  REQUIRE(says(bad) == "labels(1) is 3; valid: 0 .. 2");
  bad(1) = -1;
  REQUIRE(says(bad) == "labels(1) is -1; valid: 0 .. 2");
  REQUIRE(says(Vector<Index>::Zero(4)) == "no error"); // one class is a defined task
  const LinearNet one({{2, 1}, true});
  REQUIRE(starts_with(message_of<ArgumentError>(
                          [&] { objective::EmpiricalRisk(one, nn::SoftmaxCrossEntropy{}, x, y); }),
                      "num_outputs is 1"));
}

TEST_CASE("empirical risk: numbers as targets") {
  const LinearNet net({{2, 3}, true});
  const Matrix<double> x = support::normal_matrix("x", 2, 4);
  Matrix<double> y = support::normal_matrix("y", 3, 4);
  const Vector<double> theta = support::normal_vector("theta", net.num_parameters());
  objective::EmpiricalRisk risk(net, nn::Square{}, x, y);
  check_gathering(risk, theta);
  // At zero weights the outputs are zero.
  REQUIRE(relative_error(risk.value(0.0 * theta), y.squaredNorm() / 8) < tol<double>::rel);
  const auto says = [&](const Matrix<double>& targets) {
    return message_of<ArgumentError>(
        [&] { objective::EmpiricalRisk(net, nn::Square{}, x, targets); });
  };
  REQUIRE(says(y.topRows(2)) == "targets is of shape 2 x 4; valid: 3 x 4");
  REQUIRE(starts_with(says(y.leftCols(3)), "number of targets is 3"));
  y(2, 1) = std::nan("");
  REQUIRE(starts_with(says(y), "targets(2, 1) is"));
}

TEST_CASE("empirical risk: one class alone, one sample alone") {
  const LinearNet net({{2, 1}, false});
  const Matrix<double> x = support::normal_matrix("x", 2, 1);
  objective::EmpiricalRisk risk(net, nn::Hinge{}, x, Vector<double>(Vector<double>::Ones(1)));
  Vector<double> gradient(2);
  REQUIRE(risk.value_and_gradient(Vector<double>::Zero(2), gradient) == 1.0);
  REQUIRE(gradient == -x.col(0));
}
