// SPDX-License-Identifier: BSD-3-Clause
// The program `gradus` over the fake studies, for the tests that run it.
#include <Eigen/Core>

#include <gradus/study/command_line.hpp>

#include "study/fake_studies.hpp"

int main(int argc, char** argv) {
  Eigen::setNbThreads(1);
  return gradus::study::run_program(argc, argv, tests::fake_studies());
}
