// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <string>

#include <benchmark/benchmark.h>

#include "machine.hpp"
#include <gradus/core/parallel.hpp>
#include <gradus/core/types.hpp>

#ifdef _OPENMP
#include <omp.h>
#endif

/// What all benchmarks share.
namespace gradus::bench {

/// The parallel loops of this scope use so many threads.
class Threads {
public:
  explicit Threads(int count) : before_(available_threads()) { set(count); }
  ~Threads() { set(before_); }
  Threads(const Threads&) = delete;
  Threads& operator=(const Threads&) = delete;

private:
  static void set([[maybe_unused]] int count) {
#ifdef _OPENMP
    omp_set_num_threads(count);
#endif
  }
  int before_;
};

/// True once any check of this program has failed; main() then returns 1.
inline bool& any_failed() {
  static bool failed = false;
  return failed;
}

/// A benchmark says what it expects of its own answer: a wrong one is an error, not a time.
inline void expect(benchmark::State& state, bool ok, const std::string& what) {
  if (!ok) {
    any_failed() = true;
    state.SkipWithError(what.c_str());
  }
}

/// Work of one iteration, from which the rate and its share of the CPU's multiply-add peak follow.
inline void report_work(benchmark::State& state, double flops, double bytes, int threads) {
  using benchmark::Counter;
  state.counters["flops"] = Counter(flops, Counter::kIsIterationInvariantRate);
  state.counters["of_peak"] = Counter(flops / peak(threads), Counter::kIsIterationInvariantRate);
  state.counters["bytes"] = Counter(bytes, Counter::kIsIterationInvariantRate);
}

} // namespace gradus::bench
