// SPDX-License-Identifier: BSD-3-Clause
// The machine's own limits: multiply-add rate of the SIMD level of the build and of every level
// that the CPU has, and the bandwidth of a triad that does not fit the caches.
#include "machine.hpp"

#include <algorithm>
#include <map>

#include <benchmark/benchmark.h>

#include "support.hpp"
#include <gradus/core/detail/pack.hpp>

#ifdef __x86_64__
#include <immintrin.h>
#endif

namespace gradus::bench {
namespace {

// Each chain is x <- 0.999 x + 0.001: it stays near 1 and cannot be simplified.
constexpr float factor = 0.999F;
constexpr float summand = 0.001F;
constexpr int chains = 12; // 2 pipes x 4-5 cycles of latency, and few enough for 16 registers

using Pack = gradus::detail::Pack<float>;

float build_level(long long units) {
  std::array<Pack, chains> x;
  x.fill(Pack(1.0F));
  const Pack a(factor);
  const Pack b(summand);
  for (long long i = 0; i < units; ++i) {
    for (auto& chain : x) {
      chain = fma(chain, a, b);
    }
  }
  for (int k = 1; k < chains; ++k) {
    x[0] = x[0] + x[static_cast<std::size_t>(k)];
  }
  std::array<float, static_cast<std::size_t>(Pack::size)> out{};
  x[0].store(out.data());
  return out[0];
}

#ifdef __x86_64__

__attribute__((target("avx2,fma"))) float avx2_level(long long units) {
  __m256 x[chains]; // NOLINT: std::array's members lack the target
  for (auto& chain : x) {
    chain = _mm256_set1_ps(1.0F);
  }
  const __m256 a = _mm256_set1_ps(factor);
  const __m256 b = _mm256_set1_ps(summand);
  for (long long i = 0; i < units; ++i) {
    for (auto& chain : x) {
      chain = _mm256_fmadd_ps(chain, a, b);
    }
  }
  for (int k = 1; k < chains; ++k) {
    x[0] = _mm256_add_ps(x[0], x[k]);
  }
  return _mm256_cvtss_f32(x[0]);
}

__attribute__((target("avx512f"))) float avx512_level(long long units) {
  __m512 x[chains]; // NOLINT: std::array's members lack the target
  for (auto& chain : x) {
    chain = _mm512_set1_ps(1.0F);
  }
  const __m512 a = _mm512_set1_ps(factor);
  const __m512 b = _mm512_set1_ps(summand);
  for (long long i = 0; i < units; ++i) {
    for (auto& chain : x) {
      chain = _mm512_fmadd_ps(chain, a, b);
    }
  }
  for (int k = 1; k < chains; ++k) {
    x[0] = _mm512_add_ps(x[0], x[k]);
  }
  return _mm512_cvtss_f32(x[0]);
}

#endif

/// a = b + 3 c over arrays of 64 MB each, every thread on its own part.
void triad(benchmark::State& state) {
  const Threads threads(static_cast<int>(state.range(0)));
  constexpr Index size = Index{1} << 24U;
  constexpr Index part = Index{1} << 16U;
  Vector<float> a(size);
  Vector<float> b(size);
  Vector<float> c(size);
  parallel_for(size / part, [&](Index i) { // first touch by whoever works on it
    a.segment(i * part, part).setZero();
    b.segment(i * part, part).setConstant(1.0F);
    c.segment(i * part, part).setConstant(2.0F);
  });
  for (auto unused : state) {
    parallel_for(size / part, [&](Index i) {
      a.segment(i * part, part) = b.segment(i * part, part) + 3.0F * c.segment(i * part, part);
    });
    benchmark::ClobberMemory();
  }
  expect(state, a.minCoeff() == 7.0F && a.maxCoeff() == 7.0F, "triad: 1 + 3 * 2 is not 7");
  state.SetBytesProcessed(state.iterations() * size * 3 * static_cast<Index>(sizeof(float)));
}
BENCHMARK(triad)->Name("machine/triad")->ArgName("threads")->Arg(1)->Arg(2)->UseRealTime();

void fma_peak(benchmark::State& state, const SimdLevel& level) {
  const int threads = static_cast<int>(state.range(0));
  const float once = level.work(1);
  expect(state, once > 11.9F && once < 12.1F, "fma: the chains left their fixed point 1");
  double best = 0;
  for (auto unused : state) {
    best = std::max(best, measure_peak(level, threads, 0.02));
  }
  state.counters["flops"] = best;
  state.counters["per_core"] = best / threads;
}

// Registered by hand, since the levels are known at run time only.
const bool registered = [] {
  for (const SimdLevel& level : simd_levels()) {
    benchmark::RegisterBenchmark(("machine/fma/" + level.name).c_str(),
                                 [&level](benchmark::State& state) { fma_peak(state, level); })
        ->ArgName("threads")
        ->Arg(1)
        ->Arg(2)
        ->UseRealTime();
  }
  return true;
}();

} // namespace

const std::vector<SimdLevel>& simd_levels() {
  static const std::vector<SimdLevel> levels = [] {
    std::vector<SimdLevel> found{{"build", 2.0 * chains * Pack::size, build_level}};
#ifdef __x86_64__
    __builtin_cpu_init();
    if (__builtin_cpu_supports("avx2") != 0 && __builtin_cpu_supports("fma") != 0) {
      found.push_back({"avx2", 2.0 * chains * 8, avx2_level});
    }
    if (__builtin_cpu_supports("avx512f") != 0) {
      found.push_back({"avx512", 2.0 * chains * 16, avx512_level});
    }
#endif
    return found;
  }();
  return levels;
}

double measure_peak(const SimdLevel& level, int threads, double seconds) {
  // All threads work until the time is up, so that they share clock and power as in a real load.
  constexpr long long units = 20'000;
  std::vector<double> rates(static_cast<std::size_t>(threads));
  const Threads scope(threads);
  parallel_for(threads, [&](Index t) {
    volatile float sink = level.work(units);
    double rate = 0;
    const double end = now() + seconds;
    for (double start = now(); start < end;) {
      sink = level.work(units);
      const double stop = now();
      rate = std::max(rate, level.flops * static_cast<double>(units) / (stop - start));
      start = stop;
    }
    (void)sink;
    rates[static_cast<std::size_t>(t)] = rate;
  });
  double sum = 0;
  for (const double rate : rates) {
    sum += rate;
  }
  return sum;
}

double peak(int threads) {
  static std::map<int, double> known;
  if (const auto found = known.find(threads); found != known.end()) {
    return found->second;
  }
  double best = 0;
  for (const SimdLevel& level : simd_levels()) {
    for (int repetition = 0; repetition < 3; ++repetition) {
      best = std::max(best, measure_peak(level, threads, 0.01));
    }
  }
  return known[threads] = best;
}

} // namespace gradus::bench
