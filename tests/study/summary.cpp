// SPDX-License-Identifier: BSD-3-Clause
// Numbers made of cells' numbers, and how labels show them.
#include <cmath>
#include <cstdint>
#include <stdexcept>
#include <utility>
#include <vector>

#include "catch.hpp"
#include <gradus/study/number_text.hpp>
#include <gradus/study/results.hpp>
#include <gradus/study/summary.hpp>

using namespace gradus;

TEST_CASE("summaries: order statistics, and a NaN or nothing spoils them") {
  CHECK(study::quantile({4, 1, 3, 2}, 0.5) == 2.5);
  CHECK(study::quantile({4, 1, 3, 2}, 1) == 4);
  CHECK(study::median_of({1, 2, 9}).value == 2);
  CHECK(study::median_of({1, 2, 9}).high == 9);
  CHECK(study::quantile_of({4, 1, 3, 2}, 0.9).value == study::quantile({4, 1, 3, 2}, 0.9));
  CHECK(study::quantile_of({4, 1, 3, 2}, 0.9).low == 1);
  CHECK(study::quantile_of({4, 1, 3, 2}, 0.9).high == 4);
  CHECK(std::isnan(study::quantile_of({}, 0.9).value));
  CHECK(study::each({1, 2, 9}).every);
  CHECK(std::isnan(study::max_of({}).value));
  CHECK(std::isnan(study::mean_of({1, std::nan("")}).value));
  CHECK(std::abs(study::standard_error({1, 2, 3}) - 1 / std::sqrt(3.0)) < 1e-15);
  CHECK(std::isnan(study::standard_error({1})));
}

TEST_CASE("lists entry by entry: differences and quotients") {
  using V = std::vector<double>;
  CHECK(study::differences({3, 5}, {1, 7}) == V{2, -2});
  CHECK(study::quotients({3, 5}, {2, 10}) == V{1.5, 0.5});
  CHECK(study::differences({}, {}).empty());
  CHECK(std::isinf(study::quotients({1}, {0})[0]));
  CHECK_THROWS_AS(study::quotients({1, 2}, {1}), std::out_of_range);
}

TEST_CASE("results of an arm: its first cell") {
  std::vector<study::CellResult> cells;
  for (const double x : {1.0, 2.0}) {
    study::Record record;
    record.number("x", x);
    record.series("s", {"t", {0, 1}}, {x, 2 * x});
    cells.push_back({study::Point("main", {}, 0, static_cast<std::uint64_t>(x)), record});
  }
  const study::ArmResults arm({&cells[0], &cells[1]});
  CHECK(arm.first().size() == 1);
  CHECK(arm.first_number("x") == 1);
  CHECK(arm.first_series("s") == std::vector<double>{1, 2});
  CHECK(std::isnan(arm.first_number("y")));
  CHECK(arm.first_series("y").empty());
  const study::ArmResults none({});
  CHECK(none.first().size() == 0);
  CHECK(std::isnan(none.first_number("x")));
  CHECK(none.first_series("s").empty());
}

TEST_CASE("numbers as labels show them") {
  for (const auto& [x, text] : {std::pair{0.25, "0.25"},
                                {1.33, "1.33"},
                                {800.0, "800"},
                                {1e3, "1000"},
                                {1e4, "1e4"},
                                {2e4, "20000"},
                                {1e7, "1e7"},
                                {1e-3, "0.001"},
                                {1e-4, "1e-4"},
                                {1e-9, "1e-9"},
                                {0.0, "0"},
                                {-2.5, "-2.5"},
                                {1.0, "1"}}) {
    CHECK(study::number_text(x) == text);
  }
}
