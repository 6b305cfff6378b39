// SPDX-License-Identifier: BSD-3-Clause
// The program `gradus-mpi`: studies behind the command line of `gradus`, their cells computed by
// the ranks of an MPI job.
#include <vector>

#include <Eigen/Core>

#include "program.hpp"

namespace gradus::examples {
std::vector<study::Study> all_studies(); // of examples/, or the tests'
}

int main(int argc, char** argv) {
  Eigen::setNbThreads(1); // threads are gradus::parallel_for's alone
  return gradus::mpi::run_mpi_program(argc, argv, gradus::examples::all_studies());
}
