// SPDX-License-Identifier: BSD-3-Clause
// The empirical risk beyond its derivatives: mini-batches, outputs, copies, a caller's mistakes.
#include <array>
#include <cmath>
#include <limits>
#include <optional>
#include <string>
#include <vector>

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
using Net = nn::Mlp<double, nn::Tanh>;
using Risk = objective::EmpiricalRisk<Net, nn::Logistic>;

constexpr Index num_samples = 9;

/// A small network on nine samples.
struct Setting {
  Net net{{{3, 4, 1}, true}};
  Matrix<double> x = support::normal_matrix("x", 3, num_samples);
  Vector<double> y = support::alternating_labels(num_samples);
  Vector<double> theta = support::normal_vector("theta", net.num_parameters());
  Vector<double> gradient = Vector<double>::Zero(net.num_parameters());

  [[nodiscard]] Risk risk() const { return {net, nn::Logistic{}, x, y}; }
};

} // namespace

TEST_CASE("empirical risk: the mini-batch of all examples is the full batch") {
  Setting s;
  Risk risk = s.risk();
  REQUIRE(risk.num_examples() == num_samples);
  REQUIRE(risk.num_parameters() == s.net.num_parameters());
  const double loss = risk.value_and_gradient(s.theta, s.gradient);
  const Vector<double> full = s.gradient;
  const std::vector<Index> in_order{0, 1, 2, 3, 4, 5, 6, 7, 8};
  REQUIRE(risk.value_and_gradient(s.theta, in_order, s.gradient) == loss);
  REQUIRE(s.gradient == full);
  const std::vector<Index> shuffled{4, 8, 0, 3, 7, 1, 6, 2, 5};
  REQUIRE(relative_error(risk.value_and_gradient(s.theta, shuffled, s.gradient), loss) <
          tol<double>::rel);
  REQUIRE(support::worst_error(s.gradient, full) < tol<double>::rel);
}

TEST_CASE("empirical risk: a mini-batch is the mean over its examples, repeats count twice") {
  Setting s;
  Risk risk = s.risk();
  double expected = 0;
  Vector<double> expected_gradient = Vector<double>::Zero(s.theta.size());
  const std::vector<Index> batch{5, 2, 5, 5, 0};
  for (const Index i : batch) {
    expected += risk.value_and_gradient(s.theta, std::array{i}, s.gradient) / 5;
    expected_gradient += s.gradient / 5;
  }
  REQUIRE(relative_error(risk.value_and_gradient(s.theta, batch, s.gradient), expected) <
          tol<double>::rel);
  REQUIRE(support::worst_error(s.gradient, expected_gradient) < tol<double>::rel);
  // Longer than the data set, too.
  const std::vector<Index> long_batch(100, 3);
  REQUIRE(relative_error(risk.value_and_gradient(s.theta, long_batch, s.gradient),
                         risk.value_and_gradient(s.theta, std::array{Index{3}}, s.gradient)) <
          4 * tol<double>::rel);
}

TEST_CASE("empirical risk: latest outputs are those of the last evaluation") {
  Setting s;
  Risk risk = s.risk();
  REQUIRE(risk.latest_outputs().size() == 0);
  const Matrix<double> f = risk.outputs(s.theta);
  REQUIRE(f.rows() == 1);
  REQUIRE(f.cols() == num_samples);
  REQUIRE(risk.latest_outputs() == f);
  const std::vector<Index> batch{7, 1};
  risk.value_and_gradient(s.theta, batch, s.gradient);
  REQUIRE(risk.latest_outputs().cols() == 2);
  REQUIRE(std::abs(risk.latest_outputs()(0, 0) - f(0, 7)) < tol<double>::abs);
  REQUIRE(std::abs(risk.latest_outputs()(0, 1) - f(0, 1)) < tol<double>::abs);
  risk.value(2.0 * s.theta);
  REQUIRE(risk.latest_outputs() == Matrix<double>(risk.outputs(2.0 * s.theta)));
  risk.hvp(s.theta, s.theta, s.gradient);
  REQUIRE(risk.latest_outputs() == f);
  // The mean loss by hand.
  double sum = 0;
  for (Index i = 0; i < num_samples; ++i) {
    sum += std::log1p(std::exp(-s.y(i) * f(0, i)));
  }
  REQUIRE(relative_error(risk.value(s.theta), sum / num_samples) < tol<double>::rel);
}

TEST_CASE("empirical risk: copies are independent") {
  Setting s;
  std::optional<Risk> original = s.risk();
  const Matrix<double> f = original->outputs(s.theta);
  Risk copy = *original;
  REQUIRE(copy.latest_outputs().size() == 0); // not a view into somebody else's memory
  copy.outputs(-s.theta);
  REQUIRE(original->latest_outputs() == f);
  original.reset();
  REQUIRE(copy.outputs(s.theta) == f);
}

