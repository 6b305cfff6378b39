// SPDX-License-Identifier: BSD-3-Clause
// Counts calls of malloc and its kin: include it in one file of a test program.
#pragma once

#include <atomic>
#include <cstddef>

// The sanitizers have a malloc of their own.
#if defined(__GLIBC__) && !defined(__SANITIZE_ADDRESS__)
#define GRADUS_TESTS_COUNT_ALLOCATIONS 1

namespace support {
inline std::atomic<long> allocations{0}; ///< since the program started
}

extern "C" {
void* __libc_malloc(std::size_t size);
void* __libc_calloc(std::size_t count, std::size_t size);
void* __libc_realloc(void* old, std::size_t size);
void* __libc_memalign(std::size_t alignment, std::size_t size);

void* malloc(std::size_t size) {
  ++support::allocations;
  return __libc_malloc(size);
}
void* calloc(std::size_t count, std::size_t size) {
  ++support::allocations;
  return __libc_calloc(count, size);
}
void* realloc(void* old, std::size_t size) {
  ++support::allocations;
  return __libc_realloc(old, size);
}
void* memalign(std::size_t alignment, std::size_t size) {
  ++support::allocations;
  return __libc_memalign(alignment, size);
}
void* aligned_alloc(std::size_t alignment, std::size_t size) {
  ++support::allocations;
  return __libc_memalign(alignment, size);
}
}

#endif
