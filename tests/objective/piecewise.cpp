// SPDX-License-Identifier: BSD-3-Clause
// The three functions with a poor local minimum: values, derivatives, minima and seams.
#include <cmath>
#include <complex>
#include <vector>

#include "catch.hpp"
#include "support/derivatives.hpp"
#include "support/errors.hpp"
#include <gradus/core/error.hpp>
#include <gradus/objective/concepts.hpp>
#include <gradus/objective/piecewise.hpp>

using namespace gradus;
using namespace gradus::objective;

static_assert(HasGradient<TwoParabolas<double>>);
static_assert(HasGradient<CubicWave<float>>);
static_assert(HasGradient<ThreeBasins<std::complex<double>>>);

namespace {

/// The derivative against a complex step at many points, none of them on a seam.
template <template <class> class F>
void derivative_is_right() {
  F<double> f;
  F<std::complex<double>> g;
  for (double x = -1.4983; x < 1.5; x += 0.0307) {
    const Vector<double> at = Vector<double>::Constant(1, x);
    INFO(x);
    const double slope = support::gradient_of(f, at)(0);
    REQUIRE(std::abs(slope - support::gradient_by_complex_step(g, at)(0)) < 1e-13 * 40);
    REQUIRE(f.at(x).value == f.value(at));
  }
}

/// Lowest point of a fine grid on [low, high].
template <class F>
double lowest(const F& f, double low, double high) {
  double best = low;
  for (double x = low; x <= high; x += 1e-5) {
    best = f.at(x).value < f.at(best).value ? x : best;
  }
  return best;
}

} // namespace

TEST_CASE("piecewise: derivatives by complex step") {
  derivative_is_right<TwoParabolas>();
  derivative_is_right<CubicWave>();
  derivative_is_right<ThreeBasins>();
}

TEST_CASE("piecewise: minima where the paper has them") {
  const TwoParabolas<double> f1;
  REQUIRE(std::abs(lowest(f1, -1.5, 1.5) + 0.3) < 2e-5);
  REQUIRE(std::abs(lowest(f1, 0.0001, 1.5) - 0.2) < 2e-5);
  REQUIRE(std::abs(f1.at(0.2).value - 0.05) < 1e-15);
  const CubicWave<double> f2;
  REQUIRE(std::abs(lowest(f2, -1.5, 1.5) + 0.6429) < 1e-4);
  REQUIRE(std::abs(f2.at(lowest(f2, -1.5, 1.5)).value - 1e-4) < 5e-5);
  REQUIRE(std::abs(lowest(f2, -0.2, 0.2)) < 2e-5);
  REQUIRE(std::abs(lowest(f2, 0.4, 1.0) - 0.5881) < 1e-4);
  REQUIRE(std::abs(f2.at(0.5881).value - 0.4653) < 1e-4);
  const ThreeBasins<double> f3;
  REQUIRE(std::abs(lowest(f3, -1.5, 1.5)) < 2e-5);
  REQUIRE(f3.at(-0.5).value == 0.25);
  REQUIRE(f3.at(0.5).value == 0.25);
}

TEST_CASE("piecewise: at a seam the piece on the left counts") {
  REQUIRE(TwoParabolas<double>{}.at(0).slope == 0.6);
  REQUIRE(CubicWave<double>{}.at(-0.9).slope == -40);
  const ThreeBasins<double> f;
  REQUIRE(f.at(-0.5).slope == -1);
  REQUIRE(f.at(-0.4).slope == 1);
  REQUIRE(f.at(0).slope == -0.875);
  REQUIRE(f.at(0.4).slope == 0.875);
  REQUIRE(f.at(0.5).slope == -1);
  REQUIRE(f.at(0.5001).slope > 1);
  // F1 and F3 are continuous, F2 jumps by -0.015.
  const double h = 1e-9;
  REQUIRE(std::abs(TwoParabolas<double>{}.at(h).value - 0.09) < 1e-8);
  REQUIRE(std::abs(CubicWave<double>{}.at(-0.9 + h).value - CubicWave<double>{}.at(-0.9).value +
                   0.0147) < 1e-3);
  for (const double seam : {-0.5, -0.4, 0.0, 0.4, 0.5}) {
    REQUIRE(std::abs(f.at(seam + h).value - f.at(seam).value) < 1e-8);
  }
}

TEST_CASE("piecewise: scale, and the notebook's derivative") {
  REQUIRE(TwoParabolas<double>(100).at(-1).value == 100 * TwoParabolas<double>{}.at(-1).value);
  REQUIRE(TwoParabolas<double>(100).at(-1).slope == 100 * TwoParabolas<double>{}.at(-1).slope);
  const double x = 0.3;
  REQUIRE(std::abs(CubicWave<double>(true).at(x).slope -
                   (x * std::cos(8 * x) + std::sin(8 * x) + 3 * x * x)) < 1e-15);
  REQUIRE(CubicWave<double>(true).at(x).value == CubicWave<double>{}.at(x).value);
}

TEST_CASE("piecewise: one variable, and NaN comes out as NaN") {
  const Vector<double> two = Vector<double>::Zero(2);
  REQUIRE(support::message_of<ShapeError>([&] { (void)ThreeBasins<double>{}.value(two); }) ==
          "theta is of shape 2; valid: 1");
  const double nan = std::nan("");
  REQUIRE(std::isnan(TwoParabolas<double>{}.at(nan).value));
  REQUIRE(std::isnan(CubicWave<double>{}.at(nan).slope));
  REQUIRE(std::isnan(ThreeBasins<double>{}.at(nan).value));
}
