// SPDX-License-Identifier: BSD-3-Clause
// The main function of every test program, for Catch2 2 and 3.
#if __has_include(<catch2/catch_session.hpp>)
#include <catch2/catch_session.hpp>
#else
#define CATCH_CONFIG_RUNNER
#include <catch2/catch.hpp>
#endif

#include <Eigen/Core>

int main(int argc, char** argv) {
  Eigen::setNbThreads(1); // threads are gradus::parallel_for's alone
  return Catch::Session().run(argc, argv);
}
