// SPDX-License-Identifier: BSD-3-Clause
// The program `gradus` over the fake studies, for the tests that run it.
#include <Eigen/Core>

#include "study/fake_studies.hpp"
#include <gradus/study/command_line.hpp>

int main(int argc, char** argv) {
  Eigen::setNbThreads(1);
  return gradus::study::run_program(argc, argv, tests::fake_studies());
}
