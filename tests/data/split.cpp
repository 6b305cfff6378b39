// SPDX-License-Identifier: BSD-3-Clause
#include <algorithm>

#include "catch.hpp"
#include <gradus/data/split.hpp>

using namespace gradus;

TEST_CASE("a random split is a partition, the same for the same stream") {
  const auto split = data::random_split(50, 20, Stream(1, "split"));
  REQUIRE(split.train.size() == 20);
  REQUIRE(split.test.size() == 30);
  std::vector<Index> both = split.train;
  both.insert(both.end(), split.test.begin(), split.test.end());
  std::sort(both.begin(), both.end());
  for (Index i = 0; i < 50; ++i) {
    REQUIRE(both[static_cast<std::size_t>(i)] == i);
  }
  REQUIRE(data::random_split(50, 20, Stream(1, "split")).train == split.train);
  REQUIRE(data::random_split(50, 20, Stream(2, "split")).train != split.train);
}

TEST_CASE("splits at the edges, and beyond them") {
  REQUIRE(data::random_split(0, 0, Stream(1)).train.empty());
  REQUIRE(data::random_split(5, 0, Stream(1)).test.size() == 5);
  REQUIRE(data::random_split(5, 5, Stream(1)).test.empty());
  REQUIRE_THROWS_AS(data::random_split(5, 6, Stream(1)), ArgumentError);
  REQUIRE_THROWS_AS(data::random_split(5, -1, Stream(1)), ArgumentError);
}

TEST_CASE("samples are columns") {
  Matrix<double> x(2, 3);
  x << 1, 2, 3, 4, 5, 6;
  const std::vector<Index> chosen{2, 0, 2};
  Matrix<double> expected(2, 3);
  expected << 3, 1, 3, 6, 4, 6;
  REQUIRE(data::take_samples(x, chosen) == expected);
  const std::vector<Index> beyond{3};
  REQUIRE_THROWS_AS(data::take_samples(x, beyond), ArgumentError);
}
