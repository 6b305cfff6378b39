// SPDX-License-Identifier: BSD-3-Clause
#include <string>
#include <vector>

#include "catch.hpp"
#include <gradus/study/pilots.hpp>

// Of its own, since tests compile several files at a time.
namespace tests::pilot_cases {

using namespace gradus::study::detail;

namespace {

struct Place {
  std::size_t job;
  int cell;
};

/// Stands for a cell: all that pilots ask of one is its arm.
struct Arm {
  std::string name;
  struct Named {
    const std::string& of;
    [[nodiscard]] const std::string& arm() const { return of; }
  };
  Named point{name};
};

std::vector<Place> places(int count) {
  std::vector<Place> list;
  for (int i = 0; i < count; ++i) {
    list.push_back({0, i});
  }
  return list;
}

std::vector<int> cells(const std::vector<Place>& list) {
  std::vector<int> numbers;
  for (const Place& place : list) {
    numbers.push_back(place.cell);
  }
  return numbers;
}

} // namespace

TEST_CASE("pilots are the cheapest cell of each arm and one of middling cost", "[sweep]") {
  std::vector<Place> work = places(9); // dearest first; the last two are of arm b
  const Arm a{"a"};
  const Arm b{"b"};
  const auto cell_at = [&](const Place& place) -> const Arm& { return place.cell < 7 ? a : b; };
  CHECK(cells(take_pilots(work, cell_at)) == std::vector<int>{8, 6, 4});
  CHECK(cells(work) == std::vector<int>{0, 1, 2, 3, 5, 7});
  std::vector<Place> one = places(1);
  CHECK(take_pilots(one, cell_at).size() == 1);
  CHECK(one.empty());
  CHECK(take_pilots(one, cell_at).empty());
  std::vector<Place> ten = places(10);
  CHECK(cells(take_middle(ten, 2)) == std::vector<int>{4, 5});
  CHECK(cells(ten) == std::vector<int>{0, 1, 2, 3, 6, 7, 8, 9});
}

TEST_CASE("measured cells tell a fixed time and one in proportion to cost", "[sweep]") {
  // 2 s a cell and 3 s a unit of cost.
  CHECK(predicted_seconds({{1, 5}, {10, 32}}, {1, 2, 3}) == 3 * 2 + 3 * 6);
  // All of one cost, or a single one: in proportion.
  CHECK(predicted_seconds({{2, 6}}, {2, 4}) == 18);
  CHECK(predicted_seconds({{2, 6}, {2, 6}}, {2, 4}) == 18);
  // A dearer cell that was faster, or a fixed time below zero: in proportion, never negative.
  CHECK(predicted_seconds({{1, 4}, {3, 2}}, {4}) == 6);
  CHECK(predicted_seconds({{1, 1}, {2, 5}}, {3}) == 6);
  CHECK(predicted_seconds({{0, 1}}, {0, 0}) == 0);
  CHECK(predicted_seconds({{1, 1}}, {}) == 0);
}

} // namespace tests::pilot_cases
