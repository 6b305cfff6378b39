// SPDX-License-Identifier: BSD-3-Clause
#include <algorithm>
#include <functional>
#include <numeric>
#include <queue>
#include <utility>
#include <vector>

#include "catch.hpp"
#include <gradus/core/distributions.hpp>
#include <gradus/study/cell_queue.hpp>

// Of its own, since tests compile several files at a time.
namespace tests::queue_cases {

using gradus::Index;
using gradus::study::CellQueue;

namespace {

/// Hands all cells to slots that are busy for as long as their cells take.
struct Simulation {
  std::vector<std::size_t> order; ///< in which the cells were handed out
  double makespan = 0.0;          ///< when the last one is finished
  std::size_t portions = 0;       ///< how often was asked

  Simulation(const std::vector<double>& costs, const std::vector<double>& seconds, Index slots) {
    CellQueue cells(costs, slots);
    using Slot = std::pair<double, Index>; // free from when on
    std::priority_queue<Slot, std::vector<Slot>, std::greater<>> free;
    for (Index s = 0; s < slots; ++s) {
      free.emplace(0.0, s);
    }
    std::vector<std::vector<std::size_t>> busy(static_cast<std::size_t>(slots));
    while (!free.empty()) {
      auto [time, slot] = free.top();
      free.pop();
      auto& mine = busy[static_cast<std::size_t>(slot)];
      for (const std::size_t cell : mine) {
        cells.finished(cell, seconds[cell]);
      }
      mine = cells.next();
      portions += mine.empty() ? 0 : 1;
      for (const std::size_t cell : mine) {
        order.push_back(cell);
        time += seconds[cell];
      }
      makespan = std::max(makespan, time);
      if (!mine.empty()) {
        free.emplace(time, slot);
      }
    }
  }
};

bool is_permutation_of(std::vector<std::size_t> order, std::size_t size) {
  std::sort(order.begin(), order.end());
  std::vector<std::size_t> all(size);
  std::iota(all.begin(), all.end(), std::size_t{0});
  return order == all;
}

} // namespace

TEST_CASE("long cells are handed out one at a time, the longest first", "[queue]") {
  CellQueue cells({3, 1, 9, 4, 9}, 2);
  std::vector<std::size_t> order;
  for (auto portion = cells.next(); !portion.empty(); portion = cells.next()) {
    REQUIRE(portion.size() == 1);
    order.push_back(portion[0]);
    cells.finished(portion[0], 60.0);
  }
  CHECK(order == std::vector<std::size_t>{2, 4, 3, 0, 1}); // equals in the order they came
  CHECK(cells.next().empty());
  CellQueue none({}, 1);
  CHECK(none.next().empty());
  CHECK_THROWS_AS(CellQueue({1.0}, 0), gradus::ArgumentError);
}

TEST_CASE("nothing is known before the first cell is finished", "[queue]") {
  CellQueue cells(std::vector<double>(1000, 1.0), 2);
  CHECK(cells.next().size() == 1);
  CHECK(cells.next().size() == 1);
  cells.finished(0, 0.0009765625);
  CHECK(cells.next().size() == 51); // 50 ms of them
  cells.finished(1, 0.2);
  CHECK(cells.next().size() == 1); // 100 ms each, as it seems now
}

TEST_CASE("short cells come in portions that shrink towards the end", "[queue]") {
  const std::vector<double> costs(10000, 1.0);
  const Simulation simulation(costs, std::vector<double>(10000, 1e-6), 3);
  CHECK(is_permutation_of(simulation.order, 10000));
  CHECK(std::is_sorted(simulation.order.begin(), simulation.order.end()));
  CHECK(simulation.portions < 120);
  CHECK(simulation.makespan < 1.02 * 10000e-6 / 3);
}

TEST_CASE("no order of handing out ends much later than it must", "[queue]") {
  gradus::Stream stream(7, "queue");
  for (int round = 0; round < 50; ++round) {
    const auto slots = static_cast<Index>(1 + stream.uniform() * 16);
    const auto count = static_cast<std::size_t>(1 + stream.uniform() * 400);
    std::vector<double> costs(count);
    std::vector<double> seconds(count);
    for (std::size_t i = 0; i < count; ++i) {
      costs[i] = std::exp(gradus::uniform(stream, 0.0, 8.0));
      seconds[i] = 0.01 * costs[i];
    }
    const Simulation simulation(costs, seconds, slots);
    REQUIRE(is_permutation_of(simulation.order, count));
    const double longest = *std::max_element(seconds.begin(), seconds.end());
    const double share =
        std::accumulate(seconds.begin(), seconds.end(), 0.0) / static_cast<double>(slots);
    // Graham's bound for the longest first, and a portion.
    CHECK(simulation.makespan <= 4.0 / 3.0 * std::max(longest, share) * 1.0001 +
                                     CellQueue::portion_seconds +
                                     (share > longest ? longest / 3.0 : 0.0));
  }
}

} // namespace tests::queue_cases
