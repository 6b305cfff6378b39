// SPDX-License-Identifier: BSD-3-Clause
#include <algorithm>
#include <cmath>
#include <limits>
#include <vector>

#include "catch.hpp"
#include <gradus/core/error.hpp>
#include <gradus/study/contour.hpp>
#include <gradus/study/figure_hatch.hpp>

// Of its own, since tests compile several files at a time.
namespace tests::contour_cases {

using namespace gradus;
using namespace gradus::study;

namespace {

constexpr double none = std::numeric_limits<double>::quiet_NaN();

/// A function on a grid, row by row.
template <class F>
std::vector<double> on_grid(const std::vector<double>& x, const std::vector<double>& y, F f) {
  std::vector<double> values;
  for (const double v : y) {
    for (const double u : x) {
      values.push_back(f(u, v));
    }
  }
  return values;
}

/// Number of lines, and whether every point of theirs fulfils the condition.
template <class Condition>
std::pair<int, bool> lines_where(const Contour& contour, Condition condition) {
  int lines = contour.x.empty() ? 0 : 1;
  bool all = true;
  for (std::size_t i = 0; i < contour.x.size(); ++i) {
    if (std::isnan(contour.x[i])) {
      ++lines;
    } else {
      all = all && condition(contour.x[i], contour.y[i]);
    }
  }
  return {lines, all};
}

const std::vector<double> five{0, 1, 2, 3, 4};

} // namespace

TEST_CASE("a straight line is found exactly, up to half a cell beyond the grid", "[contour]") {
  const auto values = on_grid(five, {0, 1, 2}, [](double x, double y) { return x - y - 0.25; });
  const Contour contour = zero_lines(five, {0, 1, 2}, values, false, false);
  const auto [lines, there] =
      lines_where(contour, [](double x, double y) { return std::abs(x - y - 0.25) < 1e-12; });
  CHECK(lines == 1);
  CHECK(there);
  const auto [low, high] = std::minmax_element(contour.y.begin(), contour.y.end());
  CHECK(*low == -0.5);
  CHECK(*high == 2.5);
}

TEST_CASE("a power law is a straight line on logarithmic axes", "[contour]") {
  const std::vector<double> x{50, 100, 200, 400, 800};
  const std::vector<double> y{100, 1000, 10000};
  const auto values =
      on_grid(x, y, [](double n, double norm) { return std::log(n * norm * norm / 3e8); });
  const auto [lines, there] =
      lines_where(zero_lines(x, y, values, true, true), [](double n, double norm) {
        return std::abs(n * norm * norm / 3e8 - 1) < 1e-10;
      });
  CHECK(lines == 1);
  CHECK(there);
}

TEST_CASE("a ring is closed, and saddles do not cross", "[contour]") {
  const auto ring =
      on_grid(five, five, [](double x, double y) { return std::hypot(x - 2, y - 2) - 1.5; });
  const Contour contour = zero_lines(five, five, ring, false, false);
  CHECK(lines_where(contour, [](double x, double y) {
          return std::abs(std::hypot(x - 2, y - 2) - 1.5) < 0.15;
        }) == std::pair{1, true});
  CHECK(contour.x.front() == contour.x.back());
  CHECK(contour.y.front() == contour.y.back());
  const auto saddle =
      on_grid({0, 1}, {0, 1}, [](double x, double y) { return (x - 0.5) * (y - 0.5) + 0.01; });
  CHECK(lines_where(zero_lines({0, 1}, {0, 1}, saddle, false, false), [](double x, double y) {
          return (x - 0.5) * (y - 0.5) < 0.0;
        }) == std::pair{2, true});
}

TEST_CASE("where nothing is known or nothing changes there is no line", "[contour]") {
  CHECK(zero_lines(five, five, std::vector<double>(25, 1.0), false, false).x.empty());
  CHECK(zero_lines(five, five, std::vector<double>(25, none), false, false).x.empty());
  CHECK(zero_lines({}, {}, {}, false, false).x.empty());
  CHECK(zero_lines({1}, {1}, {0}, false, false).x.empty());
  auto values = on_grid(five, five, [](double x, double) { return x - 1.5; });
  values[2 * 5 + 1] = none; // the line is cut there
  const auto [lines, there] = lines_where(zero_lines(five, five, values, false, false),
                                          [](double x, double) { return x == 1.5; });
  CHECK(lines == 2);
  CHECK(there);
  CHECK_THROWS_AS(zero_lines(five, five, {1, 2}, false, false), ShapeError);
}

TEST_CASE("hatching covers the holes of a heat map and nothing else", "[contour]") {
  const Raster holes{2, 2, {0.5, none, 0.25, 0.75}}; // the lower right cell
  const auto lines = hatching(holes, 100, 60);
  REQUIRE_FALSE(lines.empty());
  for (const HatchLine& line : lines) {
    for (const auto& [x, y] : {line.from, line.to}) {
      CHECK(x >= 0.5 - 0.01);
      CHECK(x <= 1 + 0.01);
      CHECK(y >= -0.01);
      CHECK(y <= 0.5 + 0.01);
    }
    CHECK(line.to[0] > line.from[0]);
  }
  CHECK(hatching({2, 2, {1, 1, 1, 1}}, 100, 60).empty());
  CHECK(hatching({0, 0, {}}, 100, 60).empty());
}

} // namespace tests::contour_cases