TEST_CASE("empirical risk: a change of the data is seen, for they are not copied") {
  Setting s;
  Risk risk = s.risk();
  const double before = risk.value(s.theta);
  s.x *= 2;
  REQUIRE(risk.value(s.theta) != before);
  REQUIRE(risk.value(s.theta) == s.risk().value(s.theta));
}

TEST_CASE("empirical risk: data that cannot be trained on are refused by name") {
  Setting s;
  const auto says = [&](const Matrix<double>& x, const Vector<double>& y) {
    return message_of<ArgumentError>([&] { Risk(s.net, nn::Logistic{}, x, y); });
  };
  REQUIRE(says(s.x, s.y) == "no error");
  REQUIRE(says(Matrix<double>(3, 0), Vector<double>(0)) == "number of samples is 0; valid: >= 1");
  REQUIRE(says(Matrix<double>::Ones(2, num_samples), s.y) == "x is of shape 2 x 9; valid: 3 x 9");
  REQUIRE(starts_with(says(s.x, support::alternating_labels(num_samples - 1)),
                      "number of targets is 8"));
  REQUIRE(starts_with(says(s.x, Vector<double>()), "number of targets is 0"));
  for (const double bad :
       {std::numeric_limits<double>::quiet_NaN(), std::numeric_limits<double>::infinity(),
        -std::numeric_limits<double>::infinity()}) {
    Matrix<double> x = s.x;
    x(2, 7) = bad;
    REQUIRE(starts_with(says(x, s.y), "x(2, 7) is"));
  }
  for (const double bad : {0.0, 2.0, std::numeric_limits<double>::quiet_NaN()}) {
    Vector<double> y = s.y;
    y(4) = bad;
    REQUIRE(starts_with(says(s.x, y), "labels(4) is"));
  }
  // Two outputs are no margin.
  const Net two({{3, 2}, true});
  REQUIRE(
      starts_with(message_of<ArgumentError>([&] { Risk(two, {}, s.x, s.y); }), "num_outputs is 2"));
  // A row per sample, the classical mistake.
  const Matrix<double> rows = s.x.transpose();
  REQUIRE_THROWS_AS(Risk(s.net, {}, rows, s.y), ShapeError);
}

TEST_CASE("empirical risk: arguments of the wrong size are refused by name") {
  Setting s;
  Risk risk = s.risk();
  Vector<double> good = s.theta;
  for (const Index size : {Index{0}, s.theta.size() - 1, s.theta.size() + 1}) {
    Vector<double> bad = Vector<double>::Ones(size);
    const auto says = [](auto&& call) { return message_of<ShapeError>(call); };
    REQUIRE(starts_with(says([&] { risk.value(bad); }), "theta is"));
    REQUIRE(starts_with(says([&] { risk.outputs(bad); }), "theta is"));
    REQUIRE(starts_with(says([&] { risk.value_and_gradient(bad, good); }), "theta is"));
    REQUIRE(starts_with(says([&] { risk.value_and_gradient(good, bad); }), "gradient is"));
    const std::array batch{Index{1}};
    REQUIRE(starts_with(says([&] { risk.value_and_gradient(bad, batch, good); }), "theta is"));
    REQUIRE(starts_with(says([&] { risk.value_and_gradient(good, batch, bad); }), "gradient is"));
    REQUIRE(starts_with(says([&] { risk.hvp(bad, good, good); }), "theta is"));
    REQUIRE(starts_with(says([&] { risk.hvp(good, bad, good); }), "v is"));
    REQUIRE(starts_with(says([&] { risk.hvp(good, good, bad); }), "product is"));
    REQUIRE(starts_with(says([&] { risk.gauss_newton_product(good, bad, good); }), "v is"));
    Matrix<double> gradients(size, num_samples);
    REQUIRE(
        starts_with(says([&] { risk.per_example_gradients(good, gradients); }), "gradients is"));
  }
  Matrix<double> gradients(s.theta.size(), num_samples - 1);
  REQUIRE_THROWS_AS(risk.per_example_gradients(good, gradients), ShapeError);
}

TEST_CASE("empirical risk: batches that are none are refused by name") {
  Setting s;
  Risk risk = s.risk();
  const auto says = [&](const std::vector<Index>& batch) {
    return message_of<ArgumentError>([&] { risk.value_and_gradient(s.theta, batch, s.gradient); });
  };
  REQUIRE(says({}) == "batch size is 0; valid: >= 1");
  REQUIRE(starts_with(says({0, 9}), "batch index is 9"));
  REQUIRE(starts_with(says({-1}), "batch index is -1"));
  REQUIRE(says({0, 8}) == "no error");
}
