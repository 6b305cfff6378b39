// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <chrono>
#include <string>
#include <vector>

/// What the machine could do at best: the yardsticks of every benchmark.
namespace gradus::bench {

/// Seconds on a clock that never jumps.
inline double now() {
  return std::chrono::duration<double>(std::chrono::steady_clock::now().time_since_epoch()).count();
}

/// A level of SIMD instructions with a kernel that does nothing but float multiply-adds.
struct SimdLevel {
  std::string name;               ///< "build" for what this program was compiled for, "avx2", ...
  double flops;                   ///< of one unit of work
  float (*work)(long long units); ///< independent chains, enough to fill every pipe
};

/// The levels that this CPU has, the build's first, then from narrow to wide.
const std::vector<SimdLevel>& simd_levels();

/// Floating-point operations per second of `threads` threads that run the level's kernel at once,
/// for about `seconds` each. A multiply-add counts as two.
double measure_peak(const SimdLevel& level, int threads, double seconds);

/// Best of several short measurements over all levels, measured once per number of threads: what
/// "share of peak" refers to.
double peak(int threads);

} // namespace gradus::bench
