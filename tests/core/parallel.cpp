// SPDX-License-Identifier: BSD-3-Clause
#include <array>
#include <atomic>
#include <stdexcept>
#include <string>
#include <vector>

#include "catch.hpp"
#include <gradus/core/parallel.hpp>

using gradus::Index;
using gradus::parallel_for;
using gradus::parallel_map;
using gradus::parallel_panels;

TEST_CASE("every index runs once, on any number of threads") {
  for (const int threads : {0, 1, 2, 5}) {
    std::array<std::atomic<int>, 1000> count{};
    parallel_for(
        1000, [&](Index i) { ++count[static_cast<std::size_t>(i)]; }, threads);
    for (const auto& c : count) {
      REQUIRE(c.load() == 1);
    }
  }
}

TEST_CASE("an empty loop and a loop of one") {
  int calls = 0;
  parallel_for(
      0, [&](Index) { ++calls; }, 2);
  REQUIRE(calls == 0);
  parallel_for(
      1, [&](Index i) { calls += static_cast<int>(i) + 1; }, 2);
  REQUIRE(calls == 1);
  REQUIRE(parallel_map(
              0, [](Index i) { return i; }, 2)
              .empty());
}

TEST_CASE("results come in the order of the index") {
  for (const int threads : {1, 2, 3}) {
    const std::vector<std::string> names = parallel_map(
        257, [](Index i) { return std::to_string(i); }, threads);
    REQUIRE(names.size() == 257);
    for (std::size_t i = 0; i < names.size(); ++i) {
      REQUIRE(names[i] == std::to_string(i));
    }
  }
}

TEST_CASE("the exception of the lowest index that failed gets out") {
  for (const int threads : {1, 2, 4}) {
    for (int repeat = 0; repeat < 20; ++repeat) {
      std::array<std::atomic<int>, 200> ran{};
      std::string caught;
      try {
        parallel_for(
            200,
            [&](Index i) {
              ran[static_cast<std::size_t>(i)] = 1;
              if (i == 40 || i == 41 || i == 150) {
                throw std::runtime_error(std::to_string(i));
              }
            },
            threads);
      } catch (const std::runtime_error& error) {
        caught = error.what();
      }
      REQUIRE(caught == "40");
      for (std::size_t i = 0; i <= 40; ++i) {
        REQUIRE(ran[i].load() == 1); // those below it all run
      }
    }
  }
  // The loop is usable afterwards.
  REQUIRE(parallel_map(
              3, [](Index i) { return i; }, 2) == std::vector<Index>{0, 1, 2});
}

TEST_CASE("panels: every one runs once, and the lowest exception gets out") {
  for (const Index n : {0, 1, 2, 3, 1000}) {
    std::vector<std::atomic<int>> count(static_cast<std::size_t>(n));
    parallel_panels(n, [&](Index i) { ++count[static_cast<std::size_t>(i)]; });
    for (const auto& c : count) {
      REQUIRE(c.load() == 1);
    }
  }
  std::string caught;
  try {
    parallel_panels(100, [](Index i) {
      if (i == 30 || i == 80) {
        throw std::runtime_error(std::to_string(i));
      }
    });
  } catch (const std::runtime_error& error) {
    caught = error.what();
  }
  REQUIRE(caught == "30");
}

TEST_CASE("a loop inside a loop runs serially") {
  std::atomic<int> wrong{0};
  parallel_for(
      4,
      [&](Index) {
#ifdef _OPENMP
        if (gradus::available_threads() != 1) {
          ++wrong;
        }
        const int self = omp_get_thread_num();
        parallel_for(
            8,
            [&](Index) {
              if (omp_get_thread_num() != self) {
                ++wrong;
              }
            },
            2);
#endif
      },
      2);
  REQUIRE(wrong.load() == 0);
}
