// SPDX-License-Identifier: BSD-3-Clause
// The frozen second layer by itself.
#include <cmath>
#include <string>

#include "catch.hpp"
#include "support/derivatives.hpp"
#include "support/draws.hpp"
#include "support/errors.hpp"
#include "tolerance.hpp"
#include <gradus/core/error.hpp>
#include <gradus/nn/second_layer.hpp>

namespace {

using namespace gradus;

/// Forward and backward pass for the given numbers of outputs, units and samples, against the
/// formulas in matrices.
void check_second_layer(Index outputs, Index width, Index samples) {
  INFO(outputs << " outputs, " << width << " units, " << samples << " samples");
  const Matrix<double> weights = support::normal_matrix("A", outputs, width);
  const nn::FrozenSecondLayer<double, nn::Tanh> top(weights);
  REQUIRE(top.width() == width);
  REQUIRE(top.num_outputs() == outputs);
  REQUIRE(top.weights() == weights);
  const Matrix<double> z = support::normal_matrix("z", width, samples);
  const Matrix<double> d = support::normal_matrix("d", outputs, samples);
  Matrix<double> a(width, samples);
  Matrix<double> slope(width, samples);
  Matrix<double> f(outputs, samples);
  Matrix<double> delta(width, samples);
  top.forward(z, a, slope, f);
  top.backward(d, slope, delta);
  const Matrix<double> expected_a = z.array().tanh();
  const Matrix<double> expected_slope = 1 - expected_a.array().square();
  // Sums over `width` units: rounding grows no faster than their number.
  const double close = tol<double>::rel * (1 + static_cast<double>(width) / 16);
  REQUIRE(support::worst_error(a, expected_a) < tol<double>::rel);
  REQUIRE(support::worst_error(slope, expected_slope) < tol<double>::rel);
  REQUIRE(support::worst_error(f, weights * expected_a) < close);
  const Matrix<double> expected_delta = (weights.transpose() * d).array() * expected_slope.array();
  REQUIRE(support::worst_error(delta, expected_delta) < close);
  // In place of the slopes.
  top.backward(d, slope, slope);
  REQUIRE(slope == delta);
}

} // namespace

TEST_CASE("second layer: forward and backward, one output and several") {
  for (const Index outputs : {1, 3}) {
    for (const Index width : {1, 6, 50}) {
      for (const Index samples : {1, 7}) {
        check_second_layer(outputs, width, samples);
      }
    }
  }
}

TEST_CASE("second layer: large batches, which are cut into runs") {
  check_second_layer(1, 3000, 20); // fewer than one column of units fits a run
  check_second_layer(1, 40, 1000);
  check_second_layer(2, 40, 1000);
}

TEST_CASE("second layer: no samples") {
  const nn::FrozenSecondLayer<double> top(nn::balanced_signs<double>(4));
  Matrix<double> none(4, 0);
  Matrix<double> f(1, 0);
  top.forward(none, none, none, f);
  top.backward(f, none, none);
  REQUIRE(none.size() == 0);
}

TEST_CASE("second layer: without outputs or units it is refused") {
  using support::message_of;
  using Top = nn::FrozenSecondLayer<double>;
  REQUIRE(message_of<ArgumentError>([] { Top(Matrix<double>(0, 3)); }) ==
          "outputs is 0; valid: >= 1");
  REQUIRE(message_of<ArgumentError>([] { Top(Matrix<double>(2, 0)); }) ==
          "width is 0; valid: >= 1");
}

TEST_CASE("balanced signs: half plus, half minus, norm one") {
  for (const Index width : {2, 6, 100}) {
    const Matrix<double> a = nn::balanced_signs<double>(width);
    REQUIRE(a.rows() == 1);
    REQUIRE(a.cols() == width);
    REQUIRE((a.leftCols(width / 2).array() == 1 / std::sqrt(static_cast<double>(width))).all());
    REQUIRE(a.rightCols(width / 2) == -a.leftCols(width / 2));
    REQUIRE(relative_error(a.squaredNorm(), 1.0) < tol<double>::rel);
  }
  REQUIRE(nn::balanced_signs<float>(4)(0, 3) == -0.5F);
  for (const Index width : {-2, 0, 1, 7}) {
    REQUIRE(support::message_of<ArgumentError>([&] { (void)nn::balanced_signs<double>(width); }) ==
            "width is " + std::to_string(width) + "; valid: an even number >= 2");
  }
}
