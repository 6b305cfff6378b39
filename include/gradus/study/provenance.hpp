// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <string>

#include <gradus/study/json.hpp>
#include <gradus/version.hpp>

/// The build system may state the compiler's flags here; only our programs do.
#ifndef GRADUS_BUILD_FLAGS
#define GRADUS_BUILD_FLAGS "unknown"
#endif

namespace gradus::study {

/// Name and version of the compiler.
[[nodiscard]] inline std::string compiler_name() {
#if defined(__clang__)
  return "clang++ " + std::to_string(__clang_major__) + "." + std::to_string(__clang_minor__) +
         "." + std::to_string(__clang_patchlevel__);
#elif defined(__GNUC__)
  return "g++ " + std::to_string(__GNUC__) + "." + std::to_string(__GNUC_MINOR__) + "." +
         std::to_string(__GNUC_PATCHLEVEL__);
#else
  return "unknown";
#endif
}

/// The widest vector instructions that the compiler was allowed to use.
[[nodiscard]] inline std::string simd_level() {
#if defined(__AVX512F__)
  return "AVX-512";
#elif defined(__AVX2__) && defined(__FMA__)
  return "AVX2+FMA";
#elif defined(__AVX2__)
  return "AVX2";
#elif defined(__AVX__)
  return "AVX";
#elif defined(__SSE2__)
  return "SSE2";
#elif defined(__ARM_NEON)
  return "NEON";
#else
  return "none";
#endif
}

/// How the running program was built, and how many threads it uses.
struct Provenance {
  std::string version = GRADUS_VERSION;   ///< of the library
  std::string compiler = compiler_name(); ///< name and version
  std::string flags = GRADUS_BUILD_FLAGS; ///< "unknown" unless the build states them
  std::string simd = simd_level();        ///< widest vector instructions compiled in
  int threads = 1; ///< that parallel loops may use; set by whoever fills this
};

/// The field "build" of result.json.
[[nodiscard]] inline Json provenance_json(const Provenance& build) {
  return {{"version", build.version},
          {"compiler", build.compiler},
          {"flags", build.flags},
          {"simd", build.simd},
          {"threads", build.threads}};
}

} // namespace gradus::study
