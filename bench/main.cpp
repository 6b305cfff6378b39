// SPDX-License-Identifier: BSD-3-Clause
// gradus-bench: all benchmarks in one program. bench/compare.py sets it beside its peers.
#include <string>

#include <Eigen/Core>
#include <benchmark/benchmark.h>

#include "support.hpp"
#include <gradus/core/product.hpp>
#include <gradus/version.hpp>

#ifndef GRADUS_BUILD_FLAGS
#define GRADUS_BUILD_FLAGS "unknown"
#endif

int main(int argc, char** argv) {
  Eigen::setNbThreads(1); // threads are gradus::parallel_for's alone
  benchmark::Initialize(&argc, argv);
  if (benchmark::ReportUnrecognizedArguments(argc, argv)) {
    return 2;
  }
#ifdef __clang__
  const std::string compiler = "clang++ " __clang_version__;
#else
  const std::string compiler = "g++ " __VERSION__;
#endif
  benchmark::AddCustomContext("gradus", GRADUS_VERSION);
  benchmark::AddCustomContext("compiler", compiler);
  benchmark::AddCustomContext("flags", GRADUS_BUILD_FLAGS);
  benchmark::AddCustomContext("simd", Eigen::SimdInstructionSetsInUse());
  const char* const tiles = gradus::detail::tile_kernel<float>().name;
  benchmark::AddCustomContext("products", gradus::detail::has_tiles<float>() ? tiles : "Eigen");
  benchmark::RunSpecifiedBenchmarks();
  benchmark::Shutdown();
  return gradus::bench::any_failed() ? 1 : 0;
}
