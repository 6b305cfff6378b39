# SPDX-License-Identifier: BSD-3-Clause
# How the project's own programs (studies, tests, benchmarks) are compiled. Nothing here is exported.
include(CheckCXXCompilerFlag)
include(CheckCXXSourceRuns)

# The SIMD level. AVX2 + FMA is the measuring default: which of it and -march=native is faster depends
# on the CPU, and large products choose their kernel when the program runs, whatever is said here.
if(NOT DEFINED GRADUS_ARCH)
  set(arch "")
  if(CMAKE_SYSTEM_PROCESSOR MATCHES "^(x86_64|AMD64|amd64)$" AND NOT CMAKE_CROSSCOMPILING)
    check_cxx_compiler_flag(-march=x86-64-v3 GRADUS_COMPILER_HAS_X86_64_V3)
    check_cxx_source_runs("
      int main() {
        return __builtin_cpu_supports(\"avx2\") && __builtin_cpu_supports(\"fma\") &&
               __builtin_cpu_supports(\"bmi\") && __builtin_cpu_supports(\"bmi2\") ? 0 : 1;
      }" GRADUS_CPU_HAS_X86_64_V3)
    if(GRADUS_COMPILER_HAS_X86_64_V3 AND GRADUS_CPU_HAS_X86_64_V3)
      set(arch "x86-64-v3")
    endif()
  endif()
  set(GRADUS_ARCH "${arch}" CACHE STRING
      "-march of the project's own programs: x86-64-v3, native, ..., or empty for the compiler's")
  set_property(CACHE GRADUS_ARCH PROPERTY STRINGS "" x86-64-v3 native)
endif()

add_library(gradus_dev_warnings INTERFACE)
target_compile_options(gradus_dev_warnings INTERFACE
  -Wall -Wextra -Wpedantic -Wconversion -Wold-style-cast
  # In a unit of several files, a constant of one and a variable of the next with its name are no fault.
  $<$<NOT:$<BOOL:$<TARGET_PROPERTY:UNITY_BUILD>>>:-Wshadow>
  $<$<BOOL:${GRADUS_WERROR}>:-Werror>)
if(CMAKE_CXX_COMPILER_ID STREQUAL "GNU")
  # What g++ 12 only believes to see when it has inlined deep into the standard library and Eigen.
  target_compile_options(gradus_dev_warnings INTERFACE
    -Wno-restrict -Wno-use-after-free -Wno-maybe-uninitialized -Wno-array-bounds
    -Wno-stringop-overflow -Wno-stringop-overread)
endif()

# Flags and provenance of every program; GRADUS_BUILD_FLAGS ends up in result.json.
add_library(gradus_program INTERFACE)
set(flags "${CMAKE_CXX_FLAGS}")
if(CMAKE_BUILD_TYPE)
  string(TOUPPER "${CMAKE_BUILD_TYPE}" build_type)
  string(APPEND flags " ${CMAKE_CXX_FLAGS_${build_type}}")
endif()
if(GRADUS_ARCH)
  target_compile_options(gradus_program INTERFACE "-march=${GRADUS_ARCH}")
  string(APPEND flags " -march=${GRADUS_ARCH}")
endif()
if(TARGET OpenMP::OpenMP_CXX)
  string(APPEND flags " ${OpenMP_CXX_FLAGS}")
endif()
string(STRIP "${flags}" flags)
string(REGEX REPLACE "  +" " " flags "${flags}")
target_compile_definitions(gradus_program INTERFACE "GRADUS_BUILD_FLAGS=\"${flags}\"")
target_link_libraries(gradus_program INTERFACE gradus_dev_warnings)

message(STATUS "gradus ${PROJECT_VERSION}: ${CMAKE_CXX_COMPILER_ID} ${CMAKE_CXX_COMPILER_VERSION}, "
               "programs built with ${flags}")
