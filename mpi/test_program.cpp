// SPDX-License-Identifier: BSD-3-Clause
// The program `gradus-mpi` over the fake studies, for the tests that run it.
#include <Eigen/Core>

#include "program.hpp"
#include "study/fake_studies.hpp"

int main(int argc, char** argv) {
  Eigen::setNbThreads(1);
  return gradus::mpi::run_mpi_program(argc, argv, tests::fake_studies());
}
