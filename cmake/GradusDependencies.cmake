# SPDX-License-Identifier: BSD-3-Clause
# What gradus::gradus and gradus::study link. gradusConfig.cmake.in holds the same list for users of
# the installed package; Debian's names for all of it are in packages.txt.
find_package(Eigen3 3.4 REQUIRED CONFIG)
find_package(xtensor 0.24 REQUIRED CONFIG)
find_package(Boost 1.74 REQUIRED)
find_package(Random123 REQUIRED)
find_package(Spectra 1.0 REQUIRED CONFIG)
find_package(OpenMP QUIET COMPONENTS CXX)
if(NOT TARGET OpenMP::OpenMP_CXX)
  message(STATUS "gradus: no OpenMP for this compiler, all loops are serial")
endif()

# The harness is there when its dependencies are; our own programs insist on it.
set(insist QUIET)
if(GRADUS_BUILD_EXAMPLES OR GRADUS_BUILD_TESTS OR GRADUS_BUILD_BENCH)
  set(insist REQUIRED)
endif()
find_package(CLI11 ${insist} CONFIG)
find_package(nlohmann_json 3 ${insist} CONFIG)
find_package(fmt ${insist} CONFIG)
if(CLI11_FOUND AND nlohmann_json_FOUND AND fmt_FOUND)
  set(with_study TRUE)
else()
  set(with_study FALSE)
endif()
